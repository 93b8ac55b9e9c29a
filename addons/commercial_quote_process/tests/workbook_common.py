"""An estimate that goes out as a spreadsheet and comes back, with hands that change the file."""

import base64
import io
import re
from decimal import ROUND_HALF_UP, Decimal

from openpyxl import load_workbook

from odoo.tests import Form

from ..tools.spreadsheet import get_letter, get_place
from .common import QuoteProcessCase


class WorkbookCase(QuoteProcessCase):
    """A filled estimate in the hands of its project manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_lead()
        cls.order = cls._create_quote(lead=cls.lead)
        cls.order.action_start_technical()
        cls.estimate = cls.order.sudo().estimate_id.with_user(cls.project_manager)
        cls.items = cls._fill_estimate(cls.order)
        cls.requirements = (
            cls.env["quote.requirement"]
            .with_user(cls.salesperson)
            .create(
                [
                    {"lead_id": cls.lead.id, "name": "Open formats"},
                    {"lead_id": cls.lead.id, "name": "Two languages", "priority": "should"},
                ]
            )
        )
        cls.estimate.write({"contingency_percent": 7.5, "overhead_percent": 4})
        cls.env.flush_all()

    def _apply(self, *commands):
        """Change the plan and the workload as their editors do."""
        revision = self.estimate._get_content_revision()
        result = self.estimate.apply_plan(list(commands), revision)
        self.assertNotIn("stale", result)

    def _set_after(self, name, lags):
        """Let an item wait for others, by their keys in the story."""
        after = [[self.items[other].id, lag] for other, lag in lags.items()]
        self._apply({"op": "write", "ref": self.items[name].id, "vals": {"after": after}})

    # === FILES === #

    def _export(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        estimate = self.estimate.with_user(user) if user else self.estimate
        return estimate._export_workbook()

    def _open(self, content=None):
        return load_workbook(io.BytesIO(content or self._export()))

    def _save(self, workbook):
        file = io.BytesIO()
        workbook.save(file)
        return file.getvalue()

    def _find(self, sheet, column, name):
        """Return the row of a sheet that has a text in a column."""
        for row in range(4, sheet.max_row + 1):
            if sheet[f"{column}{row}"].value == name:
                return row
        raise AssertionError(f"no row {name}")

    def _get_wizard(self, content, user=None):
        """Return the wizard after a person has chosen a file in it."""
        wizards = self.env["quote.estimate.import"].with_user(user or self.project_manager)
        form = Form(wizards.with_context(default_estimate_id=self.estimate.id))
        form.file = base64.b64encode(content)
        return form

    def _import(self, content, overwrite=False):
        """Import a file as the project manager does; return what the dialog told."""
        form = self._get_wizard(content)
        if overwrite:
            form.is_overwriting = True
        action = form.save().action_apply()
        self.env.flush_all()
        self.env.invalidate_all()
        return action["params"]["message"]

    # === STATE === #

    def _snapshot(self):
        """Return every stored value of the estimate, as the database has it."""
        self.env.flush_all()
        self.env.invalidate_all()
        estimate = self.estimate.sudo()
        records = [
            estimate,
            estimate.item_ids,
            estimate.workload_ids,
            estimate.cost_ids,
            self.lead.sudo().requirement_ids,
            self.env["quote.estimate.dependency"].sudo().search([]),
        ]
        return [self.order.sudo().content_revision] + [
            rows.read([name for name, field in rows._fields.items() if field.store])
            for rows in records
        ]


class FormulaReader:
    """Computes the formulas of an exported file anew, as a spreadsheet would.

    Only what the exporter writes is understood: sums, products, SUM, ROUND, references.
    """

    def __init__(self, workbook):
        self.workbook = workbook

    def get(self, sheet, reference):
        """Return the value of a cell."""
        value = self.workbook[sheet][reference].value
        if isinstance(value, str) and value.startswith("="):
            return self._compute(sheet, value[1:])
        return value or 0

    def _compute(self, sheet, formula):
        formula = re.sub(
            r"'((?:[^']|'')+)'!\$?([A-Z]+)\$?(\d+)",
            lambda m: repr(self.get(m[1].replace("''", "'"), m[2] + m[3])),
            formula,
        )
        formula = re.sub(
            r"\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)",
            lambda m: repr(self._get_range(sheet, m[1] + m[2], m[3] + m[4])),
            formula,
        )
        formula = re.sub(
            r"\$?\b([A-Z]+)\$?(\d+)\b", lambda m: repr(self.get(sheet, m[1] + m[2])), formula
        )
        functions = {"SUM": sum, "ROUND": self._round, "__builtins__": {}}
        return eval(formula, functions)  # noqa: S307 # pylint: disable=eval-used

    def _get_range(self, sheet, first, last):
        (top, left), (bottom, right) = get_place(first), get_place(last)
        cells = [
            self.get(sheet, f"{get_letter(column)}{row}")
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]
        return [cell for cell in cells if isinstance(cell, int | float)]

    def _round(self, value, digits):
        """Round half away from zero the 15 digits that a spreadsheet counts with."""
        value = Decimal(f"{value:.15g}")
        return float(value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP))
