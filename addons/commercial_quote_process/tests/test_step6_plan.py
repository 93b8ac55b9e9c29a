from datetime import date, datetime
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import QuoteProcessCase
from .delivery_common import DeliveryMixin

MONDAY = "2026-03-02"


@tagged("post_install", "-at_install")
class TestSoldPlan(DeliveryMixin, QuoteProcessCase):
    """Step 6: the project shows the plan that was sold, and how far it has moved since."""

    @freeze_time(MONDAY)
    def _deliver(self):
        return self._accept(self._create_quote_at("sent")).with_user(self.project_manager)

    def test_project_shows_the_plan_at_its_dates(self):
        project = self._deliver()
        self.assertEqual(project.sold_start, date(2026, 3, 9))
        drawing = str(project.sold_plan_svg)
        for text in ("Publication portal", "March 2026", ">18 Mar<", "Critical path"):
            self.assertIn(text, drawing)
        self.assertNotIn("As sold", drawing)

    def test_what_moved_is_shown_against_what_was_sold(self):
        project = self._deliver()
        estimate_sudo = project.sudo().estimate_id
        rows = {
            row["name"]: row for row in project._get_plan_rows(estimate_sudo, project.sold_start)
        }
        self.assertFalse([row for row in rows.values() if "sold" in row])
        task = self._get_tasks(project.sudo())["Data model"]
        task.planned_date_begin = datetime(2026, 3, 16, 8)
        task.date_deadline = datetime(2026, 3, 25, 16)
        project.sudo().milestone_ids.deadline = "2026-03-27"
        project.invalidate_recordset()
        rows = {
            row["name"]: row for row in project._get_plan_rows(estimate_sudo, project.sold_start)
        }
        model, milestone = rows["Data model"], rows["Data model approved"]
        self.assertEqual((model["start"], model["end"], model["sold"]), (5, 13, (3, 8)))
        self.assertEqual((milestone["end"], milestone["sold"]), (15, (8, 8)))
        self.assertEqual((rows["Design"]["start"], rows["Design"]["end"]), (0, 15))
        drawing = str(project.sold_plan_svg)
        self.assertIn("As sold", drawing)
        self.assertIn(">27 Mar<", drawing)

    def test_start_of_the_sold_plan_is_not_rewritten(self):
        project = self._deliver()
        with self.assertRaises(AccessError):
            project.sold_start = "2026-04-01"

    def test_team_sees_the_plan_and_the_client_does_not(self):
        project = self._deliver()
        member = project.with_user(self.other_project_manager)
        self.assertIn("<svg", str(member.sold_plan_svg))
        with self.assertRaises(AccessError):
            project.with_user(self.portal_user).read(["sold_plan_svg"])

    def _get_rows(self, project):
        estimate_sudo = project.sudo().estimate_id
        project.invalidate_recordset()
        rows = project._get_plan_rows(estimate_sudo, project.sold_start)
        return {row["name"]: row for row in rows}

    def test_what_was_deleted_stays_visible_and_what_was_added_is_marked(self):
        project = self._deliver()
        tasks = self._get_tasks(project.sudo())
        tasks["Survey"].unlink()
        tasks["Public site"].state = "1_canceled"
        extra = {"project_id": project.id, "date_deadline": datetime(2026, 3, 13, 15)}
        self.env["project.task"].create(
            [
                {**extra, "name": "Rescue", "parent_id": tasks["Design"].id},
                {**extra, "name": "Workshop"},
                {"name": "Without a date", "project_id": project.id},
            ]
        )
        rows = self._get_rows(project)
        self.assertEqual(
            {name for name, row in rows.items() if row.get("removed")}, {"Survey", "Public site"}
        )
        self.assertEqual((rows["Rescue"]["level"], rows["Workshop"]["level"]), (1, 0))
        self.assertTrue(rows["Rescue"]["added"])
        self.assertNotIn("Without a date", rows)
        names = list(rows)
        self.assertEqual(names[names.index("Rescue") + 1], "Build", "after all that it belongs to")
        drawing = str(project.sold_plan_svg)
        for text in ("No longer planned", "Added", "Rescue"):
            self.assertIn(text, drawing)

    def test_what_is_late_is_red_until_it_is_done(self):
        project = self._deliver()
        with freeze_time("2026-03-20"):
            rows = self._get_rows(project)
            late = {name for name, row in rows.items() if row.get("late")}
            self.assertEqual(late, {"Survey", "Data model", "Data model approved"})
            self.assertIn(">Late<", str(project.sold_plan_svg))
            self.assertIn(">Today<", str(project.sold_plan_svg))
            self._get_tasks(project.sudo())["Survey"].state = "1_done"
            project.sudo().milestone_ids.is_reached = True
            rows = self._get_rows(project)
            late = {name for name, row in rows.items() if row.get("late")}
            self.assertEqual(late, {"Data model"})

    def test_done_task_stays_where_it_was_worked(self):
        project = self._deliver()
        task = self._get_tasks(project.sudo())["Survey"]
        task.write({"date_deadline": datetime(2026, 3, 13, 15), "state": "1_done"})
        self.assertEqual(self._get_rows(project)["Survey"]["end"], 5)

    def test_table_says_by_how_much_each_phase_slips(self):
        project = self._deliver()
        tasks = self._get_tasks(project.sudo())
        tasks["Data model"].date_deadline = datetime(2026, 3, 20, 15)
        tasks["Publication portal"].date_deadline = datetime(2026, 3, 31, 15)
        tasks["Public site"].date_deadline = datetime(2026, 3, 31, 15)
        project.invalidate_recordset()
        rows = project._get_progress_rows(project.sudo().estimate_id, project.sold_start)
        self.assertEqual(
            [(row["name"], row["days"], row["slip"], row["is_total"]) for row in rows],
            [("Design", 8, 2, False), ("Build", 14, -1, False), ("Whole project", 22, -1, True)],
        )
        table = "".join(str(project.sold_progress).split("\n"))
        for text in ("18 Mar 2026", "20 Mar 2026", "+2", ">-1<"):
            self.assertIn(text, table)
        with_hours = "effective_hours" in self.env["project.task"]
        self.assertEqual("Hours spent" in table, with_hours)

    def test_option_that_was_not_bought_is_not_in_the_plan(self):
        order = self._create_quote_at("technical")
        items = self._fill_estimate(order)
        order.sudo().estimate_id.with_user(self.project_manager).action_ready()
        self._price(order)
        line = order.order_line.filtered(lambda line: line.estimate_item_id == items["build"])
        self.assertTrue(line)
        with patch.object(type(line), "_is_option", lambda row: row.id == line.id):
            self._send(order)
            project = self._accept(order).with_user(self.project_manager)
            self.assertNotIn("Publication portal", self._get_rows(project))
            self.assertNotIn("Publication portal", self._get_tasks(project.sudo()))
            self.assertIn("Options that the client did not take", str(project.hand_over_note))
