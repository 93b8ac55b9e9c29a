from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import html2plaintext

from .common import QuoteProcessCase
from .delivery_common import DeliveryMixin

MONDAY = "2026-03-02"


@tagged("post_install", "-at_install")
class TestDelivery(DeliveryMixin, QuoteProcessCase):
    """Step 6: the acceptance creates one project, with the whole plan that was sold."""

    @freeze_time(MONDAY)
    def test_project_is_the_plan_that_was_sold(self):
        order = self._create_quote_at("sent")
        project = self._accept(order)
        self.assertEqual(len(project), 1)
        self.assertEqual(project.user_id, self.project_manager)
        self.assertEqual(project.partner_id, self.client)
        self.assertTrue(project.account_id)
        self.assertEqual(project.estimate_id, order.sudo().estimate_id)
        self.assertEqual(order.sudo().project_id, project)
        self.assertTrue(project.allow_billable)
        tasks = self._get_tasks(project)
        self.assertEqual(
            set(tasks),
            {"Design", "Survey", "Data model", "Build", "Publication portal", "Public site"},
        )
        self.assertEqual(tasks["Survey"].parent_id, tasks["Design"])
        self.assertEqual(tasks["Survey"].allocated_hours, 24.0)
        self.assertEqual(tasks["Publication portal"].allocated_hours, 112.0)
        self.assertEqual(tasks["Publication portal"].role_ids, self.roles[0] | self.roles[2])
        self.assertEqual(tasks["Data model"].depend_on_ids, tasks["Survey"])
        self.assertEqual(tasks["Publication portal"].depend_on_ids, tasks["Data model"])
        self.assertFalse(tasks["Survey"].user_ids)

    @freeze_time(MONDAY)
    def test_dates_count_from_the_acceptance(self):
        project = self._accept(self._create_quote_at("sent"))
        tasks = self._get_tasks(project)
        # Five working days after Monday the 2nd; three days of survey, five of model, ten of build.
        self.assertEqual(tasks["Survey"].planned_date_begin.date(), date(2026, 3, 9))
        self.assertEqual(tasks["Survey"].date_deadline.date(), date(2026, 3, 11))
        self.assertEqual(tasks["Data model"].planned_date_begin.date(), date(2026, 3, 12))
        self.assertEqual(tasks["Data model"].date_deadline.date(), date(2026, 3, 18))
        self.assertEqual(tasks["Publication portal"].date_deadline.date(), date(2026, 4, 1))
        milestone = project.milestone_ids
        self.assertEqual(milestone.name, "Data model approved")
        self.assertEqual(milestone.deadline, date(2026, 3, 18))
        self.assertEqual((project.date_start, project.date), (date(2026, 3, 9), date(2026, 4, 1)))

    @freeze_time(MONDAY)
    def test_planned_start_counts_when_it_is_later(self):
        for planned, first_day in (
            ("2026-06-01", date(2026, 6, 1)),
            ("2026-03-03", date(2026, 3, 9)),
        ):
            order = self._create_quote_at("technical")
            self._fill_estimate(order)
            estimate = order.sudo().estimate_id.with_user(self.project_manager)
            estimate.planned_start = planned
            estimate.action_ready()
            self._price(order)
            self._send(order)
            tasks = self._get_tasks(self._accept(order))
            with self.subTest(planned=planned):
                self.assertEqual(tasks["Survey"].planned_date_begin.date(), first_day)

    def test_every_task_is_sold_by_the_line_of_its_phase(self):
        order = self._create_quote_at("sent")
        tasks = self._get_tasks(self._accept(order))
        lines = {line.name: line for line in order.order_line}
        for name in ("Design", "Survey", "Data model"):
            self.assertEqual(tasks[name].sale_line_id, lines["Design"], name)
        for name in ("Build", "Publication portal", "Public site"):
            self.assertEqual(tasks[name].sale_line_id, lines["Build"], name)

    @freeze_time(MONDAY)
    def test_phases_in_phases_become_tasks_in_tasks(self):
        order = self._create_quote_at("technical")
        items = self._fill_estimate(order)
        estimate = order.sudo().estimate_id.with_user(self.project_manager)
        commands = [
            {"op": "write", "ref": items["build"].id, "vals": {"parent": items["design"].id}},
            {
                "op": "write",
                "ref": items["portal"].id,
                "vals": {"after": [[items["model"].id, 2]]},
            },
        ]
        estimate.apply_plan(commands, estimate.get_editor_data()["revision"])
        estimate.action_ready()
        self._price(order)
        self._send(order)
        tasks = self._get_tasks(self._accept(order))
        self.assertEqual(tasks["Publication portal"].parent_id, tasks["Build"])
        self.assertEqual(tasks["Build"].parent_id, tasks["Design"])
        self.assertEqual(tasks["Publication portal"].sale_line_id, tasks["Design"].sale_line_id)
        # Two working days after the model, which ends on Wednesday the 18th.
        self.assertEqual(tasks["Publication portal"].planned_date_begin.date(), date(2026, 3, 23))
        self.assertEqual(tasks["Publication portal"].depend_on_ids, tasks["Data model"])

    def test_deliverable_carries_its_acceptance_criteria(self):
        order = self._create_quote_at("technical")
        items = self._fill_estimate(order)
        items["site"].acceptance_criteria = "Opens in two seconds"
        items["site"].description = "A site"
        order.sudo().estimate_id.with_user(self.project_manager).action_ready()
        self._price(order)
        self._send(order)
        task = self._get_tasks(self._accept(order))["Public site"]
        self.assertEqual(task.acceptance_criteria, "Opens in two seconds")
        # Once: the task shows them above its description.
        self.assertEqual(html2plaintext(task.description), "A site")

    def test_baseline_cannot_be_rewritten(self):
        project = self._accept(self._create_quote_at("sent"))
        with self.assertRaises(AccessError):
            project.with_user(self.head_of_projects).estimate_id = False
        estimate = project.estimate_id.with_user(self.project_manager)
        with self.assertRaises(UserError):
            estimate.workload_ids[0].days = 99
        with self.assertRaises(UserError):
            estimate.item_ids[0].unlink()
