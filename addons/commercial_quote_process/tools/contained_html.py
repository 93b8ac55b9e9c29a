"""HTML documents that carry all they need: what prints them opens no connection at all.

A style sheet or an image stands in the document itself, or is left out; fonts are those of the
machine. ``read`` is how the caller finds a file: it takes an address and returns a MIME type and
bytes, or None.

>>> files = {"/a.png": ("image/png", b"png"), "/a.css": ("text/css", b"p{background:url(/b)}")}
>>> page = '<html><head><link rel="stylesheet" href="/a.css"></head><body>%s</body></html>'
>>> text = contain_html(page % '<img src="/a.png"><img src="//x.example/b.png">', files.get)
>>> "<style>p{background:none}</style>" in text, text.count("<img"), "example" in text
(True, 1, False)
>>> "example" in contain_html(page % '<svg><use href="//x.example/a"/></svg>', files.get)
False
"""

from lxml import etree, html

from .contained_css import as_data, contain_css, is_inside

# What shows another document, or makes of this one something else than what is printed.
FOREIGN_TAGS = frozenset(
    "applet audio base bgsound embed feimage frame frameset iframe ilayer layer object picture"
    " source track video".split()
)
IMAGE_TAGS = frozenset(("image", "img", "input"))
XLINK = "{http://www.w3.org/1999/xlink}href"
LINKS = ("href", "xlink:href", XLINK)
FETCHING = ("action", "background", "data", "lowsrc", "manifest", "poster", "src", "srcset", *LINKS)
# What Odoo's headers and footers do, to find out on which page they are.
HEADER_PROGRAM = "subst()"


def contain_html(text, read, style=""):
    """Return a document with its style sheets and images inside, and nothing that is elsewhere.

    :param str text: a whole HTML document
    :param read: see above
    :param str style: one more style sheet, after all others
    :rtype: str
    """
    root = html.document_fromstring(text, parser=html.HTMLParser(encoding="utf-8"))
    head = root.find("head")
    for node in list(root.iter(etree.Element)):
        if _is_foreign(node, head):
            node.drop_tree()
        elif node.tag == "link":
            _contain_link(node, read)
        elif node.tag == "style":
            node.text = contain_css(node.text or "")
        elif node.tag not in IMAGE_TAGS or _contain_image(node, read):
            _contain_attributes(node, read)
    if style:
        etree.SubElement(head, "style").text = style
    return html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")


def _is_foreign(node, head):
    """Return whether an element has no place in a printed document."""
    if node.tag == "script":
        # Those of Odoo stand in the head; texts, which are in the body, have no program.
        return bool(node.get("src")) or node.getparent() is not head
    return node.tag in FOREIGN_TAGS or (node.tag == "meta" and "http-equiv" in node.attrib)


def _contain_link(node, read):
    """Put a style sheet in the place of its link; links that are something else go."""
    file = read(node.get("href") or "") if "stylesheet" in (node.get("rel") or "") else None
    if not file:
        node.drop_tree()
        return
    css = contain_css(file[1].decode("utf-8", "replace"))
    node.tag, node.text = "style", css
    for name in list(node.attrib):
        del node.attrib[name]


def _contain_image(node, read):
    """Put an image into the document.

    :return: whether it is still there
    :rtype: bool
    """
    for name in ("src", *LINKS):
        address = node.get(name) or ""
        if name not in node.attrib or is_inside(address):
            continue
        file = read(address)
        if not file or not is_inside(as_data(*file)):
            node.drop_tree()
            return False
        node.set(name, as_data(*file))
    return True


def _contain_attributes(node, read):
    """Leave nothing in the attributes of an element that an engine would fetch, or run."""
    for name, value in list(node.attrib.items()):
        if name.startswith("on") and value != HEADER_PROGRAM:
            del node.attrib[name]
        elif name in FETCHING and not _may_stay(node, name, value):
            del node.attrib[name]
        elif name == "style" or "(" in value:
            node.set(name, contain_css(value, read))


def _may_stay(node, name, value):
    """Return whether an address is a link to click on, a place in the document, or inside it."""
    is_link = node.tag in ("a", "area") and name in LINKS
    return is_link or value.strip().startswith("#") or is_inside(value)
