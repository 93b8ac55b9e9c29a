import doctest
import importlib
import pkgutil
import random
from datetime import date

from odoo.tests import BaseCase, tagged

from .. import tools
from ..tools.schedule import (
    EPSILON,
    ScheduleCycleError,
    Task,
    count_working_days,
    schedule,
    working_day,
)


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    """The plain Python of the addon: every example in its documentation holds."""

    def test_examples_of_every_tool_hold(self):
        for module_info in pkgutil.iter_modules(tools.__path__):
            module = importlib.import_module(f"{tools.__name__}.{module_info.name}")
            with self.subTest(tool=module_info.name):
                result = doctest.testmod(module, optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
                self.assertTrue(result.attempted, "a tool without any example")
                self.assertFalse(result.failed)


@tagged("post_install", "-at_install")
class TestSchedule(BaseCase):
    """The scheduler against an independent one that knows nothing of graphs of points."""

    # === PLANS AT RANDOM === #

    def _make_plan(self, rng):
        """Return the tasks of a plan without circles: rows wait for earlier ones only.

        Rows go into the last phase, and nothing waits for a phase that may still grow.
        """
        tasks, phases = [], []
        for key in range(rng.randint(1, 30)):
            is_phase = not tasks or rng.random() < 0.15
            if is_phase:
                phases.append(key)
            others = [other for other in range(key) if other != phases[-1]]
            task = Task(
                key,
                duration=0 if is_phase else rng.choice([0, 0.5, 1, 2, 3.5, 8]),
                not_before=rng.choice([0, 0, 0, 4.5]),
                parent=None if is_phase else rng.choice([None, phases[-1]]),
            )
            for other in rng.sample(others, min(rng.choice([0, 1, 1, 2]), len(others))):
                task.after[other] = rng.choice([0, 0, 1, -0.5])
            tasks.append(task)
        return tasks

    def _get_leaves(self, tasks, key):
        inside = [task.key for task in tasks if task.parent == key]
        return inside or [key]

    def _relax(self, tasks):
        """Return starts and ends of what is no phase with rows inside, by plain repetition.

        Every limit is applied again and again until nothing moves any more.
        """
        by_key = {task.key: task for task in tasks}
        phases = {task.parent for task in tasks if task.parent is not None}
        starts = {task.key: 0.0 for task in tasks if task.key not in phases}
        moved = True
        while moved:
            moved = False
            for key in starts:
                task = by_key[key]
                owners = [task, *([by_key[task.parent]] if task.parent is not None else [])]
                limits = [owner.not_before for owner in owners]
                for owner in owners:
                    for other, lag in owner.after.items():
                        limits += [
                            starts[leaf] + by_key[leaf].duration + lag
                            for leaf in self._get_leaves(tasks, other)
                        ]
                earliest = max(0.0, *limits)
                if abs(earliest - starts[key]) > EPSILON:
                    starts[key] = earliest
                    moved = True
        return {key: (start, start + by_key[key].duration) for key, start in starts.items()}

    def test_random_plans_agree_with_the_oracle(self):
        rng = random.Random(20260319)
        for number in range(400):
            tasks = self._make_plan(rng)
            slots = schedule(tasks)
            expected = self._relax(tasks)
            with self.subTest(plan=number):
                for key, (start, end) in expected.items():
                    self.assertAlmostEqual(slots[key].start, start)
                    self.assertAlmostEqual(slots[key].end, end)
                for task in tasks:
                    inside = [slots[leaf] for leaf in self._get_leaves(tasks, task.key)]
                    self.assertEqual(slots[task.key].start, min(slot.start for slot in inside))
                    self.assertEqual(slots[task.key].end, max(slot.end for slot in inside))

    def test_slack_is_how_far_a_task_may_slip(self):
        """Slipping by the slack leaves the end alone; slipping by more moves it."""
        rng = random.Random(7)
        for number in range(60):
            tasks = self._make_plan(rng)
            slots = schedule(tasks)
            phases = {task.parent for task in tasks}
            end = max(slot.end for slot in slots.values())
            for task in tasks:
                if task.key in phases:
                    continue
                slot = slots[task.key]
                for late, moves in ((slot.slack, False), (slot.slack + 1, True)):
                    task.not_before, kept = slot.start + late, task.not_before
                    new_end = max(s.end for s in schedule(tasks).values())
                    task.not_before = kept
                    with self.subTest(plan=number, task=task.key, late=late):
                        self.assertEqual(new_end > end + EPSILON, moves)

    def test_a_circle_through_a_phase_is_found(self):
        """A phase that waits for what is inside it can never start."""
        tasks = [
            Task("phase", after={"inside": 0}),
            Task("inside", duration=1, parent="phase"),
            Task("far", duration=1, after={"phase": 0}),
        ]
        with self.assertRaises(ScheduleCycleError) as caught:
            schedule(tasks)
        self.assertEqual(set(caught.exception.keys), {"phase", "inside"})

    def test_a_task_that_waits_for_itself_is_a_circle(self):
        with self.assertRaises(ScheduleCycleError) as caught:
            schedule([Task("a", duration=1, after={"a": 0})])
        self.assertEqual(caught.exception.keys, ["a"])

    def test_counting_days_reverses_numbering_them(self):
        holidays = {date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 14), date(2026, 5, 25)}
        start = date(2026, 4, 25)
        for number in range(60):
            day = working_day(start, number, holidays=holidays)
            self.assertEqual(count_working_days(start, day, holidays=holidays), number)
