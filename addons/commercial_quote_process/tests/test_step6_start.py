from datetime import date, datetime

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import QuoteProcessCase
from .delivery_common import DeliveryMixin

MONDAY = "2026-03-02"


@tagged("post_install", "-at_install")
class TestProjectStart(DeliveryMixin, QuoteProcessCase):
    """Step 6: days of the plan become days and hours of the working calendar."""

    def _deliver(self, prepare):
        """Return the project of a quote whose estimate a function has changed."""
        order = self._create_quote_at("technical")
        items = self._fill_estimate(order)
        prepare(order.sudo().estimate_id.with_user(self.project_manager), items)
        self._hand_in(order)
        return self._accept(order)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Europe/Brussels"

    @freeze_time(MONDAY)
    def test_half_days_end_at_noon_and_begin_after_the_break(self):
        def prepare(_estimate, items):
            items["survey"].duration = 2.5

        tasks = self._get_tasks(self._deliver(prepare))
        # In Brussels, where winter is one hour ahead of UTC: 8 to 12 and 13 to 17.
        self.assertEqual(tasks["Survey"].planned_date_begin, datetime(2026, 3, 9, 7))
        self.assertEqual(tasks["Survey"].date_deadline, datetime(2026, 3, 11, 11))
        self.assertEqual(tasks["Data model"].planned_date_begin, datetime(2026, 3, 11, 12))
        self.assertEqual(tasks["Data model"].date_deadline, datetime(2026, 3, 18, 11))

    @freeze_time(MONDAY)
    def test_holidays_hours_and_time_zone_are_those_of_the_calendar(self):
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Four days in Auckland",
                "tz": "Pacific/Auckland",
                "attendance_ids": [
                    Command.create(
                        {
                            "name": "Day",
                            "dayofweek": str(day),
                            "hour_from": 9,
                            "hour_to": 15,
                            "day_period": "morning",
                        }
                    )
                    for day in range(4)
                ],
                "global_leave_ids": [
                    Command.create(
                        {
                            "name": "Holiday",
                            "date_from": datetime(2026, 3, 10, 11),
                            "date_to": datetime(2026, 3, 11, 10, 59),
                        }
                    )
                ],
            }
        )

        def prepare(estimate, _items):
            estimate.write({"calendar_id": calendar.id, "hours_per_day": 6})

        project = self._deliver(prepare)
        task = self._get_tasks(project)["Survey"]
        # Monday there, 5 days of four a week on: Tuesday the 10th; the 11th is a holiday.
        self.assertEqual(project.sold_start, date(2026, 3, 10))
        self.assertEqual(task.planned_date_begin, datetime(2026, 3, 9, 20))
        self.assertEqual(task.date_deadline, datetime(2026, 3, 16, 2))
        self.assertEqual(task.allocated_hours, 18.0)

    @freeze_time(MONDAY)
    def test_work_starts_on_a_working_day(self):
        def prepare(estimate, _items):
            estimate.planned_start = "2026-06-06"

        project = self._deliver(prepare)
        self.assertEqual(project.sold_start, date(2026, 6, 8))
        self.assertEqual(project.sudo().estimate_id._get_start_shift(project.sold_start), 0)

    def test_project_made_later_counts_from_the_acceptance(self):
        with freeze_time(MONDAY):
            order = self._create_quote_at("sent")
            project = self._accept(order)
            project.unlink()
        with freeze_time("2026-03-20"):
            order.action_retry_project()
        self.assertEqual(self._get_projects(order).sold_start, date(2026, 3, 9))

    @freeze_time(MONDAY)
    def test_plan_without_a_calendar_has_usual_days(self):
        def prepare(estimate, _items):
            estimate.calendar_id = False
            self.company.resource_calendar_id = False

        task = self._get_tasks(self._deliver(prepare))["Survey"]
        self.assertEqual(task.date_deadline.date(), date(2026, 3, 11))
        self.assertEqual(task.allocated_hours, 24.0)
