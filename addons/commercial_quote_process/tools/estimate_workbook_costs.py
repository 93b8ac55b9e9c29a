"""The sheet of the other costs, and beside them the whole cost price. Plain Python, no ORM.

>>> import io, xlsxwriter
>>> from .estimate_workbook_sheet import Styles
>>> from .estimate_workbook_writer import EXAMPLE
>>> with xlsxwriter.Workbook(io.BytesIO()) as workbook:
...     sheet = CostSheet("costs", workbook.add_worksheet(), EXAMPLE, Styles(workbook, "0.00"))
...     sheet.write_table()
>>> sheet.get_money("G4*J5/100")
'=ROUND(G4*J5/100,2)'
"""

from .estimate_workbook import FIRST_ROW, HEADER_ROW, round_formula
from .estimate_workbook_sheet import TableSheet
from .spreadsheet import get_letter


class CostSheet(TableSheet):
    """Other costs; each amount is a formula, and so is the cost price beside them."""

    head_rows = 1

    def get_money(self, expression):
        """Return a formula for an amount, rounded to the currency."""
        return f"={round_formula(expression, self.data['currency']['rounding'])}"

    def write_rows(self):
        result = super().write_rows()
        cost = self.positions["cost"]
        letters = {key: get_letter(self.positions[key] + 1) for key in self.columns}
        for row, record in enumerate(self.data["costs"], start=self.first_row):
            formula = self.get_money(f"{letters['quantity']}{row}*{letters['unit_cost']}{row}")
            style = self.styles["money top computed"]
            self.sheet.write_formula(row - 1, cost, formula, style, record["cost"])
        self.mark(FIRST_ROW, "name", self.data["labels"].get("total", "total"))
        cells = f"{letters['cost']}{self.first_row}:{letters['cost']}{self.get_last_row()}"
        total = sum(record["cost"] for record in self.data["costs"])
        formula = self.get_money(f"SUM({cells})")
        self.sheet.write_formula(FIRST_ROW - 1, cost, formula, self.styles["money total"], total)
        return result

    def write_totals(self, workload):
        """Write how the cost price adds up.

        :param WorkloadSheet workload: the sheet of the workload, written before
        """
        first = len(self.columns) + 1
        percents, amounts = get_letter(first + 2), get_letter(first + 3)
        title = self.data["titles"]["workload"][:31].replace("'", "''")
        row = HEADER_ROW
        formulas = {
            "workload_cost": f"='{title}'!{workload.get_total_cell()}",
            "other_cost": f"={get_letter(self.positions['cost'] + 1)}{FIRST_ROW}",
            "overhead_amount": self.get_money(f"{amounts}{row + 1}*{percents}{row + 3}/100"),
            "contingency_amount": self.get_money(
                f"({amounts}{row + 1}+{amounts}{row + 2}+{amounts}{row + 3})"
                f"*{percents}{row + 4}/100"
            ),
            "total_cost": self.get_money(f"SUM({amounts}{row + 1}:{amounts}{row + 4})"),
        }
        labels, totals = self.data["labels"], self.data["totals"]
        for position, key in enumerate(("totals", "percent", "amount"), start=first):
            width = 30 if key == "totals" else 14
            self.sheet.set_column(position, position, width)
            label = labels.get(key, key)
            self.sheet.write_string(HEADER_ROW - 1, position, label, self.styles["header"])
        for offset, (key, formula) in enumerate(formulas.items()):
            bold = " total" if key == "total_cost" else ""
            style = self.styles[f"text{bold}"]
            self.sheet.write_string(row + offset, first, labels.get(key, key), style)
            percent = totals.get(key.replace("amount", "percent")) if "amount" in key else None
            if percent is not None:
                self.sheet.write_number(row + offset, first + 1, percent, self.styles["percent"])
            style = self.styles[f"money{bold}"]
            self.sheet.write_formula(row + offset, first + 2, formula, style, totals.get(key, 0))
