"""A plan as a drawing: inline SVG that a browser, an old PDF engine and a printer all show.

>>> rows = [
...     {"name": "Design", "kind": "phase", "level": 0, "start": 0, "end": 8},
...     {"name": "Survey", "kind": "task", "level": 1, "start": 0, "end": 3, "is_critical": True},
...     {"name": "Approved", "kind": "milestone", "level": 1, "start": 8, "end": 8},
... ]
>>> axis = WeekAxis(8, ["W1", "W2"])
>>> drawings = draw_gantt(rows, axis)
>>> len(drawings), drawings[0].startswith("<svg"), drawings[0].count("<title>")
(1, True, 3)
>>> len(draw_gantt(rows * 20, axis, rows_per_drawing=25))
3
>>> draw_gantt([], axis)
[]
>>> "<script" in draw_gantt([{**rows[0], "name": "<script>"}], axis)[0]
False
>>> legend = {"critical": "Critical path", "sold": "As sold"}
>>> [f">{text}<" in draw_gantt(rows, axis, legend=legend)[0] for text in ("W2", *legend.values())]
[True, True, False]

What a row waits for is an arrow to it, when both are in the same drawing:

>>> linked = [{**rows[1], "key": 1}, {**rows[1], "key": 2, "after": [1], "start": 3, "end": 4}]
>>> [drawing.count("<polyline") for size in (2, 1) for drawing in draw_gantt(linked, axis, size)]
[1, 0, 0]
"""

from lxml import etree

from . import gantt_marks as marks
from . import gantt_shapes as shapes
from .gantt_axis import WeekAxis  # noqa: F401  (for the examples above)
from .gantt_pages import MARKS, get_legend, split

WIDTH = 760
# Part of the width that the names take.
NAMES = 0.32
MARGIN = 8
INDENT = 11
MOST_INDENTS = 5
BAND_HEIGHT = 17
HEADER_HEIGHT = 2 * BAND_HEIGHT
ROW_HEIGHT = 22
LEGEND_HEIGHT = 26
ELBOW = 6


def draw_gantt(
    rows,
    axis,
    rows_per_drawing=30,
    color=shapes.DEFAULT_COLOR,
    legend=None,
    width=WIDTH,
    today=None,
    names=NAMES,
):
    """Draw a plan, split in drawings that each fit on a page.

    :param list rows: dicts with ``name``, ``kind`` (phase, task, milestone, deliverable),
        ``level``, ``start`` and ``end`` in working days from T0; and, where there are any,
        ``slack`` (days), ``is_critical``, ``label`` (text beside a mark), ``sold`` (start and
        end when it was sold); for the arrows ``key`` and ``after``, the keys of the rows that it
        waits for; for a project at work ``late``, ``added`` (nobody sold it) and ``removed`` (it
        was sold and is no longer planned)
    :param axis: a ``gantt_axis.WeekAxis`` or ``DateAxis``
    :param int rows_per_drawing: rows of a drawing at most
    :param str color: colour of the bars, as #rrggbb
    :param dict legend: what the shapes mean, under the last drawing: text by ``task``,
        ``critical``, ``slack``, ``milestone``, ``deliverable``, ``sold``, ``late``, ``added``,
        ``removed``, ``off``; those that the plan has are shown
    :param int width: of each drawing, in pixels
    :param tuple today: where today is on the axis, and its name; no line without it
    :param float names: part of the width that the names take
    :return: one SVG text per drawing
    :rtype: list[str]
    """
    parts = split(rows, rows_per_drawing)
    legends = [[] for _ in parts[1:]] + [get_legend(rows, axis.get_days_off(), legend)]
    return [
        _Drawing(part, axis, color, shown, width, today, names).to_text()
        for part, shown in zip(parts, legends, strict=False)
    ]


class _Drawing:
    """One drawing: header, grid, arrows, rows, legend, from the back to the front."""

    def __init__(self, rows, axis, color, legend, width, today, names):
        self.today = today
        self.rows, self.axis, self.color, self.legend = rows, axis, color, legend
        self.left, self.right = round(names * width), width - MARGIN
        self.scale = (self.right - self.left) / axis.length
        self.bottom = HEADER_HEIGHT + ROW_HEIGHT * len(rows)
        self.svg = shapes.new_svg(width, self.bottom + (LEGEND_HEIGHT if legend else 1))
        self.left_by = {key for row in rows for key in row.get("after", ())}

    def to_text(self):
        """Return the drawing as SVG."""
        self._draw_grid()
        self._draw_band(self.axis.get_months(), 0, 10, bold=True)
        self._draw_band(self.axis.get_weeks(), BAND_HEIGHT, 9, bold=False)
        self._draw_links()
        for position, row in enumerate(self.rows):
            self._draw_row(row, position)
        if self.today and 0 <= self.today[0] <= self.axis.length:
            x = self._x(self.today[0])
            marks.today(self.svg, x, HEADER_HEIGHT, self.bottom, self.today[1], self.right)
        self._draw_legend()
        return etree.tostring(self.svg, encoding="unicode")

    def _x(self, place):
        return self.left + place * self.scale

    def _middle(self, position):
        return HEADER_HEIGHT + ROW_HEIGHT * (position + 0.5)

    # === BACKGROUND === #

    def _draw_grid(self):
        for start, end in self.axis.get_days_off():
            width, height = (end - start) * self.scale, self.bottom - HEADER_HEIGHT
            # In a plan of years weekends are thinner than a line.
            if width >= 1:
                box = {"x": self._x(start), "y": HEADER_HEIGHT, "width": width, "height": height}
                shapes.add(self.svg, "rect", **box, fill=shapes.OFF)
        for position in range(len(self.rows) + 1):
            y = HEADER_HEIGHT + position * ROW_HEIGHT
            self._line(0, y, self.right, y)
        self._line(self.left, 0, self.left, self.bottom)

    def _line(self, x1, y1, x2, y2):
        shapes.add(self.svg, "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=shapes.LINE)

    def _draw_band(self, parts, top, size, bold):
        """Draw a line of the header: as many of its texts as there is room for."""
        free = 0
        for start, end, texts in parts:
            left, right = self._x(start), self._x(end)
            # What does not fit into its own part may go on over the next ones of the same band.
            room = right - left if bold else self.right - left
            text = next((t for t in texts if shapes.measure(t, size, bold) + 6 <= room), "")
            if bold or (text and left >= free):
                self._line(left, top, left, self.bottom)
            if text and left >= free:
                shapes.write(
                    self.svg,
                    text,
                    left + 4,
                    top + 12,
                    size,
                    bold,
                    shapes.INK if bold else shapes.MUTED,
                )
                free = left + 4 + shapes.measure(text, size, bold) + 6

    # === ARROWS === #

    def _draw_links(self):
        positions = {row["key"]: position for position, row in enumerate(self.rows) if "key" in row}
        for position, row in enumerate(self.rows):
            for key in row.get("after", ()):
                if key in positions:
                    shapes.link(self.svg, self._get_corners(positions[key], position))

    def _get_corners(self, before, position):
        """Return the corners of an arrow: down into its row, or round by the gap between rows."""
        one, other = self.rows[before], self.rows[position]
        y1, y2 = self._middle(before), self._middle(position)
        down = 1 if y2 > y1 else -1
        right, left = self._get_right(one), self._x(self.axis.start_at(other["start"]))
        reach = shapes.MARK if one["kind"] in MARKS else 0
        if other["kind"] in MARKS:
            drop = left = self._get_right(other)
            edge, half = left - shapes.MARK, shapes.MARK
        else:
            edge, half = left, (shapes.BAR if other["kind"] == "task" else 9) / 2
            drop = max(left + 4, right) if right <= self._get_right(other) - 2 else left + 4
        target = (drop, y2 - down * half)
        if drop >= right + reach + 2:
            return [(right + reach, y1), (drop, y1), target]
        if drop >= right - 1 and left <= right + 1:
            # It starts where the other one ends: straight down from there.
            return [(drop, y1 + down * (reach or shapes.BAR / 2)), target]
        between, turn = y1 + down * ROW_HEIGHT / 2, edge - ELBOW
        start = right + reach
        return [
            (start, y1),
            (start + ELBOW, y1),
            (start + ELBOW, between),
            (turn, between),
            (turn, y2),
            (edge, y2),
        ]

    # === ROWS === #

    def _get_sold_edges(self, row):
        """Return from where to where a row was sold; a mark has the width of its shape."""
        start, end = row["sold"]
        right = self._x(self.axis.end_at(end))
        if row["kind"] in MARKS:
            return right - shapes.MARK, right + shapes.MARK
        return self._x(self.axis.start_at(start)), right

    def _get_right(self, row):
        return self._x(self.axis.end_at(row["end"]))

    def _draw_row(self, row, position):
        group = shapes.add(self.svg, "g")
        etree.SubElement(group, "title").text = row["name"]
        middle, bold = self._middle(position), row["kind"] == "phase"
        indent = MARGIN + INDENT * min(row["level"], MOST_INDENTS)
        name = shapes.shorten(row["name"], 11, self.left - indent - 4, bold)
        ink = shapes.MUTED if row.get("removed") else shapes.INK
        shapes.write(group, name, indent, middle + 4, 11, bold, ink)
        left, right = self._x(self.axis.start_at(row["start"])), self._get_right(row)
        if row.get("sold"):
            shapes.sold(group, *self._get_sold_edges(row), middle)
        if row.get("slack") and row["kind"] != "phase":
            shapes.slack(group, right, self._x(self.axis.end_at(row["end"] + row["slack"])), middle)
        self._draw_shape(group, row, left, right, middle)

    def _draw_shape(self, group, row, left, right, middle):
        color = marks.get_color(row)
        if row.get("removed"):
            marks.removed(group, left, right, middle)
        elif row["kind"] == "task" and row.get("added"):
            marks.added(group, left, right, middle, color or self.color)
        elif row["kind"] == "task":
            shapes.bar(group, left, right, middle, color or self.color, row.get("is_critical"))
        elif row["kind"] == "phase":
            shapes.phase(group, left, right, middle)
        else:
            getattr(shapes, row["kind"])(group, right, middle, color or shapes.INK)
            self._draw_label(group, row, right, middle)

    def _draw_label(self, group, row, right, middle):
        """Write the date of a mark beside it, where no line leaves it."""
        text = row.get("label") or ""
        width, gap = shapes.measure(text, 9), shapes.MARK + 4
        after, before = right + gap, right - gap - width
        is_free = not row.get("slack") and row.get("key") not in self.left_by
        fits = after + width <= self.right
        x = after if fits and (is_free or before < self.left) else before
        if text:
            shapes.write(group, text, x, middle + 3, 9, color=shapes.MUTED)

    def _draw_legend(self):
        x, middle = self.left + 2, self.bottom + LEGEND_HEIGHT / 2 + 2
        for shape, text in self.legend:
            marks.sample(self.svg, shape, x, middle, self.color)
            shapes.write(self.svg, text, x + 24, middle + 3, 9, color=shapes.MUTED)
            x += 24 + shapes.measure(text, 9) + 12
