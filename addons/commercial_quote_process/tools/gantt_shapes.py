"""Plain SVG shapes that a browser, an old PDF engine and a printer all show.

No style sheet, no script, no pattern, no clipping: rectangles, lines, polygons and text.

>>> svg = new_svg(100, 20)
>>> bar(svg, 10, 40, 10, "#335577", is_critical=True)
>>> milestone(svg, 40, 10)
>>> [child.tag for child in svg][1:3], svg[-1].get("points")
(['rect', 'path'], '40.0,3.5 46.5,10.0 40.0,16.5 33.5,10.0')
>>> shade("#ffffff", "#000000", 0.25), shade("nothing", "#000000", 0.25)
('#bfbfbf', '#444a54')
"""

import re

from lxml import etree

FONT = "Arial, Helvetica, sans-serif"
INK, MUTED, LINK, FAINT = "#343a40", "#6c757d", "#9aa1a9", "#b4bac1"
LINE, OFF = "#e3e6e9", "#f0f1f3"
PAPER = "#ffffff"
DEFAULT_COLOR = "#5a6370"
BAR = 11
MARK = 6.5
# How wide a letter is, in parts of the size of the text, on the average and in bold: what the
# wider ones of the usual fonts take.
LETTER, BOLD_LETTER = 0.6, 0.67


def new_svg(width, height):
    """Return an empty drawing, on white paper wherever it is shown."""
    svg = etree.Element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        width=str(width),
        height=str(height),
        role="img",
    )
    add(svg, "rect", x=0, y=0, width=width, height=height, fill=PAPER)
    return svg


def shade(color, other, part):
    """Return a colour mixed with another one.

    :param str color: as #rrggbb; anything else counts as the default colour
    :param str other: as #rrggbb
    :param float part: part of the other colour, from 0 to 1
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", color or ""):
        color = DEFAULT_COLOR
    pairs = zip(_channels(color), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def _channels(color):
    return [int(color[position : position + 2], 16) for position in (1, 3, 5)]


# === BARS AND MARKS === #


def bar(parent, left, right, middle, color, is_critical=False):
    """Draw a task; a critical one is darker, and striped for those who see no colours."""
    width, top = max(right - left, 2.5), middle - BAR / 2
    edge = shade(color, "#000000", 0.25)
    fill = shade(color, "#000000", 0.12) if is_critical else shade(color, PAPER, 0.35)
    box = {"x": left, "y": top, "width": width, "height": BAR, "rx": min(2.5, width / 2)}
    add(parent, "rect", **box, fill=fill, stroke=edge)
    if not is_critical:
        return
    size = BAR - 2
    count = max(int((width - size - 3) / 7) + 1, 0) if width > size + 3 else 0
    lines = [f"M{left + 2 + 7 * n:.1f} {top + BAR - 1:.1f}l{size} {-size}" for n in range(count)]
    stripes = add(parent, "path", d="".join(lines), stroke=PAPER, fill="none")
    stripes.set("stroke-width", "1.6")
    stripes.set("stroke-opacity", "0.55")


def phase(parent, left, right, middle):
    """Draw a phase: a bracket over what is inside."""
    right = max(right, left + 6)
    tab = min(6, (right - left) / 2)
    top, low, end = middle - 4.5, middle + 0.5, middle + 5.5
    points = [(left, top), (right, top), (right, end), (right - tab, low), (left + tab, low)]
    add(parent, "polygon", points=join([*points, (left, end)]), fill=INK)


def milestone(parent, x, middle, color=INK):
    """Draw a milestone: a diamond at its end."""
    corners = [(x, middle - MARK), (x + MARK, middle), (x, middle + MARK), (x - MARK, middle)]
    add(parent, "polygon", points=join(corners), fill=color)


def deliverable(parent, x, middle, color=INK):
    """Draw a deliverable: a sheet of paper with a folded corner."""
    left, top = x - 5, middle - 6.5
    sheet = [(0, 0), (6, 0), (10, 4), (10, 13), (0, 13)]
    corner = [(6, 0), (6, 4), (10, 4)]
    for points, tag in ((sheet, "polygon"), (corner, "polyline")):
        shape = add(parent, tag, points=join([(left + x, top + y) for x, y in points]))
        shape.set("fill", PAPER if tag == "polygon" else "none")
        shape.set("stroke", color)
        shape.set("stroke-width", "1.2")


def slack(parent, right, end, middle):
    """Draw how late a row may be: a thin line with a stop."""
    if end - right < 3:
        return
    for x1, y1, x2, y2 in ((right, middle, end, middle), (end, middle - 3, end, middle + 3)):
        line = add(parent, "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=FAINT)
        line.set("stroke-width", "1.2")


def sold(parent, left, right, middle):
    """Draw where a row was when it was sold: a thin bar under it."""
    width = max(right - left, 2)
    add(parent, "rect", x=left, y=middle + BAR / 2 + 1, width=width, height=2.5, fill=MUTED)


def link(parent, points):
    """Draw a dependency: a line through points, with a head at its end."""
    add(parent, "polyline", points=join(points), fill="none", stroke=LINK)
    (x0, y0), (x, y) = points[-2:]
    if x == x0:
        back = y - 4.5 if y > y0 else y + 4.5
        head = [(x, y), (x - 3, back), (x + 3, back)]
    else:
        head = [(x, y), (x - 4.5, y - 3), (x - 4.5, y + 3)]
    add(parent, "polygon", points=join(head), fill=LINK)


# === TEXT AND ELEMENTS === #


def measure(text, size, bold=False):
    """Return about how wide a text is, on the safe side.

    >>> measure("March", 10) < measure("March 2026", 10) < measure("March 2026", 10, bold=True)
    True
    """
    return len(text) * size * (BOLD_LETTER if bold else LETTER)


def shorten(text, size, width, bold=False):
    """Return a text cut to a width, with an ellipsis where it was cut.

    >>> shorten("Publication portal", 11, 500), shorten("Publication portal", 11, 60)
    ('Publication portal', 'Publicat…')
    """
    longest = int(width / (size * (BOLD_LETTER if bold else LETTER)))
    return text if len(text) <= longest else text[: max(longest - 1, 1)].rstrip() + "…"


def write(parent, text, x, y, size, bold=False, color=INK):
    """Write a line of text that starts at a point."""
    node = add(parent, "text", x=x, y=y, fill=color)
    node.set("font-size", str(size))
    node.set("font-family", FONT)
    if bold:
        node.set("font-weight", "bold")
    node.text = text


def join(points):
    """Return points as SVG writes them."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def add(parent, tag, **attributes):
    """Add an element; numbers are written with one digit."""
    values = {
        name: f"{value:.1f}" if isinstance(value, float) else str(value)
        for name, value in attributes.items()
    }
    return etree.SubElement(parent, tag, values)
