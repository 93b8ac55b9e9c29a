import random
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import QuoteProcessCase


@tagged("post_install", "-at_install")
class TestPricing(QuoteProcessCase):
    """Step 4: the estimate becomes a price, and Odoo's own margin is right to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"quote_floor_margin_percent": 10.0, "quote_target_margin_percent": 30.0})

    def _create_estimated_quote(self, **values):
        order = self._create_quote_at("technical", **values)
        self._fill_estimate(order)
        order.sudo().estimate_id.with_user(self.project_manager).action_ready()
        return order

    def _open_pricing(self, order, **values):
        action = order.action_price()
        return (
            self.env[action["res_model"]]
            .with_user(self.salesperson)
            .with_context(**action["context"])
            .create(values)
        )

    def assertCents(self, value, expected):
        self.assertEqual(Decimal(str(round(value, 6))), Decimal(str(round(expected, 6))))

    # 22 days: 5 x 400 + 5 x 450 + 12 x 350 = 8450, and 500 of travel.
    COST = 8950.0

    def test_one_line_per_phase_at_the_cost_of_the_phase(self):
        order = self._create_estimated_quote()
        self._open_pricing(order, mode="margin", target_margin_percent=20.0).action_apply()
        lines = order.order_line
        self.assertEqual(lines.mapped("name"), ["Design", "Build"])
        self.assertEqual(
            lines.estimate_item_id, order.estimate_id.item_ids.filtered(lambda i: i.kind == "phase")
        )
        self.assertCents(sum(lines.mapped("purchase_price")), self.COST)
        # Travel belongs to no phase: both bear it, along what they cost.
        design = lines[0]
        self.assertCents(design.purchase_price, 3450.0 + 204.14)
        self.assertCents(order.amount_untaxed, 11187.5)
        self.assertCents(order.margin, 2237.5)
        self.assertEqual(order.target_margin_percent, 20.0)

    def test_rate_card_sells_days_at_their_price_and_costs_at_cost(self):
        order = self._create_estimated_quote()
        self._open_pricing(order, mode="rate_card").action_apply()
        # 5 x 800 + 5 x 850 + 12 x 700, and 500 of travel
        self.assertCents(order.amount_untaxed, 17150.0)
        self.assertCents(order.margin, 17150.0 - self.COST)

    def test_contingency_is_part_of_the_cost(self):
        order = self._create_quote_at("technical")
        self._fill_estimate(order)
        estimate = order.sudo().estimate_id.with_user(self.project_manager)
        estimate.contingency_percent = 7.5
        estimate.action_ready()
        self.assertCents(order.estimated_cost, 9621.25)
        self._open_pricing(order, mode="margin", target_margin_percent=25.0).action_apply()
        self.assertCents(sum(order.order_line.mapped("purchase_price")), 9621.25)
        self.assertCents(order.amount_untaxed, 12828.33)

    def test_rebilled_costs_are_lines_of_their_own(self):
        order = self._create_quote_at("technical")
        self._fill_estimate(order)
        estimate = order.sudo().estimate_id.with_user(self.project_manager)
        estimate.cost_ids.is_rebilled = True
        estimate.action_ready()
        self._open_pricing(order, mode="rate_card").action_apply()
        self.assertEqual(order.order_line.mapped("name"), ["Design", "Build", "Visits"])
        self.assertCents(order.order_line[-1].price_unit, 500.0)
        self.assertCents(order.order_line[-1].purchase_price, 500.0)

    def test_cost_stays_whatever_happens_to_the_product(self):
        order = self._create_estimated_quote()
        self._price(order)
        cost = sum(order.order_line.mapped("purchase_price"))
        product = order.order_line.product_id
        product.sudo().standard_price = 77.0
        order.order_line.invalidate_recordset()
        order.order_line[0].name = "Design and survey"
        self._compute_costs_elsewhere(order.sudo().order_line)
        order.sudo().action_update_prices()
        with Form(order) as form:
            form.client_order_ref = "A-1"
        self.assertCents(sum(order.order_line.mapped("purchase_price")), cost)

    def _compute_costs_elsewhere(self, lines):
        """Compute the costs as a module does that is loaded after this one, from timesheets."""

        def compute(records):
            records.purchase_price = 1.0

        self.patch(self.registry["sale.order.line"], "_compute_purchase_price", compute)
        self.env.add_to_compute(lines._fields["purchase_price"], lines)
        lines.flush_recordset()

    def test_pricing_again_replaces_its_own_lines_only(self):
        order = self._create_estimated_quote()
        self._price(order, 20.0)
        product = self.company.quote_service_product_id
        order.write(
            {
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "name": "Training", "price_unit": 900}
                    )
                ]
            }
        )
        self._price(order, 40.0)
        self.assertEqual(sorted(order.order_line.mapped("name")), ["Build", "Design", "Training"])
        made = order.order_line.filtered("is_from_estimate")
        self.assertCents(sum(made.mapped("price_subtotal")), 14916.67)

    def test_odd_costs_and_margins_agree_to_the_cent(self):
        draw = random.Random(42)
        for _ in range(15):
            order = self._create_quote_at("technical")
            items = self._fill_estimate(order)
            estimate = order.sudo().estimate_id.with_user(self.project_manager)
            items["survey"].workload_ids.days = draw.choice((0.25, 1.75, 3.3, 7.77))
            estimate.cost_ids.unit_cost = round(draw.uniform(0.01, 999.99), 2)
            estimate.contingency_percent = round(draw.uniform(0, 20), 1)
            estimate.action_ready()
            margin = round(draw.uniform(0, 60), 1)
            pricing = self._open_pricing(order, mode="margin", target_margin_percent=margin)
            shown = (pricing.price, pricing.margin)
            pricing.action_apply()
            self.assertCents(sum(order.order_line.mapped("purchase_price")), order.estimated_cost)
            self.assertCents(order.amount_untaxed - order.margin, order.estimated_cost)
            self.assertCents(order.amount_untaxed, shown[0])
            self.assertCents(order.margin, shown[1])
            self.assertAlmostEqual(100 * order.margin_percent, margin, delta=0.01)

    def test_quote_in_another_currency(self):
        currency = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search(
                [("id", "!=", self.company.currency_id.id), ("name", "in", ("CHF", "GBP"))], limit=1
            )
        )
        currency.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": "2020-01-01", "rate": 0.93}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": currency.id}
        )
        order = self._create_quote_at("technical", pricelist_id=pricelist.id)
        self._fill_estimate(order)
        order.sudo().estimate_id.with_user(self.project_manager).action_ready()
        self.assertEqual(order.currency_id, currency)
        self.assertCents(order.estimated_cost, currency.round(self.COST * order.currency_rate))
        self._price(order, 25.0)
        self.assertCents(sum(order.order_line.mapped("purchase_price")), order.estimated_cost)
        self.assertCents(order.amount_untaxed - order.margin, order.estimated_cost)

    def test_impossible_prices_are_refused(self):
        order = self._create_estimated_quote()
        for margin in (100.0, 150.0):
            with self.subTest(margin=margin), self.assertRaisesRegex(UserError, "100 %"):
                self._open_pricing(
                    order, mode="margin", target_margin_percent=margin
                ).action_apply()
        self.assertFalse(order.order_line)
        self.company.quote_service_product_id = False
        with self.assertRaisesRegex(UserError, "No service is chosen"):
            self._price(order)

    def test_price_is_set_at_its_step_only(self):
        for step in ("scope", "technical", "validation", "ready", "sent"):
            order = self._create_quote_at(step)
            with self.subTest(step=step), self.assertRaises(UserError):
                order.action_price()

    def test_dialog_left_open_does_not_price_a_quote_that_moved(self):
        order = self._create_estimated_quote()
        pricing = self._open_pricing(order, mode="margin", target_margin_percent=20.0)
        order.estimate_id.action_reopen("One more visit")
        with self.assertRaises(UserError):
            pricing.action_apply()
        self.assertFalse(order.order_line)

    def test_origin_of_a_line_cannot_be_forged(self):
        order = self._create_estimated_quote()
        self._price(order)
        with self.assertRaises(AccessError):
            order.order_line[0].write({"is_from_estimate": False})
        with self.assertRaises(AccessError):
            order.order_line[0].write({"estimate_item_id": False})

    def test_price_under_the_floor_is_shown(self):
        order = self._create_estimated_quote()
        self._price(order, 30.0)
        self.assertCents(order.floor_price, 9944.44)
        self.assertFalse(order.is_under_floor)
        order.order_line[0].price_unit -= 4000
        self.assertTrue(order.is_under_floor)

    def test_small_deals_may_skip_the_technical_part(self):
        product = self.company.quote_service_product_id
        order = self._create_quote(
            order_line=[Command.create({"product_id": product.id, "price_unit": 900.0})]
        )
        with self.assertRaisesRegex(UserError, "does not let"):
            order.action_skip_technical()
        self.company.quote_small_deal_amount = 1000.0
        order.invalidate_recordset()
        self.assertTrue(order.is_small_deal)
        order.action_skip_technical()
        self.assertEqual(order.quote_step, "financial")
        order.action_request_validation()
        self.assertEqual(order.quote_step, "validation", "the rules still apply")
        large = self._create_quote(
            order_line=[Command.create({"product_id": product.id, "price_unit": 1000.01})]
        )
        with self.assertRaisesRegex(UserError, "over the limit"):
            large.action_skip_technical()
        empty = self._create_quote()
        with self.assertRaisesRegex(UserError, "Type the lines"):
            empty.action_skip_technical()
