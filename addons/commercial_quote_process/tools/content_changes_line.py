"""What differs between the lines of two contents of a quote.

>>> old = [{"kind": "", "text": "Portal", "quantity": 1.0, "price": 120.0}]
>>> get_line_changes(old, [{"kind": "", "text": "Portal", "quantity": 2.0, "price": 120.0}])
[{'code': 'line_quantity', 'name': 'Portal', 'before': 1.0, 'after': 2.0}]
>>> get_line_changes(old, [])
[{'code': 'line_removed', 'name': 'Portal', 'amount': None}]
"""

from .content_matching import match_rows
from .fingerprint import canonical

# What a line of the quote is to a reader.
LINE_SORTS = {"": "line", "line_note": "note"}
LINE_VALUES = ("price", "discount", "quantity", "unit", "taxes", "product", "optional")


def get_title(text, most=80):
    """Return the first line of a text, not longer than a title.

    >>> get_title(" Portal \\nwith a search"), get_title("x" * 100, most=5), get_title(None)
    ('Portal', 'xxxx…', '')
    """
    title = next((line.strip() for line in (text or "").split("\n") if line.strip()), "")
    return title if len(title) <= most else title[: most - 1] + "…"


def get_lines(content):
    """Return the lines of a content, each with what it sells of the estimate under ``source``.

    :param dict content: see ``_get_content`` of a quote
    :rtype: list(dict)

    >>> get_lines({
    ...     "price": {"lines": [{"kind": "", "text": "Portal"}]},
    ...     "cost": {"lines": [{"source": "service", "item": 0}]},
    ...     "plan": {"items": [{"name": "Build"}]},
    ... })
    [{'kind': '', 'text': 'Portal', 'source': ('service', 'Build')}]
    """
    items = (content.get("plan") or {}).get("items") or []
    costs = iter((content.get("cost") or {}).get("lines") or [])
    lines = []
    for line in (content.get("price") or {}).get("lines") or []:
        cost = {} if line.get("kind") else next(costs, {})
        rank = cost.get("item", -1)
        item = items[rank]["name"] if 0 <= rank < len(items) else ""
        source = (cost["source"], item) if cost.get("source") else None
        lines.append({**line, "source": source} if source else line)
    return lines


def match_lines(before, after):
    """Pair the lines of two contents of a quote.

    :param list before: lines of the earlier content, see ``get_lines``
    :param list after: lines of the later one
    :return: see ``match_rows``
    :rtype: list(tuple)

    >>> match_lines(
    ...     [{"kind": "", "text": "Portal", "product": 3}, {"kind": "", "text": "Survey"}],
    ...     [{"kind": "", "text": "Survey"}, {"kind": "", "text": "Web portal", "product": 3}],
    ... )
    [(1, 0), (0, 1)]
    """

    def name(line):
        return _get_sort(line), get_title(line.get("text"))

    def text_and_product(line):
        return (*name(line), line.get("text"), line.get("product"))

    def source(line):
        return line.get("source")

    return match_rows(before, after, [text_and_product, name, source], name)


def get_line_changes(before, after):
    """Return what differs between two lists of lines.

    :param list before: see ``match_lines``
    :param list after: see ``match_lines``
    :return: dicts with ``code``, ``name`` of the line and what the code needs
    :rtype: list(dict)
    """
    pairs = match_lines(before, after)
    added, removed, changed = [], [], []
    for old, new in pairs:
        if old is None:
            added.append(_describe(after[new], "added"))
        elif new is None:
            removed.append(_describe(before[old], "removed"))
        else:
            changed += _compare(before[old], after[new])
    kept = [old for old, new in pairs if old is not None and new is not None]
    moved = [{"code": "lines_moved"}] if kept != sorted(kept) else []
    return added + removed + changed + moved


def _get_sort(line):
    return LINE_SORTS.get(line.get("kind") or "", "section")


def _describe(line, what):
    sort = _get_sort(line)
    change = {"code": f"{sort}_{what}", "name": get_title(line.get("text"))}
    if sort != "line":
        return change
    # An option counts for what it would bring.
    amount = line.get("price") if line.get("optional") else line.get("subtotal")
    return {**change, "amount": amount, **({"optional": True} if line.get("optional") else {})}


def _compare(old, new):
    sort, name = _get_sort(new), get_title(old.get("text"))
    changes = []
    if name != get_title(new.get("text")):
        renamed = get_title(new.get("text"))
        changes.append({"code": f"{sort}_renamed", "name": name, "after": renamed})
    elif (old.get("text") or "") != (new.get("text") or ""):
        changes.append({"code": f"{sort}_text", "name": name})
    for key in LINE_VALUES:
        if canonical(old.get(key)) != canonical(new.get(key)):
            values = {"before": old.get(key), "after": new.get(key)}
            changes.append({"code": f"line_{key}", "name": name, **values})
    known = {"kind", "source", "subtotal", "text", *LINE_VALUES}
    if not changes and any(
        canonical(old.get(key)) != canonical(new.get(key))
        for key in (old.keys() | new.keys()) - known
    ):
        changes.append({"code": f"{sort}_detail", "name": name})
    return changes
