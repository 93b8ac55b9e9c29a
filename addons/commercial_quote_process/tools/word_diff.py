"""What differs between two texts, word by word, as HTML that is safe to show.

Formatted texts are compared as blocks of plain text: paragraphs, items of lists, titles, cells.
"""

import re
from difflib import SequenceMatcher

from lxml import html
from markupsafe import Markup, escape

BLOCKS = frozenset(
    ("address", "blockquote", "dd", "div", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "li")
) | frozenset(("ol", "p", "pre", "section", "table", "tbody", "td", "th", "thead", "tr", "ul"))
TITLES = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
WORDS = re.compile(r"\w+|\s+|[^\w\s]")
# Longer blocks are shown whole, old and new: finding their common words would take too long.
MOST_WORDS = 4000
# Below this, two blocks have so little in common that they are another text.
LIKENESS = 0.3


def get_blocks(text):
    """Return an HTML text as blocks of plain text.

    :param str text: HTML, or False
    :return: pairs of a kind ("title", "item", "text") and the text of the block
    :rtype: list(tuple(str, str))

    >>> get_blocks("<h2>Plan</h2><ul><li>One <b>step</b></li><li>Two</li></ul>a<br>b")
    [('title', 'Plan'), ('item', 'One step'), ('item', 'Two'), ('text', 'a'), ('text', 'b')]
    >>> get_blocks(False), get_blocks("<p><br></p>")
    ([], [])
    """
    if not text or not str(text).strip():
        return []
    blocks = [["text", ""]]
    _read(html.fragment_fromstring(str(text), create_parent="div"), blocks, "text")
    return [(kind, " ".join(words.split())) for kind, words in blocks if words.strip()]


def _read(node, blocks, kind):
    """Add the text of a node, and of what is inside, to the blocks."""
    blocks[-1][1] += node.text or ""
    for child in node:
        if isinstance(child.tag, str):
            _read_child(child, blocks, kind)
        blocks[-1][1] += child.tail or ""


def _read_child(child, blocks, kind):
    if child.tag == "br":
        blocks.append([kind, ""])
    elif child.tag in BLOCKS:
        inside = "title" if child.tag in TITLES else "item" if child.tag == "li" else kind
        blocks.append([inside, ""])
        _read(child, blocks, inside)
        blocks.append([kind, ""])
    elif child.tag not in ("script", "style"):
        _read(child, blocks, kind)


def diff_words(before, after):
    """Return one text with the words that were removed and added marked.

    :param str before: plain text
    :param str after: plain text
    :rtype: Markup

    >>> print(diff_words("Two visits on site", "Three visits on site"))
    <del>Two</del><ins>Three</ins> visits on site
    >>> print(diff_words("a <b>", "a <i>"))
    a &lt;<del>b</del><ins>i</ins>&gt;
    >>> print(diff_words("", "New"), diff_words("Old", ""), diff_words("x", "x"))
    <ins>New</ins> <del>Old</del> x
    """
    old, new = WORDS.findall(before or ""), WORDS.findall(after or "")
    if max(len(old), len(new)) > MOST_WORDS:
        return _mark("del", old) + _mark("ins", new) if old != new else escape(after)
    parts = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for operation, i1, i2, j1, j2 in matcher.get_opcodes():
        if operation == "equal":
            parts.append(escape("".join(new[j1:j2])))
        else:
            parts += [_mark("del", old[i1:i2]), _mark("ins", new[j1:j2])]
    return Markup().join(parts)


def _mark(tag, words):
    text = "".join(words)
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), text) if text else Markup()


def diff_html(before, after):
    """Return two HTML texts as one, block by block, with what was removed and added marked.

    A block that differs has the class ``o_changed``.

    :param str before: HTML, or False
    :param str after: HTML, or False
    :rtype: Markup

    >>> print(diff_html("<p>One</p><p>Two</p>", "<p>One</p><ul><li>Six</li></ul>"))
    <p>One</p><p class="o_changed"><del>Two</del></p><p class="o_changed o_item"><ins>Six</ins></p>
    >>> print(diff_html("<p>Two visits a year</p>", "<p>Three visits a year</p>"))
    <p class="o_changed"><del>Two</del><ins>Three</ins> visits a year</p>
    >>> diff_html("<p>&lt;script&gt;</p>", False)
    Markup('<p class="o_changed"><del>&lt;script&gt;</del></p>')
    >>> diff_html(False, "")
    Markup('')
    """
    old, new = get_blocks(before), get_blocks(after)
    parts = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for operation, i1, i2, j1, j2 in matcher.get_opcodes():
        if operation == "equal":
            parts += [_block(kind, escape(text)) for kind, text in new[j1:j2]]
        else:
            parts += _diff_blocks(old[i1:i2], new[j1:j2])
    return Markup().join(parts)


def _diff_blocks(old, new):
    """Return the blocks of a place where both texts differ: in pairs as far as they are alike."""
    parts = []
    while old and new and _is_alike(old[0], new[0]):
        (_kind, before), (kind, after) = old[0], new[0]
        parts.append(_block(kind, diff_words(before, after), changed=True))
        old, new = old[1:], new[1:]
    parts += [_block(kind, _mark("del", [text]), changed=True) for kind, text in old]
    return parts + [_block(kind, _mark("ins", [text]), changed=True) for kind, text in new]


def _is_alike(old, new):
    one, other = WORDS.findall(old[1]), WORDS.findall(new[1])
    return (
        max(len(one), len(other)) <= MOST_WORDS
        and SequenceMatcher(None, one, other, autojunk=False).quick_ratio() >= LIKENESS
    )


def _block(kind, content, changed=False):
    names = ["o_changed"] * changed + ([f"o_{kind}"] if kind != "text" else [])
    if not names:
        return Markup("<p>{}</p>").format(content)
    return Markup('<p class="{}">{}</p>').format(" ".join(names), content)


def is_same_text(before, after):
    """Return whether two HTML texts say the same, however they are formatted.

    >>> is_same_text("<p>One</p>", "<div><b>One</b></div>"), is_same_text("<p>One</p>", False)
    (True, False)
    """
    return [text for _kind, text in get_blocks(before)] == [
        text for _kind, text in get_blocks(after)
    ]
