"""What the tests of the client's answers share: forms sent as the dialogs of the page send them."""

from datetime import timedelta

from odoo.fields import Date

from .test_portal import PortalCase

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class PortalAnswerCase(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("sent")

    def setUp(self):
        super().setUp()
        self.csrf_tokens = {}

    def _csrf(self):
        """The same for all forms of a session: the login page is read once."""
        session = self.opener.cookies.get("session_id")
        if session not in self.csrf_tokens:
            token = super()._csrf()
            self.csrf_tokens[self.opener.cookies.get("session_id")] = token
            return token
        return self.csrf_tokens[session]

    def _send(self, suffix, data=None, files=None, url=None, order=None):
        """Return what a dialog of the page gets as its answer."""
        order = order or self.order
        response = self.url_open(
            url or self._url(order, suffix),
            data={"csrf_token": self._csrf(), **(data or {})},
            files=files,
            headers={"Accept": "application/json"},
        )
        self.assertEqual(response.status_code, 200)
        order.invalidate_recordset()
        return response.json()

    def _let_expire(self, order=None, days=-1):
        (order or self.order).sudo()._gated().validity_date = Date.today() + timedelta(days=days)

    def _pass_on(self, **values):
        data = {"signer_name": "Anne Lefort", "signer_email": "anne@bressac.example.com", **values}
        return self._send("/pass-on", data)

    def _get_personal_token(self):
        """Return the secret of the newest personal link, from the mail that carries it."""
        mail_sudo = self.env["mail.mail"].sudo().search([], order="id desc", limit=1)
        return mail_sudo.body_html.partition("access_token=")[2].partition('"')[0]

    def _personal_url(self, token, suffix=""):
        return f"/my/orders/{self.order.id}{suffix}?access_token={token}"
