"""Texts written by people, made safe to print and to show to a client.

What the sanitizer of the field leaves is not enough for a document that a server prints: an image
of another address would be fetched by it, and a positioned style would cover the page.
"""

from xml.sax.saxutils import escape

from lxml import etree, html

# Addresses that printing may read: our own routes, and images that carry their bytes.
LOCAL_SOURCES = ("/web/", "data:image/png", "data:image/jpeg", "data:image/gif")
FETCHING_TAGS = {"img", "iframe", "object", "embed", "video", "audio", "source", "link", "style"}
FETCHING_ATTRIBUTES = ("src", "srcset", "background", "poster", "data")


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
    >>> clean_client_html("1 &lt; 2")
    '1 &lt; 2'
    >>> clean_client_html(False)
    ''
    """
    if not text or not str(text).strip():
        return ""
    root = html.fragment_fromstring(str(text), create_parent="div")
    for node in list(root.iter(etree.Element)):
        if node.tag in FETCHING_TAGS and not _is_local(node):
            node.drop_tree()
            continue
        for name in FETCHING_ATTRIBUTES:
            if name in node.attrib and node.tag != "img":
                del node.attrib[name]
        if node.tag == "img" and "srcset" in node.attrib:
            del node.attrib["srcset"]
        if "style" in node.attrib:
            _clean_style(node)
    return escape(root.text or "") + "".join(
        html.tostring(child, encoding="unicode") for child in root
    )


def _is_local(node):
    source = (node.get("src") or "").strip().lower()
    return node.tag == "img" and source.startswith(LOCAL_SOURCES) and "//" not in source[:6]


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
