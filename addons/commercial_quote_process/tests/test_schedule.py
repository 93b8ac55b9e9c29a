import json
import random
from datetime import date, timedelta

import networkx

from odoo.tests import BaseCase, tagged
from odoo.tools import file_open

from ..tools.schedule import EPSILON, ScheduleCycleError, Task, schedule
from ..tools.working_days import USUAL_WEEK, count_working_days, working_day, working_days


class PlanAtRandom:
    """A plan of nested phases and tasks, and what an independent oracle makes of it.

    The oracle knows no points of phases: it draws an arrow between every two tasks that follow
    from a relation, whatever phases they are in, and asks networkx for the longest paths.
    """

    def __init__(self, rng, size=30, circles=False):
        self.rng = rng
        self.tasks = []
        self.inside = {}
        stack = []
        for key in range(rng.randint(1, size)):
            stack = stack[: rng.randint(0, len(stack))] if rng.random() < 0.3 else stack
            self._add(key, stack[-1] if stack else None)
            if rng.random() < 0.2 and len(stack) < 4:
                stack = [*stack, key]
        for task in self.tasks:
            # Without circles, rows wait for rows of earlier branches only.
            keys = range(len(self.tasks) if circles else task.key)
            others = [k for k in keys if circles or not self._are_related(k, task.key)]
            for other in rng.sample(others, min(rng.choice([0, 1, 1, 2]), len(others))):
                task.after[other] = rng.choice([0, 0, 1, 2.25, -0.5, -3])

    def _add(self, key, parent):
        rng = self.rng
        task = Task(
            key,
            duration=rng.choice([0, 0.5, 1, 2, 3.25, 8]),
            not_before=rng.choice([0, 0, 0, 4.5, 12]),
            parent=parent,
        )
        self.tasks.append(task)
        self.inside.setdefault(parent, []).append(key)

    def _get_owners(self, key):
        """Return a row and the phases that it is in."""
        owners = [self.tasks[key]]
        while owners[-1].parent is not None:
            owners.append(self.tasks[owners[-1].parent])
        return owners

    def _are_related(self, one, other):
        return any(task.key == one for task in self._get_owners(other)) or any(
            task.key == other for task in self._get_owners(one)
        )

    def get_leaves(self, key):
        """Return the tasks of a branch; a row with nothing inside is one itself."""
        inside = self.inside.get(key)
        return [leaf for k in inside for leaf in self.get_leaves(k)] if inside else [key]

    def get_graph(self):
        """Return the network of the tasks: starts, ends, and what separates them."""
        graph = networkx.DiGraph()

        def connect(one, other, days):
            days = max(days, graph.get_edge_data(one, other, {"days": days})["days"])
            graph.add_edge(one, other, days=days, back=-days)

        for leaf in self.get_leaves(None):
            owners = self._get_owners(leaf)
            duration = self.tasks[leaf].duration
            connect("T0", (leaf, 0), max(owner.not_before for owner in owners))
            connect((leaf, 0), (leaf, 1), duration)
            connect((leaf, 1), "end", 0)
            for owner in owners:
                for other, lag in owner.after.items():
                    for before in self.get_leaves(other):
                        connect((before, 1), (leaf, 0), lag)
        return graph

    def get_expected(self):
        """Return start, end and slack of every row by its key."""
        graph = self.get_graph()
        early = networkx.single_source_bellman_ford_path_length(graph, "T0", weight="back")
        backwards = graph.reverse(copy=False)
        late = networkx.single_source_bellman_ford_path_length(backwards, "end", weight="back")
        end = -early["end"]
        slots = {}
        for leaf in self.get_leaves(None):
            start = -early[leaf, 0]
            slots[leaf] = (start, start + self.tasks[leaf].duration, end - start + late[leaf, 0])
        for task in self.tasks:
            inside = [slots[leaf] for leaf in self.get_leaves(task.key)]
            starts, ends, slacks = zip(*inside, strict=True)
            slots[task.key] = (min(starts), max(ends), min(slacks))
        return slots


@tagged("post_install", "-at_install")
class TestSchedule(BaseCase):
    """The scheduler against known plans, and against networkx on plans at random."""

    plans = 4000

    def test_known_plans_have_their_known_schedule(self):
        """The browser's scheduler passes the same ones."""
        path = "commercial_quote_process/static/tests/schedule_vectors.json"
        with file_open(path) as stream:
            cases = json.load(stream)["cases"]
        self.assertGreaterEqual(len(cases), 40)
        for case in cases:
            tasks = [Task(**{**row, "after": dict(row["after"])}) for row in case["items"]]
            with self.subTest(case=case["name"]):
                if "cycle" in case:
                    with self.assertRaises(ScheduleCycleError) as caught:
                        schedule(tasks)
                    self.assertEqual(caught.exception.keys, case["cycle"])
                    continue
                slots = schedule(tasks)
                self.assertEqual(
                    {k: [s.start, s.end, s.slack, s.is_critical] for k, s in slots.items()},
                    case["slots"],
                )

    def test_random_plans_agree_with_the_oracle(self):
        rng = random.Random(20260319)
        for number in range(self.plans):
            plan = PlanAtRandom(rng)
            slots = schedule(plan.tasks)
            with self.subTest(plan=number):
                for key, (start, end, slack) in plan.get_expected().items():
                    slot = slots[key]
                    self.assertAlmostEqual(slot.start, start)
                    self.assertAlmostEqual(slot.end, end)
                    self.assertAlmostEqual(slot.slack, slack)
                    self.assertEqual(slot.is_critical, slack < EPSILON)

    def test_circles_are_found_where_the_oracle_sees_them(self):
        rng = random.Random(11)
        found = 0
        for number in range(self.plans // 3):
            plan = PlanAtRandom(rng, size=12, circles=True)
            free = networkx.is_directed_acyclic_graph(plan.get_graph())
            with self.subTest(plan=number):
                if free:
                    schedule(plan.tasks)
                    continue
                found += 1
                with self.assertRaises(ScheduleCycleError) as caught:
                    schedule(plan.tasks)
                # The rows that are named turn in a circle on their own.
                named = [task for task in plan.tasks if task.key in caught.exception.keys]
                with self.assertRaises(ScheduleCycleError):
                    schedule(named)
        self.assertGreater(found, 50)

    def test_slack_is_how_far_a_task_may_slip(self):
        """Slipping by the slack leaves the end alone; slipping by more moves it."""
        rng = random.Random(7)
        for number in range(self.plans // 80):
            plan = PlanAtRandom(rng, size=20)
            slots = schedule(plan.tasks)
            end = max(slot.end for slot in slots.values())
            for leaf in plan.get_leaves(None):
                task, slot = plan.tasks[leaf], slots[leaf]
                for late, moves in ((slot.slack, False), (slot.slack + 1, True)):
                    task.not_before, kept = slot.start + late, task.not_before
                    new_end = max(s.end for s in schedule(plan.tasks).values())
                    task.not_before = kept
                    with self.subTest(plan=number, task=leaf, late=late):
                        self.assertEqual(new_end > end + EPSILON, moves)

    def test_large_plans_are_scheduled_in_one_go(self):
        """Ten thousand rows in a row and in one branch: neither recursion nor a square."""
        tasks = [Task(rank, duration=1, after={rank - 1: 0}) for rank in range(10000)]
        tasks += [Task(("phase", rank), parent=("phase", rank - 1)) for rank in range(3000)]
        slots = schedule(tasks)
        self.assertEqual(slots[9999].end, 10000)
        self.assertEqual(slots["phase", 0], slots["phase", 2999])


@tagged("-standard", "cqp_deep", "post_install", "-at_install")
class TestScheduleAtLength(TestSchedule):
    """The same on many more plans."""

    # Odoo runs inherited tests only where a class asks for it.
    allow_inherited_tests_method = True
    plans = 30000


@tagged("post_install", "-at_install")
class TestWorkingDays(BaseCase):
    """Dates of working days, against a calendar that is walked day by day."""

    def _make_calendar(self, rng):
        start = date(2026, 1, 1) + timedelta(days=rng.randint(0, 800))
        weekdays = frozenset(rng.sample(range(7), rng.randint(1, 7)))
        holidays = {
            start + timedelta(days=rng.randint(-20, 300)) for _ in range(rng.randint(0, 40))
        }
        return start, weekdays, holidays

    def _walk(self, start, weekdays, holidays, days):
        """Return the working days among the next days."""
        span = (start + timedelta(days=number) for number in range(days))
        return [day for day in span if day.weekday() in weekdays and day not in holidays]

    def test_numbers_and_dates_agree(self):
        rng = random.Random(5)
        for number in range(200):
            start, *calendar = self._make_calendar(rng)
            days = self._walk(start, *calendar, 400)
            offsets = sorted(rng.sample(range(len(days)), min(len(days), 12)))
            dates = working_days(start, offsets, *calendar)
            with self.subTest(calendar=number):
                for offset in offsets:
                    self.assertEqual(dates[offset], days[offset])
                    self.assertEqual(working_day(start, offset, *calendar), days[offset])
                    self.assertEqual(count_working_days(start, days[offset], *calendar), offset)

    def test_counting_adds_up(self):
        rng = random.Random(6)
        for number in range(300):
            start, *calendar = self._make_calendar(rng)
            middle = start + timedelta(days=rng.randint(0, 200))
            end = middle + timedelta(days=rng.randint(0, 200))
            with self.subTest(calendar=number):
                total = count_working_days(start, end, *calendar)
                self.assertEqual(total, len(self._walk(start, *calendar, (end - start).days)))
                self.assertEqual(
                    count_working_days(start, middle, *calendar)
                    + count_working_days(middle, end, *calendar),
                    total,
                )
                self.assertEqual(count_working_days(end, start, *calendar), 0)

    def test_a_calendar_without_working_days_is_refused(self):
        with self.assertRaises(ValueError):
            working_day(date(2026, 1, 1), 1, weekdays=frozenset())
        self.assertEqual(USUAL_WEEK, {0, 1, 2, 3, 4})
