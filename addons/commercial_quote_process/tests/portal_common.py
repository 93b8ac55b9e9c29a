"""What the tests of the client's page share: opening it, reading it, answering on it."""

from lxml import html

from odoo.tests import HttpCase

from .client_common import ClientMixin, draw_signature
from .common import QuoteProcessMixin

DEAD_LINK = "This link does not open the offer. Please ask your contact for a new one."


class PortalCase(QuoteProcessMixin, ClientMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_story()
        cls._setup_terms()
        cls.portal_user.password = "cqp_julie_password"
        cls.salesperson.password = "cqp_claire_password"

    def _run_cron(self, xmlid):
        # A browser test already commits as a server does.
        self.env.ref(f"commercial_quote_process.{xmlid}").method_direct_trigger()
        self.env.invalidate_all()

    def _url(self, order, suffix="", **params):
        return order.sudo().get_portal_url(
            suffix=suffix, query_string="".join(f"&{key}={value}" for key, value in params.items())
        )

    def _open(self, order, suffix="", **params):
        return self.url_open(self._url(order, suffix, **params), allow_redirects=True)

    def _page(self, order, **params):
        response = self._open(order, **params)
        self.assertEqual(response.status_code, 200)
        return html.fromstring(response.content)

    def _get_page(self, path):
        response = self.url_open(path)
        self.assertEqual(response.status_code, 200)
        return html.fromstring(response.content)

    def _text(self, page):
        return " ".join(page.text_content().split())

    def _answer(self, order, **values):
        """Return what the page of the quote would send, changed by ``values``."""
        order_sudo = order.sudo()
        return {
            "name": "Julie Perrin",
            "function": "Directrice",
            "signature": draw_signature(),
            "fingerprint": order_sudo._get_fingerprint()["all"],
            "terms_accepted": True,
            "terms_version": order_sudo._get_quote_terms()["version"],
            **values,
        }

    def _accept(self, order, token=None, **values):
        answer = self._answer(order, **values)
        answer["access_token"] = order.sudo()._portal_ensure_token() if token is None else token
        result = self.make_jsonrpc_request(f"/my/orders/{order.id}/accept", answer)
        order.invalidate_recordset()
        return result

    def _post(self, order, suffix, **data):
        self.url_open("/my")
        response = self.url_open(
            self._url(order, suffix),
            data={"csrf_token": self._csrf(), **data},
            allow_redirects=False,
        )
        order.invalidate_recordset()
        return response

    def _csrf(self):
        page = html.fromstring(self.url_open("/web/login").content)
        return page.xpath("//input[@name='csrf_token']/@value")[0]

    def assertStill(self, order, step, state):
        order.invalidate_recordset()
        self.assertEqual((order.quote_step, order.state), (step, state))
        self.assertFalse(order.sudo().quote_acceptance_ids)
        self.assertFalse(order.signature)
