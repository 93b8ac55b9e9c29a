"""A list from anywhere, as rows of texts: a spreadsheet, a CSV file, a paste. Plain Python, no ORM.

>>> read_text("Task;Days\\nSurvey;2,5\\n\\nModel;3")
[(1, ['Task', 'Days']), (2, ['Survey', '2,5']), (4, ['Model', '3'])]
>>> read_text("Survey\\t2\\nModel, second part\\t3")
[(1, ['Survey', '2']), (2, ['Model, second part', '3'])]
>>> read_text("- Survey\\n- Model")
[(1, ['Survey']), (2, ['Model'])]
>>> read_table('Tâche;Durée\\nRécolement;2'.encode("cp1252"))
[(1, ['Tâche', 'Durée']), (2, ['Récolement', '2'])]
"""

import csv
import re

from .estimate_workbook import format_decimal
from .spreadsheet import read_xlsx
from .spreadsheet_package import MAX_FILE_BYTES, OLE_MAGIC, SpreadsheetError

MAX_ROWS = 2000
MAX_COLUMNS = 50
MAX_LETTERS = 1_000_000
DELIMITERS = ("\t", ";", ",")
BULLET = re.compile(r"^\s*[-*•–]\s+")


def read_table(content):
    """Return the rows of a file, each with its number; rows without anything are left out.

    :param bytes content: an XLSX or a CSV file; of a workbook, the first sheet with something in it
    :rtype: list(tuple(int, list))
    :raise SpreadsheetError: for what cannot be read, or is too much
    """
    if not content:
        raise SpreadsheetError("empty")
    if len(content) > MAX_FILE_BYTES:
        raise SpreadsheetError("too_large", most=MAX_FILE_BYTES // 1024 // 1024)
    if content.startswith((b"PK", OLE_MAGIC)):
        sheet = next((sheet for sheet in read_xlsx(content) if sheet.rows), None)
        if sheet is None:
            raise SpreadsheetError("empty")
        return _bound(
            (row, [_show(sheet.get(row, column)) for column in range(1, max(sheet.rows[row]) + 1)])
            for row in sorted(sheet.rows)
        )
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SpreadsheetError("not_table")
    return read_text(_decode(content))


def read_text(text):
    """Return the rows of a text with one row per line, such as a paste from a spreadsheet.

    :raise SpreadsheetError: when there is nothing, or too much
    """
    if not text.strip():
        raise SpreadsheetError("empty")
    if len(text) > MAX_LETTERS:
        raise SpreadsheetError("too_much_text", most=MAX_LETTERS)
    lines = text.splitlines()
    delimiter = _find_delimiter(lines)
    if not delimiter:
        return _bound((number, [BULLET.sub("", line)]) for number, line in enumerate(lines, 1))
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error as error:
        raise SpreadsheetError("not_table") from error
    return _bound(enumerate(rows, start=1))


def _bound(rows):
    """Return the rows that have something in them, as stripped texts of one length."""
    kept = []
    for number, row in rows:
        row = [text.strip() for text in row[:MAX_COLUMNS]]
        if any(row):
            kept.append((number, row))
        if len(kept) > MAX_ROWS:
            raise SpreadsheetError("too_many_rows", most=MAX_ROWS)
    width = max((len(row) for _number, row in kept), default=0)
    while width and not any(len(row) >= width and row[width - 1] for _number, row in kept):
        width -= 1
    return [(number, (row + [""] * width)[:width]) for number, row in kept]


def _show(cell):
    if cell.kind == "number":
        whole = cell.value == int(cell.value)
        return str(int(cell.value)) if whole else format_decimal(cell.value)
    return "" if cell.value is None else str(cell.value)


def _decode(content):
    """Return the text of a CSV file, whatever the program that wrote it."""
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "cp1252", "latin-1"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SpreadsheetError("not_table")


def _find_delimiter(lines):
    """Return what separates columns: what most lines have; a comma may be part of a text."""
    filled = [line for line in lines if line.strip()]
    for delimiter in DELIMITERS:
        count = sum(delimiter in line for line in filled)
        if count and 2 * count >= len(filled):
            return delimiter
    return None
