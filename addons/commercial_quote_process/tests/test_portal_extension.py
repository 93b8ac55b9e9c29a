from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.tests import tagged

from .portal_answer_common import PortalAnswerCase

BAD_DAYS = ("2001-01-01", "9999-12-31", "soon", "2026-13-45", "99999999999999999999", "\x00")


@tagged("post_install", "-at_install")
class TestPortalExtension(PortalAnswerCase):
    """The client asks for more time, once; the salesperson gives it by one click."""

    def setUp(self):
        super().setUp()
        self._let_expire()
        self.wish = Date.today() + timedelta(days=20)

    def test_extension_is_offered_when_the_offer_ends(self):
        for days, offered in ((-1, True), (3, True), (30, False)):
            self._let_expire(days=days)
            page = self._page(self.order)
            with self.subTest(days=days):
                self.assertEqual(bool(page.xpath("//*[@id='modalextension']")), offered)
                self.assertEqual(bool(page.xpath("//*[@name='quote_ask_extension']")), offered)

    def test_client_asks_and_the_salesperson_extends(self):
        result = self._send("/ask-extension", {"until": str(self.wish), "message": "Board in May"})
        self.assertIn("quote_extension_asked", result["redirect_url"])
        self.assertEqual(self.order.extension_until, self.wish)
        activity = self.order.activity_ids.filtered(lambda a: a.user_id == self.salesperson)
        self.assertIn("Board in May", activity.note)
        page = self._page(self.order)
        self.assertIn("You asked for an extension on", self._text(page))
        self.assertNotIn("if you are still interested", self._text(page))
        self.assertFalse(page.xpath("//*[@name='quote_ask_extension']"))
        self.order.action_extend_as_asked()
        self.assertEqual(self.order.validity_date, self.wish)
        self.assertFalse(self.order.extension_asked_on)
        message = self.order.message_ids.filtered(lambda m: "is now valid until" in m.body)
        self.assertIn(self.client, message.partner_ids)
        self.assertTrue(self._page(self.order).xpath("//*[@name='quote_sign']"))

    def test_without_a_wish_the_usual_time_is_given(self):
        self.company.quotation_validity_days = 15
        self._send("/ask-extension")
        self.order.action_extend_as_asked()
        self.assertEqual(self.order.validity_date, Date.today() + timedelta(days=15))

    def test_extension_is_asked_once(self):
        self._send("/ask-extension")
        asked_on = self.order.extension_asked_on
        self.assertIn("already asked", self._send("/ask-extension")["error"])
        self.assertEqual(self.order.extension_asked_on, asked_on)

    def test_bad_wishes_are_refused_in_words(self):
        for day in (*BAD_DAYS, str(Date.today() - timedelta(days=1))):
            with self.subTest(day=day):
                result = self._send("/ask-extension", {"until": day})
                self.assertIn("Choose a day to come", result["error"])
                self.assertFalse(self.order.extension_asked_on)

    def test_wish_that_the_offer_fulfils_already_is_refused(self):
        self._let_expire(days=3)
        page = self._page(self.order)
        first = page.xpath("//input[@name='until']/@min")
        self.assertEqual(first, [str(Date.today() + timedelta(days=4))])
        result = self._send("/ask-extension", {"until": str(Date.today() + timedelta(days=2))})
        self.assertIn("already", result["error"])
        self.assertFalse(self.order.extension_asked_on)

    def test_offer_that_is_valid_needs_no_extension(self):
        self._let_expire(days=30)
        self.assertIn("still valid", self._send("/ask-extension")["error"])

    def test_rates_that_end_earlier_are_told_to_the_salesperson(self):
        self.rates.sudo().date_to = Date.today() + timedelta(days=5)
        self._send("/ask-extension", {"until": str(self.wish)})
        with self.assertRaises(UserError):
            self.order.action_extend_as_asked()
        self.assertTrue(self.order.extension_asked_on)

    def test_refused_day_of_a_decline_keeps_the_dialog_open(self):
        reason = self.env.ref("commercial_quote_process.decline_reason_price")
        for day in BAD_DAYS:
            with self.subTest(day=day):
                data = {"decline_reason_id": reason.id, "recall_date": day}
                self.assertIn("Choose a day", self._send("/decline", data)["error"])
        for wrong in ("", "0", "-1", "1e3", "9" * 30, "x"):
            result = self._send("/decline", {"decline_reason_id": wrong})
            self.assertIn("Choose a reason", result["error"])
        self.assertStill(self.order, "sent", "sent")
        recall = Date.today() + timedelta(days=60)
        result = self._send("/decline", {"decline_reason_id": reason.id, "recall_date": recall})
        self.assertIn("quote_declined", result["redirect_url"])
        self.assertEqual(self.order.opportunity_id.sudo().recall_date, recall)
        again = self._send("/request-changes", {"message": "In another tab"})
        self.assertIn("already been declined", again["error"])
