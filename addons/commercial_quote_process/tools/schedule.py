"""When each task of a plan happens, in working days after T0. Plain Python, no ORM.

Days are counted from 0: a task that starts on day 0 and lasts 3 days occupies days 0, 1 and 2, and
ends on day 3, which is the first day its successors may start. A milestone lasts 0 days. A phase
spans its children; what depends on a phase waits for all of them, and what a phase waits for, all
of its children wait for.

>>> plan = schedule([
...     Task("survey", duration=3),
...     Task("model", duration=5, after={"survey": 0}),
...     Task("approved", after={"model": 0}),
...     Task("side", duration=2),
... ])
>>> [(key, slot.start, slot.end, slot.slack, slot.is_critical) for key, slot in plan.items()]
[('survey', 0, 3, 0, True), ('model', 3, 8, 0, True), ('approved', 8, 8, 0, True), \
('side', 0, 2, 6, False)]
"""

import datetime
from collections import defaultdict, deque
from dataclasses import dataclass, field


class ScheduleCycleError(ValueError):
    """Tasks that wait for each other.

    :param list keys: the tasks of the circle, each waiting for the one before it
    """

    def __init__(self, keys):
        super().__init__(f"circular dependency: {keys}")
        self.keys = keys


@dataclass
class Task:
    """One row of a plan.

    :param key: what names the row, any hashable value
    :param float duration: working days; ignored for a phase that has children
    :param float not_before: earliest start, in working days after T0
    :param dict after: lag in working days by key of the row to wait for
    :param parent: key of the phase the row belongs to, or None
    """

    key: object
    duration: float = 0
    not_before: float = 0
    after: dict = field(default_factory=dict)
    parent: object = None


@dataclass
class Slot:
    """When a row happens: see the module's own words about days."""

    start: float
    end: float
    slack: float = 0
    is_critical: bool = False


def schedule(tasks):
    """Return the earliest slot of each task, with its slack, in the order given.

    Forward and backward pass of the critical path method (Kelley and Walker, 1959), over a graph
    in which a phase is two points, its start and its end. Linear in rows and dependencies.

    :param tasks: list of ``Task``
    :return: ``Slot`` by key
    :rtype: dict
    :raise ScheduleCycleError: when rows wait for each other

    >>> plan = schedule([
    ...     Task("design", after={"start": 0}), Task("start", duration=1),
    ...     Task("draw", duration=2, parent="design"),
    ...     Task("build", duration=1, after={"design": 1}, not_before=2),
    ... ])
    >>> plan["design"], plan["build"].start
    (Slot(start=1, end=3, slack=0, is_critical=True), 4)
    >>> try:
    ...     schedule([Task("a", after={"b": 0}), Task("b", after={"a": 0})])
    ... except ScheduleCycleError as error:
    ...     sorted(error.keys)
    ['a', 'b']
    """
    network = _Network(tasks)
    order = network.sort()
    early = network.forward(order)
    horizon = max((early[point] + network.length[point] for point in order), default=0)
    late = network.backward(order, horizon)
    return {task.key: network.slot(task.key, early, late) for task in tasks}


class _Network:
    """The points of a plan and what separates them."""

    def __init__(self, tasks):
        self.tasks = {task.key: task for task in tasks}
        self.phases = {task.parent for task in tasks if task.parent in self.tasks}
        self.length = {}
        self.floor = {}
        self.successors = defaultdict(list)
        self.waiting = defaultdict(int)
        for task in tasks:
            self._add_points(task)
        for task in tasks:
            self._link(task)

    def _add_points(self, task):
        first, last = self._start(task.key), self._end(task.key)
        self.length[first] = 0 if task.key in self.phases else max(task.duration, 0)
        self.floor[first] = max(task.not_before or 0, 0)
        if first != last:
            self.length[last] = 0
            self.floor[last] = 0

    def _link(self, task):
        for other, lag in task.after.items():
            if other in self.tasks:
                self._join(self._end(other), self._start(task.key), lag)
        if task.parent in self.tasks:
            self._join(self._start(task.parent), self._start(task.key))
            self._join(self._end(task.key), self._end(task.parent))

    def _join(self, before, after, lag=0):
        self.successors[before].append((after, lag))
        self.waiting[after] += 1

    def _start(self, key):
        return ("start", key)

    def _end(self, key):
        return ("end", key) if key in self.phases else ("start", key)

    def sort(self):
        """Return the points, each after those it waits for.

        :raise ScheduleCycleError: when there is no such order
        """
        waiting = dict(self.waiting)
        ready = deque(point for point in self.length if not waiting.get(point))
        order = []
        while ready:
            point = ready.popleft()
            order.append(point)
            for successor, _lag in self.successors[point]:
                waiting[successor] -= 1
                if not waiting[successor]:
                    ready.append(successor)
        if len(order) < len(self.length):
            raise ScheduleCycleError(self._find_cycle(set(self.length) - set(order)))
        return order

    def _find_cycle(self, points):
        """Return the keys of one circle among points that could not be ordered."""
        before = {}
        for point in points:
            for successor, _lag in self.successors[point]:
                if successor in points:
                    before[successor] = point
        point, path = next(iter(sorted(points, key=str))), []
        while point not in path:
            path.append(point)
            point = before[point]
        circle = path[path.index(point) :][::-1]
        return list(dict.fromkeys(key for _side, key in circle))

    def forward(self, order):
        """Return the earliest day of each point."""
        early = dict(self.floor)
        for point in order:
            end = early[point] + self.length[point]
            for successor, lag in self.successors[point]:
                early[successor] = max(early[successor], end + lag)
        return early

    def backward(self, order, horizon):
        """Return the latest day of each point that does not delay the end of the plan."""
        late = {}
        for point in reversed(order):
            limits = [late[successor] - lag for successor, lag in self.successors[point]]
            late[point] = min(limits, default=horizon) - self.length[point]
        return late

    def slot(self, key, early, late):
        first, last = self._start(key), self._end(key)
        slack = late[last] - early[last]
        return Slot(
            start=early[first],
            end=early[last] + self.length[last],
            slack=slack,
            is_critical=abs(slack) < 1e-9,
        )


def working_day(start, offset, weekdays=frozenset(range(5)), holidays=frozenset()):
    """Return the date of the working day number ``offset`` counted from ``start``.

    :param date start: T0; when it is no working day, day 0 is the next one
    :param int offset: working days after T0, 0 or more
    :param weekdays: days of the week that are worked, Monday is 0
    :param holidays: dates that are not worked
    :rtype: date

    >>> friday = datetime.date(2026, 11, 27)
    >>> working_day(friday, 0).isoformat(), working_day(friday, 1).isoformat()
    ('2026-11-27', '2026-11-30')
    >>> working_day(friday, 1, holidays={datetime.date(2026, 11, 30)}).isoformat()
    '2026-12-01'
    """
    return working_days(start, [offset], weekdays, holidays)[offset]


def working_days(start, offsets, weekdays=frozenset(range(5)), holidays=frozenset()):
    """Return the date of each working day asked for, walking through the calendar once.

    :param offsets: whole numbers of working days after T0
    :return: date by offset
    :rtype: dict
    """
    if not weekdays:
        raise ValueError("a calendar without working days")
    wanted = sorted(set(offsets))
    dates, day, number = {}, start, -1
    while wanted:
        if day.weekday() in weekdays and day not in holidays:
            number += 1
            while wanted and wanted[0] <= number:
                dates[wanted.pop(0)] = day
        day += datetime.timedelta(days=1)
    return dates
