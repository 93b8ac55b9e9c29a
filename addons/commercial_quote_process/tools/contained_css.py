"""Style sheets that name no file, however the name is written."""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from urllib.parse import unquote_to_bytes

FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}", re.IGNORECASE)
IMPORT = re.compile(r"@import(?:\"[^\"]*\"|'[^']*'|[^;\"'])*;?", re.IGNORECASE)
ADDRESS = re.compile(r"url\(\s*(?:\"([^\"]*)\"?|'([^']*)'?|([^)\"']*))[^)]*\)?", re.IGNORECASE)
# Letters may be written by their number, and any other one behind a backslash.
NUMBERED = re.compile(r"\\0{0,4}([46][1-9a-fA-F]|[57][0-9aA])\s?")
ESCAPED = re.compile(r"\\([g-zG-Z@(])")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
INSIDE = tuple(f"data:image/{kind}" for kind in ("png", "jpeg", "jpg", "gif", "webp"))
SVG = "data:image/svg+xml"
# What a drawing may not have: other files, programs, pages, words that are written elsewhere.
FOREIGN = re.compile(
    rb"href\s*=\s*[\"']?\s*(?!\s|[\"'#]|data:image/(?:png|jpe?g|gif))|\ssrc\s*="
    rb"|url\(\s*[\"']?\s*[^#\"'\s]|import\s*(?:url|[\"'&])|\\|\0|<!entity|<\?xml-"
    rb"|<\s*(?:\w+:)?(?:script|foreignobject|iframe)|\son\w+\s*=",
    re.IGNORECASE,
)


def contain_css(css, read=None):
    """Return a style sheet, or the style of an element, that names no file.

    >>> contain_css("@font-face{font-family:'Lato';src:url(/l.woff)}p{background:url('/x')}")
    'p{background:none}'
    >>> contain_css('@IMPORT "//x.example/a.css"; p{background:URL("//x.example/a\\'b")}')
    ' p{background:none}'
    >>> contain_css("background:u\\\\72l(//x.example/a)"), contain_css('content:"\\\\f101"')
    ('background:none', 'content:"\\\\f101"')
    >>> contain_css("background:url(/a)", lambda address: ("image/png", b"png"))
    'background:url(data:image/png;base64,cG5n)'

    :param str css: the style sheet
    :param read: how to find a file, see ``contained_html``; none is read without it
    :rtype: str
    """
    css = COMMENT.sub("", css)
    if "\\" in css:
        css = NUMBERED.sub(lambda match: chr(int(match[1], 16)), css)
        css = ESCAPED.sub(r"\1", css)
    css = IMPORT.sub("", FONT_FACE.sub("", css))

    def contain(match):
        address = next((part for part in match.groups() if part is not None), "").strip()
        if address.startswith("#") or is_inside(address):
            return match.group()
        file = read(address) if read else None
        return f"url({as_data(*file)})" if file and is_inside(as_data(*file)) else "none"

    return ADDRESS.sub(contain, css)


def as_data(mimetype, content):
    """Return bytes as an address that carries them.

    >>> as_data("image/png", b"png")
    'data:image/png;base64,cG5n'
    """
    return f"data:{mimetype};base64,{b64encode(content).decode()}"


def is_inside(address):
    """Return whether an address carries a whole image, which asks for nothing else.

    >>> is_inside("data:image/png;base64,cG5n"), is_inside("/a.png"), is_inside("data:text/html,a")
    (True, False, False)
    >>> is_inside("data:image/svg+xml,<svg><path fill='url(%23a)'/></svg>")
    True
    >>> is_inside("data:image/svg+xml,<svg><image href='//x.example/a'/></svg>")
    False
    """
    address = address.strip()
    kind = address[:40].lower()
    return kind.startswith(INSIDE) or (kind.startswith(SVG) and _is_plain_drawing(address))


def _is_plain_drawing(address):
    head, _comma, data = address.partition(",")
    content = unquote_to_bytes(data)
    if head.lower().endswith(";base64"):
        try:
            content = b64decode(content)
        except Base64Error:
            return False
    return not FOREIGN.search(content)
