"""The cells of an XLSX file, as plain values. Plain Python, no ORM.

Only what a table of values needs is read: values, whether a formula made them, and which cells are
merged. A cell says where it is, so that gaps and a wrong declared size cost nothing.

>>> import io, xlsxwriter
>>> file = io.BytesIO()
>>> with xlsxwriter.Workbook(file) as workbook:
...     sheet = workbook.add_worksheet("Plan")
...     _ = sheet.write_row("A1", ["Task", "Days"]), sheet.write_row("A3", ["Survey", 2.5])
...     _ = sheet.write_formula("B4", "=B3*2", None, 5), sheet.merge_range("A6:B7", "Notes")
>>> [sheet] = read_xlsx(file.getvalue())
>>> sheet.name, sheet.merges
('Plan', [(6, 1, 7, 2)])
>>> list(sheet.rows), sheet.get(3, 1)
([1, 3, 4, 6], Cell(value='Survey', kind='text', is_formula=False))
>>> sheet.get(4, 2)
Cell(value=5.0, kind='number', is_formula=True)
>>> sheet.get(99, 1).kind, get_letter(28), get_place("AB12")
('blank', 'AB', (12, 28))
"""

import datetime
import math
import re
from dataclasses import dataclass, field

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from .spreadsheet_package import WORKBOOK, Package, SpreadsheetError

MAX_ROWS = 10000
MAX_COLUMNS = 300
MAX_CELLS = 150000
MAX_TEXT = 3_000_000
MAX_SHEETS = 30

_REFERENCE = re.compile(r"^\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})$")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class Cell:
    """A value of a sheet.

    :param value: str, float, bool, datetime.date, or None
    :param str kind: "text", "number", "date", "boolean", "error" or "blank"
    :param bool is_formula: whether the value is the last result of a formula
    """

    value: object = None
    kind: str = "blank"
    is_formula: bool = False


BLANK = Cell()


@dataclass
class Sheet:
    """A sheet of a workbook; rows and columns count from 1.

    :param dict rows: ``Cell`` by column, by row
    :param list merges: first row, first column, last row and last column of merged cells
    """

    name: str
    rows: dict = field(default_factory=dict)
    merges: list = field(default_factory=list)

    def get(self, row, column):
        """Return a cell, a blank one where the file has none."""
        return self.rows.get(row, {}).get(column, BLANK)


def get_letter(column):
    """Return the letters of a column, "A" for 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def get_place(reference):
    """Return the row and the column that a reference such as "B12" names."""
    match = _REFERENCE.match(reference)
    if not match:
        raise SpreadsheetError("broken")
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - 64
    return int(match[2]), column


def read_xlsx(content):
    """Return the sheets of an XLSX file, in their order.

    :param bytes content: the file
    :rtype: list(Sheet)
    :raise SpreadsheetError: for what cannot be read, or is too large to be
    """
    try:
        return _Workbook(Package(content)).read_sheets()
    except (LookupError, TypeError, ValueError, OverflowError) as error:
        if isinstance(error, SpreadsheetError):
            raise
        # The reader of a stranger's file never fails with an error of its own.
        raise SpreadsheetError("broken") from error


class _Workbook:
    def __init__(self, package):
        self.package = package
        self.cells_left, self.text_left = MAX_CELLS, MAX_TEXT
        self.texts, self.date_styles = [], set()
        self.epoch = CALENDAR_WINDOWS_1900

    def read_sheets(self):
        sheets = []
        for element in self.package.iterate(WORKBOOK, "workbookPr", "sheet"):
            if element.tag.endswith("}workbookPr"):
                is_mac = element.get("date1904") in ("1", "true")
                self.epoch = CALENDAR_MAC_1904 if is_mac else CALENDAR_WINDOWS_1900
            else:
                relation = next(v for k, v in element.items() if k.endswith("}id"))
                sheets.append((element.get("name") or "", relation))
        if not sheets or len(sheets) > MAX_SHEETS:
            raise SpreadsheetError("broken")
        relations = self.package.get_relations(WORKBOOK)
        members = dict(relations.values())
        if "sharedStrings" in members:
            for element in self.package.iterate(members["sharedStrings"], "si"):
                self.texts.append(self._get_text(element))
        if "styles" in members:
            self._read_styles(members["styles"])
        return [
            self._read_sheet(name, relations[relation][1])
            for name, relation in sheets
            # A chart on a sheet of its own has no cells.
            if relations[relation][0] == "worksheet"
        ]

    def _get_text(self, element):
        """Return the text of an element in rich text; not the phonetic reading beside it."""
        text = "".join(
            node.text or ""
            for node in element.iter("{*}t")
            if not (node.getparent() is not None and node.getparent().tag.endswith("}rPh"))
        )
        self.text_left -= len(text)
        if self.text_left < 0:
            raise SpreadsheetError("too_much_text", most=MAX_TEXT)
        return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)

    def _read_styles(self, member):
        formats = dict(BUILTIN_FORMATS)
        for element in self.package.iterate(member, "numFmt", "cellXfs"):
            if element.tag.endswith("}numFmt"):
                formats[int(element.get("numFmtId"))] = element.get("formatCode") or ""
            else:
                for style, xf in enumerate(element.iterchildren("{*}xf")):
                    if is_date_format(formats.get(int(xf.get("numFmtId") or 0), "")):
                        self.date_styles.add(str(style))

    # === SHEETS === #

    def _read_sheet(self, name, member):
        sheet, row_number = Sheet(name), 0
        for element in self.package.iterate(member, "row", "mergeCell"):
            if element.tag.endswith("}mergeCell"):
                first, _colon, last = (element.get("ref") or "").partition(":")
                sheet.merges.append((*get_place(first), *get_place(last or first)))
                continue
            row_number = int(element.get("r") or row_number + 1)
            cells = self._read_row(name, element, row_number)
            if cells:
                sheet.rows.setdefault(row_number, {}).update(cells)
        return sheet

    def _read_row(self, sheet_name, element, row_number):
        cells, column = {}, 0
        for node in element.iterchildren("{*}c"):
            reference = node.get("r")
            column = get_place(reference)[1] if reference else column + 1
            cell = self._read_cell(node)
            if cell.kind == "blank" and not cell.is_formula:
                continue
            if row_number > MAX_ROWS or column > MAX_COLUMNS:
                raise SpreadsheetError(
                    "too_far", sheet=sheet_name, cell=f"{get_letter(column)}{row_number}"
                )
            self.cells_left -= 1
            if self.cells_left < 0:
                raise SpreadsheetError("too_many_cells", sheet=sheet_name, most=MAX_CELLS)
            cells[column] = cell
        return cells

    def _read_cell(self, node):
        kind, value, formula = node.get("t") or "n", None, False
        for child in node:
            if child.tag.endswith("}v"):
                value = child.text
            elif child.tag.endswith("}f"):
                formula = True
            elif child.tag.endswith("}is"):
                value = self._get_text(child)
        if value is None or value == "":
            return Cell(is_formula=formula)
        if kind == "s":
            return self._make_text(self.texts[int(value)], formula)
        if kind in ("str", "inlineStr"):
            return self._make_text(value, formula)
        if kind == "b":
            return Cell(value == "1", "boolean", formula)
        if kind == "e":
            return Cell(value, "error", formula)
        if kind == "d":
            return Cell(datetime.date.fromisoformat(value[:10]), "date", formula)
        return self._make_number(value, node.get("s"), formula)

    def _make_text(self, text, formula):
        return Cell(text, "text", formula) if text else Cell(is_formula=formula)

    def _make_number(self, value, style, formula):
        number = float(value)
        if not math.isfinite(number):
            return Cell(value, "error", formula)
        if style in self.date_styles and 1 <= number < 2_958_466:
            day = from_excel(number, self.epoch)
            return Cell(day.date(), "date", formula)
        return Cell(number, "number", formula)
