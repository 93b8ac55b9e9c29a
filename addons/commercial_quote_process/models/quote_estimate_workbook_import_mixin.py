from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..const import PLAN_KEY, PLAN_PASS
from ..tools.estimate_workbook_changes import find_changes
from ..tools.estimate_workbook_check import check_workbook
from ..tools.estimate_workbook_reader import STRUCTURAL, Problem, get_stamp, read_workbook
from ..tools.spreadsheet import read_xlsx
from ..tools.spreadsheet_package import SpreadsheetError

SAME = ("priority", "compliance", "comment", "reference", "name", "number")


class QuoteEstimateWorkbookImportMixin(models.AbstractModel):
    """A spreadsheet that comes back: what is wrong with it, or what it changes; and the change."""

    _name = "quote.estimate.workbook.import.mixin"
    _description = "Import of the spreadsheet of an estimate"
    _inherit = [
        "quote.estimate.workbook.message.mixin",
        "quote.estimate.workbook.preview.mixin",
    ]

    def _read_workbook(self, content):
        """Compare a file with the estimate, without changing anything.

        :param bytes content: the file
        :return: what it changes (``tools.estimate_workbook_changes.Changes``; None when something
            is wrong), the problems (list of ``tools.estimate_workbook_reader.Problem``), and
            whether the estimate has changed since the file was written
        :rtype: tuple
        """
        self.ensure_one()
        self.check_access("write")
        self._check_workbook_access()
        self._check_plan_open()
        try:
            sheets = read_xlsx(content)
        except SpreadsheetError as error:
            sheet = error.values.get("sheet", "")
            return None, [Problem(error.code, sheet, values=error.values)], False
        stamp = get_stamp(sheets)
        reading = read_workbook(sheets, self._get_workbook_words(stamp and stamp.lang))
        if stamp and stamp.estimate_id != self.id and self._has_ids(reading):
            return None, [Problem("other_estimate")], False
        if any(problem.code in STRUCTURAL for problem in reading.problems):
            return None, reading.get_problems(), False
        current = self._get_workbook_data()
        wanted = check_workbook(reading, current)
        if reading.problems:
            return None, reading.get_problems(), False
        outdated = bool(stamp) and stamp.digest != self._get_workbook_digest(current)
        return find_changes(current, wanted), [], outdated

    def _has_ids(self, reading):
        return any(
            record.values.get("id") for records in reading.records.values() for record in records
        )

    def _apply_workbook(self, content, revision, is_overwriting=False):
        """Change the estimate into what a file says: all of it, or nothing.

        :param bytes content: the file
        :param int revision: content revision of the estimate that the person saw in the preview
        :param bool is_overwriting: whether changes made after the file was written may be undone
        :return: what was changed
        :rtype: tools.estimate_workbook_changes.Changes
        :raise UserError: with every problem of the file, or when the estimate was changed since
        """
        changes, problems, outdated = self._read_workbook(content)
        if problems:
            raise UserError("\n".join(self._get_problem_message(problem) for problem in problems))
        if changes.is_empty():
            return changes
        if outdated and not is_overwriting:
            raise UserError(
                self.env._(
                    "The estimate has been changed after this file was made. Look at the preview,"
                    " then tick “Replace what was changed since”, or export it again."
                )
            )
        result = self.apply_plan(changes.commands, revision)
        if result.get("stale"):
            raise UserError(
                self.env._(
                    "Somebody has changed this estimate since you looked at the preview. Check the"
                    " file again to see what it would change now."
                )
            )
        self._apply_cost_changes(changes, result["ids"])
        self._apply_requirement_changes(changes, result["ids"])
        return changes

    # === ROWS === #

    def _apply_cost_changes(self, changes, ids):
        """Write the other costs.

        :param dict ids: ids of new items by key
        """
        # ``apply_plan`` has checked the step and moved the revision, for all of the file.
        costs = self.env["quote.estimate.cost"].with_context(**{PLAN_KEY: PLAN_PASS})
        costs.browse(changes.removed.get("costs", [])).unlink()
        last = max(self.cost_ids.mapped("sequence"), default=0)
        costs.create(
            [
                {
                    **self._prepare_cost_values(values, ids),
                    "estimate_id": self.id,
                    "sequence": last + number,
                }
                for number, values in enumerate(changes.created.get("costs", []), start=1)
            ]
        )
        batches = {}
        for cost_id, values in changes.written.get("costs", {}).items():
            values = self._prepare_cost_values(values, ids)
            batches.setdefault(tuple(values.items()), []).append(cost_id)
        for values, cost_ids in batches.items():
            costs.browse(cost_ids).write(dict(values))

    def _prepare_cost_values(self, values, ids):
        """Return the values of a cost, from those of a file.

        :param dict values: by column
        :param dict ids: ids of new items by key
        :rtype: dict
        """
        prepared = {
            key: value
            for key, value in values.items()
            if key in ("family", "name", "quantity", "unit", "unit_cost")
        }
        if "item" in values:
            prepared["item_id"] = ids.get(values["item"], values["item"])
        if "is_rebilled" in values:
            prepared["is_rebilled"] = values["is_rebilled"] == "yes"
        return prepared

    def _apply_requirement_changes(self, changes, ids):
        """Write the requirements, as the user: they are shared by the versions of the offer.

        :param dict ids: ids of new items by key
        """
        requirements = self.env["quote.requirement"].with_context(quote_estimate_id=self.id)
        requirements.browse(changes.removed.get("requirements", [])).unlink()
        lead = self.sudo().order_id.opportunity_id
        requirements.create(
            [
                {**self._prepare_requirement_values(values, ids), "lead_id": lead.id}
                for values in changes.created.get("requirements", [])
            ]
        )
        written = changes.written.get("requirements", {})
        rows = requirements.browse(written)
        if rows:
            # Once for all of them, whatever their number; then without asking each time.
            rows._guard_content()
        rows = rows.with_context(**{PLAN_KEY: PLAN_PASS})
        for row in rows:
            row.write(self._prepare_requirement_values(written[row.id], ids))

    def _prepare_requirement_values(self, values, ids):
        """Return the values of a requirement, from those of a file.

        :param dict values: by column
        :param dict ids: ids of new items by key
        :rtype: dict
        """
        prepared = {key: values[key] for key in SAME if key in values}
        if not prepared.get("number", True):
            del prepared["number"]
        if "items" in values:
            items = [ids.get(ref, ref) for ref in values["items"]]
            prepared["estimate_item_ids"] = [Command.set(items)]
        return prepared
