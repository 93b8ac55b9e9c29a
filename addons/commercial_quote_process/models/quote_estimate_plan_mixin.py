from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.gantt import draw_gantt
from ..tools.schedule import ScheduleCycleError, Task, schedule, working_days


class QuoteEstimatePlanMixin(models.AbstractModel):
    """The plan of an estimate: when each item happens, from T0 and in dates."""

    _name = "quote.estimate.plan.mixin"
    _description = "Plan of an estimate"

    planned_start = fields.Date(
        string="Planned start",
        help="Leave it empty when the start depends on the signature: the plan then counts from T0.",
    )
    start_delay = fields.Integer(
        string="Start after signature (working days)",
        default=5,
        help="The project starts this many working days after the client accepts.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working time",
        check_company=True,
        help="Working days and public holidays of the plan.",
    )
    hours_per_day = fields.Float(
        string="Hours per day",
        compute="_compute_hours_per_day",
        store=True,
        readonly=False,
        precompute=True,
    )
    plan_length = fields.Float(
        string="Length of the plan (working days)", compute="_compute_plan_length"
    )
    planned_end = fields.Date(string="Planned end", compute="_compute_plan_length")
    gantt_svg = fields.Html(
        string="Gantt", compute="_compute_gantt_svg", sanitize=False, exportable=False
    )

    _start_delay_positive = models.Constraint(
        "CHECK (start_delay >= 0)", "A project cannot start before its signature."
    )
    _hours_per_day_range = models.Constraint(
        "CHECK (hours_per_day > 0 AND hours_per_day <= 24)", "A day has between 0 and 24 hours."
    )

    @api.depends("calendar_id")
    def _compute_hours_per_day(self):
        for estimate in self:
            calendar = estimate.calendar_id or estimate.company_id.resource_calendar_id
            estimate.hours_per_day = calendar.hours_per_day or 8.0

    @api.depends("item_ids.end_day", "planned_start", "calendar_id")
    def _compute_plan_length(self):
        for estimate in self:
            estimate.plan_length = max(estimate.item_ids.mapped("end_day"), default=0)
            dates = estimate._get_plan_dates([estimate.plan_length])
            estimate.planned_end = dates.get(estimate.plan_length, (False, False))[1]

    @api.depends("item_ids.end_day", "item_ids.start_day", "item_ids.name", "planned_start")
    def _compute_gantt_svg(self):
        for estimate in self:
            drawings = draw_gantt(estimate._get_gantt_rows())
            estimate.gantt_svg = Markup().join(Markup(drawing) for drawing in drawings)

    def _get_gantt_rows(self):
        """Return the rows that ``tools.gantt`` draws, in the order of the plan.

        :rtype: list(dict)
        """
        return [
            {
                "name": item.name,
                "kind": item.kind,
                "level": 1 if item.parent_id else 0,
                "start": item.start_day,
                "end": item.end_day,
            }
            for item in self.item_ids._sorted_as_tree()
        ]

    # === SCHEDULE === #

    def _recompute_schedule(self):
        """Recompute when every item of these plans happens, and write what changed.

        :raise ValidationError: when items wait for each other, with their names
        """
        for estimate in self:
            items = estimate.item_ids
            try:
                slots = schedule([item._get_schedule_task() for item in items])
            except ScheduleCycleError as error:
                raise ValidationError(
                    self.env._(
                        "These tasks wait for each other in a circle: %(tasks)s. Remove one of"
                        " their dependencies.",
                        tasks=" → ".join(items.browse(error.keys).mapped("name")),
                    )
                ) from error
            for item in items:
                item._write_slot(slots[item.id])

    def _get_not_before_day(self, item):
        """Return the earliest day of an item, from its day or from its date.

        A date counts only in a plan that has a start date.

        :param item: ``quote.estimate.item``
        :rtype: float
        """
        if item.not_before_date and self.planned_start:
            return max(item.not_before, self._count_working_days(item.not_before_date))
        return item.not_before

    def _get_working_calendar(self):
        """Return the days of the week that are worked, and the holidays.

        :rtype: tuple(frozenset, set)
        """
        calendar_sudo = (self.calendar_id or self.company_id.resource_calendar_id).sudo()
        weekdays = frozenset(int(day) for day in calendar_sudo.attendance_ids.mapped("dayofweek"))
        holidays = set()
        for leave in calendar_sudo.global_leave_ids:
            day, last = leave.date_from.date(), leave.date_to.date()
            while day <= last:
                holidays.add(day)
                day += timedelta(days=1)
        return weekdays or frozenset(range(5)), holidays

    def _count_working_days(self, date):
        """Return how many working days lie between the planned start and a date."""
        weekdays, holidays = self._get_working_calendar()
        day, number = self.planned_start, 0
        while day < date:
            number += day.weekday() in weekdays and day not in holidays
            day += timedelta(days=1)
        return number

    def _get_plan_dates(self, days, start=None):
        """Return the dates of days of the plan.

        :param days: days after T0, as ``start_day`` and ``end_day`` count them
        :param date start: T0; the planned start when it is None
        :return: by day, the date on which something starting that day starts, and the date on
            which something ending that day ends; empty when T0 is unknown
        :rtype: dict
        """
        start = start or self.planned_start
        if not start:
            return {}
        weekdays, holidays = self._get_working_calendar()
        # What ends on day 3 was worked for the last time on day 2; half days end on their day.
        last = {day: max(int(-(-day // 1)) - 1, 0) for day in days}
        offsets = {int(day) for day in days} | set(last.values())
        dates = working_days(start, offsets, weekdays, holidays)
        return {day: (dates[int(day)], dates[last[day]]) for day in days}

    def _get_plan(self, start=None):
        """Return the plan as plain values, in the order of its tree.

        :param date start: T0 for the dates; the planned start when it is None
        :return: dicts with ``item`` (record), ``kind``, ``name``, ``start_day``, ``end_day``,
            ``start_date`` and ``end_date`` (False without T0)
        :rtype: list(dict)
        """
        self.ensure_one()
        items = self.item_ids._sorted_as_tree()
        days = {day for item in items for day in (item.start_day, item.end_day)}
        dates = self._get_plan_dates(days, start)
        unknown = (False, False)
        return [
            {
                "item": item,
                "kind": item.kind,
                "name": item.name,
                "start_day": item.start_day,
                "end_day": item.end_day,
                "start_date": dates.get(item.start_day, unknown)[0],
                "end_date": dates.get(item.end_day, unknown)[1],
            }
            for item in items
        ]
