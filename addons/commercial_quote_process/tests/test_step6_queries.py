from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .common import QuoteProcessCase
from .delivery_common import DeliveryMixin

# Of a project of 50 tasks in 5 phases, 10 milestones and 49 dependencies.
QUERIES = 85
# Timesheets and other addons have their own part in each project.
QUERIES_WITH_TIMESHEETS = 160


@tagged("post_install", "-at_install")
class TestProjectQueries(DeliveryMixin, QuoteProcessCase):
    """Step 6: what the project costs the client who waits for the signature, in SQL."""

    def _create_accepted(self, tasks):
        """Return an accepted quote whose project is not made yet."""
        order = self._create_quote_at("technical")
        self._create_plan(order.sudo().estimate_id.with_user(self.project_manager), tasks)
        self._hand_in(order)
        with patch.object(type(order), "_create_project_from_estimate", lambda orders: None):
            self._accept(order)
        return order.sudo()

    def _create_plan(self, estimate, count):
        """Write phases of ten tasks, all of them in a row, and a milestone after every fifth."""
        items = estimate.env["quote.estimate.item"]
        common = {"estimate_id": estimate.id}
        phases = items.create(
            [
                {**common, "kind": "phase", "name": f"Phase {number}", "sequence": number}
                for number in range(count // 10)
            ]
        )
        workload = {**common, "role_id": self.roles[0].id, "days": 2}
        tasks = items.create(
            [
                {
                    **common,
                    "name": f"Task {number}",
                    "duration": 2,
                    "sequence": count + number,
                    "parent_id": phases[number // 10].id,
                    "workload_ids": [Command.create(workload)],
                }
                for number in range(count)
            ]
        )
        tasks._link_all(
            {(after.id, before.id): 0 for before, after in zip(tasks, tasks[1:], strict=False)}
        )
        tasks.invalidate_recordset(["depend_on_ids", "dependency_ids"])
        tasks.modified(["depend_on_ids"])
        items.create(
            [
                {
                    **common,
                    "kind": "milestone",
                    "name": f"Milestone {number}",
                    "sequence": 3 * count + number,
                    "depend_on_ids": [Command.set(tasks[5 * number + 4].ids)],
                }
                for number in range(count // 5)
            ]
        )

    def _count(self, order):
        """Return the queries that the project of an accepted quote costs, on a cold cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        order._create_project_from_estimate()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_project_costs_few_queries_and_each_task_none(self):
        # What is read once and kept between requests.
        self._count(self._create_accepted(10))
        order, larger = self._create_accepted(50), self._create_accepted(100)
        queries = self._count(order)
        with_timesheets = "timesheet_ids" in self.env["project.task"]
        self.assertLessEqual(queries, QUERIES_WITH_TIMESHEETS if with_timesheets else QUERIES)
        # Timesheets ask for their unit once more for each task.
        growth = 1.3 if with_timesheets else 0.2
        self.assertLess(self._count(larger) - queries, growth * 50)
        project = self._get_projects(order)
        self.assertEqual((len(project.tasks), len(project.milestone_ids)), (55, 10))
        self.assertEqual(sum(len(task.depend_on_ids) for task in project.tasks), 49)
        self.assertTrue(all(project.tasks.mapped("planned_date_begin")))
        self.assertTrue(all(project.milestone_ids.mapped("deadline")))

    def test_nobody_is_told_task_by_task(self):
        order = self._create_accepted(50)
        counted = ("mail.message", "mail.mail", "mail.notification", "mail.activity")
        self.env.flush_all()
        before = {name: self.env[name].search_count([]) for name in counted}
        order._create_project_from_estimate()
        self.env.flush_all()
        self.assertEqual({name: self.env[name].search_count([]) for name in counted}, before)

    def test_features_of_project_are_not_switched_while_the_client_waits(self):
        group = self.env.ref("project.group_project_task_dependencies")
        base = self.env.ref("base.group_user")
        base.implied_ids = [Command.unlink(group.id)]
        order = self._create_accepted(10)
        order.with_user(self.env.ref("base.public_user")).sudo()._create_project_from_estimate()
        self.env.flush_all()
        self.assertNotIn(group, base.implied_ids)
        self.assertTrue(self._get_projects(order).allow_task_dependencies)
        order._tell_project_manager()
        self.assertIn(group, base.implied_ids)
