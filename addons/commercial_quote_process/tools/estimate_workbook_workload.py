"""The sheet of the workload: tasks by roles, with formulas. Plain Python, no ORM.

>>> from .estimate_workbook_writer import EXAMPLE
>>> import io, xlsxwriter
>>> from .estimate_workbook_sheet import Styles
>>> with xlsxwriter.Workbook(io.BytesIO()) as workbook:
...     sheet = WorkloadSheet(
...         "workload", workbook.add_worksheet(), EXAMPLE, Styles(workbook, "0.00"))
...     sheet.write_table()
>>> sheet.columns
['id', 'number', 'name', 'role:4:Engineer', 'days', 'cost', 'phase_days', 'phase_cost']
>>> sheet.get_amount_formula(6, 7, "daily_cost")
'=ROUND(ROUND(D6*D$4,2),2)'
"""

from collections import Counter

from .estimate_workbook import COLUMNS, FIRST_ROW, THREE_POINT, fit_text, round_formula
from .estimate_workbook_sheet import TableSheet
from .spreadsheet import get_letter

EMPTY = {"days": 0, "low": 0, "likely": 0, "high": 0, "cost": 0, "price": 0}


class WorkloadSheet(TableSheet):
    """Days of each role on each task; amounts, sums and three-point days are formulas."""

    def get_columns(self):
        self.roles = {f"role:{role['id']}:{role['name']}": role for role in self.data["roles"]}
        cells = self.data["workload"]
        spread = {role for (_item, role), cell in cells.items() if self._is_three_point(cell)}
        self.parts = {
            f"{part}:{role['id']}:{role['name']}": (role, part)
            for role in self.roles.values()
            if role["id"] in spread
            for part in THREE_POINT
        }
        hidden = self.data["hidden"]
        fixed = [key for key in COLUMNS[self.name] if f"{self.name}.{key}" not in hidden]
        named = fixed.index("name") + 1
        self.sees_prices = "price" in fixed
        self.head_rows = 3 if self.sees_prices else 2
        return [*fixed[:named], *self.roles, *fixed[named:], *self.parts]

    def _is_three_point(self, cell):
        return any(cell[part] for part in THREE_POINT)

    def get_label(self, key):
        if key in self.roles:
            return fit_text(self.roles[key]["name"])
        if key in self.parts:
            role, part = self.parts[key]
            return f"{fit_text(role['name'])} – {self.data['labels'].get(part, part)}"
        return super().get_label(key)

    # === FORMULAS === #

    def get_letter(self, key):
        """Return the letters of a column."""
        return get_letter(self.positions[key] + 1)

    def get_range(self, key, first, last):
        """Return the cells of a column between two rows."""
        return f"{self.get_letter(key)}{first}:{self.get_letter(key)}{last}"

    def get_money(self, expression):
        """Return a formula for an amount, rounded to the currency."""
        return f"={round_formula(expression, self.data['currency']['rounding'])}"

    def get_total_cell(self):
        """Return where the cost of the whole workload is."""
        return f"${self.get_letter('cost')}${self.first_row - 1}"

    def get_amount_formula(self, row, item_id, rate):
        """Return what the days of a row amount to: each role at its rate, rounded.

        :param str rate: "daily_cost" or "daily_price"
        """
        rate_row = FIRST_ROW if rate == "daily_cost" else FIRST_ROW + 1
        terms = []
        for key, role in self.roles.items():
            letter, common = self.get_letter(key), self.rates[rate][role["id"]]
            cell = self.data["workload"].get((item_id, role["id"]))
            # A row keeps the rate of the day it was estimated.
            own = cell[rate] if cell else common
            factor = f"{letter}${rate_row}" if own == common else repr(own)
            terms.append(
                round_formula(f"{letter}{row}*{factor}", self.data["currency"]["rounding"])
            )
        return self.get_money("+".join(terms) or "0")

    def _get_rates(self, rate):
        """Return the rate that most rows of each role have; the card's for a role without rows."""
        found = {}
        for (_item, role), cell in self.data["workload"].items():
            found.setdefault(role, Counter())[cell[rate]] += 1
        return {
            role["id"]: found[role["id"]].most_common(1)[0][0]
            if role["id"] in found
            else role[rate]
            for role in self.data["roles"]
        }

    # === ROWS === #

    def write_rows(self):
        rates = ["daily_cost", "daily_price"] if self.sees_prices else ["daily_cost"]
        self.rates = {rate: self._get_rates(rate) for rate in rates}
        for row, rate in enumerate(rates, start=FIRST_ROW):
            self.mark(row, "name", self.data["labels"].get(rate, rate), "computed")
            for key, role in self.roles.items():
                value = self.rates[rate][role["id"]]
                style = self.styles["money computed"]
                self.sheet.write_number(row - 1, self.positions[key], value, style)
        self._write_totals()
        records = [row for row in self.data["plan"] if row["kind"] in ("phase", "task")]
        for row, record in enumerate(records, start=self.first_row):
            for key in ("id", "number", "name"):
                self.write_value(row, key, record[key], self.get_row_style(key, record))
            if record["kind"] == "phase":
                self._write_phase(row, record, records[row - self.first_row + 1 :])
            else:
                self._write_task(row, record)

    def get_last_row(self):
        return super().get_last_row() + len(self.data["plan"])

    def _write_formula(self, row, key, formula, value, style):
        self.sheet.write_formula(row - 1, self.positions[key], formula, self.styles[style], value)

    def _write_totals(self):
        row, cells = self.first_row - 1, self.data["workload"]
        self.mark(row, "name", self.data["labels"].get("total", "total"))
        last = self.get_last_row()
        for key, role in self.roles.items():
            days = sum(
                cell["days"] for (_i, role_id), cell in cells.items() if role_id == role["id"]
            )
            formula = f"=SUM({self.get_range(key, self.first_row, last)})"
            self._write_formula(row, key, formula, days, "days total")
        days = sum(cell["days"] for cell in cells.values())
        formula = f"=SUM({self.get_range('days', self.first_row, last)})"
        self._write_formula(row, "days", formula, days, "days total")
        for key in ("cost", "price") if self.sees_prices else ("cost",):
            formula = self.get_money(f"SUM({self.get_range(key, self.first_row, last)})")
            value = sum(cell[key] for cell in cells.values())
            self._write_formula(row, key, formula, value, "money total")

    def _write_task(self, row, record):
        cells = [
            self.data["workload"].get((record["id"], r["id"]), EMPTY) for r in self.data["roles"]
        ]
        for key, cell in zip(self.roles, cells, strict=True):
            if self._is_three_point(cell):
                name = key.removeprefix("role:")
                low, likely, high = (
                    f"{self.get_letter(f'{part}:{name}')}{row}" for part in THREE_POINT
                )
                formula = f"=ROUND(({low}+4*{likely}+{high})/6,2)"
                self._write_formula(row, key, formula, cell["days"], "days top")
            elif cell is not EMPTY:
                self.write_value(row, key, cell["days"], "days top")
        for key, (role, part) in self.parts.items():
            cell = self.data["workload"].get((record["id"], role["id"]), EMPTY)
            if self._is_three_point(cell):
                self.write_value(row, key, cell[part], "days top")
        first, *_rest, last = [*self.roles, *self.roles] or ["name", "name"]
        formula = f"=SUM({self.get_letter(first)}{row}:{self.get_letter(last)}{row})"
        self._write_formula(
            row, "days", formula, sum(c["days"] for c in cells), "days top computed"
        )
        for key in ("cost", "price") if self.sees_prices else ("cost",):
            formula = self.get_amount_formula(row, record["id"], f"daily_{key}")
            value = sum(cell[key] for cell in cells)
            self._write_formula(row, key, formula, value, "money top computed")

    def _write_phase(self, row, record, following):
        """Sum up what is inside a phase, in columns of their own: no total counts twice."""
        inside = []
        for other in following:
            if other["level"] <= record["level"]:
                break
            inside.append(other["id"])
        last = row + max(len(inside), 1)
        ids = set(inside)
        cells = [cell for (item, _role), cell in self.data["workload"].items() if item in ids]
        days = f"=SUM({self.get_range('days', row + 1, last)})" if inside else "=0"
        cost = self.get_money(f"SUM({self.get_range('cost', row + 1, last)})") if inside else "=0"
        for key in [*self.roles, "days", "cost", *(["price"] if self.sees_prices else [])]:
            self.write_value(row, key, None, "days top phase")
        self._write_formula(
            row, "phase_days", days, sum(c["days"] for c in cells), "days top computed phase"
        )
        self._write_formula(
            row, "phase_cost", cost, sum(c["cost"] for c in cells), "money top computed phase"
        )
