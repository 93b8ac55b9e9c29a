from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import QuoteProcessCase
from .payment_common import PaymentMixin


@tagged("post_install", "-at_install")
class TestPayments(PaymentMixin, QuoteProcessCase):
    """The payment schedule is content of the quote: typed, checked, approved, shown, copied."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_priced_quote()

    def test_amounts_add_up_to_the_total(self):
        order = self.order
        schedule = order._get_payment_schedule()
        self.assertEqual([row["percent"] for row in schedule], [30.0, 40.0, 30.0])
        self.assertAlmostEqual(sum(row["amount"] for row in schedule), order.amount_total, 2)
        self.assertEqual(
            [row["name"] for row in schedule], ["Down payment", "Data model approved", "Balance"]
        )
        self.assertIn("Data model approved", schedule[1]["due"])

    def test_last_payment_takes_what_rounding_leaves(self):
        self._schedule(self.order, [("acceptance", 33.0), ("milestone", 33.0), ("end", 34.0)])
        amounts = [row["amount"] for row in self.order._get_payment_schedule()]
        self.assertAlmostEqual(sum(amounts), self.order.amount_total, 2)

    def test_sum_is_checked_when_the_validation_is_asked_not_while_typing(self):
        order = self.order
        self._schedule(order, [("acceptance", 30.0), ("end", 60.0)])
        with self.assertRaisesRegex(UserError, "90"):
            order.action_request_validation()
        self.assertEqual(order.quote_step, "financial")
        order.payment_row_ids[-1].percent = 70.0
        order.action_request_validation()
        self.assertEqual(order.quote_step, "validation")

    def test_each_payment_says_what_it_waits_for(self):
        order = self.order
        for values, words in (
            ({"item_id": False}, "Choose the milestone"),
            ({"trigger": "date", "item_id": False}, "Give the date"),
            ({"trigger": "deliverable"}, "Choose the milestone"),
        ):
            with self.subTest(values=values), self.cr.savepoint() as savepoint:
                order.payment_row_ids[1].write(values)
                with self.assertRaisesRegex(UserError, words):
                    order.action_request_validation()
                savepoint.rollback()
                order.invalidate_recordset()
        order.payment_row_ids[2].write(
            {"trigger": "milestone", "item_id": order.payment_row_ids[1].item_id.id}
        )
        with self.assertRaisesRegex(UserError, "same milestone"):
            order.action_request_validation()

    def test_shares_that_quantities_would_round_are_refused(self):
        order = self.order
        self._schedule(order, [("acceptance", 32.5), ("milestone", 12.5), ("end", 55.0)])
        with self.assertRaisesRegex(UserError, "12.5"):
            order.action_request_validation()
        self._schedule(order, [("acceptance", 32.5), ("milestone", 12.0), ("end", 55.5)])
        order.action_request_validation()

    def test_milestone_of_another_quote_is_refused(self):
        other = self._create_quote_at("technical")
        items = self._fill_estimate(other)
        self.order.payment_row_ids[1].item_id = items["approved"].id
        with self.assertRaisesRegex(UserError, "Choose the milestone"):
            self.order.action_request_validation()

    def test_typed_amount_becomes_a_share(self):
        row = self.order.payment_row_ids[0]
        row.amount = self.order.amount_total / 4
        row._onchange_amount()
        self.assertAlmostEqual(row.percent, 25.0, 2)

    # === CONTENT === #

    def test_quotes_without_schedule_say_what_they_said(self):
        order = self.order
        before = order._get_fingerprint()
        order.payment_row_ids = False
        self.assertNotIn("schedule", order._get_content()["terms"])
        after = order._get_fingerprint()
        changed = {aspect for aspect in before if before[aspect] != after[aspect]}
        self.assertEqual(changed, {"terms", "all"})

    def test_schedule_is_locked_with_the_quote(self):
        order = self.order
        order.action_request_validation()
        row = order.payment_row_ids[0]
        with self.assertRaises(UserError):
            row.percent = 40.0
        with self.assertRaises(UserError):
            row.unlink()
        with self.assertRaises(UserError):
            self.env["quote.payment.row"].with_user(self.salesperson).create(
                {"order_id": order.id, "trigger": "end", "percent": 1.0}
            )
        with self.assertRaises(UserError):
            order.action_use_usual_schedule()

    def test_change_is_said_in_words_and_shown_beside(self):
        order = self.order
        before = order._get_content()
        self._schedule(order, [("acceptance", 50.0), ("end", 50.0)])
        changes = order._get_changes_in_words(before, order._get_content(), for_client=True)
        self.assertEqual([change["code"] for change in changes], ["payment_schedule"])
        self.assertIn("50% Down payment, 50% Balance", changes[0]["text"])
        self.assertIn("40% Data model approved", changes[0]["text"])

    def test_version_waits_for_the_milestones_of_its_own_plan(self):
        order = self._send_quote(self.order)
        version = order._new_version("price", restart_step="financial")
        self.assertEqual(version._get_fingerprint(), order._get_fingerprint())
        item = version.payment_row_ids.item_id
        self.assertEqual(item.sudo().estimate_id, version.sudo().estimate_id)
        self.assertEqual(version.payment_row_ids.mapped("percent"), [30.0, 40.0, 30.0])
        comparison = version.get_comparison(order.id)
        self.assertTrue(any("30% Down payment" in str(row["after"]) for row in comparison["terms"]))

    # === DEFAULT === #

    def test_new_quotes_start_with_the_usual_schedule_of_the_company(self):
        defaults = self.env["quote.payment.default"].with_user(self.sales_manager)
        defaults.create(
            [
                {"trigger": "acceptance", "percent": 50.0, "name": "Order"},
                {"trigger": "delay", "percent": 50.0, "delay_days": 30},
            ]
        )
        order = self._create_quote()
        self.assertEqual(order.payment_row_ids.mapped("name"), ["Order", "Interim payment"])
        self.assertIn("30 days", order._get_payment_schedule()[1]["due"])
        stock = self.env["sale.order"].create(
            {"partner_id": self.client.id, "team_id": self.stock_team.id}
        )
        self.assertFalse(stock.payment_row_ids)
        with self.assertRaises(AccessError):
            defaults.with_user(self.salesperson).search([], limit=1).percent = 10.0

    def test_usual_schedule_finds_the_only_milestone(self):
        self.order.payment_row_ids = False
        self.order.action_use_usual_schedule()
        rows = self.order.payment_row_ids
        self.assertEqual(rows.mapped("percent"), [30.0, 40.0, 30.0])
        self.assertEqual(rows[1].item_id.name, "Data model approved")
        self.order.action_request_validation()

    # === RIGHTS === #

    def test_who_reads_and_writes_the_schedule(self):
        row = self.order.payment_row_ids[0]
        for user in (self.other_salesperson, self.project_manager, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                row.with_user(user).read(["percent"])
        with self.assertRaises(AccessError):
            row.with_user(self.other_salesperson).percent = 10.0
        self.order.action_request_validation()
        self.assertEqual(row.with_user(self.commercial_approver).percent, 30.0)

    # === PRODUCTS === #

    def test_lines_are_sold_at_milestones_when_priced_with_a_schedule(self):
        lines = self.order.order_line.filtered(lambda line: not line.display_type)
        service = self.company.quote_milestone_product_id
        self.assertEqual(lines.product_id, service)
        self.assertEqual(set(lines.mapped("qty_delivered_method")), {"milestones"})
        self.assertFalse(self.order.payment_warning)

    def test_lines_keep_the_taxes_and_the_account_of_their_service(self):
        tax, mapped = self._create_taxes()
        service = self.company.quote_service_product_id.sudo()
        service.taxes_id = tax
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        mapped.write({"fiscal_position_ids": position.ids, "original_tax_ids": tax.ids})
        for fiscal_position, expected in ((position.browse(), tax), (position, mapped)):
            order = self._create_priced_quote(fiscal_position_id=fiscal_position.id)
            lines = order.order_line.filtered(lambda line: not line.display_type)
            self.assertEqual(lines.product_id, self.company.quote_milestone_product_id)
            self.assertEqual(lines.tax_ids, expected)
            self.assertEqual(lines[0]._get_replaced_service(), service)
            self._price(order, margin=40.0)
            self.assertEqual(lines.exists().tax_ids, expected)

    def test_schedule_that_comes_later_says_what_it_does_not_invoice(self):
        order = self._create_quote_at("financial")
        self.assertFalse(order.payment_warning)
        total = order.amount_total
        self._schedule(order, [("acceptance", 30.0), ("end", 70.0)])
        self.assertTrue(order.payment_warning)
        self.assertTrue(order.can_invoice_at_milestones)
        order.action_invoice_at_milestones()
        self.assertFalse(order.payment_warning)
        self.assertEqual(order.amount_total, total)
        self.assertFalse(order.is_price_stale)
        self._send_quote(order)
        with self.assertRaises(UserError):
            order.action_invoice_at_milestones()
