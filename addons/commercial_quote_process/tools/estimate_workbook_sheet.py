"""One sheet of an exported estimate: head, columns, rows and their looks. Plain Python, no ORM.

>>> import io, xlsxwriter
>>> from .estimate_workbook_writer import EXAMPLE
>>> with xlsxwriter.Workbook(io.BytesIO()) as workbook:
...     styles = Styles(workbook, "0.00")
...     sheet = TableSheet("plan", workbook.add_worksheet("Plan"), EXAMPLE, styles)
...     sheet.write_table()
>>> sheet.columns[:3], sheet.get_row_style("name", {"kind": "phase", "level": 2})
(['id', 'number', 'level'], 'text top phase indent2')
"""

from .estimate_workbook import (
    COLUMNS,
    COMPUTED,
    FIRST_ROW,
    HEADER_ROW,
    KEY_ROW,
    MARK,
    TITLE_ROW,
    fit_text,
    make_stamp,
)

WIDTHS = {
    "id": 6, "number": 6, "level": 7, "kind": 13, "name": 46, "duration": 10, "not_before": 12,
    "not_before_date": 13, "after": 14, "start": 8, "end": 8, "start_date": 12, "end_date": 12,
    "description": 50, "acceptance_criteria": 50, "days": 10, "cost": 14, "price": 14,
    "phase_days": 12, "phase_cost": 14, "family": 16, "item": 10, "quantity": 10, "unit": 12,
    "unit_cost": 14, "is_rebilled": 10, "reference": 12, "priority": 13, "compliance": 18,
    "comment": 50, "items": 14,
}  # fmt: skip
DATES = {"not_before_date", "start_date", "end_date"}
CHOICES = {"kind", "family", "is_rebilled", "priority", "compliance"}
# Columns that show the numbers of rows of the plan, where the record keeps their ids.
SHOWN = {"item": "item_number", "items": "item_text"}
LONG_TEXTS = {"description", "acceptance_criteria", "comment"}
# Lines below the last row that are ready to be typed in.
SPARE_ROWS = 200


class Styles(dict):
    """The formats of the workbook, each made when it is first asked for."""

    PARTS = {
        "header": {"bold": True, "bg_color": "#714B67", "font_color": "#FFFFFF", "border": 1,
                   "border_color": "#D8DADD", "text_wrap": True, "valign": "vcenter"},
        "title": {"bold": True, "font_size": 14},
        "legend": {"italic": True, "font_color": "#6C757D"},
        "phase": {"bold": True, "bg_color": "#EFE7ED"},
        "milestone": {"italic": True, "font_color": "#8A4B08"},
        "deliverable": {"italic": True, "font_color": "#0B5C68"},
        "computed": {"font_color": "#6C757D"},
        "id": {"font_color": "#ADB5BD", "font_size": 8},
        "total": {"bold": True, "bg_color": "#F1F3F5"},
        "days": {"num_format": "0.##"},
        "whole": {"num_format": "0"},
        "date": {"num_format": "yyyy-mm-dd", "align": "center"},
        "text": {"num_format": "@"},
        "long": {"num_format": "@", "text_wrap": True},
        "top": {"valign": "top"},
        "percent": {"num_format": "0.##"},
    }  # fmt: skip

    def __init__(self, workbook, money):
        super().__init__()
        self.workbook = workbook
        self.parts = {**self.PARTS, "money": {"num_format": money}}

    def __missing__(self, names):
        values = {}
        for name in names.split():
            indent = name.removeprefix("indent")
            values.update({"indent": int(indent)} if indent != name else self.parts[name])
        self[names] = self.workbook.add_format(values)
        return self[names]


class TableSheet:
    """A sheet with one row per record.

    :param str name: of ``SHEETS``
    :param sheet: the worksheet of XlsxWriter
    :param dict data: see ``write_workbook``
    """

    # Rows between the header and the first record: rates, totals.
    head_rows = 0

    def __init__(self, name, sheet, data, styles):
        self.name, self.sheet, self.data, self.styles = name, sheet, data, styles
        self.columns = self.get_columns()
        self.positions = {key: position for position, key in enumerate(self.columns)}
        self.first_row = FIRST_ROW + self.head_rows

    def get_columns(self):
        """Return the keys of the columns, in their order."""
        hidden = self.data["hidden"]
        return [key for key in COLUMNS[self.name] if f"{self.name}.{key}" not in hidden]

    def get_label(self, key):
        """Return the header of a column."""
        return self.data["labels"].get(f"{self.name}.{key}", key)

    def get_width(self, key):
        """Return the width of a column, in characters."""
        return WIDTHS.get(key, 12)

    def write_table(self):
        """Write the whole sheet."""
        self.write_head()
        self.write_rows()
        self.add_choices()

    # === HEAD === #

    def write_head(self):
        """Write what is above the rows, and how the sheet scrolls and prints."""
        data, sheet = self.data, self.sheet
        stamp = make_stamp(self.name, data["lang"], data["estimate_id"], data["digest"])
        sheet.write_string(KEY_ROW - 1, 0, stamp)
        for position, key in enumerate(self.columns):
            if position:
                sheet.write_string(KEY_ROW - 1, position, self.get_key(key))
            sheet.write_string(HEADER_ROW - 1, position, self.get_label(key), self.styles["header"])
            style = self.styles[self.get_style(key)]
            sheet.set_column(position, position, self.get_width(key), style)
        sheet.set_row(KEY_ROW - 1, None, None, {"hidden": True})
        sheet.set_row(TITLE_ROW - 1, 22)
        sheet.set_row(HEADER_ROW - 1, 32)
        sheet.write_string(TITLE_ROW - 1, 0, data["title"], self.styles["title"])
        legend = self.positions["name"] + 1
        sheet.write_string(TITLE_ROW - 1, legend, data["legend"], self.styles["legend"])
        sheet.freeze_panes(self.first_row - 1, self.positions["name"] + 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(TITLE_ROW - 1, self.first_row - 2)

    def get_key(self, key):
        """Return what the hidden row says of a column."""
        return key

    # === ROWS === #

    def get_last_row(self):
        """Return the last row that formulas look at."""
        return self.first_row + len(self.data[self.name]) + SPARE_ROWS

    def write_rows(self):
        """Write one row per record."""
        for row, record in enumerate(self.data[self.name], start=self.first_row):
            for key in self.columns:
                value = record.get(SHOWN.get(key, key))
                self.write_value(row, key, value, self.get_row_style(key, record))

    def get_style(self, key):
        """Return the names of the styles of a column."""
        if key == "id":
            return "id whole top"
        if key in DATES:
            style = "date top"
        elif key in ("unit_cost", "cost", "price", "phase_cost"):
            style = "money top"
        elif key in ("number", "level", "item"):
            style = "whole top"
        elif key in LONG_TEXTS or key == "name" and self.name == "requirements":
            style = "long top"
        elif key in CHOICES or key in ("name", "after", "unit", "reference", "items"):
            style = "text top"
        else:
            style = "days top"
        is_computed = key in COMPUTED[self.name] and key != "name"
        return f"{style} computed" if is_computed else style

    def get_row_style(self, key, record):
        """Return the names of the styles of a cell: its column's, and what the row is."""
        style, kind = self.get_style(key), record.get("kind")
        if kind in ("phase", "milestone", "deliverable"):
            style = f"{style} {kind}"
        if key == "name" and record.get("level", 1) > 1:
            style = f"{style} indent{2 * (record['level'] - 1)}"
        return style

    def write_value(self, row, key, value, style):
        """Write a value into a cell; what is empty keeps its look."""
        position, cell_style = self.positions[key], self.styles[style]
        if key in CHOICES and value is not None:
            value = self.data["choices"].get(key, {}).get(value, value)
        if value is None or value is False or value == "":
            self.sheet.write_blank(row - 1, position, None, cell_style)
        elif key in DATES:
            self.sheet.write_datetime(row - 1, position, value, cell_style)
        elif isinstance(value, str):
            self.sheet.write_string(row - 1, position, fit_text(value), cell_style)
        else:
            self.sheet.write_number(row - 1, position, value, cell_style)

    def mark(self, row, key, label, style="total"):
        """Start a row that is for reading only."""
        self.sheet.write_string(row - 1, 0, MARK, self.styles["id"])
        self.sheet.write_string(row - 1, self.positions[key], label, self.styles[style])

    def add_choices(self):
        """Offer the possible values where a word is chosen, on rows to come as well."""
        for key in CHOICES & set(self.columns):
            labels = list(self.data["choices"].get(key, {}).values())
            if labels and sum(len(label) + 1 for label in labels) < 250:
                position = self.positions[key]
                self.sheet.data_validation(
                    self.first_row - 1,
                    position,
                    self.get_last_row() - 1,
                    position,
                    {"validate": "list", "source": labels},
                )
