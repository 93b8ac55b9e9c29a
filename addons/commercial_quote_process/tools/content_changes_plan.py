"""What differs between the plans, and the answers to requirements, of two contents of a quote.

>>> survey = {"kind": "task", "name": "Survey", "parent": -1, "duration": 3.0}
>>> def plan(*items, length=0):
...     return {"plan": {"items": list(items)}, "figures": {"plan_length": length}}
>>> get_plan_changes(plan(survey, length=3), plan({**survey, "duration": 5.0}, length=5))
... # doctest: +NORMALIZE_WHITESPACE
[{'code': 'plan_end', 'before': 3, 'after': 5},
 {'code': 'item_longer', 'kind': 'task', 'name': 'Survey', 'before': 3.0, 'after': 5.0}]
"""

from .content_changes_line import get_title
from .content_matching import match_rows
from .fingerprint import canonical

ITEM_VALUES = ("not_before", "not_before_date", "criteria", "description")
REQUIREMENT_VALUES = ("compliance", "comment", "priority", "items")


def get_plan_changes(before, after):
    """Return what differs between the plans of two contents.

    :param dict before: the whole earlier content: the length of the plan is one of its figures
    :param dict after: the whole later content
    :return: dicts with ``code``, ``name`` and what the code needs
    :rtype: list(dict)
    """
    old, new = before.get("plan") or {}, after.get("plan") or {}
    changes = []
    lengths = [(part.get("figures") or {}).get("plan_length") for part in (before, after)]
    if None not in lengths and canonical(lengths[0]) != canonical(lengths[1]):
        changes.append({"code": "plan_end", "before": lengths[0], "after": lengths[1]})
    for key in ("start", "delay", "hours", "calendar"):
        if canonical(old.get(key)) != canonical(new.get(key)):
            values = {"before": old.get(key), "after": new.get(key)}
            changes.append({"code": f"plan_{key}", **values})
    changes += _get_item_changes(old.get("items") or [], new.get("items") or [])
    return changes + _get_requirement_changes(
        old.get("requirements") or [], new.get("requirements") or []
    )


def match_items(before, after):
    """Pair the items of two plans.

    :param list before: items of the earlier content, see ``_get_item_content`` of an estimate
    :param list after: items of the later one
    :return: see ``match_rows``
    :rtype: list(tuple)
    """

    def with_phase(items):
        return [
            {**item, "phase": items[item["parent"]]["name"] if item["parent"] >= 0 else ""}
            for item in items
        ]

    return match_rows(
        with_phase(before),
        with_phase(after),
        [
            lambda item: (item["kind"], item["name"], item["phase"]),
            lambda item: (item["kind"], item["name"]),
            lambda item: item["name"],
        ],
        lambda item: (item["kind"], item["name"] or ""),
    )


def _get_item_changes(before, after):
    pairs = match_items(before, after)
    places = {old: new for old, new in pairs if old is not None and new is not None}
    added, removed, changed = [], [], []
    for old, new in pairs:
        if old is None:
            added.append(_describe_item(after[new], "item_added"))
        elif new is None:
            removed.append(_describe_item(before[old], "item_removed"))
        else:
            changed += _compare_items(before[old], after[new], places, after)
    kept = list(places)
    moved = [{"code": "items_moved"}] if kept != sorted(kept) else []
    return added + removed + changed + moved


def _describe_item(item, code):
    return {
        "code": code,
        "kind": item["kind"],
        "name": get_title(item["name"]),
        "duration": item.get("duration") or 0.0,
    }


def _compare_items(old, new, places, items):
    """Return what differs between an item of the plan and what became of it.

    :param dict places: place in the later plan by place in the earlier one
    :param list items: all items of the later plan
    """
    base = {"kind": new["kind"], "name": get_title(old["name"])}
    changes = []
    if old["name"] != new["name"]:
        changes.append({"code": "item_renamed", **base, "after": get_title(new["name"])})
    if old["kind"] != new["kind"]:
        changes.append({"code": "item_kind", **base, "before": old["kind"], "after": new["kind"]})
    durations = {"before": old.get("duration") or 0.0, "after": new.get("duration") or 0.0}
    if canonical(durations["before"]) != canonical(durations["after"]):
        longer = durations["after"] > durations["before"]
        changes.append({"code": "item_longer" if longer else "item_shorter", **base, **durations})
    if places.get(old["parent"], -1) != new["parent"]:
        phase = get_title(items[new["parent"]]["name"]) if new["parent"] >= 0 else ""
        changes.append({"code": "item_parent", **base, "after": phase})
    changes += _compare_dependencies(old, new, places, items, base)
    for key in ITEM_VALUES:
        if canonical(old.get(key)) != canonical(new.get(key)):
            values = {"before": old.get(key), "after": new.get(key)}
            changes.append({"code": f"item_{key}", **base, **values})
    return changes


def _compare_dependencies(old, new, places, items, base):
    """Return what differs in what an item waits for; what has been removed waits for nothing."""
    before = {places[rank]: lag for rank, lag in old.get("after") or [] if rank in places}
    after = {rank: lag for rank, lag in new.get("after") or [] if 0 <= rank < len(items)}
    changes = []
    for code, ranks in (
        ("item_after_added", sorted(after.keys() - before.keys())),
        ("item_after_removed", sorted(before.keys() - after.keys())),
        (
            "item_lag",
            sorted(
                rank
                for rank in after.keys() & before.keys()
                if canonical(after[rank]) != canonical(before[rank])
            ),
        ),
    ):
        names = [get_title(items[rank]["name"]) for rank in ranks]
        if names:
            changes.append({"code": code, **base, "others": names})
    return changes


def _get_requirement_changes(before, after):
    """Return what differs between the answers to the requirements of the client."""
    pairs = match_rows(
        before,
        after,
        [
            lambda row: (row.get("reference"), row.get("name")),
            lambda row: row.get("name"),
            lambda row: row.get("reference"),
        ],
        lambda row: ("", row.get("name") or ""),
    )
    changes = []
    for old, new in pairs:
        if old is None:
            changes.append({"code": "requirement_added", "name": _get_label(after[new])})
        elif new is None:
            changes.append({"code": "requirement_removed", "name": _get_label(before[old])})
        else:
            changes += _compare_requirements(before[old], after[new])
    return changes


def _get_label(row):
    parts = [row.get("reference"), get_title(row.get("name"), most=60)]
    return " ".join(str(part) for part in parts if part)


def _compare_requirements(old, new):
    name = _get_label(new)
    changes = []
    if (old.get("name"), old.get("reference")) != (new.get("name"), new.get("reference")):
        changes.append({"code": "requirement_text", "name": name})
    for key in REQUIREMENT_VALUES:
        if canonical(old.get(key)) != canonical(new.get(key)):
            values = {"before": old.get(key), "after": new.get(key)}
            changes.append({"code": f"requirement_{key}", "name": name, **values})
    return changes
