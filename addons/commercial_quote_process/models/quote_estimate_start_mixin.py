from datetime import datetime, timedelta
from math import ceil

import pytz

from odoo import fields, models

from ..tools.working_days import count_working_days, working_day
from ..tools.working_hours import USUAL_DAY, hour_after, hour_of


class QuoteEstimateStartMixin(models.AbstractModel):
    """From days after T0 to days and hours: when a plan that was sold really happens.

    All methods are called in superuser mode.
    """

    _name = "quote.estimate.start.mixin"
    _description = "Real dates of an estimate"

    # === T0 === #

    def _get_project_start(self):
        """Return T0: the planned start, or the acceptance plus the delay when that is later.

        A project that could only be created later still counts from the acceptance.

        :return: a working day
        :rtype: date
        """
        self.ensure_one()
        calendar = self._get_working_calendar()
        earliest = working_day(self._get_acceptance_day(), self.start_delay, *calendar)
        return working_day(max(self.planned_start or earliest, earliest), 0, *calendar)

    def _get_acceptance_day(self):
        """Return the day of the acceptance in the time zone of the plan; today without one.

        :rtype: date
        """
        local = self.with_context(tz=self._get_tz())
        moment = self.order_id.quote_acceptance_ids[:1].signed_at or fields.Datetime.now()
        return fields.Datetime.context_timestamp(local, moment).date()

    def _get_start_shift(self, start):
        """Return by how many working days a plan starts later than it was sold.

        :param date start: the real T0
        :return: 0 for a plan without a planned start, which was sold relative to its signature
        :rtype: int
        """
        self.ensure_one()
        if not self.planned_start or not start:
            return 0
        return count_working_days(self.planned_start, start, *self._get_working_calendar())

    def _get_tz(self):
        calendar = self.calendar_id or self.company_id.resource_calendar_id
        return calendar.tz or self.company_id.partner_id.tz or "UTC"

    # === HOURS === #

    def _get_day_hours(self):
        """Return the stretches of work of each day of the week, as ``tools.working_hours`` does.

        Of a calendar of two weeks, those of the first one.

        :return: pairs of hours by day of the week, Monday is 0
        :rtype: dict
        """
        calendar = self.calendar_id or self.company_id.resource_calendar_id
        hours = {}
        for row in calendar.attendance_ids.sorted("hour_from"):
            is_work = row.day_period != "lunch" and row.hour_to > row.hour_from
            if is_work and not row.display_type and row.week_type in (False, "0"):
                hours.setdefault(int(row.dayofweek), []).append((row.hour_from, row.hour_to))
        return hours

    def _get_moments(self, row, day_hours, timezone):
        """Return when the task of a row of the plan begins and ends.

        :param dict row: row of ``_get_plan``
        :param dict day_hours: see ``_get_day_hours``
        :param timezone: the one of the working hours
        :return: two naive datetimes in UTC; False without dates
        :rtype: tuple
        """
        if not row["start_date"] or not row["end_date"]:
            return False, False
        first, last = (
            day_hours.get(row[name].weekday(), USUAL_DAY) for name in ("start_date", "end_date")
        )
        # What takes no time, a deliverable, is drawn on the whole of its day.
        begins = row["start_day"] % 1 if row["end_day"] > row["start_day"] else 0
        ends = row["end_day"] - ceil(row["end_day"]) + 1
        return (
            self._to_utc(row["start_date"], hour_of(begins, first), timezone),
            self._to_utc(row["end_date"], hour_after(ends, last), timezone),
        )

    def _to_utc(self, day, hour, timezone):
        moment = datetime.combine(day, datetime.min.time()) + timedelta(hours=hour)
        return timezone.localize(moment).astimezone(pytz.utc).replace(tzinfo=None, microsecond=0)
