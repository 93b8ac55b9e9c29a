from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models

from ..tools.working_days import USUAL_WEEK, working_days

# Forty years of work: what is longer is a slip of the keyboard, and has no dates.
LONGEST_PLAN = 10000


class QuoteEstimateCalendarMixin(models.AbstractModel):
    """From days of the plan to dates: start, days of the week that are worked, holidays."""

    _name = "quote.estimate.calendar.mixin"
    _description = "Dates of an estimate"

    planned_start = fields.Date(
        string="Planned start",
        help="Leave it empty when the start depends on the signature: the plan then counts"
        " from T0.",
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

    _hours_per_day_range = models.Constraint(
        "CHECK (hours_per_day > 0 AND hours_per_day <= 24)", "A day has between 0 and 24 hours."
    )

    # === COMPUTE METHODS === #

    @api.depends("calendar_id")
    def _compute_hours_per_day(self):
        for estimate in self:
            calendar = estimate.calendar_id or estimate.company_id.resource_calendar_id
            estimate.hours_per_day = calendar.hours_per_day or 8.0

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
