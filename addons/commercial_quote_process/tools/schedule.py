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

from dataclasses import dataclass, field

# Far below an hour, far above the noise of binary floats.
DIGITS = 6
EPSILON = 1e-6


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
    order, early = network.forward()
    return network.get_slots(order, early, network.backward(order, early))


class _Network:
    """The points of a plan, numbered, and what separates them.

    Row number ``i`` starts at point ``i``; a phase ends at a point of its own, everything else
    where it starts plus its length. Numbers instead of keys: this runs at every stroke of a key.
    """

    def __init__(self, tasks):
        self.tasks = list({task.key: task for task in tasks}.values())
        number = {task.key: i for i, task in enumerate(self.tasks)}
        self.parents = [number.get(task.parent) for task in self.tasks]
        phases = dict.fromkeys(parent for parent in self.parents if parent is not None)
        size = len(self.tasks)
        self.ends = list(range(size))
        for rank, phase in enumerate(phases, start=size):
            self.ends[phase] = rank
        self.rows = [*range(size), *phases]
        self.lengths = [max(task.duration or 0, 0) for task in self.tasks] + [0] * len(phases)
        for phase in phases:
            self.lengths[phase] = 0
        # What waits for a point, and the days in between, side by side.
        self.successors = [[] for _ in self.rows]
        self.lags = [[] for _ in self.rows]
        self.waiting = [0] * len(self.rows)
        for start, task in enumerate(self.tasks):
            self._link(start, task, number)

    def _link(self, start, task, number):
        end, parent = self.ends[start], self.parents[start]
        if end != start:
            self._connect(start, end)
        for key, lag in task.after.items():
            other = number.get(key)
            if other is not None:
                self._connect(self.ends[other], start, lag)
        if parent is not None:
            self._connect(parent, start)
            self._connect(end, self.ends[parent])

    def _connect(self, point, successor, lag=0):
        self.successors[point].append(successor)
        self.lags[point].append(lag)
        self.waiting[successor] += 1

    def forward(self):
        """Return the points, each after those it waits for, and the earliest day of each.

        :raise ScheduleCycleError: when points wait for each other
        """
        lengths, successors, lags, waiting = self.lengths, self.successors, self.lags, self.waiting
        early = [max(task.not_before or 0, 0) for task in self.tasks]
        early += [0] * (len(lengths) - len(early))
        for phase, end in enumerate(self.ends):
            if end != phase:
                early[end] = early[phase]
        order = [point for point, count in enumerate(waiting) if not count]
        for point in order:
            end = early[point] + lengths[point]
            for successor, lag in zip(successors[point], lags[point], strict=True):
                day = round(end + lag, DIGITS)
                if day > early[successor]:
                    early[successor] = day
                waiting[successor] -= 1
                if not waiting[successor]:
                    order.append(successor)
        if len(order) < len(waiting):
            raise ScheduleCycleError(self._get_cycle())
        return order, early

    def _get_cycle(self):
        """Return the keys of one circle among points that all wait for another one of them."""
        before = {}
        stuck = [point for point, count in enumerate(self.waiting) if count]
        for point in stuck:
            for successor in self.successors[point]:
                if self.waiting[successor]:
                    before.setdefault(successor, point)
        path, point = {}, stuck[0]
        while point not in path:
            path[point] = len(path)
            point = before[point]
        circle = [self.rows[point] for point in list(path)[path[point] :][::-1]]
        first = circle.index(min(circle))
        return [self.tasks[row].key for row in dict.fromkeys(circle[first:] + circle[:first])]

    def backward(self, order, early):
        """Return the latest day on which each point may end without moving the end of the plan."""
        lengths, successors, lags = self.lengths, self.successors, self.lags
        end = max((day + lengths[point] for point, day in enumerate(early)), default=0)
        late = [end] * len(lengths)
        for point in reversed(order):
            latest = end
            for successor, lag in zip(successors[point], lags[point], strict=True):
                day = late[successor] - lengths[successor] - lag
                if day < latest:
                    latest = day
            late[point] = latest
        return late

    def get_slots(self, order, early, late):
        """Return the slot of each row; a phase spans what is inside."""
        slots = [None] * len(self.tasks)
        spans = {}
        # Backwards, what is inside a phase comes before the start of the phase.
        for point in reversed(order):
            if point >= len(slots):
                continue
            if point in spans:
                start, end, slack = spans[point]
            else:
                start, end = early[point], round(early[point] + self.lengths[point], DIGITS)
                slack = max(round(late[point] - end, DIGITS), 0)
            slots[point] = Slot(start, end, slack, slack < EPSILON)
            parent = self.parents[point]
            if parent is not None:
                span = spans.get(parent, (start, end, slack))
                spans[parent] = (min(span[0], start), max(span[1], end), min(span[2], slack))
        return {task.key: slot for task, slot in zip(self.tasks, slots, strict=True)}
