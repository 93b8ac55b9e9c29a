"""HTML documents that carry all they need: what prints them opens no connection at all.

A style sheet or an image stands in the document itself, or is left out; fonts are those of the
machine. ``read`` is how the caller finds a file: it takes an address and returns a MIME type and
bytes, or None.

>>> files = {"/a.png": ("image/png", b"png"), "/a.css": ("text/css", b"p{background:url(/b)}")}
>>> page = '<html><head><link rel="stylesheet" href="/a.css"></head><body>%s</body></html>'
>>> text = contain_html(page % '<img src="/a.png"><img src="//x.example/b.png">', files.get)
>>> "<style>p{background:none}</style>" in text, text.count("<img"), "example" in text
(True, 1, False)
"""

import re
from base64 import b64encode

from lxml import etree, html

FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
ADDRESS = re.compile(r"url\(\s*(['\"]?)([^'\")]*)\1\s*\)")
FETCHING_TAGS = ("iframe", "object", "embed", "video", "audio", "source", "base", "frame")
XLINK = "{http://www.w3.org/1999/xlink}href"


def contain_html(text, read, style=""):
    """Return a document with its style sheets and images inside, and nothing that is elsewhere.

    :param str text: a whole HTML document
    :param read: see above
    :param str style: one more style sheet, after all others
    :rtype: str
    """
    root = html.document_fromstring(text, parser=html.HTMLParser(encoding="utf-8"))
    for node in list(root.iter(etree.Element)):
        if node.tag == "link":
            _contain_link(node, read)
        elif node.tag in FETCHING_TAGS or (node.tag == "script" and node.get("src")):
            node.drop_tree()
        elif node.tag == "style":
            node.text = contain_css(node.text or "")
        elif node.tag in ("img", "image", "input"):
            _contain_image(node, read)
        _contain_attributes(node, read)
    if style:
        etree.SubElement(root.find("head"), "style").text = style
    return html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")


def contain_css(css):
    """Return a style sheet that names no file.

    >>> contain_css("@font-face{font-family:'Lato';src:url(/l.woff)}p{background:url('/x')}")
    'p{background:none}'

    :param str css: the style sheet
    :rtype: str
    """
    rest = FONT_FACE.sub("", css)
    return ADDRESS.sub(lambda match: match.group() if _is_inside(match[2]) else "none", rest)


def as_data(mimetype, content):
    """Return bytes as an address that carries them.

    >>> as_data("image/png", b"png")
    'data:image/png;base64,cG5n'
    """
    return f"data:{mimetype};base64,{b64encode(content).decode()}"


def _is_inside(address):
    return address.strip().lower().startswith("data:")


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
    name = next((name for name in ("src", "href", "xlink:href", XLINK) if name in node.attrib), "")
    address = node.get(name) or ""
    if not name or _is_inside(address):
        return
    if file := read(address):
        node.set(name, as_data(*file))
    else:
        node.drop_tree()


def _contain_attributes(node, read):
    """Leave nothing in the attributes of an element that an engine would fetch."""
    for name in ("srcset", "background", "poster"):
        if name in node.attrib:
            del node.attrib[name]
    style = node.get("style") or ""
    if "url(" in style.lower():
        node.set("style", ADDRESS.sub(lambda match: _get_inside(match[2], read), style))


def _get_inside(address, read):
    if _is_inside(address):
        return f"url({address})"
    file = read(address)
    return f"url({as_data(*file)})" if file else "none"
