"""A plan as a drawing: inline SVG that a browser, an old PDF engine and a printer all show.

Only plain shapes and attributes are used: no style sheet, no script, no font to load.

>>> rows = [
...     {"name": "Design", "kind": "phase", "level": 0, "start": 0, "end": 8},
...     {"name": "Survey", "kind": "task", "level": 1, "start": 0, "end": 3},
...     {"name": "Approved", "kind": "milestone", "level": 1, "start": 8, "end": 8},
... ]
>>> drawings = draw_gantt(rows)
>>> len(drawings), drawings[0].startswith("<svg")
(1, True)
>>> drawings[0].count("<polygon"), drawings[0].count("<title>")
(1, 3)
>>> len(draw_gantt(rows * 20, rows_per_drawing=25))
3
>>> draw_gantt([])
[]
>>> "<script" in draw_gantt([{**rows[0], "name": "<script>"}])[0]
False
"""

from math import ceil

from lxml import etree

WIDTH = 760
NAMES_WIDTH = 270
MARGIN = 8
HEADER_HEIGHT = 26
ROW_HEIGHT = 22
DAYS_PER_WEEK = 5
MOST_TICKS = 16
FONT = "Arial, Helvetica, sans-serif"
INK, FAINT, STRIPE = "#343a40", "#ced4da", "#f8f9fa"
# Letters of 11 px that fit in the column of the names.
NAME_LENGTH = 42


def draw_gantt(rows, color="#5f5e97", week_label="W", rows_per_drawing=30):
    """Draw a plan, split in drawings that each fit on a page.

    :param list rows: dicts with ``name``, ``kind`` (phase, task, milestone, deliverable),
        ``level``, ``start`` and ``end`` in working days from the start of the plan
    :param str color: colour of the bars, as #rrggbb
    :param str week_label: letter before the number of a week
    :param int rows_per_drawing: rows after which a new drawing starts
    :return: one SVG text per drawing
    :rtype: list[str]
    """
    weeks = max((ceil(row["end"] / DAYS_PER_WEEK) for row in rows), default=0) or 1
    return [
        _draw(rows[first : first + rows_per_drawing], weeks, color, week_label)
        for first in range(0, len(rows), rows_per_drawing)
    ]


def _draw(rows, weeks, color, week_label):
    height = HEADER_HEIGHT + ROW_HEIGHT * len(rows) + MARGIN
    svg = etree.Element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height}",
        width=str(WIDTH),
        height=str(height),
        role="img",
    )
    scale = (WIDTH - NAMES_WIDTH - 2 * MARGIN) / (weeks * DAYS_PER_WEEK)
    for position in range(0, len(rows), 2):
        top = HEADER_HEIGHT + position * ROW_HEIGHT
        _add(svg, "rect", x=0, y=top, width=WIDTH, height=ROW_HEIGHT, fill=STRIPE)
    _draw_weeks(svg, weeks, scale, height, week_label)
    for position, row in enumerate(rows):
        _draw_row(svg, row, HEADER_HEIGHT + position * ROW_HEIGHT, scale, color)
    return etree.tostring(svg, encoding="unicode")


def _draw_weeks(svg, weeks, scale, height, week_label):
    step = ceil(weeks / MOST_TICKS)
    for week in range(0, weeks, step):
        x = NAMES_WIDTH + MARGIN + week * DAYS_PER_WEEK * scale
        _add(svg, "line", x1=x, y1=HEADER_HEIGHT - 6, x2=x, y2=height - MARGIN, stroke=FAINT)
        _write(svg, f"{week_label}{week + 1}", x + 3, HEADER_HEIGHT - 10, 10)


def _draw_row(svg, row, top, scale, color):
    group = etree.SubElement(svg, "g")
    etree.SubElement(group, "title").text = row["name"]
    indent = MARGIN + 12 * min(row["level"], 4)
    name = row["name"]
    longest = NAME_LENGTH - 2 * min(row["level"], 4)
    if len(name) > longest:
        name = name[: longest - 1].rstrip() + "…"
    bold = row["kind"] == "phase"
    _write(group, name, indent, top + 15, 11, bold)
    left = NAMES_WIDTH + MARGIN + row["start"] * scale
    right = NAMES_WIDTH + MARGIN + row["end"] * scale
    middle = top + ROW_HEIGHT / 2
    if row["kind"] == "milestone":
        points = [
            (right - 6, middle),
            (right, middle - 6),
            (right + 6, middle),
            (right, middle + 6),
        ]
        _add(group, "polygon", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points), fill=INK)
    elif row["kind"] == "deliverable":
        _add(group, "rect", x=right - 5, y=middle - 5, width=10, height=10, fill=INK)
    elif row["kind"] == "phase":
        _add(group, "rect", x=left, y=middle - 3, width=max(right - left, 2), height=6, fill=INK)
    else:
        width = max(right - left, 2)
        _add(group, "rect", x=left, y=middle - 6, width=width, height=12, rx=2, fill=color)


def _write(parent, text, x, y, size, bold=False):
    node = _add(parent, "text", x=x, y=y, fill=INK)
    node.set("font-size", str(size))
    node.set("font-family", FONT)
    if bold:
        node.set("font-weight", "bold")
    node.text = text


def _add(parent, tag, **attributes):
    values = {
        name: f"{value:.1f}" if isinstance(value, float) else str(value)
        for name, value in attributes.items()
    }
    return etree.SubElement(parent, tag, values)
