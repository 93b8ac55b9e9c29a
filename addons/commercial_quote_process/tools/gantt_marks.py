"""What a drawn plan shows of a project at work: today, what is late, what was added or removed.

Plain SVG, as in ``gantt_shapes``; a drawing without these keys has none of it.

>>> svg = shapes.new_svg(100, 60)
>>> today(svg, 40, 34, 60, "Today", 99)
>>> removed(svg, 10, 40, 45)
>>> [child.tag for child in svg[1:]]
['line', 'text', 'rect', 'line']
>>> get_color({"late": True}), get_color({})
('#c0392b', None)
"""

from . import gantt_shapes as shapes

LATE = "#c0392b"
TODAY = "#d35400"


def get_color(row):
    """Return the colour of a row that stands out, or None.

    :param dict row: see ``tools.gantt.draw_gantt``
    """
    return LATE if row.get("late") else None


def today(parent, x, top, bottom, text, right):
    """Draw the line of today, with its name where there is room for it."""
    line = shapes.add(parent, "line", x1=x, y1=top, x2=x, y2=bottom, stroke=TODAY)
    line.set("stroke-width", "1.5")
    line.set("stroke-dasharray", "4 3")
    width = shapes.measure(text, 9, bold=True)
    left = x + 4 if x + 4 + width <= right else x - 4 - width
    shapes.write(parent, text, left, top - 3, 9, bold=True, color=TODAY)


def removed(parent, left, right, middle):
    """Draw what was sold and is no longer planned: an empty bar, struck out."""
    width, top = max(right - left, 6), middle - shapes.BAR / 2
    box = {"x": left, "y": top, "width": width, "height": shapes.BAR, "rx": 2.5}
    bar = shapes.add(parent, "rect", **box, fill=shapes.PAPER, stroke=shapes.FAINT)
    bar.set("stroke-dasharray", "3 2")
    shapes.add(parent, "line", x1=left, y1=middle, x2=left + width, y2=middle, stroke=shapes.MUTED)


def added(parent, left, right, middle, color):
    """Draw a task that nobody sold: a bar with nothing but its border."""
    width, top = max(right - left, 2.5), middle - shapes.BAR / 2
    box = {"x": left, "y": top, "width": width, "height": shapes.BAR, "rx": min(2.5, width / 2)}
    bar = shapes.add(parent, "rect", **box, fill=shapes.PAPER)
    bar.set("stroke", shapes.shade(color, "#000000", 0.25))
    bar.set("stroke-width", "1.6")


def sample(parent, shape, x, middle, color):
    """Draw a shape for the explanation of a drawing, 20 wide.

    :param str shape: see the legend of ``tools.gantt.draw_gantt``
    """
    if shape in ("task", "critical"):
        shapes.bar(parent, x, x + 20, middle, color, shape == "critical")
    elif shape == "late":
        shapes.bar(parent, x, x + 20, middle, LATE)
    elif shape == "added":
        added(parent, x, x + 20, middle, color)
    elif shape == "removed":
        removed(parent, x, x + 20, middle)
    elif shape == "slack":
        shapes.slack(parent, x + 2, x + 18, middle)
    elif shape == "sold":
        shapes.sold(parent, x, x + 20, middle - shapes.BAR / 2 - 2)
    elif shape == "off":
        box = {"x": x, "y": middle - 5, "width": 20, "height": 10}
        shapes.add(parent, "rect", **box, fill=shapes.OFF, stroke=shapes.LINE)
    else:
        getattr(shapes, shape)(parent, x + 10, middle)
