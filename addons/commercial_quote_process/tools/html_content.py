"""What an HTML text says, whatever the editor, the browser or the server made of its markup.

The same text typed twice, or saved again without a change, is the same text: the order of
attributes, white space, marks of the editor and other spellings of a character do not count. What
a reader sees counts: words, structure, styles, images, links.

>>> normalise_html('<p style="b:2" class="y x">One&nbsp;two</p>') == normalise_html(
...     '<p class="x  y"   style=" b: 2; ">One\\n two</p>'
... )
True
"""

import re

from lxml import etree, html

SPACES = re.compile(r"[\s\u00a0]+")
# Characters without width that editors leave where the cursor was.
INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
# White space around these is not shown, nor are line breaks at their end.
BLOCKS = (
    "address|article|aside|blockquote|dd|div|dl|dt|figure|footer|h[1-6]|header|hr|li|main|nav|ol"
    "|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul"
)
AROUND_BLOCKS = re.compile(rf" ?(</?(?:{BLOCKS}|br)(?: [^>]*)?>) ?")
LAST_BREAKS = re.compile(rf"(?:<br>)+(?=</(?:{BLOCKS})>|$)")
# Elements without an end.
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
# Elements that say something without any text.
TELLING = frozenset({"hr", "iframe", "img", "input", "object", "svg", "table", "video"})
# What the editor keeps in the markup for itself.
EDITOR_ATTRIBUTES = frozenset({"contenteditable", "spellcheck", "draggable", "tabindex"})


def normalise_html(text):
    """Return an HTML text in the one form that all its spellings share.

    :param str text: HTML, or None or False
    :return: empty when nothing is shown
    :rtype: str

    >>> normalise_html("<p>1 &lt; 2 &amp; caf&eacute;</p>")
    '<p>1 &lt; 2 &amp; café</p>'
    >>> normalise_html('<p data-oe-version="2.0"><b>Bold</b>  text <br/> </p>\\r\\n')
    '<p><b>Bold</b> text</p>'
    >>> normalise_html("<p><br></p>"), normalise_html(False), normalise_html("  ")
    ('', '', '')
    >>> normalise_html('<img src="/web/image/3">')
    '<img src="/web/image/3">'
    >>> normalise_html("Just words")
    'Just words'
    >>> normalise_html("<p>12</p>") == normalise_html("<p>1</p><p>2</p>")
    False
    """
    text = INVISIBLE.sub("", str(text or "")).strip()
    if not text:
        return ""
    if "<" not in text and "&" not in text:
        return SPACES.sub(" ", text)
    root = html.fragment_fromstring(text, create_parent="div")
    if not root.text_content().strip(" \t\r\n\u00a0") and not _tells_something(root):
        return ""
    parts = []
    _write_inside(root, parts)
    written = AROUND_BLOCKS.sub(r"\1", "".join(parts)).strip()
    return LAST_BREAKS.sub("", written)


def _tells_something(root):
    return any(node.tag in TELLING for node in root.iter(etree.Element))


def _write_inside(node, parts):
    """Add the markup of what is inside an element to a list, piece by piece."""
    parts.append(_escape(node.text))
    for child in node:
        if isinstance(child.tag, str):
            tag = child.tag.lower()
            parts.append(f"<{tag}{_attributes(child)}>")
            _write_inside(child, parts)
            if tag not in VOID:
                parts.append(f"</{tag}>")
        parts.append(_escape(child.tail))


def _escape(text):
    text = SPACES.sub(" ", text or "")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attributes(node):
    kept = []
    for name, value in sorted(node.attrib.items()):
        value = _attribute(name.lower(), value)
        if value:
            kept.append(f' {name.lower()}="{_escape(value).replace(chr(34), "&quot;")}"')
    return "".join(kept)


def _attribute(name, value):
    """Return the one form of the value of an attribute; empty when no reader sees it."""
    if name.startswith("data-") or name in EDITOR_ATTRIBUTES:
        return ""
    if name == "class":
        return " ".join(sorted(set(value.split())))
    if name == "style":
        declarations = (SPACES.sub(" ", item).strip() for item in value.split(";"))
        return ";".join(
            ":".join(part.strip() for part in item.split(":", 1)) for item in declarations if item
        )
    return SPACES.sub(" ", value).strip()
