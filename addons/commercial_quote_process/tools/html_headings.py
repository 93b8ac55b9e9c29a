"""Headings of a text that stands under a heading of its own, for people who read by headings."""

from lxml import etree, html

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Class of blocks that no page cuts, the lines that such a block has at most, and letters of a line.
KEPT, MOST_LINES, LINE = "o_quote_keep", 12, 110


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
    if not _has_headings(text):
        return text
    root = html.fragment_fromstring(text, create_parent="div")
    above = []
    for node in root.iter(*HEADINGS):
        size = int(node.tag[1])
        while above and above[-1] >= size:
            above.pop()
        above.append(size)
        node.tag = f"h{min(level + len(above) - 1, 6)}"
    return _get_inner(root)


def keep_headings(text):
    """Return an HTML text whose headings stay on the page of what they stand above.

    A heading and what follows it, unless that is long, become one block that no page cuts.

    :param str text: HTML
    :rtype: str

    >>> keep_headings("<p>a</p><h3>One</h3> <h4>Two</h4><p>b</p><p>c</p>")
    '<p>a</p><div class="o_quote_keep"><h3>One</h3> <h4>Two</h4><p>b</p></div><p>c</p>'
    >>> keep_headings("<h3>One</h3>text")
    '<h3>One</h3>text'
    >>> keep_headings("<h3>One</h3><p>" + "a" * 2000 + "</p>").startswith("<h3>")
    True
    """
    if not _has_headings(text):
        return text
    root = html.fragment_fromstring(text, create_parent="div")
    for heading in list(root.iter(*HEADINGS)):
        if heading.getparent().get("class") != KEPT:
            _keep_heading(heading)
    return _get_inner(root)


def split_opening(text):
    """Return what of an HTML text stays on the page of the title above it, and the rest.

    :param str text: HTML, from ``keep_headings``
    :rtype: tuple(str, str)

    >>> split_opening("<p>a</p><p>b</p>")
    ('<p>a</p>', '<p>b</p>')
    >>> split_opening("<div><p>a</p><p>b</p></div>")
    ('<p>a</p>', '<p>b</p>')
    >>> split_opening("1 &lt; 2")
    ('', '1 &lt; 2')
    >>> split_opening("<ul><li>" + "a" * 2000 + "</li></ul>")[0]
    ''
    """
    if not text.startswith("<"):
        return "", text
    root = html.fragment_fromstring(text, create_parent="div")
    while len(root) == 1 and root[0].tag == "div" and not root[0].attrib:
        root = root[0]
    first = root[0] if len(root) else None
    if first is None or (root.text or "").strip() or not _is_short(first):
        return "", text
    opening = etree.tostring(first, encoding="unicode", method="html", with_tail=False)
    first.drop_tree()
    return opening, _get_inner(root)


def _has_headings(text):
    return any(f"<{heading}" in text for heading in HEADINGS)


def _get_inner(root):
    inner = etree.tostring(root, encoding="unicode", method="html", with_tail=False)
    return inner.removeprefix("<div>").removesuffix("</div>")


def _keep_heading(heading):
    """Put a heading, the ones right under it and what they stand above into one block."""
    kept = [heading]
    while kept[-1].tag in HEADINGS:
        following = kept[-1].getnext()
        if following is None or (kept[-1].tail or "").strip():
            return
        kept.append(following)
    if not _is_short(kept[-1]):
        return
    block = etree.Element("div", {"class": KEPT})
    block.tail, kept[-1].tail = kept[-1].tail, None
    heading.addprevious(block)
    block.extend(kept)


def _is_short(node):
    """Return whether a block takes a few lines only, so that it may move to the next page."""
    if next(node.iter("table", "img"), None) is not None:
        return False
    lines = len(node.text_content()) / LINE + sum(1 for _node in node.iter("p", "li", "br", "div"))
    return lines <= MOST_LINES
