"""Texts written by people, made safe to print and to show to a client.

What the sanitizer of the field leaves is not enough for a document that a server prints: an image
of another address would be fetched by it, and a positioned style would cover the page.
"""

from xml.sax.saxutils import escape

from lxml import etree, html

# Addresses that printing may read: our own images, and those that carry their bytes.
OWN_SOURCES = ("/web/image", "/web/content")
DATA_SOURCES = ("data:image/png", "data:image/jpeg", "data:image/gif")
# What shows or runs something else; images of the server are kept.
FOREIGN_TAGS = frozenset(
    "applet audio base bgsound embed form frame frameset iframe ilayer image layer link math meta"
    " object picture script source style svg track video".split()
)
FETCHING_ATTRIBUTES = ("src", "srcset", "background", "poster", "data", "lowsrc")


def clean_client_html(text):
    """Return an HTML text without what fetches a foreign address or leaves its place.

    >>> clean_client_html('<p>Scope</p><img src="http://other.example/x.png">')
    '<p>Scope</p>'
    >>> clean_client_html('<p style="position:fixed;color:red">x</p>')
    '<p style="color:red">x</p>'
    >>> clean_client_html('<p style="background:url(//a.example)">x</p>')
    '<p>x</p>'
    >>> clean_client_html('<img src="/web/image/12">').startswith('<img src="/web/image/12"')
    True
    >>> clean_client_html('<html><meta http-equiv="refresh"><svg><image href="//a.b"/></svg>x')
    'x'
    >>> clean_client_html("1 &lt; 2")
    '1 &lt; 2'
    >>> clean_client_html(False)
    ''
    """
    if not text or not str(text).strip():
        return ""
    root = html.document_fromstring(f"<html><body>{text}</body></html>").find("body")
    if root is None:
        return ""
    for node in list(root.iter(etree.Element)):
        if node.tag in FOREIGN_TAGS or (node.tag == "img" and not _is_local(node)):
            node.drop_tree()
        else:
            _clean_attributes(node)
    beginning = root.text if (root.text or "").strip() else ""
    return escape(beginning) + "".join(html.tostring(child, encoding="unicode") for child in root)


def _is_local(node):
    return (node.get("src") or "").strip().lower().startswith(OWN_SOURCES + DATA_SOURCES)


def _clean_attributes(node):
    for name in list(node.attrib):
        is_source = node.tag == "img" and name == "src"
        if name.startswith("on") or (name in FETCHING_ATTRIBUTES and not is_source):
            del node.attrib[name]
    if "style" in node.attrib:
        _clean_style(node)


def _clean_style(node):
    """Keep the declarations of a style that neither fetch nor take the text out of its place."""
    kept = [
        declaration.strip()
        for declaration in node.get("style").split(";")
        if declaration.strip() and _is_plain(declaration)
    ]
    if kept:
        node.set("style", ";".join(kept))
    else:
        del node.attrib["style"]


def _is_plain(declaration):
    name, _separator, value = declaration.partition(":")
    value = value.lower()
    if name.strip().lower() in ("position", "z-index", "behavior", "content"):
        return False
    return not any(word in value for word in ("url(", "expression(", "image(", "\\"))
