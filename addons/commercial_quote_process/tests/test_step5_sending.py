from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Date, Datetime
from odoo.tests import tagged

from .client_common import ClientMixin
from .common import QuoteProcessCase


@tagged("post_install", "-at_install")
class TestAnswers(ClientMixin, QuoteProcessCase):
    """Step 5: the client declines, asks for changes, or gets more time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("sent")
        cls.reason = cls.env.ref("commercial_quote_process.decline_reason_postponed")

    def _get_todos(self, order):
        return order.sudo().activity_ids.filtered(
            lambda activity: activity.summary == "The client asks for changes"
        )

    def test_refusal_loses_the_opportunity_with_its_reason(self):
        recall = Date.today() + timedelta(days=90)
        self.order.action_decline(self.reason.id, "Not this year", recall)
        self.assertEqual((self.order.quote_step, self.order.state), ("declined", "cancel"))
        self.assertEqual(self.order.decline_reason_id, self.reason)
        lead = self.order.opportunity_id.sudo()
        self.assertEqual(lead.won_status, "lost")
        self.assertEqual(lead.lost_reason_id, self.reason.lost_reason_id)
        self.assertEqual(lead.recall_date, recall)
        self.assertIn("Not this year", str(self.order.message_ids.mapped("body")))

    def test_refusal_needs_a_reason_of_the_list_and_a_day_to_come(self):
        cases = [
            (0, None),
            ("x", None),
            (self.reason.id, Date.today()),
            (self.reason.id, "not a day"),
            (self.reason.id, "2999-01-01"),
        ]
        for reason_id, recall in cases:
            with self.subTest(reason=reason_id, recall=recall), self.assertRaises(UserError):
                self.order.action_decline(reason_id, None, recall)
        self.assertEqual(self.order.quote_step, "sent")

    def test_changes_give_the_ball_back_to_the_salesperson(self):
        self.order.action_request_changes("Two visits more")
        self.assertEqual((self.order.quote_step, self.order.state), ("revision", "sent"))
        self.assertEqual(self.order.quote_turn_user_id, self.salesperson)
        activity = self._get_todos(self.order)
        self.assertEqual(activity.user_id, self.salesperson)
        self.assertIn("Two visits more", activity.note)
        with self.assertRaisesRegex(UserError, "already been asked"):
            self.order.action_request_changes("And another")
        with self.assertRaisesRegex(UserError, "what should change"):
            self.order.action_request_changes("  ")

    def test_absent_salesperson_is_replaced_by_the_team_leader(self):
        self.team.user_id = self.sales_manager
        self.salesperson.sudo().active = False
        self.order.sudo()._request_changes("Two visits more", self.signer)
        self.assertEqual(self._get_todos(self.order).user_id, self.sales_manager)

    def test_answers_to_a_quote_that_is_not_with_the_client_are_refused(self):
        draft = self._create_quote_at("ready")
        for answer in (
            lambda: draft.action_decline(self.reason.id),
            lambda: draft.action_request_changes("More"),
            lambda: draft.action_extend(Date.today() + timedelta(days=30)),
        ):
            with self.assertRaises(UserError):
                answer()
        self.assertEqual(draft.quote_step, "ready")

    def test_other_people_cannot_answer_for_the_client(self):
        for user in (self.other_salesperson, self.project_manager, self.portal_user):
            order = self.order.with_user(user)
            for answer in (
                lambda order=order: order.action_decline(self.reason.id),
                lambda order=order: order.action_request_changes("More"),
                lambda order=order: order.action_extend("2999-01-01"),
                lambda order=order: order.action_mark_submitted("2026-01-01"),
            ):
                with self.subTest(user=user.name), self.assertRaises(AccessError):
                    answer()
        self.assertEqual(self.order.quote_step, "sent")

    def test_extension_is_noted_and_keeps_the_approval(self):
        fingerprint = self.order._get_fingerprint()
        day = (self.order.validity_date or Date.today()) + timedelta(days=15)
        self.order.action_extend(day)
        self.assertEqual(self.order.validity_date, day)
        self.assertEqual(self.order._get_fingerprint(), fingerprint)
        self.assertFalse(self.order._get_gate_error("sign"))
        self.assertIn("Validity extended", str(self.order.message_ids.mapped("body")))
        for wrong in (day, Date.today() - timedelta(days=1), "soon", None):
            with self.subTest(date=wrong), self.assertRaises(UserError):
                self.order.action_extend(wrong)

    def test_extension_ends_with_the_rates(self):
        rate = self.rates[0].sudo()
        rate.date_to = (self.order.validity_date or Date.today()) + timedelta(days=20)
        self.order.action_extend(rate.date_to)
        late = rate.date_to + timedelta(days=10)
        with self.assertRaisesRegex(UserError, "hold until .* make a new version"):
            self.order.action_extend(late)
        self.assertEqual(self.order.validity_date, rate.date_to)
        # The same rate goes on: so does the offer.
        following = {"date_from": rate.date_to + timedelta(days=1), "date_to": False}
        following = rate.copy(following)
        self.order.action_extend(late)
        self.assertEqual(self.order.validity_date, late)
        following.daily_cost += 10
        with self.assertRaisesRegex(UserError, "hold until"):
            self.order.action_extend(late + timedelta(days=1))

    def test_deposited_tender_is_sent_without_a_mail(self):
        order = self._create_quote_at("ready")
        receipt = (
            self.env["ir.attachment"]
            .with_user(self.salesperson)
            .create({"name": "receipt.txt", "raw": b"Deposit 4711"})
        )
        mails = self.env["mail.mail"].search_count([])
        yesterday = Datetime.now() - timedelta(days=1)
        order.action_mark_submitted(yesterday, receipt.id)
        self.assertEqual((order.quote_step, order.sent_on), ("sent", yesterday))
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertIn(b"Deposit 4711", order.message_ids.attachment_ids.mapped("raw"))

    def test_deposit_passes_the_gate(self):
        order = self._create_quote_at("validation")
        with self.assertRaises(UserError):
            order.action_mark_submitted(Datetime.now())
        ready = self._create_quote_at("ready")
        with self.assertRaises(UserError):
            ready.action_mark_submitted(Datetime.now() + timedelta(days=2))
        self.assertEqual(ready.quote_step, "ready")

    def test_receipt_of_somebody_else_is_not_attached(self):
        order = self._create_quote_at("ready")
        secret = self.env["ir.attachment"].create({"name": "secret", "raw": b"secret"})
        with self.assertRaises(AccessError):
            order.action_mark_submitted(Datetime.now(), secret.id)


@tagged("post_install", "-at_install")
class TestPaymentGate(ClientMixin, QuoteProcessCase):
    """Money never accepts a quote of the process."""

    def _create_transaction(self, order):
        provider, method = self._get_payment_means()
        return (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": method.id,
                    "reference": f"ref-{order.name}",
                    "amount": order.amount_total,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_id.id,
                    "sale_order_ids": [(6, 0, order.ids)],
                }
            )
        )

    def test_no_transaction_before_the_acceptance(self):
        for step in ("financial", "ready", "sent"):
            order = self._create_quote_at(step)
            with self.subTest(step=step), self.assertRaises(UserError):
                self._create_transaction(order)

    def test_no_payment_link_before_the_acceptance(self):
        order = self._create_quote_at("sent")
        with self.assertRaises(UserError):
            self.env["payment.link.wizard"].with_user(self.salesperson).with_context(
                active_model="sale.order", active_id=order.id
            ).default_get(["amount"])

    def test_money_received_does_not_confirm_and_is_told(self):
        order = self._create_quote_at("sent")
        other = self.env["sale.order"].create({"partner_id": self.client.id})
        transaction = self._create_transaction(other)
        transaction.sale_order_ids = order
        transaction.state = "done"
        self.assertFalse(transaction._check_amount_and_confirm_order())
        self.assertEqual((order.quote_step, order.state), ("sent", "sent"))
        self.assertIn("Paid but not accepted", order.activity_ids.mapped("summary"))
