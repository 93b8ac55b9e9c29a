from datetime import datetime, timedelta

import pytz
from markupsafe import Markup

from odoo import api, fields, models

from ..tools.gantt import draw_gantt
from ..tools.schedule import (
    USUAL_WEEK,
    ScheduleCycleError,
    count_working_days,
    schedule,
    working_days,
)

# Forty years of work: what is longer is a slip of the keyboard, and has no dates.
LONGEST_PLAN = 10000


class QuoteEstimatePlanMixin(models.AbstractModel):
    """The plan of an estimate: when each item happens, from T0 and in dates."""

    _name = "quote.estimate.plan.mixin"
    _description = "Plan of an estimate"

    planned_start = fields.Date(
        string="Planned start",
        help="Leave it empty when the start depends on the signature: the plan then counts"
        " from T0.",
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
        string="Length of the plan (working days)",
        digits=(16, 2),
        compute="_compute_plan_length",
    )
    planned_end = fields.Date(string="Planned end", compute="_compute_plan_length")
    gantt_svg = fields.Html(
        string="Gantt", compute="_compute_gantt_svg", sanitize=False, exportable=False
    )

    _start_delay_range = models.Constraint(
        "CHECK (start_delay BETWEEN 0 AND 1000)",
        "A project starts between 0 and 1000 working days after its signature.",
    )
    _hours_per_day_range = models.Constraint(
        "CHECK (hours_per_day > 0 AND hours_per_day <= 24)", "A day has between 0 and 24 hours."
    )

    # === COMPUTE METHODS === #

    @api.depends("calendar_id")
    def _compute_hours_per_day(self):
        for estimate in self:
            calendar = estimate.calendar_id or estimate.company_id.resource_calendar_id
            estimate.hours_per_day = calendar.hours_per_day or 8.0

    @api.depends("item_ids.end_day", "planned_start", "calendar_id")
    def _compute_plan_length(self):
        for estimate in self:
            length = max(estimate.item_ids.mapped("end_day"), default=0)
            dates = estimate._get_slot_dates([(0, length)])
            estimate.plan_length = length
            estimate.planned_end = dates.get((0, length), (False, False))[1]

    @api.depends(
        "item_ids.name",
        "item_ids.kind",
        "item_ids.parent_id",
        "item_ids.sequence",
        "item_ids.start_day",
        "item_ids.end_day",
        "planned_start",
        "calendar_id",
    )
    @api.depends_context("lang")
    def _compute_gantt_svg(self):
        for estimate in self:
            drawings = draw_gantt(estimate._get_gantt_rows(), week_label=self.env._("W"))
            estimate.gantt_svg = Markup().join(Markup(drawing) for drawing in drawings)

    def _get_gantt_rows(self):
        """Return the rows that ``tools.gantt`` draws, in the order of the plan.

        :rtype: list(dict)
        """
        return [
            {
                "name": item.name or "",
                "kind": item.kind,
                "level": 1 if item.parent_id else 0,
                "start": item.start_day,
                "end": item.end_day,
            }
            for item in self.item_ids._sorted_as_tree()
        ]

    # === SCHEDULE === #

    def _get_slots(self, items=None, start=None):
        """Return when each item of the plan happens.

        :param items: ``quote.estimate.item`` recordset of this plan that has to be in it, for
            rows of a form that are not saved yet
        :param date start: T0 for items that wait for a date; the planned start when it is None
        :return: ``tools.schedule.Slot`` by id of item; empty when items wait for each other
        :rtype: dict
        """
        items = self.item_ids | items if items else self.item_ids
        offsets = self._get_date_offsets(items, start or self.planned_start)
        try:
            return schedule(item._get_schedule_task(offsets) for item in items)
        except ScheduleCycleError:
            return {}

    def _get_date_offsets(self, items, start):
        """Return the working days from T0 to each date before which an item may not start.

        A date counts only when T0 is known.

        :param date start: T0, or False
        :rtype: dict
        """
        dates = {item.not_before_date for item in items if item.not_before_date}
        if not start or not dates:
            return {}
        calendar = self._get_working_calendar()
        return {day: count_working_days(start, day, *calendar) for day in dates}

    def _keep_plan_order(self):
        """Number the items so that what is inside a phase follows it, where they do not yet."""
        item_model = self.env["quote.estimate.item"]
        for estimate in self:
            items = estimate.item_ids.sorted(lambda item: (item.sequence, item.id))
            tree = items._sorted_as_tree()
            if tree.ids == items.ids:
                continue
            # The order follows from what was written: neither another change nor another check.
            with self.env.protecting([item_model._fields["sequence"]], tree):
                for rank, item in enumerate(tree, start=1):
                    item.sequence = 10 * rank
            estimate.invalidate_recordset(["item_ids"], flush=False)

    # === DATES === #

    def _get_working_calendar(self):
        """Return the days of the week that are worked, and the public holidays.

        :rtype: tuple(frozenset, set)
        """
        calendar_sudo = (self.calendar_id or self.company_id.resource_calendar_id).sudo()
        weekdays = frozenset(int(day) for day in calendar_sudo.attendance_ids.mapped("dayofweek"))
        timezone = pytz.timezone(calendar_sudo.tz or "UTC")
        holidays = set()
        for leave in calendar_sudo.global_leave_ids:
            holidays |= self._get_days_off(leave.date_from, leave.date_to, timezone)
        return weekdays or USUAL_WEEK, holidays

    @api.model
    def _get_days_off(self, start, end, timezone):
        """Return the days of which a leave takes more than half, in the calendar's time zone.

        :param datetime start: naive, in UTC
        :param datetime end: naive, in UTC
        :rtype: set
        """
        start = pytz.utc.localize(start).astimezone(timezone).replace(tzinfo=None)
        end = pytz.utc.localize(end).astimezone(timezone).replace(tzinfo=None)
        days, day = set(), start.date()
        while day <= end.date():
            morning = datetime.combine(day, datetime.min.time()) + timedelta(hours=10)
            if start <= morning and end >= morning + timedelta(hours=6):
                days.add(day)
            day += timedelta(days=1)
        return days

    def _get_slot_dates(self, slots, start=None):
        """Return the first and the last date of slots of the plan.

        What ends on day 3 was worked for the last time on day 2; half days are on their day; what
        takes no time is on the last day of what comes before it.

        :param slots: pairs of days after T0, as ``start_day`` and ``end_day`` count them
        :param date start: T0; the planned start when it is None
        :return: pair of dates by slot; empty when T0 is unknown
        :rtype: dict
        """
        start = start or self.planned_start
        slots = set(slots)
        if not start or not slots or max(end for _start, end in slots) > LONGEST_PLAN:
            return {}
        numbers = {}
        for first, end in slots:
            last = max(int(-(-end // 1)) - 1, 0)
            numbers[first, end] = (min(int(first), last), last)
        offsets = {number for pair in numbers.values() for number in pair}
        dates = working_days(start, offsets, *self._get_working_calendar())
        return {slot: (dates[first], dates[last]) for slot, (first, last) in numbers.items()}

    def _get_plan(self, start=None):
        """Return the plan as plain values, in the order of its tree.

        :param date start: T0, when it is another one than the planned start: items that wait for
            a date are placed again
        :return: dicts with ``item`` (record), ``kind``, ``name``, ``start_day``, ``end_day``,
            ``start_date`` and ``end_date`` (False without T0)
        :rtype: list(dict)
        """
        self.ensure_one()
        items = self.item_ids._sorted_as_tree()
        days = {item: (item.start_day, item.end_day) for item in items}
        if start and any(items.mapped("not_before_date")):
            slots = self._get_slots(start=start)
            days = {item: (slots[item.id].start, slots[item.id].end) for item in items}
        dates = self._get_slot_dates(days.values(), start)
        return [
            {
                "item": item,
                "kind": item.kind,
                "name": item.name,
                "start_day": days[item][0],
                "end_day": days[item][1],
                "start_date": dates.get(days[item], (False, False))[0],
                "end_date": dates.get(days[item], (False, False))[1],
            }
            for item in items
        ]
