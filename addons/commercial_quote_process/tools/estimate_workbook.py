"""How an estimate is laid out in a spreadsheet: what its writer and its reader agree on.

Plain Python, no ORM. Four sheets, each with a hidden first row that names the columns in no
language, so that a file written in French is read by an English colleague; a title; a header; then
one row per record. The first column keeps the id that ties a row to its record. A row whose id is
``MARK`` (rates, totals) is for reading only.

>>> read_stamp(make_stamp("plan", "fr_FR", 12, "ab12"))
Stamp(sheet='plan', lang='fr_FR', estimate_id=12, digest='ab12')
>>> read_stamp("Task") is None
True
>>> format_after({3: 0, 5: 2, 7: -0.5}), fit_text("a\\r\\nb "), read_after("3; 5+2; 7-0,5")
('3; 5+2; 7-0.5', 'a\\nb', {3: 0.0, 5: 2.0, 7: -0.5})
>>> read_after("3 and 4") is None
True
>>> round_formula("A1*2", 0.01), round_formula("A1*2", 0.05), round_formula("A1", 10)
('ROUND(A1*2,2)', 'ROUND((A1*2)/0.05,0)*0.05', 'ROUND((A1)/10,0)*10')
>>> parse_decimal("3,5"), parse_decimal("1 250"), parse_decimal("two") is None
(3.5, 1250.0, True)
"""

import hashlib
import json
import math
import re
from typing import NamedTuple

SHEETS = ("plan", "workload", "costs", "requirements")
# Columns of each sheet in their order; those of roles come after "name" in the workload.
COLUMNS = {
    "plan": (
        "id", "number", "level", "kind", "name", "duration", "not_before", "not_before_date",
        "after", "start", "end", "start_date", "end_date", "description", "acceptance_criteria",
    ),
    "workload": ("id", "number", "name", "days", "cost", "price", "phase_days", "phase_cost"),
    "costs": (
        "id", "family", "name", "item", "quantity", "unit", "unit_cost", "cost", "is_rebilled",
    ),
    "requirements": (
        "id", "number", "reference", "name", "priority", "compliance", "comment", "items",
    ),
}  # fmt: skip
# Columns that follow from others: they are written, and never read.
COMPUTED = {
    "plan": {"start", "end", "start_date", "end_date"},
    "workload": {"name", "days", "cost", "price", "phase_days", "phase_cost"},
    "costs": {"cost"},
    "requirements": set(),
}
# A column of three-point days of a role: part of the triple by the start of the column's key.
THREE_POINT = ("low", "likely", "high")

KEY_ROW, TITLE_ROW, HEADER_ROW = 1, 2, 3
FIRST_ROW = HEADER_ROW + 1
MARK = "–"
STAMP_START = "quote.estimate"
# What a cell of a spreadsheet holds, a mark that the text goes on included.
LONGEST_CELL = 32000
GOES_ON = "…"

_AFTER = re.compile(r"^(\d{1,6})\s*(?:([+-])\s*(\d{1,4}(?:[.,]\d{1,2})?))?$")
_DECIMAL = re.compile(r"^-?\d{1,12}([.,]\d{1,12})?$")


class Stamp(NamedTuple):
    """What the first cell of a sheet says: which sheet of which estimate, and its state then."""

    sheet: str
    lang: str
    estimate_id: int
    digest: str


def make_stamp(sheet, lang, estimate_id, digest):
    """Return the text of the first cell of a sheet."""
    return "|".join([STAMP_START, sheet, lang, str(estimate_id), digest])


def read_stamp(text):
    """Return what the first cell of a sheet says; None when it is no sheet of an estimate."""
    parts = text.split("|") if isinstance(text, str) else []
    if len(parts) != 5 or parts[0] != STAMP_START or parts[1] not in SHEETS:
        return None
    if not parts[3].isdecimal() or len(parts[3]) > 10:
        return None
    return Stamp(parts[1], parts[2], int(parts[3]), parts[4])


def get_digest(content):
    """Return a short digest of plain values, to tell whether they have changed."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# === VALUES === #


def fit_text(value):
    """Return a text as a cell holds it: one kind of line end, nothing around, not too long."""
    text = (value or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > LONGEST_CELL:
        text = text[: LONGEST_CELL - 1].rstrip() + GOES_ON
    return text


def parse_decimal(text):
    """Return the number that a text is, with a point or a comma; None when it is none."""
    text = re.sub(r"[\s\u00a0\u202f]", "", text)
    return float(text.replace(",", ".")) if _DECIMAL.match(text) else None


def format_decimal(value):
    """Return a number as a person types it."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def format_after(after):
    """Return what a row waits for, as text: numbers of rows, each with its lag in days.

    :param dict after: lag by number of row
    """
    parts = []
    for number, lag in after.items():
        sign = "+" if lag > 0 else "-"
        parts.append(f"{number}{sign}{format_decimal(abs(lag))}" if lag else str(number))
    return "; ".join(parts)


def read_after(text):
    """Return the lag by number of row that a text means; None when it means nothing.

    :rtype: dict | None
    """
    after = {}
    for part in re.split(r"[;\n]|,\s", text):
        if not part.strip():
            continue
        match = _AFTER.match(part.strip())
        if not match:
            return None
        lag = float((match[3] or "0").replace(",", "."))
        after[int(match[1])] = -lag if match[2] == "-" else lag
    return after


# === FORMULAS === #


def round_formula(expression, rounding):
    """Return a formula that rounds as the ORM rounds to a currency: half away from zero.

    :param str expression: what is rounded, without the sign that starts a formula
    :param float rounding: smallest amount of the currency, such as 0.01 or 0.05
    """
    digits = round(-math.log10(rounding)) if rounding else 2
    if not rounding or (digits >= 0 and math.isclose(10**-digits, rounding)):
        return f"ROUND({expression},{digits})"
    step = repr(int(rounding) if rounding == int(rounding) else rounding)
    return f"ROUND(({expression})/{step},0)*{step}"
