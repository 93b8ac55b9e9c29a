from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models


class QuoteFollowupMixin(models.AbstractModel):
    """When a sent quote has to be followed up: planned at each step of the quote."""

    _name = "quote.followup.mixin"
    _description = "Follow-up of quotes"

    next_followup_on = fields.Date(string="Next follow-up", copy=False, readonly=True)
    followup_failures = fields.Integer(
        string="Failures of the follow-up", copy=False, readonly=True
    )
    followup_ids = fields.One2many("quote.followup", "order_id", string="Follow-ups", readonly=True)

    _next_followup_on_idx = models.Index("(next_followup_on) WHERE next_followup_on IS NOT NULL")

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {
            "followup_failures",
            "followup_ids",
            "next_followup_on",
        }

    def _on_step_changed(self, previous_steps, step):
        result = super()._on_step_changed(previous_steps, step)
        orders_sudo = self.sudo()
        if step == "sent":
            orders_sudo._plan_next_followup()
        else:
            orders_sudo.filtered("next_followup_on").next_followup_on = False
        return result

    def _plan_next_followup(self):
        """Set the day of the next follow-up of each quote. Called in superuser mode."""
        orders_by_day = {}
        for order, due in self._get_followup_calendar().items():
            day = min((day for day, _step in due), default=False)
            expires = order.validity_date
            if order.quote_step != "sent" or (day and expires and day > expires):
                day = False
            orders_by_day[day] = orders_by_day.get(day, self.browse()) | order
        for day, orders in orders_by_day.items():
            orders.write({"next_followup_on": day, "followup_failures": 0})

    def _get_followup_calendar(self):
        """Return the follow-ups that are still to come, as pairs of a day and a step.

        A tender is not chased: its only date is the day its result is expected, with an empty
        step.

        :rtype: dict[sale.order, list]
        """
        all_steps = self.env["quote.followup.step"].search(
            [("company_id", "in", [False, *self.company_id.ids])]
        )
        made = self._get_made_followup_steps()
        cache = {}
        calendar = {}
        for order in self:
            made_ids = made.get(order, [])
            lead = order.opportunity_id
            if lead.opportunity_kind == "tender":
                day = None not in made_ids and lead.tender_result_date
                calendar[order] = [(day, all_steps.browse())] if day else []
            else:
                left = all_steps._filter_for_order(order).filtered(
                    lambda step, made_ids=made_ids: step.id not in made_ids
                )
                calendar[order] = [(order._get_followup_day(step, cache), step) for step in left]
        return calendar

    def _get_made_followup_steps(self):
        """Return the ids of the steps already made or skipped, by quote; None for a tender's."""
        return dict(
            self.env["quote.followup"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["step_id:array_agg"]
            )
        )

    def _get_followup_day(self, step, cache):
        """Return the day of a step, in the time zone and by the calendar of the company.

        :param quote.followup.step step: the step
        :param dict cache: days already computed for this batch
        :rtype: datetime.date
        """
        self.ensure_one()
        company = self.company_id
        calendar = company.resource_calendar_id
        sent_day = company._quote_local_date(self.sent_on or fields.Datetime.now())
        key = (calendar.id, sent_day, step.delay)
        if key not in cache:
            zone = pytz.timezone(calendar.tz or "UTC")
            start = zone.localize(datetime.combine(sent_day + timedelta(days=1), time.min))
            end = calendar and calendar.plan_days(step.delay, start, compute_leaves=True)
            cache[key] = end.date() if end else sent_day + timedelta(days=step.delay)
        return cache[key]
