from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import QuoteProcessCase

# What a salesperson could try to write on a line that an approver is looking at.
LINE_VALUES = {
    "name": "Something else",
    "price_unit": 1.0,
    "technical_price_unit": 1.0,
    "discount": 50.0,
    "product_uom_qty": 3.0,
    "purchase_price": 1.0,
    "price_subtotal": 1.0,
    "price_total": 1.0,
    "margin": 99999.0,
    "sequence": 99,
    "state": "sale",
    "is_downpayment": True,
    "extra_tax_data": {"price_unit": 1.0},
}


@tagged("post_install", "-at_install")
class TestFigures(QuoteProcessCase):
    """Step 4: the figures an approver reads follow from the content; nobody forges them."""

    def test_lines_are_closed_with_the_quote(self):
        order = self._create_quote_at("validation")
        product = order.order_line.product_id
        for user in (self.salesperson, self.commercial_approver, self.env.ref("base.user_admin")):
            line = order.order_line[0].with_user(user)
            for name, value in LINE_VALUES.items():
                with self.subTest(user=user.name, field=name), self.assertRaises(UserError):
                    line.write({name: value})
            with self.subTest(user=user.name), self.assertRaises(UserError):
                line.unlink()
            with self.subTest(user=user.name), self.assertRaises(UserError):
                line.create({"order_id": order.id, "product_id": product.id})

    def test_figures_of_a_closed_quote_are_closed_too(self):
        order = self._create_quote_at("validation")
        for name in ("amount_untaxed", "amount_total", "margin", "margin_percent"):
            with self.subTest(field=name), self.assertRaises(UserError):
                order.write({name: 1.0})

    def test_no_context_opens_a_line(self):
        line = self._create_quote_at("sent").order_line[0]
        keys = {"quote_gate_pass": True, "_force_unlink": True, "tracking_disable": True}
        with self.assertRaises(UserError):
            line.with_context(**keys).price_unit = 1.0
        with self.assertRaises(UserError):
            line.with_context(**keys).unlink()

    def test_line_cannot_be_moved_into_or_out_of_a_closed_quote(self):
        closed, open_order = self._create_quote_at("validation"), self._create_quote_at("financial")
        stock = self._create_stock_order()
        for line, order in (
            (open_order.order_line[0], closed),
            (stock.order_line, closed),
            (closed.order_line[0], open_order),
            (closed.order_line[0], stock),
        ):
            with self.assertRaises(UserError):
                line.order_id = order
            with self.assertRaises(UserError):
                order.write({"order_line": [Command.link(line.id)]})

    def _create_stock_order(self):
        product = self.env["product.product"].create({"name": "Chair", "list_price": 100.0})
        return (
            self.env["sale.order"]
            .with_user(self.salesperson)
            .create(
                {
                    "partner_id": self.client.id,
                    "team_id": self.stock_team.id,
                    "order_line": [Command.create({"product_id": product.id})],
                }
            )
        )

    def test_what_delivery_and_invoicing_write_stays_open(self):
        order = self._create_quote_at("sent")
        order.order_line[0].qty_delivered = 1.0
        order.order_line[0].analytic_distribution = False

    def test_each_edit_of_lines_moves_the_revision_once(self):
        order = self._create_quote_at("financial")
        before = order.content_revision
        order.order_line.write({"name": "Phase"})
        self.assertEqual(order.content_revision, before + 1)
        order.order_line.write({"analytic_distribution": False})
        self.assertEqual(order.content_revision, before + 1)

    def test_cost_of_the_estimate_cannot_be_retyped(self):
        order = self._create_quote_at("financial")
        line = order.order_line[0]
        with self.assertRaisesRegex(UserError, "is the estimate's"):
            line.purchase_price = 1.0
        line.purchase_price = line.purchase_price
        typed = self.env["sale.order.line"].with_user(self.salesperson)
        typed = typed.create({"order_id": order.id, "product_id": line.product_id.id})
        typed.purchase_price = 40.0
        self.assertEqual(typed.purchase_price, 40.0)

    def test_quantity_and_price_list_leave_the_price_of_a_phase(self):
        order = self._create_quote_at("financial")
        prices = order.order_line.mapped("price_unit")
        order.order_line[0].product_uom_qty = 2.0
        order.action_update_prices()
        self.assertEqual(order.order_line.mapped("price_unit"), prices)

    def test_forged_amounts_do_not_reach_the_approver(self):
        order = self._create_quote_at("financial")
        untaxed, margin = order.amount_untaxed, order.margin
        for records, forged in (
            (order, {"amount_untaxed": 1.0, "margin": 999999.0, "margin_percent": 0.99}),
            (order.order_line[0], {"margin": 999999.0, "price_subtotal": 5.0}),
        ):
            with self.assertRaisesRegex(UserError, "cannot be written"):
                records.write(forged)
        order.action_request_validation()
        row = order.sudo().validation_ids
        self.assertAlmostEqual(row.amount, untaxed)
        self.assertAlmostEqual(row.cost, untaxed - margin)
        self.assertAlmostEqual(order.margin, margin)

    def test_estimate_that_moved_must_be_priced_again(self):
        order = self._create_quote_at("financial")
        order.estimate_id.action_reopen("One more consultant")
        estimate = order.sudo().estimate_id.with_user(self.project_manager)
        estimate.workload_ids[0].days += 10
        estimate.action_ready()
        self.assertTrue(order.is_price_stale)
        with self.assertRaisesRegex(UserError, "set the price again"):
            order.action_request_validation()
        self._price(order)
        self.assertFalse(order.is_price_stale)
        order.action_request_validation()
        self.assertEqual(order.quote_step, "validation")

    def test_phase_taken_off_by_hand_is_noticed(self):
        order = self._create_quote_at("financial")
        order.order_line[0].unlink()
        with self.assertRaisesRegex(UserError, "set the price again"):
            order.action_request_validation()

    def test_new_version_keeps_costs_and_needs_no_new_price(self):
        order = self._create_quote_at("sent")
        version = order._new_version("client", restart_step="financial")
        costs = order.order_line.mapped("purchase_price")
        self.assertEqual(version.order_line.mapped("purchase_price"), costs)
        self.assertEqual(
            version.order_line.estimate_item_id.estimate_id, version.sudo().estimate_id
        )
        self.assertFalse(version.is_price_stale)

    def test_small_deal_that_grew_needs_its_technical_part(self):
        self.company.quote_small_deal_amount = 1000.0
        product = self.company.quote_service_product_id
        order = self._create_quote(
            order_line=[Command.create({"product_id": product.id, "price_unit": 900.0})]
        )
        order.action_skip_technical()
        order.order_line.price_unit = 50000.0
        with self.assertRaisesRegex(UserError, "needs its technical part"):
            order.action_request_validation()

    def test_pricing_dialog_opens_on_readable_quotes_only(self):
        order = self._create_quote_at("financial")
        pricing = self.env["quote.pricing"].with_user(self.other_salesperson)
        with self.assertRaises(AccessError):
            pricing.create({"order_id": order.id, "mode": "margin"})
        with self.assertRaises(AccessError):
            pricing.onchange({"order_id": order.id}, ["order_id"], {"preview": {}})
