from odoo import models

from ..tools.plan_row import PlanRow

# Values that an item has in common with a row of a draft, under the same names, and what they are
# when there is none.
DRAFT_FIELDS = {
    "kind": "task",
    "name": "",
    "duration": 0.0,
    "not_before": 0.0,
    "not_before_date": False,
    "description": "",
    "acceptance_criteria": "",
}


class QuoteEstimateItemDraftMixin(models.AbstractModel):
    """From items to the rows that ``tools.plan_draft`` changes in memory, and back."""

    _name = "quote.estimate.item.draft.mixin"
    _description = "Items in a draft of a plan"

    def _prepare_draft_row(self):
        """Return this item as a row of a draft.

        :rtype: tools.plan_draft.PlanRow
        """
        self.ensure_one()
        values = {name: self[name] or empty for name, empty in DRAFT_FIELDS.items()}
        return PlanRow(self.id, parent=self.parent_id.id, after=self._get_lags(), **values)

    def _get_draft_changes(self, row, ids):
        """Return the values in which a row of a draft differs from this item.

        :param tools.plan_draft.PlanRow row: what the item becomes
        :param dict ids: id by ref, for the phase it is in
        :rtype: dict
        """
        self.ensure_one()
        changes = {
            name: value
            for name in DRAFT_FIELDS
            if (value := getattr(row, name) or False) != (self[name] or False)
        }
        parent = ids[row.parent] if row.parent else False
        if parent != self.parent_id.id:
            changes["parent_id"] = parent
        return changes

    def _get_slot_values(self):
        """Return when this item happens, as the editor reads it: start, end, slack, critical."""
        self.ensure_one()
        return [self.start_day, self.end_day, self.slack, self.is_critical]

    def _set_slot(self, slot):
        """Keep what the schedule says, where it says something new.

        :param tools.schedule.Slot slot: when the item happens
        :return: whether anything changed
        :rtype: bool
        """
        self.ensure_one()
        values = self._prepare_slot_values(slot)
        changes = {name: value for name, value in values.items() if self[name] != value}
        if changes:
            self.update(changes)
        return bool(changes)
