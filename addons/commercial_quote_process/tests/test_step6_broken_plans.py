from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import QuoteProcessCase
from .delivery_common import DeliveryMixin

LOGGER = "odoo.addons.commercial_quote_process"


@tagged("post_install", "-at_install")
class TestBrokenPlans(DeliveryMixin, QuoteProcessCase):
    """Step 6: a plan that could never have been saved like this still becomes a project."""

    def _accept_without_project(self, order):
        """Accept a quote whose project cannot be made at that moment."""
        failure = patch.object(type(order), "_build_project", side_effect=UserError("Not now"))
        with failure, self.assertLogs(LOGGER, "WARNING"):
            self._accept(order)
        self.assertTrue(order.is_project_pending)
        self.env.flush_all()

    def _create_broken(self, **links):
        """Return an accepted quote without a project, whose plan SQL has changed since."""
        order = self._create_quote_at("sent")
        self._accept_without_project(order)
        items = {item.name: item.id for item in order.sudo().estimate_id.item_ids}
        for one, other in links.items():
            one, other = (items[name.replace("_", " ")] for name in (one, other))
            self.env.cr.execute(
                SQL(
                    "INSERT INTO quote_estimate_dependency (item_id, depends_on_id, lag)"
                    " VALUES (%s, %s, 0)",
                    one,
                    other,
                )
            )
        self.env.invalidate_all()
        return order

    def _check_delivered(self, order, tasks=6):
        order.action_retry_project()
        project = self._get_projects(order)
        self.assertEqual((order.quote_step, order.state), ("accepted", "sale"))
        self.assertEqual(len(project), 1)
        self.assertFalse(order.is_project_pending)
        self.assertEqual(len(project.tasks), tasks)
        return project

    def test_dependencies_in_a_circle(self):
        project = self._check_delivered(self._create_broken(Survey="Publication portal"))
        tasks = self._get_tasks(project)
        self.assertFalse(tasks["Survey"].depend_on_ids)
        self.assertEqual(tasks["Data model"].depend_on_ids, tasks["Survey"])

    def test_milestone_that_waits_for_itself(self):
        order = self._create_broken(Data_model_approved="Data model approved")
        self._check_delivered(order)

    def test_circle_in_a_plan_with_dates(self):
        order = self._create_broken(Survey="Publication portal")
        item = order.sudo().estimate_id.item_ids.filtered(lambda item: item.name == "Survey")
        self.env.cr.execute(
            SQL(
                "UPDATE quote_estimate_item SET not_before_date = '2026-01-01' WHERE id = %s",
                item.id,
            )
        )
        self.env.invalidate_all()
        project = self._check_delivered(order)
        self.assertTrue(all(project.tasks.mapped("date_deadline")))

    def test_phase_inside_of_itself(self):
        order = self._create_broken()
        phases = order.sudo().estimate_id.item_ids.filtered(lambda item: item.kind == "phase")
        for one, other in (phases, phases[::-1]):
            self.env.cr.execute(
                SQL("UPDATE quote_estimate_item SET parent_id = %s WHERE id = %s", other.id, one.id)
            )
        self.env.invalidate_all()
        self._check_delivered(order)

    def test_item_of_another_estimate_as_predecessor(self):
        other = self._create_quote_at("technical")
        items = self._fill_estimate(other)
        order = self._create_broken()
        survey = order.sudo().estimate_id.item_ids.filtered(lambda item: item.name == "Survey")
        self.env.cr.execute(
            SQL(
                "INSERT INTO quote_estimate_dependency (item_id, depends_on_id, lag)"
                " VALUES (%s, %s, 0)",
                survey.id,
                items["portal"].id,
            )
        )
        self.env.invalidate_all()
        tasks = self._get_tasks(self._check_delivered(order))
        self.assertFalse(tasks["Survey"].depend_on_ids)

    def test_plan_longer_than_a_life_has_no_dates(self):
        order = self._create_broken()
        self.env.cr.execute(
            SQL(
                "UPDATE quote_estimate_item SET end_day = 90000 WHERE estimate_id = %s",
                order.sudo().estimate_id.id,
            )
        )
        self.env.invalidate_all()
        project = self._check_delivered(order)
        self.assertFalse(any(project.tasks.mapped("date_deadline")))

    def test_archived_product_and_role(self):
        order = self._create_broken()
        self.company.quote_service_product_id.active = False
        order.order_line.product_id.sudo().active = False
        self.roles.active = False
        project = self._check_delivered(order)
        self.assertEqual(
            self._get_tasks(project)["Survey"].with_context(active_test=False).role_ids,
            self.roles[0],
        )

    def test_items_without_workload(self):
        order = self._create_broken()
        self.env.cr.execute(
            SQL(
                "DELETE FROM quote_estimate_workload WHERE estimate_id = %s",
                order.sudo().estimate_id.id,
            )
        )
        self.env.invalidate_all()
        project = self._check_delivered(order)
        self.assertEqual(sum(project.tasks.mapped("allocated_hours")), 0.0)

    def test_estimate_without_items(self):
        order = self._create_broken()
        self.env.cr.execute(
            SQL(
                "DELETE FROM quote_estimate_item WHERE estimate_id = %s",
                order.sudo().estimate_id.id,
            )
        )
        self.env.invalidate_all()
        # One task for each service that was sold: Design and Build.
        self._check_delivered(order, tasks=len(order.order_line.filtered("is_service")))

    def test_nobody_left_to_lead_the_project(self):
        order = self._create_quote_at("sent")
        (self.project_manager | self.salesperson).active = False
        self.team.user_id = False
        project = self._accept(order.sudo())
        self.assertEqual(len(project), 1)
        self.assertFalse(project.user_id)
        order.sudo()._tell_project_manager()
        self.assertFalse(project.activity_ids)

    def test_fallback_manager_is_told_to_choose_one(self):
        order = self._create_quote_at("sent")
        self.project_manager.active = False
        project = self._accept(order)
        self.assertEqual(project.user_id, self.salesperson)
        order.sudo()._tell_project_manager()
        self.assertIn("choose a project manager", project.activity_ids.summary)

    def test_reason_of_a_missing_project_is_shown_and_found(self):
        order = self._create_quote_at("sent")
        builder = type(self.env["quote.estimate"])
        with (
            patch.object(builder, "_create_tasks", side_effect=ValueError("secret detail")),
            self.assertLogs(LOGGER, "WARNING"),
        ):
            self._accept(order)
        self.assertIn("ValueError", order.project_pending_reason)
        self.assertNotIn("secret", order.project_pending_reason)
        found = order.search([("is_project_pending", "=", True), ("id", "=", order.id)])
        self.assertEqual(found, order)
        order.action_retry_project()
        self.assertFalse(order.project_pending_reason)

    def test_project_is_in_the_language_of_its_manager(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.project_manager.lang = "fr_FR"
        order = self._create_quote_at("sent")
        self.assertEqual(order.sudo()._get_project_lang(), "fr_FR")
