"""The compliance matrix as a spreadsheet. What clients and people typed never becomes a formula."""

import io

import xlsxwriter

# What each answer looks like; the words say it as well.
ANSWER_COLORS = {"compliant": "#d7ecd9", "partial": "#fdeecd", "non_compliant": "#f8d4d4"}
WIDTHS = (12, 60, 14, 20, 50, 40)


def write_compliance_workbook(rows, headers, title):
    """Return an XLSX file with one row per requirement.

    >>> row = {"reference": "3.2", "name": '=HYPERLINK("http://x")', "priority_label": "Required",
    ...        "compliance": "partial", "compliance_label": "Partly", "comment": "", "items": []}
    >>> content = write_compliance_workbook([row], ["Ref."] * 6, "Requirements")
    >>> content[:2]
    b'PK'

    :param list rows: dicts with ``reference``, ``name``, ``priority_label``, ``compliance``,
        ``compliance_label``, ``comment`` and ``items``
    :param list headers: six titles of columns
    :param str title: name of the sheet
    :rtype: bytes
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(_clean_sheet_name(title))
        text = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#d0d0d0"}
        plain = book.add_format(text)
        head = book.add_format({**text, "bold": True, "bg_color": "#e8e8ee"})
        answers = {
            key: book.add_format({**text, "bg_color": color})
            for key, color in ANSWER_COLORS.items()
        }
        for column, (header, width) in enumerate(zip(headers, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, header, head)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(_get_cells(row)):
                style = answers.get(row["compliance"], plain) if column == 3 else plain
                sheet.write_string(line, column, value, style)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(headers) - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    return buffer.getvalue()


def _get_cells(row):
    return (
        row["reference"],
        row["name"],
        row["priority_label"],
        row["compliance_label"],
        row["comment"],
        "\n".join(row["items"]),
    )


def _clean_sheet_name(title):
    """Return a title that a spreadsheet accepts as the name of a sheet.

    >>> _clean_sheet_name("Exigences : lot [1/2]")
    'Exigences   lot  1 2'
    """
    cleaned = "".join(" " if char in "[]:*?/\\'" else char for char in title)
    return cleaned.strip()[:31] or "1"
