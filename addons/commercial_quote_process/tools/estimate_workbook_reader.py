"""An estimate that comes back in a spreadsheet: its rows, read strictly. Plain Python, no ORM.

Whatever is wrong is noted with its sheet, row and column, and reading goes on: a person gets all
problems at once. What the values mean together is for ``estimate_workbook_check``.

>>> from .estimate_workbook_writer import EXAMPLE, write_workbook
>>> from .spreadsheet import read_xlsx
>>> words = Words(
...     titles={"plan": ["Plan"]}, labels={}, choices={"kind": {"task": ["Task"]}},
...     roles=[(4, "Engineer")], parts={})
>>> reading = read_workbook(read_xlsx(write_workbook(EXAMPLE)), words)
>>> reading.problems, get_stamp(read_xlsx(write_workbook(EXAMPLE))).estimate_id
([], 12)
>>> [(record.row, record.values["id"], record.values["name"]) for record in reading.records["plan"]]
[(4, 7, '=SUM(A1)')]
>>> reading.records["workload"][0].cells[4, "days"], reading.roles
(2.0, {4: 'D'})
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from .estimate_workbook import (
    COLUMNS,
    COMPUTED,
    HEADER_ROW,
    KEY_ROW,
    MARK,
    SHEETS,
    fit_text,
    read_stamp,
)
from .estimate_workbook_roles import match_roles
from .estimate_workbook_values import ValueProblem, read_value
from .spreadsheet import get_letter

# Where a header may be, when people have added lines above it.
HEADER_ROWS = range(1, 11)
# Problems after which the rows are not worth to be put together.
STRUCTURAL = {"missing_sheet", "missing_column", "merged"}
# Columns that a file may come without.
OPTIONAL = {"plan.level", "costs.unit", "requirements.reference", "requirements.items"}


class Words(NamedTuple):
    """What sheets, columns and values are called in the languages that a file may be in.

    :param dict titles: texts by sheet
    :param dict labels: texts by "sheet.column"
    :param dict choices: texts by value, by column
    :param list roles: id and name of each role
    :param dict parts: texts by part of three-point days
    """

    titles: dict
    labels: dict
    choices: dict
    roles: list
    parts: dict


class Problem(NamedTuple):
    """Something wrong with a file: what, and where in the words of the spreadsheet.

    :param str sheet: name of the sheet, or "" for the whole file
    :param int row: number of the row, or 0
    :param str column: letters of the column, or ""
    """

    code: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    values: dict = {}


@dataclass
class Record:
    """A row of a sheet.

    :param dict values: by key of the column; None when the cell is blank
    :param dict cells: days by role and part ("days", "low", "likely", "high"), in the workload
    :param set formulas: the keys of cells that a formula filled
    """

    row: int
    values: dict
    cells: dict = field(default_factory=dict)
    formulas: set = field(default_factory=set)


@dataclass
class Reading:
    """What was read from a file.

    :param dict records: list of ``Record`` by sheet
    :param dict letters: letters of the column, by key, by sheet
    :param dict names: what each sheet is called in the file
    :param dict roles: letters of the column of each role's days
    """

    records: dict = field(default_factory=dict)
    letters: dict = field(default_factory=dict)
    names: dict = field(default_factory=dict)
    roles: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)

    def add_problem(self, code, sheet, row=0, key=None, **values):
        """Note a problem of a cell.

        :param str sheet: of ``SHEETS``
        :param key: the column, when it is about one
        """
        letter = self.letters.get(sheet, {}).get(key, "")
        self.problems.append(Problem(code, self.names.get(sheet, sheet), row, letter, values))

    def get_problems(self):
        """Return the problems in the order in which a person meets them in the file.

        :rtype: list(Problem)
        """
        sheets = [self.names.get(name, name) for name in SHEETS]
        return sorted(
            self.problems,
            key=lambda problem: (
                sheets.index(problem.sheet),
                problem.row,
                len(problem.column),
                problem.column,
            ),
        )


def read_workbook(sheets, words):
    """Return what the sheets of a file say.

    :param list sheets: ``spreadsheet.Sheet``
    :param Words words: what things are called
    :rtype: Reading
    """
    reading = Reading()
    found = {}
    for sheet in sheets:
        stamp = read_stamp(sheet.get(KEY_ROW, 1).value)
        name = stamp.sheet if stamp else _find_sheet(sheet.name, words)
        if name and name not in found:
            found[name] = sheet
            reading.names[name] = sheet.name
    for name in SHEETS:
        if name in found:
            _SheetReader(name, found[name], words, reading).read_sheet()
        else:
            title = words.titles.get(name, [name])[0]
            reading.names[name] = title
            reading.add_problem("missing_sheet", name, title=title)
    return reading


def get_stamp(sheets):
    """Return what a file says of where it comes from.

    :rtype: estimate_workbook.Stamp | None
    """
    stamps = (read_stamp(sheet.get(KEY_ROW, 1).value) for sheet in sheets)
    return next((stamp for stamp in stamps if stamp), None)


def _find_sheet(title, words):
    wanted = title.strip().casefold()
    for name, titles in words.titles.items():
        if wanted in [text.casefold() for text in titles]:
            return name
    return None


class _SheetReader:
    def __init__(self, name, sheet, words, reading):
        self.name, self.sheet, self.words, self.reading = name, sheet, words, reading
        self.labels = {
            label.casefold(): key
            for key in COLUMNS[name]
            for label in words.labels.get(f"{name}.{key}", [])
        }
        self.records = reading.records[name] = []

    def read_sheet(self):
        header = self._find_header()
        columns = self._match_columns(header)
        if columns is None:
            return
        merged = self._find_merges(header, columns)
        for row in sorted(row for row in self.sheet.rows if row > header):
            if self.sheet.get(row, columns["id"]).value != MARK and row not in merged:
                self._read_row(row, columns)

    # === COLUMNS === #

    def _get_texts(self, row):
        cells = self.sheet.rows.get(row, {})
        return {
            column: fit_text(cell.value) for column, cell in cells.items() if cell.kind == "text"
        }

    def _find_header(self):
        """Return the row that has most names of columns."""
        counts = {
            row: sum(text.casefold() in self.labels for text in self._get_texts(row).values())
            for row in HEADER_ROWS
            # The hidden row names the columns as well, in no language.
            if row != KEY_ROW or not read_stamp(self.sheet.get(KEY_ROW, 1).value)
        }
        best = max(counts, key=lambda row: (counts[row], -row))
        return best if counts[best] >= 2 else HEADER_ROW

    def _match_columns(self, header):
        """Return the column of each key; None when one that is needed is missing."""
        titles = self._get_texts(header)
        has_stamp = read_stamp(self.sheet.get(KEY_ROW, 1).value)
        keys = self._get_texts(KEY_ROW) if has_stamp else {}
        columns, others = {}, {}
        if has_stamp:
            # The first cell says more than the name of its column.
            columns["id"] = 1
            titles.pop(1, None)
            keys.pop(1, None)
        for column in sorted({*titles, *keys}):
            title, key = titles.get(column, ""), keys.get(column)
            if key not in COLUMNS[self.name]:
                key = self.labels.get(title.casefold())
            if key:
                columns.setdefault(key, column)
            elif title:
                others[column] = (title, keys.get(column))
        self.reading.letters[self.name] = {
            key: get_letter(column) for key, column in columns.items()
        }
        needed = set(COLUMNS[self.name]) - COMPUTED[self.name]
        missing = [
            key
            for key in COLUMNS[self.name]
            if key in needed - columns.keys() and f"{self.name}.{key}" not in OPTIONAL
        ]
        for key in missing:
            label = self.words.labels.get(f"{self.name}.{key}", [key])[0]
            self.reading.add_problem("missing_column", self.name, header, title=label)
        if missing:
            return None
        if self.name == "workload":
            self._match_roles(header, columns, others)
        return columns

    def _match_roles(self, header, columns, others):
        matched, problems = match_roles(others, self.words.roles, self.words.parts)
        for code, column, values in problems:
            letter = get_letter(column)
            sheet = self.reading.names[self.name]
            self.reading.problems.append(Problem(code, sheet, header, letter, values))
        letters = self.reading.letters[self.name]
        for (role_id, part), column in matched.items():
            columns[role_id, part] = column
            letters[role_id, part] = get_letter(column)
            if part == "days":
                self.reading.roles[role_id] = get_letter(column)

    def _find_merges(self, header, columns):
        """Return the rows in which cells of the table are merged, each a problem."""
        rows, used = set(), set(columns.values())
        for first_row, first, last_row, last in self.sheet.merges:
            inside = [column for column in used if first <= column <= last]
            if not inside or last_row <= header:
                continue
            row = max(first_row, header + 1)
            letter, name = get_letter(min(inside)), self.reading.names[self.name]
            self.reading.problems.append(Problem("merged", name, row, letter))
            rows.update(other for other in self.sheet.rows if first_row <= other <= last_row)
        return rows

    # === ROWS === #

    def _read_row(self, row, columns):
        record, problems = Record(row, {}), []
        filled = False
        for key, column in columns.items():
            if key in COMPUTED[self.name]:
                continue
            cell = self.sheet.get(row, column)
            filled = filled or cell.kind != "blank" or cell.is_formula
            if cell.is_formula:
                record.formulas.add(key)
                if cell.kind == "blank" and isinstance(key, tuple) and key[1] == "days":
                    # The mean of three points, in a file that was saved without its results.
                    continue
            try:
                value = read_value(key, cell, self.words.choices)
            except ValueProblem as problem:
                value = None
                problems.append((problem, key))
            if isinstance(key, tuple):
                if value is not None:
                    record.cells[key] = value
            else:
                record.values[key] = value
        if filled:
            self.records.append(record)
            for problem, key in problems:
                self.reading.add_problem(problem.code, self.name, row, key, **problem.values)
