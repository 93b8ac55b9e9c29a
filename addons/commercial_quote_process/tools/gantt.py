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

Weeks carry their number, or the texts given; what a row waits for is a thin line to it:

>>> "W2" in drawings[0], "9 Mar" in draw_gantt(rows, week_labels=["2 Mar", "9 Mar"])[0]
(True, True)
>>> linked = [{**rows[1], "key": 1}, {**rows[2], "key": 2, "after": [1]}]
>>> draw_gantt(linked)[0].count("<polyline"), draw_gantt(linked, rows_per_drawing=1)[1].count("<po")
(1, 1)
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
MOST_DATES = 9
FONT = "Arial, Helvetica, sans-serif"
INK, LINK, FAINT, STRIPE = "#343a40", "#adb5bd", "#dee2e6", "#f8f9fa"
# Letters of 11 px that fit in the column of the names.
NAME_LENGTH = 42


def draw_gantt(rows, color="#5f5e97", week_label="W", rows_per_drawing=30, week_labels=()):
    """Draw a plan, split in drawings that each fit on a page.

    :param list rows: dicts with ``name``, ``kind`` (phase, task, milestone, deliverable),
        ``level``, ``start`` and ``end`` in working days from the start of the plan; and, for the
        lines between rows, ``key`` and ``after``, the keys of the rows that it waits for
    :param str color: colour of the bars, as #rrggbb
    :param str week_label: letter before the number of a week
    :param int rows_per_drawing: rows after which a new drawing starts
    :param list week_labels: text of each week, such as its date, instead of its number
    :return: one SVG text per drawing
    :rtype: list[str]
    """
    weeks = count_weeks(rows)
    labels = list(week_labels) or [f"{week_label}{week + 1}" for week in range(weeks)]
    return [
        _draw(rows[first : first + rows_per_drawing], weeks, color, labels)
        for first in range(0, len(rows), rows_per_drawing)
    ]


def count_weeks(rows):
    """Return how many weeks a drawing of these rows has; at least one.

    >>> count_weeks([]), count_weeks([{"end": 5}]), count_weeks([{"end": 5.5}])
    (1, 1, 2)
    """
    return max((ceil(row["end"] / DAYS_PER_WEEK) for row in rows), default=0) or 1


def _draw(rows, weeks, color, week_labels):
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
    _draw_weeks(svg, week_labels[:weeks], scale, height)
    _draw_links(svg, rows, scale)
    for position, row in enumerate(rows):
        _draw_row(svg, row, HEADER_HEIGHT + position * ROW_HEIGHT, scale, color)
    return etree.tostring(svg, encoding="unicode")


def _draw_weeks(svg, week_labels, scale, height):
    widest = max(map(len, week_labels), default=1)
    step = ceil(len(week_labels) / (MOST_TICKS if widest <= 4 else MOST_DATES))
    for week in range(0, len(week_labels), step):
        x = NAMES_WIDTH + MARGIN + week * DAYS_PER_WEEK * scale
        _add(svg, "line", x1=x, y1=HEADER_HEIGHT - 6, x2=x, y2=height - MARGIN, stroke=FAINT)
        _write(svg, week_labels[week], x + 3, HEADER_HEIGHT - 10, 10)


def _draw_links(svg, rows, scale):
    """Draw what rows wait for, when it is in the same drawing: along its end, then across."""
    positions = {row["key"]: position for position, row in enumerate(rows) if "key" in row}
    for position, row in enumerate(rows):
        for key in row.get("after", ()):
            if key in positions:
                before = positions[key]
                x = NAMES_WIDTH + MARGIN + rows[before]["end"] * scale + 3
                end = max(NAMES_WIDTH + MARGIN + row["start"] * scale, x)
                top, bottom = (HEADER_HEIGHT + ROW_HEIGHT * (p + 0.5) for p in (before, position))
                points = [(x - 3, top), (x, top), (x, bottom), (end, bottom)]
                _add(svg, "polyline", points=_join(points), fill="none", stroke=LINK)


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
        _add(group, "polygon", points=_join(points), fill=INK)
    elif row["kind"] == "deliverable":
        _add(group, "rect", x=right - 5, y=middle - 5, width=10, height=10, fill=INK)
    elif row["kind"] == "phase":
        _add(group, "rect", x=left, y=middle - 3, width=max(right - left, 2), height=6, fill=INK)
    else:
        width = max(right - left, 2)
        _add(group, "rect", x=left, y=middle - 6, width=width, height=12, rx=2, fill=color)


def _join(points):
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


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
