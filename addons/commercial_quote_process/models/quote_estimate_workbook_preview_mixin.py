import datetime

from odoo import models
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from ..tools.estimate_workbook import format_decimal

_lt = LazyTranslate(__name__)

OPERATIONS = {
    "added": _lt("added"),
    "changed": _lt("changed"),
    "removed": _lt("removed"),
    "moved": _lt("moved"),
}
STYLES = {"added": "success", "changed": "warning", "removed": "danger", "moved": "info"}
# Lines that a person still reads; the numbers above them count all.
MOST_LINES = 100
MOST_LETTERS = 60


class QuoteEstimateWorkbookPreviewMixin(models.AbstractModel):
    """What a spreadsheet would change, as lines for a person."""

    _name = "quote.estimate.workbook.preview.mixin"
    _description = "Preview of an imported spreadsheet"

    def _get_change_values(self, changes):
        """Return what a preview shows of changes.

        :param tools.estimate_workbook_changes.Changes changes: from a file
        :return: ``counts`` (dicts with ``word``, ``number`` and ``style``), ``lines`` (dicts) and
            ``more`` (number of lines left out)
        :rtype: dict
        """
        titles, labels = self._get_workbook_titles(), self._get_workbook_labels()
        names = self._get_changed_names(changes)
        choices = self._get_workbook_choices()
        roles = {role.id: role.name for role in self._get_workbook_roles()}
        lines = [
            {
                "sheet": titles[line.sheet],
                "row": line.row,
                "operation": line.operation,
                "word": self.env._(OPERATIONS[line.operation]),
                "name": line.name.split("\n")[0][:MOST_LETTERS],
                "details": [
                    {
                        "label": roles.get(key) or labels.get(f"{line.sheet}.{key}", key),
                        "old": self._show_value(key, old, choices, names),
                        "new": self._show_value(key, new, choices, names),
                    }
                    for key, old, new in line.details
                ],
            }
            for line in changes.lines[:MOST_LINES]
        ]
        return {
            "counts": self._get_change_counts(changes),
            "lines": lines,
            "more": max(len(changes.lines) - MOST_LINES, 0),
        }

    def _get_change_counts(self, changes):
        """Return how many rows are added, changed, removed and moved; only what there is.

        :rtype: list(dict)
        """
        counts = changes.count()
        return [
            {"word": self.env._(word), "number": counts[name], "style": STYLES[name]}
            for name, word in OPERATIONS.items()
            if counts[name]
        ]

    def _get_changed_names(self, changes):
        """Return the names of the rows of the plan by id, or by key for new ones."""
        created = [command for command in changes.commands if command["op"] == "create"]
        names = {command["key"]: command["vals"]["name"] for command in created}
        return {**names, **{item.id: item.name for item in self.item_ids}}

    def _show_value(self, key, value, choices, names):
        """Return a value of a cell as a person reads it."""
        if isinstance(value, tuple):
            return " / ".join(format_decimal(number) for number in value)
        if key == "items":
            return ", ".join(names.get(ref, "") for ref in value or ())[:MOST_LETTERS]
        if key == "item":
            return names.get(value, "")
        if key in choices:
            return choices[key].get(value, value)
        if isinstance(value, datetime.date):
            return format_date(self.env, value)
        if isinstance(value, int | float) and value is not False:
            return format_decimal(value)
        return (value or "")[:MOST_LETTERS]
