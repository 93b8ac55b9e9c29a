"""A plan in memory, changed by commands before anything is written. Plain Python, no ORM.

The rows of a plan are named by their id, an int, or by the key, a str, that the person's browser
gave to a row it has just made. Commands come from outside: nothing in them is trusted.

>>> draft = PlanDraft([PlanRow(7, "task", "Survey", duration=3)], {})
>>> draft.apply([
...     {"op": "create", "key": "a", "vals": {"kind": "phase", "name": "Design"}},
...     {"op": "write", "ref": 7, "vals": {"parent": "a"}},
...     {"op": "create", "key": "b", "vals": {"name": "Model", "parent": "a", "after": [[7, 1]]}},
...     {"op": "order", "refs": ["a", 7, "b"]},
...     {"op": "workload", "item": 7, "role": 4, "vals": {"days": 2.5}},
... ])
>>> [(row.ref, row.parent, row.after) for row in draft.get_tree()]
[('a', False, {}), (7, 'a', {}), ('b', 'a', {7: 1.0})]
>>> draft.touched_days
{(7, 4): {'days': 2.5}}

What is inside a phase goes with it, and nothing waits for what is gone:

>>> draft.apply([{"op": "unlink", "ref": 7}])
>>> draft.rows["b"].after, draft.touched_days
({}, {})

Errors say what is wrong and where, in data; who calls finds the words:

>>> draft.apply([{"op": "write", "ref": "b", "vals": {"duration": -1}}])
Traceback (most recent call last):
    ...
commercial_quote_process.tools.plan_draft.PlanError: ('number', {'item': 'Model', 'number': 1})
"""

from . import plan_values
from .plan_row import PlanRow
from .plan_values import PlanError

KINDS = ("phase", "task", "milestone", "deliverable")
# A plan that a person can still read; what is beyond is a slip of an import.
MOST_ROWS = 5000
MOST_COMMANDS = 20000
MOST_LEVELS = 8
# Rows looked at by all commands of a batch together: some seconds of work.
MOST_WORK = 5_000_000


class PlanDraft:
    """The rows of a plan, and what the commands applied so far make of them.

    :param rows: ``PlanRow`` of each row of the plan, in its order
    :param dict workload: ids of the roles that work on a row, by its ref
    """

    def __init__(self, rows, workload):
        self.rows = {row.ref: row for row in rows}
        self.roles = {ref: set(roles) for ref, roles in workload.items()}
        self.order = list(self.rows)
        self.removed = []
        self.touched_days = {}
        self.work = 0

    # === COMMANDS === #

    def apply(self, commands):
        """Apply commands, in their order.

        :param list commands: see ``quote.estimate.apply_plan``
        :raise PlanError: for the first one that cannot be applied; the draft is then of no use
        """
        if not isinstance(commands, list) or len(commands) > MOST_COMMANDS:
            raise PlanError("malformed")
        for number, command in enumerate(commands, start=1):
            try:
                self._apply(command)
            except PlanError as error:
                error.values.setdefault("number", number)
                raise
        self._check()

    def _apply(self, command):
        if not isinstance(command, dict):
            raise PlanError("malformed")
        handlers = {
            "create": self._create,
            "write": self._write,
            "unlink": self._unlink,
            "order": self._set_order,
            "workload": self._set_days,
        }
        operation = command.get("op")
        handler = handlers.get(operation) if isinstance(operation, str) else None
        if not handler:
            raise PlanError("malformed")
        handler(command)

    def _spend(self, rows):
        """Count the rows that a command looks at, so that no batch holds the server up."""
        self.work += rows
        if self.work > MOST_WORK:
            raise PlanError("too_large")

    def _create(self, command):
        key = plan_values.read_key(command.get("key"))
        if key in self.rows or key in self.removed or len(self.rows) >= MOST_ROWS:
            raise PlanError("malformed" if len(self.rows) < MOST_ROWS else "too_many")
        row = self.rows[key] = PlanRow(key)
        self.order.append(key)
        self._set_values(row, command.get("vals"))
        if not row.name:
            raise PlanError("no_name")

    def _write(self, command):
        self._set_values(self._find(command.get("ref")), command.get("vals"))

    def _unlink(self, command):
        ref = plan_values.read_ref(command.get("ref"))
        if ref in self.removed:
            # It was inside a phase that is gone already.
            return
        self._spend(len(self.rows))
        gone = {self._find(ref).ref}
        # Rows come after the phase they are in only in the end: look until nothing is found.
        while inside := {row.ref for row in self.rows.values() if row.parent in gone} - gone:
            self._spend(len(self.rows))
            gone |= inside
        self.removed += [other for other in self.order if other in gone]
        self.order = [other for other in self.order if other not in gone]
        self.rows = {other: self.rows[other] for other in self.rows if other not in gone}
        for row in self.rows.values():
            row.after = {other: lag for other, lag in row.after.items() if other not in gone}
        for cell in [cell for cell in self.touched_days if cell[0] in gone]:
            del self.touched_days[cell]

    def _set_order(self, command):
        refs = command.get("refs")
        if not isinstance(refs, list) or len(refs) != len(self.rows):
            raise PlanError("malformed")
        self._spend(len(refs))
        refs = [self._find(ref).ref for ref in refs]
        if len(set(refs)) != len(refs):
            raise PlanError("malformed")
        self.order = refs

    def _set_days(self, command):
        row = self._find(command.get("item"))
        role = command.get("role")
        if not plan_values.is_id(role):
            raise PlanError("malformed")
        values = plan_values.read_days(command.get("vals"), row.name)
        roles = self.roles.setdefault(row.ref, set())
        if any(values.values()):
            roles.add(role)
        else:
            roles.discard(role)
        self.touched_days[row.ref, role] = values

    # === VALUES === #

    def _find(self, ref):
        """Return the row that a command names."""
        row = self.rows.get(plan_values.read_ref(ref))
        if not row:
            raise PlanError("unknown_row")
        return row

    def _set_values(self, row, values):
        if not isinstance(values, dict):
            raise PlanError("malformed")
        if "name" in values:
            row.name = plan_values.read_name(values["name"], row.name)
        for name, value in values.items():
            if name == "parent":
                row.parent = self._find(value).ref if value else False
            elif name == "after":
                row.after = self._read_after(value, row.name)
            elif name == "kind":
                if value not in KINDS:
                    raise PlanError("malformed")
                row.kind = value
            elif name in plan_values.READERS:
                setattr(row, name, plan_values.READERS[name](value, row.name))
            else:
                raise PlanError("malformed")

    def _read_after(self, value, name):
        if not isinstance(value, list) or len(value) > MOST_ROWS:
            raise PlanError("malformed")
        self._spend(len(value))
        after = {}
        for pair in value:
            if not isinstance(pair, list) or len(pair) != 2:
                raise PlanError("malformed")
            ref, lag = pair
            after[self._find(ref).ref] = plan_values.read_lag(lag, name)
        return after

    # === THE WHOLE === #

    def _check(self):
        """Refuse rows that do not fit together.

        :raise PlanError: naming the row
        """
        for row in self.rows.values():
            level, parent = 1, row.parent
            while parent:
                if self.rows[parent].kind != "phase":
                    raise PlanError("parent", item=row.name, parent=self.rows[parent].name)
                level, parent = level + 1, self.rows[parent].parent
                if level > MOST_LEVELS:
                    raise PlanError("depth", item=row.name)
            if row.kind != "task" and self.roles.get(row.ref):
                raise PlanError("workload", item=row.name)

    def get_levels(self):
        """Return how many phases each row is in.

        :return: level by ref; 0 outside of phases
        :rtype: dict
        """
        levels = {}
        for row in self.get_tree():
            levels[row.ref] = levels[row.parent] + 1 if row.parent else 0
        return levels

    def get_tree(self):
        """Return the rows in the order of the plan: each phase, then what is inside.

        :rtype: list(PlanRow)
        """
        inside = {}
        for ref in self.order:
            inside.setdefault(self.rows[ref].parent, []).append(ref)
        tree, stack = [], inside.get(False, [])[::-1]
        while stack:
            ref = stack.pop()
            tree.append(self.rows[ref])
            stack += inside.get(ref, [])[::-1]
        return tree
