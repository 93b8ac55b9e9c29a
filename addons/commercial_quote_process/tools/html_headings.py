"""Headings of a text that stands under a heading of its own, for people who read by headings."""

from lxml import etree, html

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def nest_headings(text, level):
    """Return an HTML text whose headings begin at a level and skip none.

    Each heading keeps its rank among the others of the text; what the writer made bigger than the
    title above it, for its looks, becomes a part of it again.

    :param str text: HTML
    :param int level: the level of the highest heading of the text, 1 to 6
    :rtype: str

    >>> nest_headings("<h1>One</h1><p>x</p><h4>Two</h4>", 3)
    '<h3>One</h3><p>x</p><h4>Two</h4>'
    >>> nest_headings("<h2>One</h2><h5>Two</h5><h2>Three</h2><h3>Four</h3>", 3)
    '<h3>One</h3><h4>Two</h4><h3>Three</h3><h4>Four</h4>'
    >>> nest_headings("<h4>Smaller first</h4><h2>Then bigger</h2>", 3)
    '<h3>Smaller first</h3><h3>Then bigger</h3>'
    >>> nest_headings("1 &lt; 2", 3)
    '1 &lt; 2'
    >>> nest_headings("", 3)
    ''
    """
    if not any(f"<{heading}" in text for heading in HEADINGS):
        return text
    root = html.fragment_fromstring(text, create_parent="div")
    above = []
    for node in root.iter(*HEADINGS):
        size = int(node.tag[1])
        while above and above[-1] >= size:
            above.pop()
        above.append(size)
        node.tag = f"h{min(level + len(above) - 1, 6)}"
    inner = etree.tostring(root, encoding="unicode", method="html", with_tail=False)
    return inner.removeprefix("<div>").removesuffix("</div>")
