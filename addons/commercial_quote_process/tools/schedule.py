"""When each row of a plan happens, in working days after T0. Plain Python, no ORM.

Days are counted from 0: a task that starts on day 0 and lasts 3 days occupies days 0, 1 and 2, and
ends on day 3, which is the first day its successors may start. Parts of a day are allowed. A
milestone lasts 0 days: "day 8" means after 8 days of work, which is the evening of the eighth one.
A phase spans what is inside; what depends on a phase waits for all of it, and what a phase waits
for, all that is inside waits for.

>>> plan = schedule([
...     Task("design"),
...     Task("survey", duration=3, parent="design"),
...     Task("model", duration=5, parent="design", after={"survey": 0}),
...     Task("approved", parent="design", after={"model": 0}),
...     Task("build"),
...     Task("portal", duration=2.5, parent="build", after={"design": 0}),
...     Task("side", duration=2),
... ])
>>> for key, slot in plan.items():
...     print(f"{key:8} {slot.start:>4} {slot.end:>4} {slot.slack:>4} {slot.is_critical}")
design      0    8  0.0 True
survey      0    3  0.0 True
model       3    8  0.0 True
approved    8    8  0.0 True
build       8 10.5  0.0 True
portal      8 10.5  0.0 True
side        0    2  8.5 False
"""

import datetime
from dataclasses import dataclass, field

# Far below an hour, far above the noise of binary floats.
DIGITS = 6
EPSILON = 1e-6
# Monday to Friday.
USUAL_WEEK = frozenset(range(5))


class ScheduleCycleError(ValueError):
    """Rows that wait for each other.

    :param list keys: the rows of the circle, each one waiting for the one before it
    """

    def __init__(self, keys):
        super().__init__(f"circular dependency: {keys}")
        self.keys = keys


@dataclass
class Task:
    """One row of a plan.

    :param key: what names the row, any hashable value
    :param float duration: working days; ignored for a phase, which is a row with others inside
    :param float not_before: earliest start, in working days after T0
    :param dict after: lag in working days by key of the row to wait for; negative = an overlap
    :param parent: key of the phase the row belongs to, or None
    """

    key: object
    duration: float = 0
    not_before: float = 0
    after: dict = field(default_factory=dict)
    parent: object = None


@dataclass
class Slot:
    """When a row happens: see the module's own words about days.

    :param float slack: days by which the row may be late without moving the end of the plan
    :param bool is_critical: whether there is no slack
    """

    start: float
    end: float
    slack: float = 0
    is_critical: bool = False


def schedule(tasks):
    """Return the earliest slot of each row, with its slack, in the order given.

    Forward and backward pass of the critical path method (Kelley and Walker, 1959), over a graph
    in which a phase is two points, its start and its end: a relation with a phase is one edge,
    whatever its size. Linear in rows and dependencies.

    :param tasks: iterable of ``Task``; what is not among them is not waited for
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
    >>> schedule([
    ...     Task("a", after={"c": 0}), Task("b", after={"a": 0}), Task("c", after={"b": 0}),
    ...     Task("d", after={"c": 0}),
    ... ])
    Traceback (most recent call last):
        ...
    commercial_quote_process.tools.schedule.ScheduleCycleError: circular dependency: ['a', 'b', 'c']
    >>> schedule([])
    {}
    """
    network = _Network(tasks)
    order = network.sort()
    early = network.forward(order)
    late = network.backward(order, network.get_end(early))
    return network.get_slots(order, early, late)


class _Network:
    """The points of a plan, each one ``(key, is_end_of_phase)``, and what separates them."""

    def __init__(self, tasks):
        self.tasks = {task.key: task for task in tasks}
        self.phases = {t.parent for t in self.tasks.values() if t.parent in self.tasks}
        self.length, self.floor, self.successors = {}, {}, {}
        for task in self.tasks.values():
            self._add_points(task)
        for task in self.tasks.values():
            self._link(task)

    def _add_points(self, task):
        is_phase = task.key in self.phases
        for point in dict.fromkeys([(task.key, False), (task.key, is_phase)]):
            self.length[point] = 0 if is_phase else max(task.duration or 0, 0)
            self.floor[point] = max(task.not_before or 0, 0)
            self.successors[point] = []

    def _link(self, task):
        start, end = (task.key, False), self._get_end_point(task.key)
        if start != end:
            self.successors[start].append((end, 0))
        for other, lag in task.after.items():
            if other in self.tasks:
                self.successors[self._get_end_point(other)].append((start, lag))
        if task.parent in self.tasks:
            self.successors[task.parent, False].append((start, 0))
            self.successors[end].append(((task.parent, True), 0))

    def _get_end_point(self, key):
        return key, key in self.phases

    def sort(self):
        """Return the points, each after those it waits for.

        :raise ScheduleCycleError: when there is no such order
        """
        waiting = dict.fromkeys(self.length, 0)
        for successors in self.successors.values():
            for successor, _lag in successors:
                waiting[successor] += 1
        order = [point for point, count in waiting.items() if not count]
        for point in order:
            for successor, _lag in self.successors[point]:
                waiting[successor] -= 1
                if not waiting[successor]:
                    order.append(successor)
        if len(order) < len(waiting):
            raise ScheduleCycleError(self._get_cycle([p for p in waiting if waiting[p]]))
        return order

    def _get_cycle(self, stuck):
        """Return the keys of one circle among points that all wait for another one of them."""
        rank = {point: position for position, point in enumerate(stuck)}
        before = {}
        for point in stuck:
            for successor, _lag in self.successors[point]:
                if successor in rank:
                    before.setdefault(successor, point)
        path, point = {}, stuck[0]
        while point not in path:
            path[point] = len(path)
            point = before[point]
        circle = list(path)[path[point] :][::-1]
        first = circle.index(min(circle, key=rank.get))
        return list(dict.fromkeys(key for key, _is_end in circle[first:] + circle[:first]))

    def forward(self, order):
        """Return the earliest day of each point."""
        early = dict(self.floor)
        for point in order:
            end = early[point] + self.length[point]
            for successor, lag in self.successors[point]:
                early[successor] = max(early[successor], round(end + lag, DIGITS))
        return early

    def get_end(self, early):
        """Return the last day of the plan."""
        return max((early[point] + self.length[point] for point in early), default=0)

    def backward(self, order, end):
        """Return the latest day on which each point may end without moving the end."""
        late = {}
        for point in reversed(order):
            limits = [
                late[after] - self.length[after] - lag for after, lag in self.successors[point]
            ]
            late[point] = min([end, *limits])
        return late

    def get_slots(self, order, early, late):
        """Return the slot of each row; a phase spans what is inside."""
        slots = {}
        for point in reversed(order):
            key, is_end = point
            if is_end:
                continue
            # Backwards, what is inside a phase comes before the start of the phase.
            inside = [slots[t] for (t, is_end), _lag in self.successors[point] if not is_end]
            if key in self.phases and inside:
                start, end = min(s.start for s in inside), max(s.end for s in inside)
                slack = min(s.slack for s in inside)
            else:
                start, end = early[point], round(early[point] + self.length[point], DIGITS)
                slack = max(round(late[point] - end, DIGITS), 0)
            slots[key] = Slot(start, end, slack, slack < EPSILON)
        return {key: slots[key] for key in self.tasks}


# === DATES === #


def working_day(start, offset, weekdays=USUAL_WEEK, holidays=frozenset()):
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


def working_days(start, offsets, weekdays=USUAL_WEEK, holidays=frozenset()):
    """Return the date of each working day asked for, walking through the calendar once.

    :param offsets: whole numbers of working days after T0
    :return: date by offset
    :rtype: dict
    """
    if not weekdays:
        raise ValueError("a calendar without working days")
    wanted = sorted(set(offsets), reverse=True)
    dates, day, number = {}, start, -1
    while wanted:
        if day.weekday() in weekdays and day not in holidays:
            number += 1
            while wanted and wanted[-1] <= number:
                dates[wanted.pop()] = day
        day += datetime.timedelta(days=1)
    return dates


def count_working_days(start, end, weekdays=USUAL_WEEK, holidays=frozenset()):
    """Return how many working days lie between two dates, the second one excluded.

    :param date start: first day counted
    :param date end: first day that is not counted any more
    :param weekdays: days of the week that are worked, Monday is 0
    :param holidays: dates that are not worked, each one once
    :rtype: int

    >>> friday = datetime.date(2026, 11, 27)
    >>> count_working_days(friday, datetime.date(2026, 12, 2))
    3
    >>> count_working_days(friday, datetime.date(2026, 11, 1))
    0
    """
    if end <= start:
        return 0
    weeks, rest = divmod((end - start).days, 7)
    worked = weeks * len(weekdays)
    worked += sum((start.weekday() + day) % 7 in weekdays for day in range(rest))
    return worked - sum(start <= day < end and day.weekday() in weekdays for day in holidays)
