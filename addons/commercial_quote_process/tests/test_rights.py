from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..const import COST_GROUPS
from .common import QuoteProcessCase

OWN_MODELS = (
    "quote.estimate",
    "quote.estimate.item",
    "quote.estimate.workload",
    "quote.estimate.cost",
    "quote.role.rate",
    "quote.specification",
    "quote.requirement",
    "quote.step.log",
    "quote.validation",
    "quote.validation.rule",
    "quote.followup",
    "quote.acceptance",
)
MONEY_FIELDS = (
    "margin",
    "margin_percent",
    "estimated_days",
    "estimated_cost",
    "target_margin_percent",
    "floor_price",
    "is_under_floor",
)


@tagged("post_install", "-at_install")
class TestRights(QuoteProcessCase):
    """Each role sees and does its own part, and nothing else."""

    def test_portal_reads_no_internal_figure_by_any_route(self):
        order = self._create_quote_at("sent")
        self.client.message_subscribe(self.signer.ids)
        orders = self.env["sale.order"].with_user(self.portal_user)
        self.assertIn(order.id, orders.search([]).ids, "the client sees the quote itself")
        for name in MONEY_FIELDS:
            routes = {
                "read": lambda name=name: orders.browse(order.id).read([name]),
                "search": lambda name=name: orders.search([(name, "!=", 1)]),
                "order": lambda name=name: orders.search([], order=name),
                "group": lambda name=name: orders.formatted_read_group([], [name], ["__count"]),
                "aggregate": lambda name=name: orders.formatted_read_group([], [], [f"{name}:sum"]),
                "export": lambda name=name: orders.browse(order.id).export_data([name]),
            }
            for route, read in routes.items():
                with self.subTest(field=name, route=route):
                    self._assert_nothing_comes_out(read)
            self.assertNotIn(name, orders.fields_get())
        lines = self.env["sale.order.line"].with_user(self.portal_user)
        for name in ("purchase_price", "margin", "margin_percent", "estimate_item_id"):
            with self.subTest(line_field=name), self.assertRaises(AccessError):
                lines.browse(order.order_line[0].id).read([name])
            with self.subTest(line_domain=name), self.assertRaises(AccessError):
                orders.search([(f"order_line.{name}", ">", 0)])

    def _assert_nothing_comes_out(self, read):
        """An error, or nothing: a field that is computed for nobody cannot be searched at all."""
        try:
            result = read()
        except (UserError, ValueError):
            return
        self.assertFalse(result)

    def test_portal_and_strangers_read_none_of_our_models(self):
        self._create_quote_at("sent")
        for user in (self.portal_user, self.stranger):
            for name in OWN_MODELS:
                with self.subTest(user=user.name, model=name), self.assertRaises(AccessError):
                    self.env[name].with_user(user).search([])

    def test_client_does_not_find_a_quote_that_was_never_sent(self):
        for step in ("scope", "technical", "financial", "validation", "ready"):
            order = self._create_quote_at(step)
            portal_order = order.with_user(self.portal_user)
            with self.subTest(step=step):
                self.assertFalse(portal_order.search([("id", "=", order.id)]))
                with self.assertRaises(AccessError):
                    portal_order.read(["name"])
                self.assertFalse(
                    self.env["sale.order.line"]
                    .with_user(self.portal_user)
                    .search([("order_id", "=", order.id)])
                )

    def test_project_manager_works_without_any_sales_right(self):
        order = self._create_quote_at("technical")
        with self.assertRaises(AccessError):
            order.with_user(self.project_manager).write({"client_order_ref": "X"})
        for name in MONEY_FIELDS:
            with self.subTest(field=name), self.assertRaises(AccessError):
                order.with_user(self.project_manager).read([name])
        estimate = order.sudo().estimate_id.with_user(self.project_manager)
        estimate.action_start()
        self._fill_estimate(order)
        self.assertEqual(estimate.partner_name, "Ville de Bressac")
        self.assertIn("digitise", estimate.scope_content)
        for name in ("daily_price", "price"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                estimate.workload_ids.read([name])
        estimate.action_ready()
        self.assertEqual(order.quote_step, "financial")

    def test_other_project_managers_see_nothing_until_they_contribute(self):
        order = self._create_quote_at("technical")
        estimate = order.sudo().estimate_id.with_user(self.other_project_manager)
        self.assertFalse(estimate.search([]))
        with self.assertRaises(AccessError):
            estimate.write({"technical_content": "<p>Mine</p>"})
        order.sudo().estimate_id.with_user(
            self.project_manager
        ).contributor_ids = self.other_project_manager
        self.assertEqual(estimate.search([]), estimate)
        item = estimate.env["quote.estimate.item"].create(
            {"estimate_id": estimate.id, "kind": "task", "name": "Survey", "duration": 2}
        )
        self.assertEqual(estimate.item_ids, item)

    def test_contributors_write_rows_and_nothing_else(self):
        order = self._create_quote_at("technical")
        items = self._fill_estimate(order)
        managed = order.sudo().estimate_id.with_user(self.project_manager)
        managed.contributor_ids = self.other_project_manager
        estimate = managed.with_user(self.other_project_manager)
        estimate.write(
            {
                "item_ids": [Command.update(items["survey"].id, {"duration": 4})],
                "workload_ids": [Command.update(estimate.workload_ids[0].id, {"days": 4})],
                "cost_ids": [Command.update(estimate.cost_ids.id, {"quantity": 5})],
            }
        )
        self.assertEqual(estimate.total_days, 23.0)
        self.assertTrue(estimate.is_editable)
        self.assertFalse(estimate.is_whole_editable)
        self.assertTrue(managed.is_whole_editable)
        for name, value in (
            ("technical_content", "<p>Mine</p>"),
            ("organisation_content", "<p>Mine</p>"),
            ("planned_start", "2030-01-07"),
            ("start_delay", 1),
            ("hours_per_day", 8.0),
            ("overhead_percent", 0.0),
            ("contingency_percent", 0.0),
            ("rate_date", "2020-01-01"),
            ("contributor_ids", [Command.clear()]),
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                estimate.write({name: value})
        for action in (
            estimate.action_ready,
            estimate.action_refresh_rates,
            estimate.action_apply_suggested_contingency,
            estimate.action_invite_contributor,
            estimate.action_assign_manager,
            lambda: estimate.action_send_back("Why?"),
            lambda: estimate.workload_ids[0].write({"daily_cost": 1.0}),
            lambda: order.with_user(self.other_project_manager).read(["amount_total"]),
        ):
            with self.assertRaises(AccessError):
                action()

    def test_project_users_read_the_price_of_an_offer_once_it_is_accepted(self):
        order = self._create_quote_at("sent")
        stock_order = self.env["sale.order"].create(
            {"partner_id": self.client.id, "team_id": self.stock_team.id}
        )
        foreign = order.with_user(self.project_manager)
        self.assertEqual(foreign.search([("id", "in", (order | stock_order).ids)]), stock_order)
        lines = self.env["sale.order.line"].with_user(self.project_manager)
        self.assertFalse(lines.search([("order_id", "=", order.id)]))
        with self.assertRaises(AccessError):
            foreign.read(["amount_total"])
        order.sudo()._record_acceptance("paper", signer_name="Julie Perrin")
        self.assertTrue(foreign.read(["amount_total"]))

    def test_salesperson_reads_the_technical_part_and_writes_none_of_it(self):
        order = self._create_quote_at("technical")
        items = self._fill_estimate(order)
        estimate = order.estimate_id
        self.assertEqual(estimate.total_days, 22.0)
        for write in (
            lambda: estimate.write({"technical_content": "<p>Cheaper</p>"}),
            lambda: estimate.item_ids[0].write({"name": "Other"}),
            lambda: items["survey"].with_user(self.salesperson).unlink(),
            lambda: estimate.workload_ids[0].write({"days": 1}),
            estimate.action_ready,
        ):
            with self.assertRaises(AccessError):
                write()

    def test_other_salespeople_see_neither_quote_nor_estimate(self):
        order = self._create_quote_at("validation")
        for records in (order, order.estimate_id, order.validation_ids, order.quote_step_log_ids):
            records = records.with_user(self.other_salesperson)
            with self.subTest(model=records._name), self.assertRaises(AccessError):
                records.read(["display_name"])
        with self.assertRaises(AccessError):
            order.with_user(self.other_salesperson).action_request_validation()

    def test_operational_approver_reads_what_to_decide_on_and_changes_nothing(self):
        order = self._create_quote_at("validation").with_user(self.operational_approver)
        self.assertTrue(order.read(["amount_total", *MONEY_FIELDS]))
        self.assertTrue(order.order_line.read(["price_unit", "purchase_price"]))
        self.assertTrue(order.estimate_id.read(["total_cost"]))
        with self.assertRaises(AccessError):
            order.write({"client_order_ref": "X"})
        with self.assertRaises(AccessError):
            order.action_quotation_sent()

    def test_actions_of_others_are_refused(self):
        order = self._create_quote_at("scope")
        for user in (self.other_salesperson, self.project_manager, self.stranger, self.portal_user):
            foreign = order.with_user(user)
            for action in (
                "action_start_technical",
                "action_request_validation",
                "action_withdraw",
                "action_price",
                "action_skip_technical",
                "action_confirm",
                "action_cancel",
            ):
                with self.subTest(user=user.name, action=action), self.assertRaises(AccessError):
                    getattr(foreign, action)()
        self.assertEqual(order.quote_step, "scope")

    def test_cost_fields_carry_their_groups(self):
        fields = self.env["sale.order"]._fields
        for name in MONEY_FIELDS:
            self.assertEqual(fields[name].groups, COST_GROUPS, name)
