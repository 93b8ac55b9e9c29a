"""What the rows of a file mean together: a plan, its workload, its costs. Plain Python, no ORM.

>>> from .estimate_workbook_reader import Reading, Record
>>> names = ("id", "number", "level", "kind", "name", "after", "duration")
>>> rows = [(7, 1, 1, "phase", "Design", None, None), (None, 2, 2, "task", "Survey", {3: 1}, 2)]
>>> reading = Reading(records={
...     "plan": [Record(row, dict(zip(names, values))) for row, values in enumerate(rows, 4)]})
>>> current = {"plan": [{"id": 7, "kind": "phase", "duration": 0, "name": "Design"}]}
>>> wanted = check_workbook(reading, current)
>>> [(row["ref"], row["parent"], row["kind"]) for row in wanted["plan"]]
[(7, False, 'phase'), ('row_5', 7, 'task')]
>>> [(problem.code, problem.row, problem.values) for problem in reading.problems]
[('unknown_number', 5, {'value': 3})]
"""

from .estimate_workbook import LONGEST_CELL, THREE_POINT
from .plan_draft import MOST_LEVELS, MOST_ROWS
from .plan_values import LONGEST_NAME
from .schedule import ScheduleCycleError, Task, schedule
from .three_point import mean_days

LEVEL_PROBLEMS = {"too_deep", "level_jump", "level_parent"}
PLAN_TEXTS = ("description", "acceptance_criteria")


def check_workbook(reading, current):
    """Return what the file wants the estimate to be; problems are added to the reading.

    :param Reading reading: the rows, from ``read_workbook``
    :param dict current: the estimate as it is: ``plan``, ``costs``, ``requirements`` as the writer
        takes them, and ``may`` (names of the operations on requirements that the person may do)
    :return: ``plan``, ``costs``, ``requirements`` as lists of dicts, ``workload`` as a dict,
        ``workload_rows`` (number of the row in the sheet of the workload, by ref)
    :rtype: dict
    """
    checker = _Checker(reading, current)
    return {
        "plan": checker.check_plan(),
        "workload": checker.check_workload(),
        "workload_rows": checker.workload_rows,
        "costs": checker.check_costs(),
        "requirements": checker.check_requirements(),
    }


class _Checker:
    def __init__(self, reading, current):
        self.reading, self.current = reading, current
        self.refs, self.rows, self.workload_rows = {}, {}, {}

    def _get_records(self, sheet):
        """Return the records of a sheet with what names them: their id, or None for a new one."""
        known = {row["id"]: row for row in self.current.get(sheet, ())}
        seen, records = {}, []
        for record in self.reading.records.get(sheet, ()):
            record_id = record.values.get("id")
            if record_id in seen:
                first = seen[record_id]
                self._add("same_id", sheet, record, "id", value=record_id, first=first)
            elif record_id and record_id not in known:
                self._add("foreign_row", sheet, record, "id", value=record_id)
            # Noted once: what refers to the row is looked at all the same.
            if record_id in seen or record_id not in known:
                record_id = record.values["id"] = None
            if record_id:
                seen[record_id] = record.row
            records.append((record, known.get(record_id, {})))
        if len(records) > MOST_ROWS:
            self.reading.add_problem("too_many_rows", sheet, most=MOST_ROWS)
            return []
        return records

    def _add(self, code, sheet, record, key, **values):
        self.reading.add_problem(code, sheet, record.row, key, **values)

    def _read_text(self, sheet, record, key, old, longest):
        """Return a text that fits; what was there already always does."""
        text = record.values.get(key) or ""
        if len(text) > longest and text != (old.get(key) or ""):
            self._add("long_text", sheet, record, key, length=len(text), most=longest)
            return text[:longest]
        return text

    def _read_name(self, sheet, record, old, longest=LONGEST_NAME):
        name = self._read_text(sheet, record, "name", old, longest)
        if not name and not self._is_noted(sheet, record, "name"):
            self._add("no_name", sheet, record, "name")
        return name

    def _is_noted(self, sheet, record, key):
        """Return whether something is wrong with a cell already."""
        letter = self.reading.letters.get(sheet, {}).get(key, "")
        name = self.reading.names.get(sheet, sheet)
        return any(
            (problem.sheet, problem.row, problem.column) == (name, record.row, letter)
            for problem in self.reading.problems
        )

    # === PLAN === #

    def check_plan(self):
        """Return the rows of the plan, each with the refs of its phase and of what it waits for."""
        records = self._get_records("plan")
        numbers, wanted = {}, []
        for record, _old in records:
            ref = record.values.get("id") or f"row_{record.row}"
            self.refs[ref] = record.row
            number = record.values.get("number")
            if number in numbers:
                first = self.refs[numbers[number]]
                self._add("same_number", "plan", record, "number", value=number, first=first)
            elif number:
                numbers[number] = ref
        self.numbers = numbers
        stack = []
        for record, old in records:
            row = self._read_item(record, old)
            row["parent"] = self._find_parent(record, row, stack)
            self.rows[row["ref"]] = row
            wanted.append(row)
        self._check_no_circle(wanted)
        return wanted

    def _read_item(self, record, old):
        values = record.values
        kind = values.get("kind") or ("" if old else "task")
        if not kind:
            if not self._is_noted("plan", record, "kind"):
                self._add("no_kind", "plan", record, "kind")
            kind = old["kind"]
        duration = values.get("duration") or 0
        if kind != "task" and duration and (duration != old.get("duration") or old["kind"] != kind):
            self._add("duration_kind", "plan", record, "duration")
        return {
            "ref": values.get("id") or f"row_{record.row}",
            "row": record.row,
            "kind": kind,
            "name": " ".join(self._read_name("plan", record, old).split()),
            "duration": duration,
            "not_before": values.get("not_before") or 0,
            "not_before_date": values.get("not_before_date"),
            "after": self._find_refs("plan", record, "after"),
            **{key: self._read_text("plan", record, key, old, LONGEST_CELL) for key in PLAN_TEXTS},
        }

    def _find_refs(self, sheet, record, key):
        """Return the lag by ref of the rows that a cell names by their numbers."""
        refs = {}
        for number, lag in (record.values.get(key) or {}).items():
            if number in self.numbers:
                refs[self.numbers[number]] = lag
            else:
                self._add("unknown_number", sheet, record, key, value=number)
        return refs

    def _find_parent(self, record, row, stack):
        """Return the phase a row is in: the last row above that is one level further out.

        :param list stack: level, ref and kind of the rows that may still get something inside
        """
        level = record.values.get("level")
        if not level and row["kind"] == "phase":
            level = 1
        elif not level and stack:
            # Without a level, a row goes on where the one above it is.
            level = stack[-1][0] + (stack[-1][2] == "phase")
        level = level or 1
        deepest = stack[-1][0] if stack else 0
        while stack and stack[-1][0] >= level:
            stack.pop()
        parent = stack[-1] if stack else None
        if level > MOST_LEVELS:
            self._add("too_deep", "plan", record, "level", most=MOST_LEVELS)
        elif level > deepest + 1:
            self._add("level_jump", "plan", record, "level", value=level, most=deepest + 1)
        elif parent and parent[2] != "phase":
            name = self.rows[parent[1]]["name"]
            self._add("level_parent", "plan", record, "level", value=level, parent=name)
        stack.append((level, row["ref"], row["kind"]))
        return parent[1] if parent else False

    def _check_no_circle(self, rows):
        if any(problem.code in LEVEL_PROBLEMS for problem in self.reading.problems):
            # Rows that are in the wrong phase wait for the wrong ones.
            return
        try:
            schedule(
                Task(
                    row["ref"],
                    duration=row["duration"] if row["kind"] == "task" else 0,
                    after=row["after"],
                    parent=row["parent"] or None,
                )
                for row in rows
            )
        except ScheduleCycleError as error:
            names = [f"“{self.rows[ref]['name']}”" for ref in error.keys]
            first = self.rows[error.keys[0]]
            circle = " → ".join([*names, names[0]])
            self.reading.add_problem("cycle", "plan", first["row"], "after", items=circle)

    # === WORKLOAD === #

    def check_workload(self):
        """Return the days by row and role: as one number, or low, likely and high.

        :rtype: dict
        """
        known = {row["id"] for row in self.current.get("plan", ())}
        wanted, seen = {}, self.workload_rows
        for record in self.reading.records.get("workload", ()):
            ref = self._find_task(record, known)
            if ref is None:
                continue
            if ref in seen:
                self._add("same_task", "workload", record, "number", first=seen[ref])
                continue
            seen[ref] = record.row
            for role in dict.fromkeys(role for role, _part in [*record.cells, *record.formulas]):
                days = self._read_days(record, role)
                if not any(days.values()):
                    continue
                if self.rows[ref]["kind"] != "task":
                    name = self.rows[ref]["name"]
                    self._add("not_task", "workload", record, (role, "days"), name=name)
                else:
                    wanted[ref, role] = days
        return wanted

    def _find_task(self, record, known):
        """Return the ref of the row of the plan that a row of the workload is about, or None."""
        record_id, number = record.values.get("id"), record.values.get("number")
        if record_id in self.rows:
            return record_id
        if record_id in known:
            # Its row was taken out of the plan: its days go with it.
            return None
        if record_id:
            self._add("foreign_row", "workload", record, "id", value=record_id)
        elif number in self.numbers:
            ref = self.numbers[number]
            return ref if ref in self.rows else None
        elif number:
            self._add("unknown_number", "workload", record, "number", value=number)
        elif any(record.cells.values()):
            self._add("no_task", "workload", record, "number")
        return None

    def _read_days(self, record, role):
        """Return the days of a role on a row.

        Three points count when they are there; a number typed over their mean contradicts them.
        """
        days = record.cells.get((role, "days")) or 0
        points = [record.cells.get((role, part)) for part in THREE_POINT]
        if not any(points):
            if (role, "days") in record.formulas and (role, "days") not in record.cells:
                self._add("formula", "workload", record, (role, "days"))
            return {"days": days}
        low, likely, high = (point or 0 for point in points)
        if None in points or not low <= likely <= high:
            self._add("three_point", "workload", record, (role, "low"))
            return {"days": days}
        mean = mean_days(low, likely, high)
        typed = (role, "days") not in record.formulas
        if typed and (role, "days") in record.cells and abs(days - mean) > 0.005:
            self._add(
                "two_days", "workload", record, (role, "days"), days=f"{days:g}", mean=f"{mean:g}"
            )
        return {"low": low, "likely": likely, "high": high}

    # === COSTS AND REQUIREMENTS === #

    def check_costs(self):
        """Return the other costs."""
        return [
            {
                "id": old.get("id"),
                "row": record.row,
                "family": record.values.get("family") or old.get("family") or "other",
                "name": self._read_name("costs", record, old),
                "item": self._find_item(record),
                "quantity": self._get_quantity(record, old),
                "unit": self._read_text("costs", record, "unit", old, LONGEST_NAME),
                "unit_cost": record.values.get("unit_cost") or 0,
                "is_rebilled": record.values.get("is_rebilled") or "no",
            }
            for record, old in self._get_records("costs")
        ]

    def _get_quantity(self, record, old):
        quantity = record.values.get("quantity")
        return (0 if old else 1) if quantity is None else quantity

    def _find_item(self, record):
        number = record.values.get("item")
        if not number:
            return False
        if number not in self.numbers:
            self._add("unknown_number", "costs", record, "item", value=number)
        return self.numbers.get(number, False)

    def check_requirements(self):
        """Return the requirements, as far as the person may change them."""
        wanted, may = [], self.current.get("may", ())
        for record, old in self._get_records("requirements"):
            values = record.values
            if not old and "create" not in may:
                self._add("no_new_requirement", "requirements", record, "name")
            wanted.append(
                {
                    "id": old.get("id"),
                    "row": record.row,
                    "number": values.get("number") or 0,
                    "reference": self._read_text("requirements", record, "reference", old, 32),
                    "name": self._read_name("requirements", record, old, LONGEST_CELL),
                    "priority": values.get("priority") or old.get("priority") or "must",
                    "compliance": values.get("compliance") or old.get("compliance") or "to_answer",
                    "comment": self._read_text(
                        "requirements", record, "comment", old, LONGEST_CELL
                    ),
                    "items": list(self._find_refs("requirements", record, "items")),
                }
            )
        kept = {row["id"] for row in wanted}
        gone = [row for row in self.current.get("requirements", ()) if row["id"] not in kept]
        if gone and "unlink" not in may and self.reading.letters.get("requirements"):
            names = ", ".join(str(row["number"]) for row in gone[:10])
            self.reading.add_problem("no_removed_requirement", "requirements", numbers=names)
        return wanted
