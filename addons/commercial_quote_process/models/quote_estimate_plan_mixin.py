from odoo import api, fields, models

from ..tools.schedule import ScheduleCycleError, schedule
from ..tools.working_days import count_working_days


class QuoteEstimatePlanMixin(models.AbstractModel):
    """The plan of an estimate: when each item happens, from T0 and in dates."""

    _name = "quote.estimate.plan.mixin"
    _description = "Plan of an estimate"
    _inherit = ["quote.estimate.calendar.mixin"]

    start_delay = fields.Integer(
        string="Start after signature (working days)",
        default=5,
        help="The project starts this many working days after the client accepts.",
    )
    plan_length = fields.Float(
        string="Length of the plan (working days)",
        digits=(16, 2),
        compute="_compute_plan_length",
    )
    planned_end = fields.Date(string="Planned end", compute="_compute_plan_length")

    _start_delay_range = models.Constraint(
        "CHECK (start_delay BETWEEN 0 AND 1000)",
        "A project starts between 0 and 1000 working days after its signature.",
    )

    # === COMPUTE METHODS === #

    @api.depends("item_ids.end_day", "planned_start", "calendar_id")
    def _compute_plan_length(self):
        for estimate in self:
            length = max(estimate.item_ids.mapped("end_day"), default=0)
            dates = estimate._get_slot_dates([(0, length)])
            estimate.plan_length = length
            estimate.planned_end = dates.get((0, length), (False, False))[1]

    # === SCHEDULE === #

    def _get_slots(self, start=None):
        """Return when each item of the plan happens.

        :param date start: T0 for items that wait for a date; the planned start when it is None
        :return: ``tools.schedule.Slot`` by id of item; empty when items wait for each other
        :rtype: dict
        """
        items = self.item_ids
        dates = {item.not_before_date for item in items if item.not_before_date}
        offsets = self._get_date_offsets(dates, start or self.planned_start)
        try:
            return schedule(item._get_schedule_task(offsets) for item in items)
        except ScheduleCycleError:
            return {}

    def _get_date_offsets(self, dates, start):
        """Return the working days from T0 to each date before which an item may not start.

        A date counts only when T0 is known.

        :param set dates: the dates
        :param date start: T0, or False
        :rtype: dict
        """
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

    # === VALUES === #

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
            # A plan that goes round in a circle keeps the days that it had.
            days |= {
                item: (slots[item.id].start, slots[item.id].end)
                for item in items
                if item.id in slots
            }
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
