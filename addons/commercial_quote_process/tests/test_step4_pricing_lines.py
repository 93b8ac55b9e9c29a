from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import QuoteProcessCase


@tagged("post_install", "-at_install")
class TestPricingLines(QuoteProcessCase):
    """Step 4: what the client reads of a price, and what stays when it is set again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"quote_floor_margin_percent": 10.0, "quote_markup_percent": 5.0})
        cls.product = cls.company.quote_service_product_id

    def setUp(self):
        super().setUp()
        self.order = self._create_quote_at("technical")
        self.items = self._fill_estimate(self.order)
        estimate = self.order.sudo().estimate_id
        self.estimate = estimate.with_user(self.project_manager)
        self.estimate.write({"overhead_percent": 10.0, "contingency_percent": 5.0})

    def _ready(self):
        self.estimate.action_ready()

    def _create_pricing(self, **values):
        model = self.env["quote.pricing"].with_user(self.salesperson)
        return model.create({"order_id": self.order.id, **values})

    def _price_by(self, **values):
        self._create_pricing(**values).action_apply()
        return self.order.order_line

    def _get_names(self):
        lines = self.order.order_line.sorted(lambda line: (line.sequence, line.id))
        return lines.mapped("name")

    def _add_line(self, name, **values):
        line = {"product_id": self.product.id, "name": name, "price_unit": 100.0, **values}
        self.order.write({"order_line": [Command.create(line)]})
        return self.order.order_line.filtered(lambda other: other.name == name)

    def _get_key(self, pricing, name):
        return next(row["key"] for row in pricing.preview["rows"] if row["name"] == name)

    # === GRANULARITY === #

    def test_one_line(self):
        self._ready()
        lines = self._price_by(mode="margin", granularity="one")
        self.assertEqual(lines.mapped("name"), ["Services"])
        self.assertAlmostEqual(lines.purchase_price, self.order.estimated_cost)

    def test_tasks_stand_under_their_phase(self):
        self._ready()
        lines = self._price_by(mode="rate_card", granularity="task")
        self.assertEqual(
            [(line.name, line.display_type) for line in lines],
            [
                ("Design", "line_section"),
                ("Survey", False),
                ("Data model", False),
                ("Build", "line_section"),
                ("Publication portal", False),
            ],
        )
        self.assertEqual(lines[1].estimate_item_id, self.items["survey"].with_env(self.order.env))
        self.assertEqual(lines[1].parent_id, lines[0])
        self.assertEqual(lines[1].estimate_row_kind, "service")

    def test_roles_are_sold_as_their_service(self):
        service = self.env["product.product"].create({"name": "Consulting", "type": "service"})
        self.rates[0].product_id = service
        self._ready()
        lines = self._price_by(mode="rate_card", granularity="role")
        self.assertEqual(set(lines.mapped("name")), {"Consultant", "Engineer", "Developer"})
        for line in lines:
            expected = service if line.name == "Consultant" else self.product
            self.assertEqual(line.product_id, expected, line.name)
            self.assertEqual(line.estimate_role_id.name, line.name)
        engineer = lines.filtered(lambda line: line.name == "Engineer")
        engineer.name = "Engineer, on site"
        self.rates[1].product_id = service
        self._price_by()
        self.assertEqual((engineer.product_id, engineer.name), (service, "Engineer, on site"))

    def test_overhead_and_contingency_on_their_own_lines(self):
        self._ready()
        own = {"overhead_split": "own", "contingency_split": "own"}
        lines = self._price_by(mode="margin", target_margin_percent=20.0, **own)
        self.assertEqual(
            self._get_names(), ["Design", "Build", "Project management", "Provision for risks"]
        )
        self.assertEqual(lines[2].purchase_price, self.estimate.overhead_amount)
        self.assertEqual(lines[3].purchase_price, self.estimate.contingency_amount)
        self.assertEqual(lines[2].estimate_row_kind, "overhead")
        self.assertAlmostEqual(self.order.margin_percent, 0.2, 4)

    def test_rebilled_costs_carry_their_markup_and_the_quote_its_margin(self):
        self.estimate.cost_ids.is_rebilled = True
        self._ready()
        lines = self._price_by(mode="margin", target_margin_percent=25.0)
        self.assertEqual(self._get_names(), ["Design", "Build", "Visits"])
        self.assertEqual(lines[2].price_unit, 525.0)
        self.assertAlmostEqual(self.order.margin_percent, 0.25, 4)

    def test_line_names_are_in_the_language_of_the_client(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["commercial_quote_process"], ["fr_FR"])
        self.client.lang = "fr_FR"
        alone = self.items["survey"].copy({"parent_id": False, "depend_on_ids": False})
        values = {"estimate_id": self.estimate.id, "role_id": self.roles[0].id, "days": 1}
        self.estimate.env["quote.estimate.workload"].create({**values, "item_id": alone.id})
        self._ready()
        self._price_by(mode="margin")
        self.assertEqual(self._get_names(), ["Design", "Build", "Autres tâches"])

    # === HAND-MADE LINES === #

    def test_lines_added_by_hand_keep_their_place(self):
        self._ready()
        self._price_by(mode="margin", target_margin_percent=20.0)
        design, build = self.order.order_line
        design.sequence, build.sequence = 20, 40
        self._add_line("Kick-off", sequence=10)
        self._add_line("Workshop", sequence=30)
        self._add_line("Hosting", sequence=50)
        names = ["Kick-off", "Design", "Workshop", "Build", "Hosting"]
        self._price_by(mode="margin", target_margin_percent=40.0)
        self.assertEqual(self._get_names(), names)
        self.assertEqual(self.order.order_line.filtered("is_from_estimate"), design | build)
        self._price_by(mode="rate_card", granularity="role")
        hand = [name for name in self._get_names() if name in names]
        self.assertEqual(hand, ["Kick-off", "Workshop", "Hosting"])
        self.assertEqual(self._get_names()[:2], ["Kick-off", "Consultant"])

    def test_new_phase_comes_where_the_plan_has_it(self):
        self._ready()
        self._price_by(mode="margin")
        self._add_line("Hosting", sequence=99)
        self.estimate.order_id.with_user(self.salesperson).estimate_id.action_reopen("More")
        place = self.items["build"].sequence - 1
        phase = self.items["design"].copy({"name": "Migration", "sequence": place})
        task = self.items["survey"].copy({"parent_id": phase.id, "depend_on_ids": False})
        self.estimate.env["quote.estimate.workload"].create(
            {
                "estimate_id": self.estimate.id,
                "item_id": task.id,
                "role_id": self.roles[0].id,
                "days": 4,
            }
        )
        self._ready()
        self._price_by(mode="margin")
        self.assertEqual(self._get_names(), ["Design", "Migration", "Build", "Hosting"])

    def test_words_of_the_salesperson_stay(self):
        self._ready()
        self._price_by(mode="margin", target_margin_percent=20.0)
        line = self.order.order_line[0]
        other = self.env["product.product"].create({"name": "Audit", "type": "service"})
        line.name = "Design, with two workshops"
        line.product_id = other
        line.name = "Design, with two workshops"
        self._price_by(mode="margin", target_margin_percent=30.0)
        self.assertEqual(line.name, "Design, with two workshops")
        self.assertEqual(line.product_id, other)
        self.assertAlmostEqual(self.order.margin_percent, 0.3, 4)

    # === CHOICES, REMEMBERED === #

    def test_choices_are_proposed_again(self):
        self._ready()
        choices = {
            "mode": "margin",
            "target_margin_percent": 33.0,
            "granularity": "task",
            "overhead_split": "own",
            "rounding": "10",
            "markup_percent": 7.0,
        }
        self._price_by(**choices)
        again = self._create_pricing()
        for name, value in choices.items():
            self.assertEqual(again[name], value, name)
        self.assertEqual(again.preview["totals"]["before"], again.price)

    def test_nobody_writes_how_a_quote_was_priced(self):
        self._ready()
        self._price_by(mode="rate_card")
        for values in (
            {"pricing_mode": "margin"},
            {"target_margin_percent": 50.0},
            {"pricing_total": 5.0},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.order.write(values)
        for values in ({"estimate_figures": {}}, {"estimate_row_kind": "rebilled"}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.order.order_line[0].write(values)

    def test_prices_typed_by_hand_are_proposed_again(self):
        self._ready()
        pricing = self._create_pricing(mode="margin", target_margin_percent=20.0)
        key = self._get_key(pricing, "Design")
        build = next(row["price"] for row in pricing.preview["rows"] if row["name"] == "Build")
        pricing.overrides = {key: {"price": 6000.0}}
        self.assertAlmostEqual(pricing.price, 6000.0 + build)
        pricing.action_apply()
        self.assertEqual(self.order.order_line[0].price_unit, 6000.0)
        again = self._create_pricing()
        self.assertEqual(again.overrides, {key: {"price": 6000.0}})
        # A price changed on the quote itself counts as typed, too.
        self.order.order_line[1].price_unit = 7777.0
        again = self._create_pricing()
        self.assertEqual(sorted(wish["price"] for wish in again.overrides.values()), [6000, 7777])
        again.overrides = {}
        again.action_apply()
        self.assertAlmostEqual(self.order.margin_percent, 0.2, 4)

    def test_margin_typed_on_a_line(self):
        self._ready()
        pricing = self._create_pricing(mode="rate_card")
        key = self._get_key(pricing, "Build")
        pricing.overrides = {key: {"margin": 50.0}}
        row = next(row for row in pricing.preview["rows"] if row["key"] == key)
        self.assertAlmostEqual(row["price"], 2 * row["cost"], 2)

    def test_lines_follow_a_total_that_is_wanted(self):
        self._ready()
        pricing = self._create_pricing(mode="rate_card", total_wanted=15000.0)
        pricing.overrides = {self._get_key(pricing, "Design"): {"price": 5000.0}}
        pricing.action_apply()
        self.assertEqual(self.order.order_line.mapped("price_unit"), [5000.0, 10000.0])
        self.assertEqual(self.order.order_line.mapped("discount"), [0.0, 0.0])
        pricing = self._create_pricing(mode="fixed", total_wanted=4000.0)
        self.assertIn("no way to a total", pricing.preview["error"])
        with self.assertRaisesRegex(UserError, "no way to a total"):
            pricing.action_apply()

    def test_what_the_browser_sends_is_checked(self):
        self._ready()
        pricing = self._create_pricing(mode="rate_card")
        price = pricing.price
        key = self._get_key(pricing, "Design")
        for overrides in (
            {key: {"price": "1"}},
            {key: {"price": float("1e13")}},
            {key: {"price": True}},
            {key: {"optional": "yes", "cost": 1.0}},
            {key: ["price"]},
            {"service:0:0:999": {"price": 1.0}},
            ["price"],
            "price",
        ):
            pricing.overrides = overrides
            with self.subTest(overrides=overrides):
                self.assertEqual(pricing.price, price)

    # === OPTIONS === #

    def _price_with_option(self):
        self._ready()
        pricing = self._create_pricing(mode="margin", target_margin_percent=20.0)
        pricing.overrides = {self._get_key(pricing, "Build"): {"optional": True}}
        return pricing

    def test_options_stand_outside_the_total(self):
        self._add_line("Hosting", price_unit=50.0)
        pricing = self._price_with_option()
        totals = pricing.preview["totals"]
        pricing.action_apply()
        self.assertEqual(self._get_names(), ["Hosting", "Design", "Options", "Build"])
        section, option = self.order.order_line.sorted("sequence")[2:]
        self.assertTrue(section.is_optional)
        self.assertEqual(option.product_uom_qty, 0.0)
        self.assertTrue(option._is_line_optional())
        self.assertAlmostEqual(self.order.amount_untaxed, totals["price"] + 50.0)
        self.assertAlmostEqual(
            self.order.options_price, totals["with_options"]["price"] - totals["price"]
        )
        self.assertLess(self.order.floor_price, totals["with_options"]["floor"])
        self.assertFalse(self.order.is_price_stale)
        self.order.action_request_validation()
        self.assertEqual(self.order.quote_step, "validation")

    def test_floor_with_none_and_with_all_options(self):
        pricing = self._price_with_option()
        key = self._get_key(pricing, "Build")
        pricing.overrides = {key: {"optional": True, "price": 1.0}}
        totals = pricing.preview["totals"]
        self.assertFalse(totals["is_under_floor"])
        self.assertTrue(totals["with_options"]["is_under_floor"])
        pricing.action_apply()
        self.assertFalse(self.order.is_under_floor)
        self.assertTrue(self.order.is_under_floor_with_options)
        # Rules look at what is left when the client takes everything.
        lowest = 100 * self.order.margin_percent_with_options
        self.assertEqual(self.order._get_validation_figures()["margin_percent"], lowest)

    def test_options_come_back_into_the_total(self):
        self._price_with_option().action_apply()
        pricing = self._create_pricing()
        self.assertEqual([wish["optional"] for wish in pricing.overrides.values()], [True])
        pricing.overrides = {}
        pricing.action_apply()
        self.assertEqual(self._get_names(), ["Design", "Build"])
        self.assertEqual(self.order.order_line.mapped("product_uom_qty"), [1.0, 1.0])
        self.assertFalse(self.order.options_price)

    # === WHAT DIFFERS === #

    def test_quote_says_what_differs_from_the_estimate(self):
        self._ready()
        self._price_by(mode="margin")
        self.assertFalse(self.order.price_differences)
        before = self.order.order_line[0].price_unit
        self.order.estimate_id.action_reopen("More")
        self.items["survey"].with_user(self.project_manager).workload_ids.days += 2
        self.items["build"].with_user(self.project_manager).name = "Construction"
        self._ready()
        self.assertTrue(self.order.is_price_stale)
        self.assertRegex(self.order.price_differences, "Design: cost .* days 8.00 → 10.00")
        rows = self._create_pricing().preview["rows"]
        self.assertEqual(rows[0]["before"], before)
        self.assertGreater(rows[0]["price"], before)
        self.assertGreater(rows[0]["cost"], rows[0]["cost_before"])
        self._price_by()
        self.assertEqual(self._get_names(), ["Design", "Construction"])
        self.assertFalse(self.order.price_differences)

    def test_new_name_of_a_phase_is_told_but_blocks_nothing(self):
        self._ready()
        self._price_by(mode="margin")
        self.order.estimate_id.action_reopen("A word")
        self.items["build"].with_user(self.project_manager).name = "Construction"
        self._ready()
        self.assertFalse(self.order.is_price_stale)
        self.assertIn("Build is called Construction", self.order.price_differences)
        self.order.action_request_validation()

    def test_lines_that_go_are_shown_before(self):
        self._ready()
        self._price_by(mode="margin")
        pricing = self._create_pricing(granularity="one")
        self.assertEqual([line["name"] for line in pricing.preview["gone"]], ["Design", "Build"])
        self.assertFalse(pricing.preview["rows"][0]["before"])

    def test_new_version_knows_what_its_lines_sell(self):
        self.estimate.cost_ids.is_rebilled = True
        self._ready()
        pricing = self._create_pricing(mode="margin", granularity="task")
        pricing.overrides = {self._get_key(pricing, "Survey"): {"price": 2000.0}}
        pricing.action_apply()
        self.order.action_request_validation()
        version = self.order._new_version("price", restart_step="financial")
        self.assertFalse(version.price_differences)
        again = self.env["quote.pricing"].with_user(self.salesperson)
        again = again.create({"order_id": version.id})
        self.assertEqual(again.granularity, "task")
        self.assertEqual(again.price, self.order.amount_untaxed)
        again.action_apply()
        self.assertEqual(version.amount_untaxed, self.order.amount_untaxed)
        self.assertEqual(len(version.order_line), len(self.order.order_line))

    def test_tasks_of_the_project_hang_on_the_line_that_sells_them(self):
        self._ready()
        self._price_by(mode="margin", granularity="task")
        tasks = self._accept().task_ids
        lines = self.order.order_line.filtered(lambda line: not line.display_type)
        self.assertEqual(tasks.sale_line_id & lines, lines)

    def test_project_leaves_out_options_that_the_client_did_not_take(self):
        self._price_with_option().action_apply()
        names = self._accept().task_ids.mapped("name")
        self.assertIn("Survey", names)
        self.assertFalse({"Build", "Publication portal", "Public site"} & set(names))

    def _accept(self):
        """Bring the quote to its acceptance; return its project."""
        self.order.action_request_validation()
        self.order.with_user(self.commercial_approver).action_approve()
        self.order.action_quotation_sent()
        self.order.sudo()._record_acceptance("purchase_order", signer_name="Julie Perrin")
        return self.order.sudo().project_ids
