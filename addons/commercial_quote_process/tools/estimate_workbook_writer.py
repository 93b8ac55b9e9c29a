"""An estimate as an XLSX file that a person reads, changes and sends back. Plain Python, no ORM.

>>> from .spreadsheet import read_xlsx
>>> sheets = read_xlsx(write_workbook(EXAMPLE))
>>> [sheet.name for sheet in sheets]
['Plan', 'Workload', 'Other costs', 'Requirements']
>>> [sheets[0].get(4, column).value for column in (1, 2, 4, 5, 6)]
[7.0, 1.0, 'Task', '=SUM(A1)', 2.0]
>>> sheets[1].get(6, 6)
Cell(value=900.0, kind='number', is_formula=True)

A text that starts like a formula is written as the text it is:

>>> sheets[0].get(4, 5).is_formula
False
"""

import io

import xlsxwriter

from .estimate_workbook import SHEETS
from .estimate_workbook_costs import CostSheet
from .estimate_workbook_sheet import Styles, TableSheet
from .estimate_workbook_workload import WorkloadSheet

EXAMPLE = {
    "estimate_id": 12, "lang": "en_US", "digest": "", "title": "S00012", "legend": "Grey: computed",
    "currency": {"rounding": 0.01, "format": "#,##0.00"},
    "hidden": {"workload.price"},
    "titles": {"plan": "Plan", "workload": "Workload", "costs": "Other costs",
               "requirements": "Requirements"},
    "labels": {}, "choices": {"kind": {"task": "Task"}},
    "roles": [{"id": 4, "name": "Engineer", "daily_cost": 450.0, "daily_price": 0.0}],
    "plan": [{"id": 7, "number": 1, "level": 1, "kind": "task", "name": "=SUM(A1)", "duration": 2}],
    "workload": {(7, 4): {"days": 2.0, "low": 0, "likely": 0, "high": 0, "daily_cost": 450.0,
                          "daily_price": 0.0, "cost": 900.0, "price": 0.0}},
    "costs": [], "requirements": [], "totals": {},
}  # fmt: skip


def write_workbook(data):
    """Return an estimate as an XLSX file.

    :param dict data: plain values of the estimate, see ``EXAMPLE``; ``labels`` by "sheet.column",
        ``choices`` label by value by column, ``plan`` in the order of its tree
    :rtype: bytes
    """
    file = io.BytesIO()
    options = {
        "in_memory": True,
        # Texts come from people: nothing that they typed becomes a formula or a link.
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as workbook:
        styles = Styles(workbook, data["currency"]["format"])
        writers = {"workload": WorkloadSheet, "costs": CostSheet}
        pages = {}
        for name in SHEETS:
            sheet = workbook.add_worksheet(data["titles"][name][:31])
            page = pages[name] = writers.get(name, TableSheet)(name, sheet, data, styles)
            page.write_table()
        pages["costs"].write_totals(pages["workload"])
    return file.getvalue()
