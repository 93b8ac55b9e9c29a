from odoo import api, fields, models

from ..tools.schedule import Slot, Task

# What the schedule says of an item: nobody types it.
SLOT_FIELDS = frozenset({"start_day", "end_day", "slack", "is_critical"})


class QuoteEstimateItemSlotMixin(models.AbstractModel):
    """When an item of the plan happens: in working days after T0, and in dates when T0 is known."""

    _name = "quote.estimate.item.slot.mixin"
    _description = "Schedule of an item"

    start_day = fields.Float(
        string="Start (day)",
        digits=(16, 2),
        compute="_compute_slot",
        store=True,
        help="Working days after T0 when the item starts.",
    )
    end_day = fields.Float(
        string="End (day)",
        digits=(16, 2),
        compute="_compute_slot",
        store=True,
        help="Working days after T0 when the item is finished.",
    )
    slack = fields.Float(
        string="Slack (working days)",
        digits=(16, 2),
        compute="_compute_slot",
        store=True,
        help="How long the item may be late without moving the end of the plan.",
    )
    is_critical = fields.Boolean(
        string="Critical",
        compute="_compute_slot",
        store=True,
        help="A delay of this item moves the end of the plan.",
    )
    start_date = fields.Date(string="Start", compute="_compute_dates")
    end_date = fields.Date(string="End", compute="_compute_dates")

    # === COMPUTE METHODS === #

    @api.depends(
        "estimate_id.item_ids.kind",
        "estimate_id.item_ids.parent_id",
        "estimate_id.item_ids.duration",
        "estimate_id.item_ids.not_before",
        "estimate_id.item_ids.not_before_date",
        "estimate_id.item_ids.depend_on_ids",
        "estimate_id.item_ids.dependency_ids.lag",
        "estimate_id.planned_start",
        "estimate_id.calendar_id",
    )
    def _compute_slot(self):
        """Compute each plan once, whatever the number of its items that have changed.

        Rows of a form that is not saved stay where they are.
        """
        for estimate, items in self.grouped("estimate_id").items():
            slots = estimate._get_slots() if any(items._ids) else {}
            for item in items:
                # A plan that turns in circles has no schedule; it is refused when it is saved.
                origin = item._origin
                slot = slots.get(item.id) or Slot(
                    origin.start_day, origin.end_day, origin.slack, origin.is_critical
                )
                item.update(item._prepare_slot_values(slot))

    @api.depends(
        "start_day",
        "end_day",
        "estimate_id.planned_start",
        "estimate_id.calendar_id",
    )
    def _compute_dates(self):
        for estimate, items in self.grouped("estimate_id").items():
            dates = estimate._get_slot_dates([(item.start_day, item.end_day) for item in items])
            for item in items:
                start, end = dates.get((item.start_day, item.end_day), (False, False))
                item.start_date = start
                item.end_date = end

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_slot_values(self, slot):
        """Return the values that say when an item happens.

        :param tools.schedule.Slot slot: what the schedule says
        :rtype: dict
        """
        return {
            "start_day": slot.start,
            "end_day": slot.end,
            "slack": slot.slack,
            "is_critical": slot.is_critical,
        }

    def _get_schedule_task(self, date_offsets):
        """Return this item as ``tools.schedule`` understands it.

        :param dict date_offsets: working days from T0 to a date, for the dates before which
            items may not start
        :rtype: tools.schedule.Task
        """
        self.ensure_one()
        return Task(
            key=self.id,
            duration=self.duration if self.kind == "task" else 0,
            not_before=max(self.not_before, date_offsets.get(self.not_before_date, 0)),
            after=self._get_lags(),
            parent=self.parent_id.id or None,
        )

    def _get_lags(self):
        """Return what this item waits for.

        :return: lag in working days by id of item
        :rtype: dict
        """
        self.ensure_one()
        return {row.depends_on_id.id: row.lag for row in self.dependency_ids}
