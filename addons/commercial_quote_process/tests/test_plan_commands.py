import random

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import plan_draft
from .plan_common import PlanEditorCase

# What says when a row happens, in the order of the answers.
SLOT = ("start", "end", "slack", "critical")


@tagged("post_install", "-at_install")
class TestPlanCommands(PlanEditorCase):
    """Step 3: batches that cannot be applied, and any batch at all."""

    # === WHAT A PLAN CANNOT BE === #

    def test_circle_names_its_tasks_and_writes_nothing(self):
        with self._assert_refused("“Survey” → “Data model” → .*“Survey”", ValidationError):
            self._apply(
                {"op": "write", "ref": self.items["site"].id, "vals": {"name": "Lost"}},
                {
                    "op": "write",
                    "ref": self.items["survey"].id,
                    "vals": {"after": [[self.items["portal"].id, 0]]},
                },
            )

    def test_rows_fit_together(self):
        design, survey = self.items["design"].id, self.items["survey"].id
        model, build = self.items["model"].id, self.items["build"].id
        for message, *commands in (
            ("cannot be inside", {"op": "write", "ref": model, "vals": {"parent": survey}}),
            ("cannot be inside", {"op": "write", "ref": design, "vals": {"kind": "task"}}),
            ("stays a task", {"op": "write", "ref": survey, "vals": {"kind": "milestone"}}),
            (
                "stays a task",
                {"op": "workload", "item": design, "role": self.roles[0].id, "vals": {"days": 1}},
            ),
            (
                "inside itself",
                {"op": "write", "ref": design, "vals": {"parent": build}},
                {"op": "write", "ref": build, "vals": {"parent": design}},
            ),
            ("a name", {"op": "create", "key": "x", "vals": {"kind": "task"}}),
            ("a name", {"op": "write", "ref": survey, "vals": {"name": "  "}}),
            ("too long", {"op": "write", "ref": survey, "vals": {"name": "x" * 300}}),
            ("numbers", {"op": "write", "ref": survey, "vals": {"duration": -1}}),
            ("numbers", {"op": "write", "ref": survey, "vals": {"duration": 1e9}}),
            ("numbers", {"op": "write", "ref": survey, "vals": {"duration": "3"}}),
            ("date", {"op": "write", "ref": survey, "vals": {"not_before_date": "soon"}}),
            ("date", {"op": "write", "ref": survey, "vals": {"not_before_date": "9999-12-31"}}),
            ("role", {"op": "workload", "item": survey, "role": 2**30, "vals": {"days": 1}}),
        ):
            with self.subTest(commands=commands), self._assert_refused(message):
                self._apply(*commands)

    def test_numbers_that_are_none_are_refused(self):
        revision = self._get_data()["revision"]
        for value in (float("nan"), float("inf"), 10**400, True, None, [1]):
            with self.subTest(value=str(value)[:5]), self._assert_refused("numbers"):
                self.estimate.apply_plan(
                    [{"op": "write", "ref": self.items["survey"].id, "vals": {"duration": value}}],
                    revision,
                )

    def test_rows_of_another_estimate_are_unknown(self):
        other = self._create_quote_at("technical")
        foreign = self._fill_estimate(other)["survey"]
        for command in (
            {"op": "write", "ref": foreign.id, "vals": {"name": "Mine"}},
            {"op": "unlink", "ref": foreign.id},
            {"op": "write", "ref": self.items["survey"].id, "vals": {"after": [[foreign.id, 0]]}},
            {"op": "write", "ref": self.items["survey"].id, "vals": {"parent": foreign.id}},
            {"op": "workload", "item": foreign.id, "role": self.roles[0].id, "vals": {"days": 1}},
        ):
            with self.subTest(command=command), self._assert_refused("no longer in the plan"):
                self._apply(command)
        self.assertEqual(foreign.name, "Survey")

    def test_what_cannot_be_read_is_refused(self):
        survey = self.items["survey"].id
        revision = self._get_data()["revision"]
        for commands in (
            None,
            "write",
            {"op": "write"},
            [None],
            [[]],
            [{}],
            [{"op": None}],
            [{"op": ["write"]}],
            [{"op": "sudo", "ref": survey}],
            [{"op": "write", "ref": survey}],
            [{"op": "write", "ref": survey, "vals": []}],
            [{"op": "write", "ref": survey, "vals": {"start_day": 3}}],
            [{"op": "write", "ref": survey, "vals": {"estimate_id": 1}}],
            [{"op": "write", "ref": survey, "vals": {"company_id": 1}}],
            [{"op": "write", "ref": survey, "vals": {"sequence": 1}}],
            [{"op": "write", "ref": survey, "vals": {"kind": "epic"}}],
            [{"op": "write", "ref": survey, "vals": {"kind": ["phase"]}}],
            [{"op": "write", "ref": survey, "vals": {"name": 3}}],
            [{"op": "write", "ref": survey, "vals": {"after": {}}}],
            [{"op": "write", "ref": survey, "vals": {"after": [[1, 2, 3]]}}],
            [{"op": "write", "ref": True, "vals": {}}],
            [{"op": "write", "ref": {"a": 1}, "vals": {}}],
            [{"op": "create", "vals": {"name": "x"}}],
            [{"op": "create", "key": "k" * 65, "vals": {"name": "x"}}],
            [{"op": "create", "key": 3, "vals": {"name": "x"}}],
            [{"op": "create", "key": "k", "vals": {"name": "x"}}] * 2,
            [{"op": "order", "refs": [survey]}],
            [{"op": "order", "refs": [survey] * 7}],
            [{"op": "workload", "item": survey, "role": "1", "vals": {"days": 1}}],
            [{"op": "workload", "item": survey, "role": 1, "vals": {"daily_cost": 1}}],
            [{"op": "workload", "item": survey, "role": 1, "vals": {"days": 1, "daily_cost": 1}}],
        ):
            with self.subTest(commands=commands), self._assert_refused("cannot be read"):
                self.estimate.apply_plan(commands, revision)
        for revision in ("1", None, True, 1.0, [1]):
            with self.subTest(revision=revision), self._assert_refused("cannot be read"):
                self.estimate.apply_plan([], revision)
        for revision in (-(2**40), 2**70):
            self.assertTrue(self.estimate.apply_plan([], revision)["stale"])

    def test_control_letters_never_reach_the_database(self):
        self._apply(
            {
                "op": "write",
                "ref": self.items["survey"].id,
                "vals": {"name": "A\x00B\ud800\n C", "description": "x\x00y\r\nz"},
            }
        )
        survey = self.items["survey"]
        self.assertEqual((survey.name, survey.description), ("A B C", "xy\nz"))

    def test_batches_that_would_hold_the_server_up_are_refused(self):
        refs = [row["id"] for row in self._get_data()["items"]]
        links = {"after": [[ref, 0] for ref in refs[1:]] * 100}
        revision = self._get_data()["revision"]
        with self._assert_refused("cannot be read"):
            self.estimate.apply_plan([{"op": "order", "refs": refs}] * 20001, revision)
        self.patch(plan_draft, "MOST_WORK", 10000)
        for command in (
            {"op": "order", "refs": refs},
            {"op": "write", "ref": refs[0], "vals": links},
        ):
            with self.subTest(command=command["op"]), self._assert_refused("too large"):
                self.estimate.apply_plan([command] * 2000, revision)

    # === BATCHES AT RANDOM === #

    def _make_commands(self, rng, refs):
        """Return commands that make sense most of the time, on rows and on new ones."""
        refs, commands = list(refs), []
        for number in range(rng.randint(1, 6)):
            operation = rng.choice(["create", "write", "write", "unlink", "workload"])
            if operation == "create" or not refs:
                key = f"key{number}"
                values = {"name": key, "kind": rng.choice(["phase", "task", "task", "milestone"])}
                commands.append({"op": "create", "key": key, "vals": values})
                refs.append(key)
            elif operation == "write":
                name, value = rng.choice(
                    [
                        ("duration", rng.choice([0, 1.5, 4, 12])),
                        ("not_before", rng.choice([0, 6.25])),
                        ("parent", rng.choice([False, rng.choice(refs)])),
                        ("after", [[rng.choice(refs), rng.choice([0, 1, -0.5])]]),
                        ("kind", rng.choice(["task", "phase", "deliverable"])),
                    ]
                )
                commands.append({"op": "write", "ref": rng.choice(refs), "vals": {name: value}})
            elif operation == "unlink" and rng.random() < 0.5:
                commands.append({"op": "unlink", "ref": refs.pop(rng.randrange(len(refs)))})
            else:
                cell = {"item": rng.choice(refs), "role": rng.choice(self.roles).id}
                days = rng.choice([0, 1, 2.25])
                commands.append({"op": "workload", **cell, "vals": {"days": days}})
        return commands

    @mute_logger("odoo.sql_db")
    def test_random_batches_are_applied_whole_or_not_at_all(self):
        """What the browser knows from the answers is what is stored, whatever is sent."""
        rng = random.Random(3)
        data = self._get_data()
        slots = {row["id"]: [row[n] for n in SLOT] for row in data["items"]}
        applied = 0
        for number in range(40):
            commands = self._make_commands(rng, slots)
            with self.subTest(batch=number, commands=commands):
                try:
                    with self.cr.savepoint():
                        answer = self._apply(*commands)
                except (UserError, ValidationError):
                    self.env.invalidate_all()
                    self.assertEqual(self._get_data(), data)
                    continue
                applied += 1
                data = self._get_data()
                present = {row["id"] for row in data["items"]}
                slots |= answer["slots"]
                slots = {ref: slot for ref, slot in slots.items() if ref in present}
                self.assertEqual(slots, {r["id"]: [r[n] for n in SLOT] for r in data["items"]})
                self.assertEqual(answer["totals"], data["totals"])
                self.assertEqual(answer["revision"], data["revision"])
                self._assert_scheduled()
        self.assertGreater(applied, 8)
