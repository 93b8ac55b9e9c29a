"""What differs between the costs of two contents of a quote: workload, rates, other costs.

>>> def cost(days, rate=400.0):
...     return {
...         "plan": {"items": [{"kind": "task", "name": "Survey", "parent": -1}]},
...         "cost": {"workload": [{"item": 0, "role": 5, "days": days, "cost": rate}]},
...         "figures": {"days": days, "cost": days * rate, "margin": 30.0},
...     }
>>> for change in get_cost_changes(cost(3.0), cost(5.0)):
...     print(change)
{'code': 'cost_total', 'before': 1200.0, 'after': 2000.0}
{'code': 'days', 'before': 3.0, 'after': 5.0}
{'code': 'workload', 'name': 'Survey', 'role': 5, 'before': 3.0, 'after': 5.0}
"""

from .content_changes_line import get_lines, get_title, match_lines
from .content_changes_plan import match_items
from .content_matching import match_rows
from .fingerprint import canonical

FIGURES = {"cost": "cost_total", "margin": "margin", "days": "days"}
PERCENTS = ("contingency", "overhead", "target")


def get_cost_changes(before, after):
    """Return what differs between the costs of two contents.

    :param dict before: the whole earlier content: workload is told by the tasks of its plan
    :param dict after: the whole later content
    :return: dicts with ``code`` and what the code needs
    :rtype: list(dict)
    """
    old, new = before.get("cost") or {}, after.get("cost") or {}
    changes = _compare_values(before.get("figures") or {}, after.get("figures") or {}, FIGURES)
    changes += _compare_values(old, new, {key: key for key in PERCENTS})
    changes += _get_workload_changes(before, after)
    changes += _get_other_cost_changes(old.get("costs") or [], new.get("costs") or [])
    return changes + _get_line_cost_changes(before, after)


def _compare_values(old, new, codes):
    return [
        {"code": code, "before": old[key], "after": new[key]}
        for key, code in codes.items()
        if key in old and key in new and canonical(old[key]) != canonical(new[key])
    ]


# === WORKLOAD === #


def _get_workload_changes(before, after):
    """Return the days that differ by task and role, then the rates that differ by role."""
    items = [(part.get("plan") or {}).get("items") or [] for part in (before, after)]
    places = {old: new for old, new in match_items(*items) if None not in (old, new)}
    # A task that is gone keeps a place of its own, before all others.
    old = _get_days(before, lambda rank: places.get(rank, -2 - rank))
    new = _get_days(after, lambda rank: rank)
    names = {rank: get_title(item["name"]) for rank, item in enumerate(items[1])}
    names |= {-2 - rank: get_title(item["name"]) for rank, item in enumerate(items[0])}
    changes, rates = [], {}
    for item, role in sorted(old.keys() | new.keys()):
        empty = {"days": 0.0, "cost": None}
        row, other = old.get((item, role), empty), new.get((item, role), empty)
        if canonical(row["days"]) != canonical(other["days"]):
            values = {"before": row["days"], "after": other["days"]}
            changes.append(
                {"code": "workload", "name": names.get(item, ""), "role": role, **values}
            )
        elif canonical(row.get("points")) != canonical(other.get("points")):
            changes.append({"code": "points", "name": names.get(item, ""), "role": role})
        if None not in (row["cost"], other["cost"]) and row["cost"] != other["cost"]:
            rates.setdefault((role, row["cost"], other["cost"]))
    return changes + [
        {"code": "rate", "role": role, "before": cost, "after": other}
        for role, cost, other in rates
    ]


def _get_days(content, get_place):
    rows = (content.get("cost") or {}).get("workload") or []
    return {(get_place(row["item"]), row["role"]): row for row in rows}


# === OTHER COSTS === #


def _get_other_cost_changes(before, after):
    pairs = match_rows(
        before,
        after,
        [
            lambda row: (row["family"], row["name"], row.get("item")),
            lambda row: (row["family"], row["name"]),
        ],
        lambda row: (row["family"], row["name"]),
    )
    changes = []
    for old, new in pairs:
        if old is None:
            values = {"name": get_title(after[new]["name"]), "amount": _get_total(after[new])}
            changes.append({"code": "other_cost_added", **values})
        elif new is None:
            values = {"name": get_title(before[old]["name"]), "amount": _get_total(before[old])}
            changes.append({"code": "other_cost_removed", **values})
        else:
            changes += _compare_other_costs(before[old], after[new])
    return changes


def _get_total(row):
    return row["quantity"] * row["cost"]


def _compare_other_costs(old, new):
    name = get_title(old["name"])
    if canonical(_get_total(old)) != canonical(_get_total(new)):
        values = {"before": _get_total(old), "after": _get_total(new)}
        return [{"code": "other_cost", "name": name, **values}]
    # Ranks of items move with the plan: they are no change of the cost by themselves.
    keys = (old.keys() | new.keys()) - {"item"}
    if any(canonical(old.get(key)) != canonical(new.get(key)) for key in keys):
        return [{"code": "other_cost_detail", "name": name}]
    return []


# === LINES === #


def _get_line_cost_changes(before, after):
    """Return the costs typed on lines that differ; those of the estimate follow from it."""
    lines = [[line for line in get_lines(part) if not line.get("kind")] for part in (before, after)]
    costs = [(part.get("cost") or {}).get("lines") or [] for part in (before, after)]
    if any(len(cost) != len(line) for cost, line in zip(costs, lines, strict=True)):
        return []
    changes = []
    for old, new in match_lines(*lines):
        if None in (old, new) or costs[0][old].get("source") or costs[1][new].get("source"):
            continue
        values = {"before": costs[0][old]["cost"], "after": costs[1][new]["cost"]}
        if canonical(values["before"]) != canonical(values["after"]):
            name = get_title(lines[1][new].get("text"))
            changes.append({"code": "line_cost", "name": name, **values})
    return changes
