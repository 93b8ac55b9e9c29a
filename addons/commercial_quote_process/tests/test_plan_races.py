import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.service import model as service_model
from odoo.tests import tagged
from odoo.tools import mute_logger

from .race_common import PATIENCE, RaceCase

BATCHES = 3


@tagged("post_install", "-at_install")
class TestPlanRaces(RaceCase):
    """Several people write one estimate: nobody sees a lock, and nothing is lost."""

    def _create_committed_estimate(self):
        """Return the ids of an estimate with a contributor, and of its first task."""
        order_id = self._create_committed_quote("technical")
        cls = type(self)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cls._bind(env)
            order = env["sale.order"].browse(order_id)
            estimate = order.estimate_id
            estimate.contributor_ids = self.other_project_manager
            task = self._fill_estimate(order)["survey"]
            cls.env = None
            return estimate.id, task.id

    def _request(self, person, estimate_id, function):
        """Run a function of the estimate as the server runs a request.

        :return: what the function returns, or the error that the person reads
        """
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.user_ids[person], {})
            estimate = env["quote.estimate"].browse(estimate_id)
            try:
                return service_model.retrying(partial(function, estimate), env)
            except UserError as error:
                cr.rollback()
                return str(error)

    def _save(self, person, estimate_id, commands, revision):
        """Save like the browser: over what is there, as often as it takes.

        :return: how often it was stale
        """
        stale = 0
        while True:
            answer = self._request(
                person, estimate_id, lambda estimate, r=revision: estimate.apply_plan(commands, r)
            )
            self.assertIsInstance(answer, dict, answer)
            if "stale" not in answer:
                return stale
            stale += 1
            revision = answer["data"]["revision"]

    def _run_together(self, *functions):
        barrier = threading.Barrier(len(functions), timeout=PATIENCE)

        def run(function):
            barrier.wait()
            return function()

        with ThreadPoolExecutor(max_workers=len(functions)) as executor:
            futures = [executor.submit(run, function) for function in functions]
            return [future.result(timeout=PATIENCE) for future in futures]

    def _get_data(self, estimate_id):
        return self._request("project_manager", estimate_id, lambda e: e.get_editor_data())

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_contributors_save_at_the_same_moment(self):
        for _ in range(self.repetitions):
            estimate_id, _task_id = self._create_committed_estimate()
            start = self._get_data(estimate_id)

            def work(person, estimate_id=estimate_id, start=start):
                for number in range(BATCHES):
                    values = {"name": f"{person} {number}", "duration": 1}
                    command = {"op": "create", "key": "new", "vals": values}
                    self._save(person, estimate_id, [command], start["revision"])

            people = ("project_manager", "other_project_manager")
            self._run_together(*(partial(work, person) for person in people))
            end = self._get_data(estimate_id)
            self.assertEqual(end["revision"], start["revision"] + 2 * BATCHES)
            names = {row["name"] for row in end["items"]}
            for person in people:
                self.assertLessEqual({f"{person} {n}" for n in range(BATCHES)}, names)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_same_revision_is_taken_once(self):
        for _ in range(self.repetitions):
            estimate_id, task_id = self._create_committed_estimate()
            revision = self._get_data(estimate_id)["revision"]

            def write(days, estimate_id=estimate_id, task_id=task_id, revision=revision):
                command = {"op": "write", "ref": task_id, "vals": {"duration": days}}
                return self._request(
                    "project_manager", estimate_id, lambda e: e.apply_plan([command], revision)
                )

            answers = self._run_together(partial(write, 7), partial(write, 9))
            self.assertEqual(sorted("stale" in answer for answer in answers), [False, True])
            days = 7 if "stale" not in answers[0] else 9
            late = next(answer for answer in answers if "stale" in answer)
            rows = {row["id"]: row for row in late["data"]["items"]}
            self.assertEqual(rows[task_id]["duration"], days, "the second one sees the first")

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_nothing_is_written_after_the_hand_over(self):
        for _ in range(self.repetitions):
            estimate_id, task_id = self._create_committed_estimate()
            revision = self._get_data(estimate_id)["revision"]
            command = {"op": "write", "ref": task_id, "vals": {"duration": 7}}
            edited, ready = self._run_together(
                lambda i=estimate_id, c=command, r=revision: self._request(
                    "other_project_manager", i, lambda e: e.apply_plan([c], r)
                ),
                lambda i=estimate_id: self._request(
                    "project_manager", i, lambda e: e.action_ready()
                ),
            )
            self.assertIs(ready, True)
            duration = {r["id"]: r["duration"] for r in self._get_data(estimate_id)["items"]}
            self.assertEqual(duration[task_id], 7 if isinstance(edited, dict) else 3)
            if not isinstance(edited, dict):
                self.assertIn("Reopen", edited)


@tagged("-standard", "cqp_deep", "post_install", "-at_install")
class TestPlanRacesRepeated(TestPlanRaces):
    """The same, again and again."""

    # Odoo runs inherited tests only where a class asks for it.
    allow_inherited_tests_method = True
    repetitions = 20
