"""Which row of an earlier list is which row of a later one, by what they say.

Rows have no lasting identity across versions of a quote: a copy has ids of its own, and its place
moves when something is added before it.
"""

from difflib import SequenceMatcher

# How much two texts must have in common to be two wordings of one thing.
LIKENESS = 0.6
# What a text has in common with one that only says more, and from how many letters on.
LONGER = 0.8
FEWEST_LETTERS = 4
# Beyond this many pairs likeness is not looked for: what is that different is new.
MOST_PAIRS = 10000


def match_rows(before, after, keys, text):
    """Pair the rows of two lists: first those that share a key, then those that read alike.

    :param list before: rows, any objects
    :param list after: rows of the same sort
    :param list keys: functions of a row, from the most telling to the least; rows of the same key
        are paired in order. A key that is None pairs nothing.
    :param text: function of a row: its kind, and the text that is compared for likeness
    :return: pairs (position before or None, position after or None), in the order of ``after``,
        then what is gone
    :rtype: list(tuple)

    >>> same, name = (lambda row: row), (lambda row: ("", row))
    >>> match_rows(["Survey", "Data model"], ["Data model", "Survey", "Test"], [same], name)
    [(1, 0), (0, 1), (None, 2)]
    >>> match_rows(["Survey", "Data model"], ["Survey of the archives", "Portal"], [same], name)
    [(0, 0), (None, 1), (1, None)]
    >>> match_rows(["Data model"], ["Data models"], [same], name)
    [(0, 0)]
    """
    found = {}
    left, right = list(range(len(before))), list(range(len(after)))
    for key in keys:
        _pair_same(found, left, right, [key(row) for row in before], [key(row) for row in after])
    _pair_alike(found, left, right, before, after, text)
    gone = sorted(set(range(len(before))) - set(found.values()))
    return [(found.get(position), position) for position in range(len(after))] + [
        (position, None) for position in gone
    ]


def _pair_same(found, left, right, keys_before, keys_after):
    """Pair the rows that share a key, and take them out of those that are left."""
    waiting = {}
    for position in left:
        if keys_before[position] is not None:
            waiting.setdefault(keys_before[position], []).append(position)
    for position in list(right):
        if candidates := waiting.get(keys_after[position]):
            found[position] = candidates.pop(0)
            left.remove(found[position])
            right.remove(position)


def _pair_alike(found, left, right, before, after, text):
    """Pair the rows of one kind whose texts read alike, the most alike first."""
    if len(left) * len(right) > MOST_PAIRS:
        return
    scores = []
    for old in left:
        kind, words = text(before[old])
        matcher = SequenceMatcher(b=words.lower(), autojunk=False)
        for new in right:
            new_kind, new_words = text(after[new])
            if kind == new_kind and (ratio := _get_likeness(matcher, new_words.lower())):
                scores.append((-ratio, old, new))
    taken = set()
    for _score, old, new in sorted(scores):
        if new not in found and old not in taken:
            found[new] = old
            taken.add(old)


def _get_likeness(matcher, words):
    """Return how much a text has in common with that of a matcher, or 0 when it is another one.

    >>> _get_likeness(SequenceMatcher(b="data model"), "data model and migration")
    0.8
    >>> _get_likeness(SequenceMatcher(b="data model"), "portal")
    0.0
    """
    shorter, longer = sorted((matcher.b, words), key=len)
    if len(shorter) >= FEWEST_LETTERS and shorter in longer:
        return LONGER
    matcher.set_seq1(words)
    if matcher.real_quick_ratio() < LIKENESS or matcher.quick_ratio() < LIKENESS:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= LIKENESS else 0.0
