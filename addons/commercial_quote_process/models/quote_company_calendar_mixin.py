from datetime import timedelta

import pytz

from odoo import fields, models
from odoo.fields import Domain

from ..tools.working_days import USUAL_WEEK

# Holidays longer ago move nothing that is still to come.
PAST_HOLIDAYS = timedelta(days=400)


class QuoteCompanyCalendarMixin(models.AbstractModel):
    """On which days the people of a company are at work."""

    _name = "quote.company.calendar.mixin"
    _description = "Working days of a company"

    def _get_quote_working_days(self):
        """Return the days of the week that are worked, Monday is 0, and the public holidays.

        :rtype: tuple[frozenset, frozenset]
        """
        self.ensure_one()
        calendar_sudo = self.sudo().resource_calendar_id
        weekdays = frozenset(int(day) for day in calendar_sudo.attendance_ids.mapped("dayofweek"))
        leaves_sudo = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search_fetch(
                Domain("resource_id", "=", False)
                & Domain("calendar_id", "in", [False, calendar_sudo.id])
                & Domain("company_id", "in", [False, self.id])
                & Domain("date_to", ">=", fields.Datetime.now() - PAST_HOLIDAYS),
                ["date_from", "date_to"],
            )
        )
        timezone = pytz.timezone(calendar_sudo.tz or "UTC")
        get_days_off = self.env["quote.estimate"]._get_days_off
        holidays = frozenset(
            day
            for leave_sudo in leaves_sudo
            for day in get_days_off(leave_sudo.date_from, leave_sudo.date_to, timezone)
        )
        return weekdays or USUAL_WEEK, holidays
