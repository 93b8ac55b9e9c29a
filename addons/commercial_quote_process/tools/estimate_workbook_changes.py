"""What a file changes in an estimate: commands to apply, and lines for a person. No ORM.

>>> row = {"id": 7, "number": 1, "kind": "task", "name": "Survey", "parent": False, "duration": 2,
...        "not_before": 0, "not_before_date": None, "after_ids": {}, "description": "",
...        "acceptance_criteria": ""}
>>> current = {"plan": [row], "workload": {(7, 4): {"days": 2, "low": 0, "likely": 0, "high": 0}},
...            "costs": [], "requirements": []}
>>> item = {**row, "ref": 7, "after": {}, "row": 4}
>>> same = {"plan": [item], "workload": {(7, 4): {"days": 2}}, "costs": [], "requirements": []}
>>> find_changes(current, same).is_empty()
True
>>> new = {**item, "ref": "row_5", "id": None, "name": "Model", "after": {7: 1.0}, "row": 5}
>>> changes = find_changes(current, {
...     **same, "plan": [{**item, "duration": 3}, new], "workload": {(7, 4): {"days": 5}},
...     "workload_rows": {7: 6}})
>>> for command in changes.commands:
...     print(command["op"], command.get("ref"), command.get("vals", {}).get("duration"))
create None 2
write 7 3
write row_5 None
workload None None
>>> for line in changes.lines:
...     print(line.sheet, line.row, line.operation, line.name)
plan 4 changed Survey
plan 5 added Model
workload 6 changed Survey
"""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from .estimate_workbook import SHEETS, THREE_POINT, fit_text

PLAN_VALUES = (
    "kind", "name", "duration", "not_before", "not_before_date", "description",
    "acceptance_criteria",
)  # fmt: skip
COST_VALUES = ("family", "name", "item", "quantity", "unit", "unit_cost", "is_rebilled")
REQUIREMENT_VALUES = (
    "number", "reference", "name", "priority", "compliance", "comment", "items",
)  # fmt: skip


class Line(NamedTuple):
    """One row that changes.

    :param int row: its number in the file, 0 when it is no longer there
    :param str operation: "added", "changed", "removed" or "moved"
    :param list details: column, value before and value after, for what changed
    """

    sheet: str
    row: int
    operation: str
    name: str
    details: list = []


@dataclass
class Changes:
    """All that a file changes.

    :param list commands: see ``quote.estimate.apply_plan``
    :param dict created: values of new rows by sheet (costs, requirements)
    :param dict written: values by id, by sheet
    :param dict removed: ids by sheet
    :param list lines: ``Line`` of each row, for a person
    """

    commands: list = field(default_factory=list)
    created: dict = field(default_factory=dict)
    written: dict = field(default_factory=dict)
    removed: dict = field(default_factory=dict)
    lines: list = field(default_factory=list)

    def is_empty(self):
        """Return whether the file changes nothing."""
        return not (self.commands or self.lines)

    def count(self):
        """Return the number of lines by operation."""
        return Counter(line.operation for line in self.lines)


def find_changes(current, wanted):
    """Return what turns an estimate into what a file wants it to be.

    :param dict current: the estimate as it is, as the writer of the file takes it
    :param dict wanted: see ``check_workbook``
    :rtype: Changes
    """
    changes = Changes()
    _PlanChanges(current, wanted, changes).find()
    _find_table_changes("costs", COST_VALUES, current, wanted, changes)
    _find_table_changes("requirements", REQUIREMENT_VALUES, current, wanted, changes)
    # In the order of the file; what is no longer there comes last.
    changes.lines.sort(key=lambda line: (SHEETS.index(line.sheet), not line.row, line.row))
    return changes


def _is_same(key, old, new):
    if isinstance(old, float) or isinstance(new, float):
        return abs((old or 0) - (new or 0)) < 0.0005
    if isinstance(old, str) or isinstance(new, str):
        old, new = fit_text(old or ""), new or ""
        if key == "name":
            old, new = " ".join(old.split()), " ".join(new.split())
        return old == new
    if key == "items":
        return sorted(map(str, old or ())) == sorted(map(str, new or ()))
    return (old or None) == (new or None)


class _PlanChanges:
    def __init__(self, current, wanted, changes):
        self.old = {row["id"]: row for row in current["plan"]}
        self.new = {row["ref"]: row for row in wanted["plan"]}
        self.old_days, self.new_days = current["workload"], wanted["workload"]
        self.rows = wanted.get("workload_rows", {})
        self.changes = changes

    def find(self):
        commands = self.changes.commands
        added = [row for ref, row in self.new.items() if ref not in self.old]
        for row in added:
            values = {key: row[key] for key in PLAN_VALUES}
            commands.append({"op": "create", "key": row["ref"], "vals": self._export(values)})
            self._add_line(row["row"], "added", row["name"])
        # Links come once all rows are there, whatever their order.
        for ref, row in self.new.items():
            self._find_row_changes(ref, row)
        gone = [row for row_id, row in self.old.items() if row_id not in self.new]
        for row in gone:
            commands.append({"op": "unlink", "ref": row["id"]})
            self._add_line(0, "removed", row["name"])
        stays = [row_id for row_id in self.old if row_id in self.new]
        if [*stays, *(row["ref"] for row in added)] != list(self.new):
            commands.append({"op": "order", "refs": list(self.new)})
            self._find_moves(stays)
        self._find_days()

    def _export(self, values):
        day = values.get("not_before_date")
        if "not_before_date" in values:
            values["not_before_date"] = day.isoformat() if day else False
        return values

    def _add_line(self, row, operation, name, details=(), sheet="plan"):
        self.changes.lines.append(Line(sheet, row, operation, name, list(details)))

    def _find_row_changes(self, ref, row):
        old = self.old.get(ref, {})
        values, details = {}, []
        for key in PLAN_VALUES if old else ():
            if not _is_same(key, old[key], row[key]):
                values[key] = row[key]
                details.append((key, old[key], row[key]))
        if (old.get("parent") or False) != row["parent"]:
            values["parent"] = row["parent"]
            details.append(
                ("parent", self._get_name(old.get("parent")), self._get_name(row["parent"]))
            )
        if old.get("after_ids", {}) != row["after"]:
            values["after"] = [[other, lag] for other, lag in row["after"].items()]
            before = self._show_after(old.get("after_ids", {}))
            details.append(("after", before, self._show_after(row["after"])))
        if values:
            command = {"op": "write", "ref": ref, "vals": self._export(values)}
            self.changes.commands.append(command)
        if details and old:
            self._add_line(row["row"], "changed", row["name"], details)

    def _show_after(self, after):
        """Return what a row waits for, by name, each with its lag in days."""
        return ", ".join(
            f"{self._get_name(ref)} {lag:+g}" if lag else self._get_name(ref)
            for ref, lag in after.items()
        )

    def _get_name(self, ref):
        row = self.new.get(ref) or self.old.get(ref) or {"name": ""}
        return row["name"]

    def _find_moves(self, stays):
        """Name the rows that left their place: those outside of the longest run that kept it."""
        rank = {ref: place for place, ref in enumerate(self.new)}
        # The longest increasing run: the smallest end of a run of each length, and what is before.
        ends, before = [], {}
        for ref in stays:
            place = bisect_left(ends, rank[ref], key=rank.get)
            before[ref] = ends[place - 1] if place else None
            ends[place : place + 1] = [ref]
        kept, ref = set(), ends[-1] if ends else None
        while ref is not None:
            kept.add(ref)
            ref = before[ref]
        for ref in stays:
            if ref not in kept:
                self._add_line(self.new[ref]["row"], "moved", self.new[ref]["name"])

    # === DAYS === #

    def _find_days(self):
        cells = dict.fromkeys([*self.old_days, *self.new_days])
        details = {}
        for ref, role in cells:
            if ref not in self.new:
                continue
            old = self._get_days(self.old_days.get((ref, role), {}))
            new = self._get_days(self.new_days.get((ref, role), {}))
            if all(abs(old[key] - new[key]) < 0.0005 for key in old):
                continue
            values = {"days": new["days"]}
            if any(new[part] for part in THREE_POINT):
                values = {f"days_{part}": new[part] for part in THREE_POINT}
            command = {"op": "workload", "item": ref, "role": role, "vals": values}
            self.changes.commands.append(command)
            details.setdefault(ref, []).append((role, self._show(old), self._show(new)))
        for ref, changed in details.items():
            row = self.rows.get(ref, 0)
            self._add_line(row, "changed", self.new[ref]["name"], changed, "workload")

    def _get_days(self, days):
        """Return days that compare: three points count, and not what follows from them."""
        points = {part: days.get(part) or 0 for part in THREE_POINT}
        return {"days": 0 if any(points.values()) else days.get("days") or 0, **points}

    def _show(self, days):
        points = [days[part] for part in THREE_POINT]
        return tuple(points) if any(points) else days["days"]


def _find_table_changes(sheet, keys, current, wanted, changes):
    """Find what changes in a sheet whose rows stand for themselves."""
    old_rows = {row["id"]: row for row in current[sheet]}
    for row in wanted[sheet]:
        old = old_rows.get(row["id"])
        if old is None:
            changes.created.setdefault(sheet, []).append({key: row[key] for key in keys})
            changes.lines.append(Line(sheet, row["row"], "added", row["name"], []))
            continue
        details = [
            (key, old[key], row[key])
            for key in keys
            # A column that this installation has no use for is in no row.
            if key in old and not _is_same(key, old[key], row[key])
        ]
        if details:
            changes.written.setdefault(sheet, {})[row["id"]] = {k: row[k] for k, _o, _n in details}
            changes.lines.append(Line(sheet, row["row"], "changed", row["name"], details))
    kept = {row["id"] for row in wanted[sheet]}
    for row_id, row in old_rows.items():
        if row_id not in kept:
            changes.removed.setdefault(sheet, []).append(row_id)
            changes.lines.append(Line(sheet, 0, "removed", row["name"], []))
