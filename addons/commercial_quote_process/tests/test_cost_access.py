from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import QuoteProcessCase

# Where costs and margins are, by model.
FIGURES = {
    "sale.order": (
        "estimated_cost",
        "floor_price",
        "is_under_floor",
        "margin",
        "margin_percent",
        "target_margin_percent",
        "margin_with_options",
    ),
    "sale.order.line": ("purchase_price", "margin", "margin_percent", "estimate_figures"),
    "sale.report": ("margin",),
    "quote.estimate": ("workload_cost", "other_cost", "total_cost", "contingency_percent"),
    "quote.estimate.workload": ("daily_cost", "cost"),
    "quote.estimate.cost": ("unit_cost", "cost"),
    "quote.role.rate": ("daily_cost",),
    "quote.validation": ("cost", "margin_percent"),
    "quote.pricing": ("margin", "margin_percent", "is_under_floor", "target_margin_percent"),
}


@tagged("post_install", "-at_install")
class TestCostAccess(QuoteProcessCase):
    """A company may keep costs and margins from its salespeople, on every route."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("validation")
        cls.open_order = cls._create_quote_at("financial")
        cls.company.quote_show_costs = False
        cls.env.invalidate_all()

    def _get_records(self, name, user):
        """Return records of a model that a user may read, costs apart."""
        model = self.env[name].with_user(user)
        if name == "quote.pricing":
            return model.create({"order_id": self.open_order.id, "mode": "rate_card"})
        return model.search([], limit=5)

    def test_salespeople_read_no_cost_by_any_route(self):
        for model_name, names in FIGURES.items():
            records = self._get_records(model_name, self.salesperson)
            self.assertTrue(records or model_name == "sale.report", model_name)
            self.assertFalse(set(names) & records.fields_get().keys(), model_name)
            for name in names:
                for route, read in self._get_routes(records, name).items():
                    with self.subTest(model=model_name, field=name, route=route):
                        self._assert_nothing_comes_out(read)

    def _get_routes(self, records, name):
        return {
            "read": lambda: records.read([name]),
            "web_read": lambda: records.web_read({name: {}}),
            "search": lambda: records.search([(name, ">", 1)]),
            "order": lambda: records.search([], order=name),
            "group": lambda: records.formatted_read_group([], [name], ["__count"]),
            "aggregate": lambda: records.formatted_read_group([], [], [f"{name}:sum"]),
            "export": lambda: records.export_data([name]),
        }

    def test_no_domain_is_an_oracle(self):
        orders = self.env["sale.order"].with_user(self.salesperson)
        for path in (
            "margin",
            "order_line.purchase_price",
            "estimate_id.total_cost",
            "estimate_id.workload_ids.daily_cost",
            "estimate_id.cost_ids.unit_cost",
            "validation_ids.cost",
        ):
            with self.subTest(path=path), self.assertRaises(AccessError):
                orders.search([(path, ">", 0)])

    def _assert_nothing_comes_out(self, read):
        try:
            result = read()
        except (UserError, ValueError):
            return
        self.assertFalse(result)

    def test_views_leave_out_what_is_hidden(self):
        for model_name, names in FIGURES.items():
            model = self.env[model_name].with_user(self.salesperson)
            kinds = ["form"] if model_name == "quote.pricing" else ["form", "list"]
            views = model.get_views([(False, kind) for kind in kinds])
            for kind in kinds:
                arch = views["views"][kind]["arch"]
                for name in names:
                    with self.subTest(model=model_name, view=kind, field=name):
                        self.assertNotIn(f'name="{name}"', arch)
                        self.assertNotRegex(arch, rf'invisible="[^"]*\b{name}\b')

    def test_managers_and_approvers_still_read_them(self):
        for user in (self.sales_manager, self.commercial_approver, self.operational_approver):
            order = self.order.with_user(user)
            with self.subTest(user=user.name):
                self.assertTrue(order.read(["margin", "estimated_cost", "floor_price"]))
                self.assertTrue(order.order_line.read(["purchase_price"]))
                self.assertTrue(order.estimate_id.read(["total_cost"]))
        order = self.order.with_user(self.commercial_approver)
        order.action_approve()
        self.assertEqual(order.quote_step, "ready")

    def test_project_manager_still_works_with_costs(self):
        estimate = self.order.sudo().estimate_id.with_user(self.project_manager)
        self.assertTrue(estimate.read(["total_cost"]))
        self.assertTrue(estimate.workload_ids.read(["daily_cost"]))
        self.assertTrue(estimate.get_editor_data()["totals"]["total_cost"])

    def test_editor_of_the_estimate_shows_days_without_costs(self):
        data = self.order.estimate_id.get_editor_data()
        self.assertFalse(data["sees_costs"])
        self.assertEqual(data["totals"]["total_days"], 22.0)
        self.assertFalse(data["totals"]["total_cost"])
        self.assertFalse(any(row["daily_cost"] for row in data["workload"] + data["roles"]))

    def test_salesperson_prices_by_the_rate_card_without_seeing_costs(self):
        order = self.open_order
        pricing = self._get_records("quote.pricing", self.salesperson)
        self.assertEqual(pricing.price, 17150.0)
        preview = str(pricing.preview)
        for word in ("cost", "margin", "floor", "target_percent"):
            self.assertNotIn(f"'{word}", preview)
        pricing.action_apply()
        self.assertEqual(order.amount_untaxed, 17150.0)
        self.assertEqual(order.sudo().margin, 17150.0 - 8950.0)
        order.action_request_validation()
        self.assertEqual(order.sudo().validation_ids.cost, 8950.0)

    def test_no_price_may_be_set_from_a_cost_that_is_hidden(self):
        model = self.env["quote.pricing"].with_user(self.salesperson)
        values = {"order_id": self.open_order.id, "mode": "margin"}
        with self.assertRaisesRegex(UserError, "keeps costs"):
            model.create(values).action_apply()
        with self.assertRaises(AccessError):
            model.create({**values, "target_margin_percent": 0.0})
        with self.assertRaises(AccessError):
            model.create({"order_id": self.open_order.id, "mode": "fixed", "markup_percent": 0.0})
        with self.assertRaises(AccessError):
            model.create({"order_id": self.open_order.id, "contingency_split": "own"})
        self.assertNotIn("margin", dict(model.fields_get(["mode"])["mode"]["selection"]))

    def test_no_margin_of_a_line_may_be_typed_when_costs_are_hidden(self):
        key = next(iter(self.open_order.sudo()._get_lines_by_key()))
        pricing = self._get_records("quote.pricing", self.salesperson)
        # A margin of 0 % would be the cost.
        pricing.overrides = {key: {"margin": 0.0}}
        self.assertEqual(pricing.price, 17150.0)

    def test_shares_of_a_fixed_price_tell_no_cost(self):
        model = self.env["quote.pricing"].with_user(self.salesperson)
        values = {"order_id": self.open_order.id, "mode": "fixed", "total_wanted": 8575.0}
        model.create(values).action_apply()
        # Half of the rate card: 6650 of days and a share of 500 of travel in the first phase.
        design, build = self.open_order.order_line
        self.assertEqual(self.open_order.amount_untaxed, 8575.0)
        self.assertAlmostEqual(design.price_unit, (6650.0 + 204.14) / 2, delta=0.01)
        self.assertAlmostEqual(build.price_unit, (10000.0 + 295.86) / 2, delta=0.01)

    def test_salespeople_still_sell_outside_of_the_process(self):
        product = self.env["product.product"].create(
            {"name": "Chair", "list_price": 100.0, "standard_price": 60.0}
        )
        order = self.env["sale.order"].with_user(self.salesperson)
        with Form(order) as form:
            form.partner_id = self.client
            form.team_id = self.stock_team
            with form.order_line.new() as line:
                line.product_id = product
        order = form.record
        order.order_line.copy({"order_id": order.id})
        order.action_confirm()
        self.assertEqual(order.sudo().margin, 80.0)
        order.copy()

    def test_differences_say_no_cost(self):
        order = self.open_order
        order.estimate_id.action_reopen("One more day")
        estimate = order.sudo().estimate_id.with_user(self.project_manager)
        estimate.workload_ids[0].days += 1
        estimate.action_ready()
        self.assertIn("another cost", order.price_differences)
        self.assertNotIn("$", order.price_differences)

    def test_several_companies_show_costs_only_when_all_do(self):
        other = self.env["res.company"].create({"name": "Altéa Labs"})
        self.salesperson.sudo().company_ids |= other
        order = self.order.with_context(allowed_company_ids=[other.id, self.company.id])
        with self.assertRaises(AccessError):
            order.read(["margin"])
        with self.assertRaises(AccessError):
            self.order.with_context(allowed_company_ids=[other.id]).read(["margin"])
