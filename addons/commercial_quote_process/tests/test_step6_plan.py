from datetime import date, datetime

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
