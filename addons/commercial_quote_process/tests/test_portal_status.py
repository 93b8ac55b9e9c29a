from datetime import timedelta

from odoo.fields import Date
from odoo.tests import tagged

from .portal_common import PortalCase


@tagged("post_install", "-at_install")
class TestPortalStatus(PortalCase):
    """Each state of a quote is told in one place, and nothing that is not so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("sent")

    def _status(self, **params):
        self.order.invalidate_recordset()
        page = self._page(self.order, **params)
        buttons = set(page.xpath("//aside//button/@name"))
        return self._text(page.xpath("//*[@name='quote_status']")[0]), buttons

    def test_open_offer_has_nothing_to_tell(self):
        text, buttons = self._status()
        self.assertFalse(text)
        self.assertEqual(
            buttons, {"quote_sign", "quote_ask_changes", "quote_decline", "quote_pass_on"}
        )

    def test_expired_offer_says_since_when(self):
        self.order.sudo()._gated().validity_date = Date.to_date("2020-02-29")
        text, buttons = self._status()
        self.assertIn("expired on February 29, 2020", text)
        self.assertIn("quote_ask_extension", buttons)
        self.assertNotIn("quote_sign", buttons)

    def test_changes_asked(self):
        self.order.sudo()._request_changes("More visits", self.client)
        text, buttons = self._status()
        self.assertIn("a new version is being prepared", text)
        self.assertNotIn("quote_ask_changes", buttons)

    def test_declined(self):
        reason = self.env.ref("commercial_quote_process.decline_reason_price")
        self.order.sudo()._decline(reason.id, "No", None, self.client)
        text, buttons = self._status()
        self.assertIn("You declined this offer", text)
        self.assertFalse(buttons)

    def test_signed_names_who_and_when(self):
        self._sign(self.order)
        text, buttons = self._status()
        self.assertIn("signed by Julie Perrin", text)
        self.assertIn("Your signed copy is being prepared", text)
        self.assertFalse(buttons)

    def test_address_never_makes_the_page_say_what_is_not_so(self):
        for message in ("sign_ok", "quote_already", "quote_declined", "quote_changes_asked"):
            with self.subTest(message=message):
                self.assertFalse(self._status(message=message)[0])
        self.assertIn("Nothing was signed", self._status(message="quote_changed")[0])

    def test_second_browser_sees_who_signed_instead(self):
        self._page(self.order)
        self._sign(self.order)
        result = self._accept(self.order, name="Somebody Else")
        page = self.url_open(result["redirect_url"])
        self.assertIn("Julie Perrin", page.text)
        self.assertIn("already been signed", page.text)


@tagged("post_install", "-at_install")
class TestPortalLists(PortalCase):
    """The client's lists say where each proposal stands, in words for a client."""

    def _rows(self, path):
        page = self._get_page(path)
        return {
            self._text(row.xpath(".//a")[0]): self._text(row)
            for row in page.xpath("//table//tr[td]")
        }

    def test_lists_and_what_waits(self):
        waiting = self._create_quote_at("sent")
        expired = self._create_quote_at("sent")
        expired.sudo()._gated().validity_date = Date.today() - timedelta(days=1)
        asked = self._create_quote_at("sent")
        asked.sudo()._request_changes("More visits", self.client)
        declined = self._create_quote_at("sent")
        reason = self.env.ref("commercial_quote_process.decline_reason_price")
        declined.sudo()._decline(reason.id, "No", None, self.client)
        signed = self._create_quote_at("sent")
        self._sign(signed)
        unsent = self._create_quote_at("ready")
        cancelled = self._create_quote_at("ready")
        cancelled.action_cancel()
        self.authenticate("cqp_julie", "cqp_julie_password")
        rows = self._rows("/my/quotes")
        for order, words in (
            (waiting, "Awaiting your answer"),
            (expired, "Expired"),
            (asked, "Changes asked"),
            (declined, "Declined"),
        ):
            self.assertIn(words, rows[order.name])
        self.assertFalse({signed.name, unsent.name, cancelled.name} & set(rows))
        self.assertIn("Signed", self._rows("/my/orders")[signed.name])
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["quotation_count"]})
        self.assertEqual(counters["quotation_count"], 3, "the ones that are not answered for good")
