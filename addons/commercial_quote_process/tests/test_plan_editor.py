import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import QuoteProcessMixin
from .plan_common import PlanEditorCase


@tagged("post_install", "-at_install")
class TestPlanEditor(PlanEditorCase):
    """Step 3: what the editors of the browser read, and the batches that they write."""

    # === READING === #

    def test_editor_reads_the_plan_in_its_order(self):
        data = self._get_data()
        self.assertEqual(
            [row["name"] for row in data["items"]],
            [
                "Design",
                "Survey",
                "Data model",
                "Data model approved",
                "Build",
                "Public site",
                "Publication portal",
            ],
        )
        model = data["items"][2]
        self.assertEqual((model["start"], model["end"], model["critical"]), (3, 8, True))
        self.assertEqual(model["after"], [[self.items["survey"].id, 0]])
        self.assertEqual(model["parent_id"], self.items["design"].id)
        self.assertEqual(data["revision"], self.order.content_revision)
        self.assertEqual(data["totals"]["total_days"], 22)
        self.assertTrue(data["editable"])
        json.dumps(data)

    def test_calendar_comes_with_the_holidays_after_the_start(self):
        self.env["resource.calendar.leaves"].create(
            [
                {
                    "name": "Off",
                    "calendar_id": self.estimate.sudo().calendar_id.id,
                    "date_from": f"{day} 00:00:00",
                    "date_to": f"{day} 23:00:00",
                }
                for day in ("2031-05-01", "2031-05-22")
            ]
        )
        self.assertEqual(self._get_data()["calendar"]["holidays"], [])
        self.estimate.planned_start = "2031-05-19"
        data = self._get_data()
        self.assertEqual(
            data["calendar"], {"weekdays": [0, 1, 2, 3, 4], "holidays": ["2031-05-22"]}
        )
        self.assertEqual(data["planned_start"], "2031-05-19")

    def test_sales_rates_are_not_told_to_project_managers(self):
        data = self._get_data()
        self.assertFalse(data["sees_prices"])
        self.assertNotIn("price", json.dumps(data).replace("sees_prices", ""))
        data = self.estimate.with_user(self.salesperson).get_editor_data()
        self.assertTrue(data["sees_prices"])
        self.assertEqual(data["workload"][0]["daily_price"], 800)
        self.assertFalse(data["editable"])
        roles = {role["name"]: role for role in data["roles"]}
        self.assertEqual(
            (roles["Engineer"]["daily_cost"], roles["Engineer"]["daily_price"]), (450, 850)
        )

    # === WRITING === #

    def test_one_move_answers_with_what_moved(self):
        answer = self._apply(
            {"op": "write", "ref": self.items["survey"].id, "vals": {"duration": 4}}
        )
        self.assertEqual(
            set(answer["slots"]),
            {self.items[key].id for key in self.items},
        )
        self.assertEqual(answer["slots"][self.items["portal"].id], [9, 19, 0, True])
        self.assertEqual(answer["revision"], self._get_data()["revision"])
        self._assert_scheduled()
        answer = self._apply(
            {"op": "write", "ref": self.items["site"].id, "vals": {"name": "Public pages"}}
        )
        self.assertEqual((answer["slots"], answer["ids"]), ({}, {}))

    def test_batch_builds_a_tree_with_lags(self):
        survey = self.items["survey"].id
        answer = self._apply(
            {"op": "create", "key": "n1", "vals": {"kind": "phase", "name": "Test"}},
            {
                "op": "create",
                "key": "n2",
                "vals": {"kind": "phase", "name": "Trial", "parent": "n1"},
            },
            {
                "op": "create",
                "key": "n3",
                "vals": {
                    "kind": "task",
                    "name": "Rehearsal",
                    "parent": "n2",
                    "duration": 2,
                    "after": [[survey, 1.5], [self.items["portal"].id, -4]],
                    "acceptance_criteria": "Nobody waits",
                },
            },
            {"op": "workload", "item": "n3", "role": self.roles[1].id, "vals": {"days": 2}},
            {"op": "write", "ref": "n3", "vals": {"name": "Dress rehearsal"}},
        )
        self.assertEqual(set(answer["ids"]), {"n1", "n2", "n3"})
        task = self.env["quote.estimate.item"].browse(answer["ids"]["n3"])
        self.assertEqual(task.name, "Dress rehearsal")
        self.assertEqual(task.parent_id.parent_id.name, "Test")
        self.assertEqual((task.start_day, task.end_day), (14, 16))
        self.assertEqual(task._get_lags(), {survey: 1.5, self.items["portal"].id: -4})
        self.assertEqual(answer["slots"][answer["ids"]["n1"]][:2], [14, 16])
        self.assertEqual(answer["workload"][0]["daily_cost"], 450)
        self.assertEqual(answer["totals"]["total_days"], 24)
        self._assert_scheduled()

    def test_undo_is_the_reverse_batch(self):
        before = self._get_data()
        survey, model = self.items["survey"].id, self.items["model"].id
        self._apply(
            {"op": "write", "ref": model, "vals": {"after": [[survey, 2]], "parent": False}},
            {"op": "write", "ref": survey, "vals": {"not_before": 3}},
        )
        self.assertEqual(self._get_rows()["Data model"]["start"], 8)
        self._apply(
            {"op": "write", "ref": survey, "vals": {"not_before": 0}},
            {
                "op": "write",
                "ref": model,
                "vals": {"after": [[survey, 0]], "parent": self.items["design"].id},
            },
            {"op": "order", "refs": [row["id"] for row in before["items"]]},
        )
        after = self._get_data()
        self.assertEqual(after | {"revision": 0}, before | {"revision": 0})

    def test_deleting_a_phase_takes_its_branch_and_the_waiting_for_it(self):
        self._apply(
            {"op": "create", "key": "p", "vals": {"kind": "phase", "name": "Inner"}},
            {"op": "write", "ref": self.items["portal"].id, "vals": {"parent": "p"}},
            {"op": "write", "ref": "p", "vals": {"parent": self.items["build"].id}},
        )
        answer = self._apply(
            {"op": "unlink", "ref": self.items["build"].id},
            {"op": "unlink", "ref": self.items["portal"].id},
        )
        self.assertEqual(
            set(self._get_rows()), {"Design", "Survey", "Data model", "Data model approved"}
        )
        self.assertEqual(answer["totals"]["total_days"], 8)
        self._assert_scheduled()

    def test_what_leaves_a_phase_outlives_it(self):
        portal, site = self.items["portal"].id, self.items["site"].id
        self._apply(
            {"op": "create", "key": "p", "vals": {"kind": "phase", "name": "Delivery"}},
            {"op": "write", "ref": site, "vals": {"parent": "p"}},
            {"op": "write", "ref": portal, "vals": {"parent": False}},
            {"op": "unlink", "ref": self.items["build"].id},
        )
        rows = self._get_rows()
        self.assertNotIn("Build", rows)
        self.assertEqual(rows["Publication portal"]["parent_id"], False)
        self.assertEqual(rows["Public site"]["parent_id"], rows["Delivery"]["id"])
        self.assertEqual(self.estimate.total_days, 22)
        self._assert_scheduled()

    def test_order_is_kept_as_a_tree(self):
        refs = [row["id"] for row in self._get_data()["items"]]
        design, build = self.items["design"].id, self.items["build"].id
        self._apply(
            {"op": "order", "refs": [build, design, *(r for r in refs if r not in (design, build))]}
        )
        self.assertEqual(
            [row["name"] for row in self._get_data()["items"]][:3],
            ["Build", "Public site", "Publication portal"],
        )
        self._assert_scheduled()

    def test_cells_of_the_matrix_are_written_and_removed(self):
        survey, portal = self.items["survey"].id, self.items["portal"].id
        answer = self._apply(
            {"op": "workload", "item": survey, "role": self.roles[0].id, "vals": {"days": 0}},
            {"op": "workload", "item": portal, "role": self.roles[2].id, "vals": {"days": 10}},
            {"op": "workload", "item": survey, "role": self.roles[2].id, "vals": {"days": 1.25}},
        )
        cells = {(row["item_id"], row["role_id"]): row["days"] for row in answer["workload"]}
        self.assertEqual(
            cells,
            {
                (survey, self.roles[0].id): 0,
                (portal, self.roles[2].id): 10,
                (survey, self.roles[2].id): 1.25,
            },
        )
        self.assertEqual(answer["totals"]["total_days"], 5 + 10 + 2 + 1.25)
        self.assertEqual(len(self._get_data()["workload"]), 4)

    def test_dates_count_once_the_start_is_known(self):
        self.estimate.planned_start = "2031-05-19"
        answer = self._apply(
            {
                "op": "write",
                "ref": self.items["survey"].id,
                "vals": {"not_before_date": "2031-05-26"},
            }
        )
        self.assertEqual(answer["slots"][self.items["survey"].id][0], 5)
        self.assertEqual(self._get_rows()["Survey"]["not_before_date"], "2031-05-26")

    # === REVISION === #

    def test_stale_revision_writes_nothing_and_brings_what_is_there(self):
        revision = self._get_data()["revision"]
        self._apply({"op": "write", "ref": self.items["survey"].id, "vals": {"duration": 4}})
        answer = self.estimate.apply_plan(
            [{"op": "write", "ref": self.items["survey"].id, "vals": {"duration": 9}}], revision
        )
        self.assertTrue(answer["stale"])
        self.assertEqual(answer["data"], self._get_data())
        self.assertEqual(self.items["survey"].duration, 4)

    def test_each_batch_moves_the_revision_once(self):
        revision = self._get_data()["revision"]
        answer = self._apply(
            {"op": "create", "key": "a", "vals": {"name": "One"}},
            {"op": "create", "key": "b", "vals": {"name": "Two", "after": [["a", 0]]}},
            {"op": "workload", "item": "a", "role": self.roles[0].id, "vals": {"days": 1}},
        )
        self.assertEqual(answer["revision"], revision + 1)

    # === WHO === #

    def test_readers_write_nothing(self):
        command = {"op": "write", "ref": self.items["survey"].id, "vals": {"duration": 9}}
        revision = self._get_data()["revision"]
        for user in (self.salesperson, self.sales_manager, self.commercial_approver):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.estimate.with_user(user).apply_plan([command], revision)
        for user in (self.other_project_manager, self.stranger, self.portal_user):
            estimate = self.estimate.with_user(user)
            with self.subTest(user=user.name):
                with self.assertRaises(AccessError):
                    estimate.apply_plan([command], revision)
                with self.assertRaises(AccessError):
                    estimate.get_editor_data()
        self.assertEqual(self.items["survey"].duration, 3)

    def test_contributor_writes(self):
        self.estimate.contributor_ids = self.other_project_manager
        estimate = self.estimate.with_user(self.other_project_manager)
        self._apply({"op": "create", "key": "x", "vals": {"name": "Mine"}}, estimate=estimate)
        self.assertIn("Mine", self._get_rows())

    def test_closed_part_is_not_written(self):
        self.estimate.action_ready()
        with self._assert_refused("Reopen"):
            self._apply({"op": "write", "ref": self.items["survey"].id, "vals": {"duration": 9}})

    def test_context_opens_nothing(self):
        """The pass of a batch is an object: no value that comes over RPC is it."""
        self.estimate.action_ready()
        for value in (True, 1, "1", {"a": 1}, "<object object>"):
            survey = self.items["survey"].with_context(quote_plan_pass=value)
            with self.subTest(value=value), self.assertRaises(UserError):
                survey.duration = 9

    def test_dependencies_are_read_only_by_themselves(self):
        dependency = self.items["model"].dependency_ids
        with self.assertRaises(AccessError):
            dependency.lag = 5
        with self.assertRaises(AccessError):
            dependency.unlink()
        with self.assertRaises(AccessError):
            dependency.create(
                {"item_id": self.items["site"].id, "depends_on_id": self.items["survey"].id}
            )
        with self.assertRaises(AccessError):
            dependency.with_user(self.other_project_manager).read(["lag"])

    # === AFTERWARDS === #

    def test_versions_keep_branches_and_lags(self):
        self._apply(
            {
                "op": "write",
                "ref": self.items["build"].id,
                "vals": {"parent": self.items["design"].id},
            },
            {
                "op": "write",
                "ref": self.items["portal"].id,
                "vals": {"after": [[self.items["model"].id, 2]]},
            },
        )
        new_order = self._create_quote()
        new_order.sudo().estimate_id.unlink()
        copy, mapping = self.estimate.sudo()._copy_for_version(new_order.sudo())
        portal = copy.item_ids.browse(mapping[self.items["portal"].id])
        self.assertEqual(portal._get_lags(), {mapping[self.items["model"].id]: 2})
        self.assertEqual(portal.start_day, 10)
        self.assertEqual(portal.parent_id.parent_id.id, mapping[self.items["design"].id])

    def test_lag_is_part_of_what_is_approved(self):
        before = self.order._get_fingerprint()
        model, survey = self.items["model"].id, self.items["survey"].id
        self._apply({"op": "write", "ref": model, "vals": {"after": [[survey, 1]]}})
        self.assertNotEqual(self.order._get_fingerprint()["plan"], before["plan"])
        self._apply({"op": "write", "ref": model, "vals": {"after": [[survey, 0]]}})
        self.assertEqual(self.order._get_fingerprint(), before)

    def test_large_plans_are_refused_whole(self):
        commands = [
            {"op": "create", "key": f"k{rank}", "vals": {"name": f"Row {rank}"}}
            for rank in range(5001)
        ]
        with self._assert_refused("5000 rows"):
            self._apply(*commands)

    def test_rows_written_elsewhere_meet_the_same_rules(self):
        phases = self.items["design"] | self.items["build"]
        with self._assert_refused("inside itself|circle", ValidationError):
            phases[0].parent_id = phases[1]
            phases[1].parent_id = phases[0]
        self.items["build"].parent_id = self.items["design"]
        self.assertEqual(self.items["design"].days, 22)
        self.items["model"].depend_on_ids = [Command.clear()]
        self.assertFalse(self.items["model"].dependency_ids)
        self._assert_scheduled()


@tagged("post_install", "-at_install")
class TestPlanEditorRpc(QuoteProcessMixin, HttpCase):
    """The same over the wire, as the web client calls it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_story()

    def _call(self, method, *args):
        params = {"model": "quote.estimate", "method": method, "args": args, "kwargs": {}}
        return self.make_jsonrpc_request(f"/web/dataset/call_kw/quote.estimate/{method}", params)

    def test_browser_reads_and_writes(self):
        order = self._create_quote_at("technical")
        items = self._fill_estimate(order)
        estimate_id = order.sudo().estimate_id.id
        self.authenticate("cqp_paul", "cqp_paul")
        data = self._call("get_editor_data", [estimate_id])
        command = {"op": "write", "ref": items["survey"].id, "vals": {"duration": 4}}
        answer = self._call("apply_plan", [estimate_id], [command], data["revision"])
        self.assertEqual(answer["slots"][str(items["portal"].id)], [9, 19, 0, True])
        stale = self._call("apply_plan", [estimate_id], [command], data["revision"])
        self.assertEqual(stale["data"]["revision"], answer["revision"])
        self.authenticate("cqp_julie", "cqp_julie")
        for method, args in (("get_editor_data", []), ("apply_plan", [[command], 0])):
            with (
                self.subTest(method=method),
                mute_logger("odoo.http"),
                self.assertRaises(JsonRpcException),
            ):
                self._call(method, [estimate_id], *args)
