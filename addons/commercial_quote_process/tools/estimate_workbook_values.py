"""The value of a cell, by the column it is in. Plain Python, no ORM.

>>> from .spreadsheet import Cell
>>> [read_value("duration", cell, {}) for cell in (Cell(2.505, "number"), Cell("2,5", "text"))]
[2.5, 2.5]
>>> read_value("after", Cell("3+2", "text"), {}), read_value("name", Cell("  Survey ", "text"), {})
({3: 2.0}, 'Survey')
>>> read_value("kind", Cell("phase", "text"), {"kind": {"phase": ["Phase"], "task": ["Task"]}})
'phase'
>>> read_value("duration", Cell(-1.0, "number"), {})
Traceback (most recent call last):
    ...
commercial_quote_process.tools.estimate_workbook_values.ValueProblem: ('negative', {'value': '-1'})
"""

import datetime

from .estimate_workbook import fit_text, format_decimal, parse_decimal, read_after

DAYS_MOST, WORK_MOST = 9999, 99999
MOST = {"quantity": 999999, "unit_cost": 999999999}
FIRST_DAY, LAST_DAY = datetime.date(2000, 1, 1), datetime.date(2199, 12, 31)
WHOLE = {"id", "number", "level", "item"}
CHOICES = {"kind", "family", "is_rebilled", "priority", "compliance"}
NUMBERS = {"duration", "not_before", "quantity", "unit_cost"}
# How much of a wrong value is shown again.
SHOWN = 40


class ValueProblem(ValueError):
    """What is wrong with the value of a cell.

    :param str code: what it is; the caller has the words for it
    """

    def __init__(self, code, **values):
        super().__init__(code, values)
        self.code = code
        self.values = values


def read_value(key, cell, choices):
    """Return the value of a cell, None when it is blank.

    :param key: the column; a pair for days of a role
    :param spreadsheet.Cell cell: what the file has
    :param dict choices: texts by value, by column
    :raise ValueProblem: when the cell has no such value
    """
    is_days = isinstance(key, tuple)
    is_number = is_days or key in NUMBERS or key in WHOLE
    if cell.kind == "error":
        raise ValueProblem("error_value", value=cell.value)
    if cell.is_formula and not (is_number and cell.kind == "number"):
        raise ValueProblem("formula")
    if cell.kind == "blank" or cell.kind == "text" and not fit_text(cell.value):
        return None
    if key in WHOLE:
        return _read_whole(cell)
    if is_number:
        return _read_number(cell, WORK_MOST if is_days else MOST.get(key, DAYS_MOST))
    if key == "not_before_date":
        return _read_date(cell)
    if key in CHOICES:
        return _read_choice(key, cell, choices.get(key, {}))
    if key in ("after", "items"):
        return _read_rows(key, cell)
    return _read_text(cell)


def _show(cell):
    value = cell.value
    if isinstance(value, float):
        return format_decimal(value)
    return str(value)[:SHOWN]


def _read_number(cell, most):
    value = parse_decimal(cell.value) if cell.kind == "text" else cell.value
    if cell.kind not in ("text", "number") or value is None:
        raise ValueProblem("not_number", value=_show(cell))
    if value < 0:
        raise ValueProblem("negative", value=_show(cell))
    if value > most:
        raise ValueProblem("too_big", value=_show(cell), most=most)
    # Amounts are rounded by their currency, days are kept to the hundredth.
    return value if most == MOST["unit_cost"] else round(value, 2)


def _read_whole(cell):
    value = parse_decimal(cell.value) if cell.kind == "text" else cell.value
    if cell.kind not in ("text", "number") or value is None:
        raise ValueProblem("not_whole", value=_show(cell))
    if value != int(value) or not 0 < value < 2**31:
        raise ValueProblem("not_whole", value=_show(cell))
    return int(value)


def _read_date(cell):
    day = cell.value
    if cell.kind == "text":
        try:
            day = datetime.date.fromisoformat(cell.value.strip())
        except ValueError as error:
            raise ValueProblem("not_date", value=_show(cell)) from error
    elif cell.kind != "date":
        raise ValueProblem("not_date", value=_show(cell))
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueProblem("not_date", value=_show(cell))
    return day


def _read_choice(key, cell, choices):
    if key == "is_rebilled" and cell.kind == "boolean":
        return "yes" if cell.value else "no"
    text = _read_text(cell).casefold()
    for value, labels in choices.items():
        if text in [value.casefold(), *(label.casefold() for label in labels)]:
            return value
    known = ", ".join(labels[0] for labels in choices.values())
    raise ValueProblem("not_choice", value=_show(cell), choices=known)


def _read_rows(key, cell):
    if cell.kind == "date":
        # Spreadsheets make a date of what looks like one.
        raise ValueProblem("rows_date")
    after = read_after(_read_text(cell))
    if after is None or key == "items" and any(after.values()):
        code = "not_rows" if key == "items" else "not_after"
        raise ValueProblem(code, value=_show(cell))
    return after


def _read_text(cell):
    if cell.kind == "number":
        whole = cell.value == int(cell.value)
        return str(int(cell.value)) if whole else format_decimal(cell.value)
    if cell.kind != "text":
        raise ValueProblem("not_text", value=_show(cell))
    return fit_text(cell.value)
