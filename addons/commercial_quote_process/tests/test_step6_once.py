from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import QuoteProcessCase
from .delivery_common import DeliveryMixin

LOGGER = "odoo.addons.commercial_quote_process"


@tagged("post_install", "-at_install")
class TestOneProject(DeliveryMixin, QuoteProcessCase):
    """Step 6: one project per accepted quote, and the acceptance stands whatever happens."""

    def test_products_never_create_a_second_project(self):
        tracked = self.env["product.product"].create(
            [
                {
                    "name": f"Service {tracking}",
                    "type": "service",
                    "service_tracking": tracking,
                    "list_price": 100.0,
                }
                for tracking in ("no", "task_global_project", "task_in_project", "project_only")
            ]
        )
        tracked[1].project_id = self.env["project.project"].create(
            {"name": "Support", "allow_billable": True}
        )
        order = self._create_quote_at("financial")
        order.write(
            {"order_line": [Command.create({"product_id": product.id}) for product in tracked]}
        )
        self._send(order)
        before = self.env["project.task"].search_count([])
        project = self._accept(order)
        self.assertEqual(len(project), 1)
        self.assertEqual(self.env["project.task"].search_count([]) - before, 6)
        order.with_user(self.sales_manager).action_unlock()
        order.sudo().write(
            {"order_line": [Command.create({"product_id": product.id}) for product in tracked]}
        )
        self.assertEqual(self._get_projects(order), project)
        # What is sold later is one task each, in the project that there is.
        self.assertEqual(self.env["project.task"].search_count([]) - before, 10)
        self.assertEqual(len(project.tasks), 10)

    def test_confirming_again_makes_no_second_project(self):
        order = self._create_quote_at("sent")
        project = self._accept(order)
        order.sudo()._create_project_from_estimate()
        self.assertEqual(self._get_projects(order), project)
        self.assertFalse(order.is_project_pending, "nothing was tried twice")
        with self.assertRaises(UserError):
            order.action_retry_project()

    def test_archived_project_manager_is_replaced_by_the_salesperson(self):
        order = self._create_quote_at("sent")
        self.project_manager.active = False
        project = self._accept(order)
        self.assertEqual(project.user_id, self.salesperson)

    def test_broken_plan_never_loses_the_acceptance(self):
        order = self._create_quote_at("sent")
        builder = type(self.env["quote.estimate"])
        with (
            patch.object(builder, "_create_tasks", side_effect=ValueError("broken")),
            self.assertLogs("odoo.addons.commercial_quote_process", "WARNING"),
        ):
            project = self._accept(order)
        self.assertFalse(project)
        self.assertEqual((order.quote_step, order.state), ("accepted", "sale"))
        self.assertTrue(order.sudo().quote_acceptance_ids)
        self.assertTrue(order.is_project_pending)
        self.assertIn("project", order.sudo().activity_ids[-1].summary)
        order.action_retry_project()
        self.assertEqual(len(self._get_projects(order)), 1)
        self.assertFalse(order.is_project_pending)

    def test_second_acceptance_makes_no_second_project(self):
        order = self._create_quote_at("sent")
        project = self._accept(order)
        with self.assertRaisesRegex(UserError, "already been accepted"):
            self._accept(order)
        self.assertEqual(self._get_projects(order), project)

    def test_cancelled_order_is_never_delivered_twice(self):
        order = self._create_quote_at("sent")
        project = self._accept(order)
        order._action_cancel()
        for again in (order.action_draft, order.action_confirm, order.action_retry_project):
            with self.assertRaises(UserError):
                again()
        self.assertEqual(self._get_projects(order), project)

    def test_deleted_project_is_missed_and_can_be_made_again(self):
        order = self._create_quote_at("sent")
        self._accept(order).with_user(self.head_of_projects).unlink()
        self.assertFalse(self._get_projects(order))
        self.assertTrue(order.is_project_pending)
        self.assertIn("Luc Morvan", order.project_pending_reason)
        self.assertIn("deleted", order.sudo().message_ids[0].body)
        order.action_retry_project()
        self.assertEqual(len(self._get_projects(order)), 1)
        self.assertFalse(order.is_project_pending)
        with self.assertRaisesRegex(UserError, "waits for no project"):
            order.action_retry_project()

    def test_archived_project_is_not_made_again(self):
        order = self._create_quote_at("sent")
        project = self._accept(order)
        project.active = False
        with self.assertRaisesRegex(UserError, "archived"):
            order.action_retry_project()
        self.assertEqual(self._get_projects(order), project)

    def test_retry_says_what_is_wrong(self):
        order = self._create_quote_at("sent")
        builder = type(self.env["quote.estimate"])
        error = UserError("The stage is gone")
        with (
            patch.object(builder, "_create_tasks", side_effect=error),
            self.assertLogs(LOGGER, "WARNING"),
        ):
            self._accept(order)
            with self.assertRaisesRegex(UserError, "The stage is gone"):
                order.action_retry_project()
        self.assertTrue(order.is_project_pending)
        with self.assertRaises(UserError):
            order.with_user(self.other_salesperson).action_retry_project()

    def test_project_manager_is_told_once_the_rest_is_done(self):
        order = self._create_quote_at("sent")
        project = self._accept(order)
        self.assertFalse(project.activity_ids, "nobody waits for it while the client signs")
        order.sudo()._after_acceptance()
        self.assertEqual(project.activity_ids.user_id, self.project_manager)

    def test_retried_project_tells_its_manager(self):
        order = self._create_quote_at("sent")
        builder = type(self.env["quote.estimate"])
        with (
            patch.object(builder, "_create_tasks", side_effect=ValueError("broken")),
            self.assertLogs(LOGGER, "WARNING"),
        ):
            self._accept(order)
        order.sudo()._after_acceptance()
        order.action_retry_project()
        project = self._get_projects(order)
        self.assertEqual(project.activity_ids.user_id, self.project_manager)
        self.assertFalse(
            order.sudo().activity_ids.filtered(lambda a: "project could not" in a.summary)
        )

    def test_small_deal_without_a_plan_has_a_task_per_service(self):
        self.company.quote_small_deal_amount = 2000.0
        product = self.company.quote_service_product_id
        order = self._create_quote(
            order_line=[
                Command.create({"display_type": "line_section", "name": "Training"}),
                Command.create(
                    {"product_id": product.id, "name": "First day\nIn Bressac", "price_unit": 900}
                ),
                Command.create({"product_id": product.id, "name": "Hotline", "price_unit": 300}),
            ]
        )
        order.action_skip_technical()
        self._send(order)
        project = self._accept(order)
        self.assertEqual(len(project), 1)
        self.assertEqual(project.user_id, self.project_manager)
        tasks = self._get_tasks(project)
        self.assertEqual(set(tasks), {"First day", "Hotline"})
        self.assertIn("In Bressac", tasks["First day"].description)
        sold_by = {name: task.sale_line_id.name for name, task in tasks.items()}
        self.assertEqual(sold_by, {"First day": "First day\nIn Bressac", "Hotline": "Hotline"})
