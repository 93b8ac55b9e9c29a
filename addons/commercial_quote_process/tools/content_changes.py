"""What differs between two contents of a quote, as plain data that can be put into words.

Rows are matched by what they say: a line that was moved is the same line, a task that was renamed
is the same task.

>>> before = {
...     "price": {"untaxed": 120.0, "lines": [{"kind": "", "text": "Portal", "price": 120.0}]},
...     "texts": {"scope": "<p>One</p>"},
... }
>>> after = {
...     "price": {"untaxed": 105.0, "lines": [{"kind": "", "text": "Portal", "price": 105.0}]},
...     "texts": {"scope": "<p>Two</p>"},
... }
>>> for change in get_changes(before, after):
...     print(change)
{'aspect': 'price', 'code': 'total', 'before': 120.0, 'after': 105.0}
{'aspect': 'price', 'code': 'line_price', 'name': 'Portal', 'before': 120.0, 'after': 105.0}
{'aspect': 'texts', 'code': 'text', 'field': 'scope'}
>>> get_changes(before, before), get_changes({}, after)
([], [])
"""

from .content_changes_cost import get_cost_changes
from .content_changes_line import get_line_changes, get_lines
from .content_changes_plan import get_plan_changes
from .fingerprint import canonical

# In the order in which a reader wants to know.
ASPECT_ORDER = ("price", "terms", "plan", "cost", "texts")
TEXTS = ("summary", "scope", "exclusions", "assumptions", "technical", "organisation")


def get_changes(before, after):
    """Return what differs between two contents.

    :param dict before: the earlier content, see ``_get_content`` of a quote; a part that it lacks
        is taken as empty
    :param dict after: the later one
    :return: dicts with ``aspect``, ``code`` and what the code needs: ``name``, ``before``,
        ``after``...; ordered by aspect, what matters most first; empty when a content is empty
    :rtype: list(dict)

    >>> get_changes({"price": {"x": 1}}, {"price": {"x": 2}})
    [{'aspect': 'price', 'code': 'detail'}]
    """
    if not before or not after:
        return []
    finders = {
        "price": _get_price_changes,
        "terms": _get_terms_changes,
        "plan": get_plan_changes,
        "cost": get_cost_changes,
        "texts": _get_texts_changes,
    }
    changes = []
    for aspect in ASPECT_ORDER:
        if canonical(before.get(aspect)) == canonical(after.get(aspect)):
            continue
        # An addon may add content that is unknown here: it is not passed over in silence.
        found = finders[aspect](before, after) or [{"code": "detail"}]
        changes += [{"aspect": aspect, **change} for change in found]
    return changes


def get_value_changes(before, after, codes):
    """Return the plain values that differ between two dicts.

    :param dict before: the earlier values
    :param dict after: the later values
    :param dict codes: code of the change by key
    :rtype: list(dict)

    >>> get_value_changes({"a": 1, "b": 2}, {"a": 1.0, "b": 3}, {"a": "first", "b": "second"})
    [{'code': 'second', 'before': 2, 'after': 3}]
    """
    return [
        {"code": code, "before": before.get(key), "after": after.get(key)}
        for key, code in codes.items()
        if canonical(before.get(key)) != canonical(after.get(key))
    ]


def _get_price_changes(before, after):
    old, new = before.get("price") or {}, after.get("price") or {}
    changes = get_value_changes(old, new, {"untaxed": "total"})
    if not changes:
        # Without another price, another total comes from the taxes.
        changes = get_value_changes(old, new, {"tax": "tax"})
    changes += get_value_changes(old, new, {"currency": "currency", "client": "client"})
    return changes + get_line_changes(get_lines(before), get_lines(after))


def _get_terms_changes(before, after):
    old, new = before.get("terms") or {}, after.get("terms") or {}
    changes = get_value_changes(
        old,
        new,
        {
            "payment_term": "payment_term",
            "schedule": "payment_schedule",
            "prepayment": "prepayment",
            "signature": "signature",
            "payment": "payment",
            "fiscal_position": "fiscal_position",
            "invoice_address": "invoice_address",
            "delivery_address": "delivery_address",
            "delivery_date": "delivery_date",
        },
    )
    pages = ("documents", "line_documents", "forms")
    if any(canonical(old.get(key)) != canonical(new.get(key)) for key in pages):
        changes.append({"code": "pages"})
    changes += _get_image_changes(old, new)
    if old.get("note") != new.get("note"):
        changes.append({"code": "note"})
    return changes


def _get_texts_changes(before, after):
    old, new = before.get("texts") or {}, after.get("texts") or {}
    changes = [
        {"code": "text", "field": name}
        for name in TEXTS
        if (old.get(name) or "") != (new.get(name) or "")
    ]
    if old.get("left_out", []) != new.get("left_out", []):
        changes.append({"code": "sections"})
    return changes or _get_image_changes(old, new)


def _get_image_changes(old, new):
    """Return the change of the bytes of images that texts show, when the texts are the same."""
    return [{"code": "images"}] if old.get("images") != new.get("images") else []
