"""Numbered lists of requirements, as people paste them from a specification or a spreadsheet.

Nothing is guessed beyond the marks at the start of a line and three words for the priority; what
is read is shown to a person before it is kept.
"""

import re
from typing import NamedTuple

# What a paste may hold: a specification has hundreds of requirements, not thousands.
MAX_CHARACTERS = 300_000
MAX_REQUIREMENTS = 1000
MAX_REFERENCE = 32

PRIORITY_WORDS = {
    "must": {
        "must", "m", "required", "mandatory", "high", "obligatoire", "exigé", "exigée",
        "impératif", "impérative", "indispensable", "haute", "élevée",
    },
    "should": {
        "should", "s", "important", "importante", "medium", "normal", "moyenne", "recommandé",
        "recommandée",
    },
    "could": {
        "could", "c", "desirable", "optional", "nice to have", "low", "souhaitable", "souhaité",
        "souhaitée", "facultatif", "facultative", "optionnel", "optionnelle", "basse", "faible",
    },
}  # fmt: skip

# "REQ-12", "EX_04", "F12", "ENF-SEC-3", with or without brackets and what follows the mark.
_CODE = r"[A-Za-zÀ-ÿ]{1,10}(?:[-_.][A-Za-z]{1,8})*[-_. ]?\d+(?:[.\-_]\d+)*"
_MARKS = [
    # [REQ-12] text, (3.2) text
    re.compile(rf"^[\[(](?P<ref>{_CODE}|\d+(?:\.\d+)*)[\])]\s*[:.\-–—]?\s*(?P<text>.*)$"),
    # 1. text, 1) text, 3.2.1 text, § 3.2 text, Art. 5 - text
    re.compile(
        r"^(?P<ref>(?:§|Art(?:icle|\.)?)?\s*\d+(?:\.\d+)+)\.?\)?\s*[:\-–—]?\s+(?P<text>.*)$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?P<ref>(?:§|Art(?:icle|\.)?)\s*\d+)\s*[:.)\-–—]?\s+(?P<text>.*)$", re.IGNORECASE
    ),
    re.compile(r"^(?P<ref>\d{1,5})\s*[.):\-–—](?!\d)\s*(?P<text>.*)$"),
    # REQ-12: text, REQ-12 text
    re.compile(rf"^(?P<ref>{_CODE})\s*[:.)\-–—]\s*(?P<text>.*)$"),
    re.compile(r"^(?P<ref>[A-Z]{1,10}(?:[-_.][A-Z]{1,8})*[-_]?\d+(?:[.\-_]\d+)*)\s+(?P<text>.*)$"),
    # a) text
    re.compile(r"^(?P<ref>[a-z])\)\s+(?P<text>.*)$"),
    # - text, * text, • text
    re.compile(r"^(?P<ref>)[-*•‣▪◦–—·]\s*(?P<text>.*)$"),
]
_REFERENCE = re.compile(rf"^(?:{_CODE}|(?:§|Art\.?)?\s*\d+(?:\.\d+)*)[.)]?$", re.IGNORECASE)
_PRIORITY_AT_END = re.compile(r"^(?P<text>.*\S)\s*[\[(](?P<word>[^\[\]()]{1,20})[\])]\s*\.?$")


class Requirement(NamedTuple):
    """One requirement of a list.

    ``reference`` is its number there, as a text, or "" for a bullet; ``priority`` is "must",
    "should", "could", or "" when the list says nothing.
    """

    reference: str
    text: str
    priority: str


def parse_requirements(text):
    """Return the requirements of a pasted list, in their order.

    >>> for row in parse_requirements("1. Open formats\\n1.2 Two languages (should)\\n- Free"):
    ...     print(tuple(row))
    ('1', 'Open formats', '')
    ('1.2', 'Two languages', 'should')
    ('', 'Free', '')

    Codes count as numbers, and a line without a mark goes on with the one above it:

    >>> for row in parse_requirements("REQ-12: Export of all data (must)\\n   in open formats"):
    ...     print(tuple(row))
    ('REQ-12', 'Export of all data in open formats', 'must')

    Rows of a spreadsheet: number, text and priority, or less, between tabs:

    >>> for row in parse_requirements("3.2.1\\tAccessible\\tMust\\n\\tFast\\tcould\\nCheap"):
    ...     print(tuple(row))
    ('3.2.1', 'Accessible', 'must')
    ('', 'Fast', 'could')
    ('', 'Cheap', '')

    A list without any mark has one requirement per line:

    >>> [row.text for row in parse_requirements("Open formats\\n\\nTwo languages")]
    ['Open formats', 'Two languages']

    :param str text: what was pasted
    :rtype: list(Requirement)
    :raise ValueError: when the text is beyond what a specification holds
    """
    if len(text) > MAX_CHARACTERS:
        raise ValueError("text")
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    rows, can_go_on = [], False
    for line in lines:
        if not line.strip():
            can_go_on = False
            continue
        if "\t" in line.strip("\n ") and (row := _parse_cells(line)):
            rows.append(row)
            can_go_on = False
            continue
        reference, words, is_marked = _split_mark(line.strip())
        if not is_marked and can_go_on:
            last = rows[-1]
            rows[-1] = last._replace(text=f"{last.text} {words}".strip())
            continue
        rows.append(_split_priority(Requirement(reference, words, "")))
        can_go_on = is_marked
    found = [_split_priority(row) for row in rows if row.text]
    if len(found) > MAX_REQUIREMENTS:
        raise ValueError("rows")
    return found


def _split_mark(line):
    """Return the reference, the text, and whether the line starts with a mark.

    >>> _split_mark("3.2.1 Accessible")
    ('3.2.1', 'Accessible', True)
    >>> _split_mark("[R12] Accessible")
    ('R12', 'Accessible', True)
    >>> _split_mark("Art. 5 - Delays")
    ('Art. 5', 'Delays', True)
    >>> _split_mark("2026 is the year of the deadline")
    ('', '2026 is the year of the deadline', False)
    >>> _split_mark("99.5 % of the time")
    ('', '99.5 % of the time', False)
    """
    for mark in _MARKS:
        match = mark.match(line)
        if match and not match["text"].startswith("%"):
            return match["ref"].strip()[:MAX_REFERENCE], match["text"].strip(), True
    return "", line, False


def _parse_cells(line):
    """Return the requirement of a row of a spreadsheet; None when it holds no text."""
    cells = [cell.strip().strip('"').strip() for cell in line.split("\t")]
    priority = ""
    while len(cells) > 1 and (not cells[-1] or find_priority(cells[-1])):
        priority = priority or find_priority(cells[-1])
        cells.pop()
    reference = ""
    if len(cells) > 1 and (not cells[0] or _REFERENCE.match(cells[0])):
        reference = cells.pop(0).rstrip(".)")[:MAX_REFERENCE]
    words = " ".join(cell for cell in cells if cell)
    if not words:
        return None
    if not reference:
        reference, words, _is_marked = _split_mark(words)
    return Requirement(reference, words, priority)


def _split_priority(row):
    """Take the priority off the end of the text, when it stands there in brackets.

    >>> tuple(_split_priority(Requirement("1", "Free of charge [souhaitable]", "")))
    ('1', 'Free of charge', 'could')
    >>> tuple(_split_priority(Requirement("1", "Export (open formats)", "")))
    ('1', 'Export (open formats)', '')
    """
    match = not row.priority and _PRIORITY_AT_END.match(row.text)
    priority = match and find_priority(match["word"])
    return row._replace(text=match["text"], priority=priority) if priority else row


def find_priority(word):
    """Return the priority that a word stands for, or "".

    >>> find_priority("Obligatoire"), find_priority("nice to have"), find_priority("blue")
    ('must', 'could', '')
    """
    word = word.strip().lower()
    return next((key for key, words in PRIORITY_WORDS.items() if word in words), "")
