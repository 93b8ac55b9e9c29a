from lxml import etree

from odoo.tests import tagged
from odoo.tests.common import warmup

from .common import QuoteProcessCase

TASKS_PER_PHASE = 24


@tagged("post_install", "-at_install")
class TestPlanQueries(QuoteProcessCase):
    """What opening and saving a large estimate cost in SQL, to its project manager."""

    def _create_estimate(self, phases):
        """Return an estimate of 25 rows per phase, chained from its start to its end."""
        order = self._create_quote_at("technical")
        estimate = self.env["quote.estimate"].browse(order.sudo().estimate_id.id)
        estimate = estimate.with_user(self.project_manager)
        commands = []
        for phase in range(phases):
            values = {"kind": "phase", "name": f"Phase {phase}"}
            commands.append({"op": "create", "key": f"p{phase}", "vals": values})
            for task in range(TASKS_PER_PHASE):
                commands += self._prepare_task(phase, task)
        answer = estimate.apply_plan(commands, estimate.get_editor_data()["revision"])
        self.assertEqual(len(estimate.item_ids), phases * (TASKS_PER_PHASE + 1))
        return estimate, answer["ids"]

    def _prepare_task(self, phase, task):
        key = f"t{phase * TASKS_PER_PHASE + task}"
        before = phase * TASKS_PER_PHASE + task - 1
        values = {
            "name": f"Task {key}",
            "parent": f"p{phase}",
            "duration": 2,
            "after": [[f"t{before}", task % 3]] if before >= 0 else [],
        }
        role = self.roles[task % 3].id
        return [
            {"op": "create", "key": key, "vals": values},
            {"op": "workload", "item": key, "role": role, "vals": {"days": 2}},
        ]

    def _count(self, function):
        """Return how many queries a call costs, everything flushed, on a cold cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _get_form_specification(self, estimate):
        """Return what the web client reads when it opens the form."""
        view = estimate.get_views([(False, "form")])
        fields = view["models"]["quote.estimate"]["fields"]
        specification = {}
        for node in etree.fromstring(view["views"]["form"]["arch"]).iter("field"):
            if any(parent.tag == "field" for parent in node.iterancestors()):
                continue
            name = node.get("name")
            specification[name] = {}
            if fields[name]["type"] in ("many2one", "many2many", "one2many"):
                lists = [child for child in node if child.tag in ("list", "kanban")]
                columns = {f.get("name"): {} for f in lists[0].iter("field")} if lists else {}
                specification[name] = {"fields": columns or {"display_name": {}}, "limit": 40}
        return specification

    @warmup
    def test_opening_costs_the_same_whatever_the_size(self):
        counts = []
        # The first time fills the caches of the server.
        for phases in (1, 2, 20):
            estimate, _ids = self._create_estimate(phases)
            specification = self._get_form_specification(estimate)
            form = self._count(lambda e=estimate, s=specification: e.web_read(s))
            data = self._count(lambda e=estimate: e.get_editor_data())
            counts.append((form, data))
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(sum(counts[-1]), 40, f"of 500 items: {counts[-1]}")

    @warmup
    def test_saving_one_moved_task(self):
        estimate, ids = self._create_estimate(20)

        def move(day):
            command = {"op": "write", "ref": ids["t0"], "vals": {"not_before": day}}
            revision = estimate.sudo().order_id.content_revision
            answer = estimate.apply_plan([command], revision)
            self.assertEqual(len(answer["slots"]), 500, "every item follows")

        # The first time fills the caches of the server.
        self._count(lambda: move(1))
        self.assertLessEqual(self._count(lambda: move(2)), 25)

    @warmup
    def test_saving_a_cell(self):
        estimate, ids = self._create_estimate(20)
        data = estimate.get_editor_data()
        command = {"op": "workload", "item": ids["t0"], "role": self.roles[0].id}
        commands = [{**command, "vals": {"days": 5}}]
        self.assertLessEqual(
            self._count(lambda: estimate.apply_plan(commands, data["revision"])), 25
        )

    @warmup
    def test_building_a_large_plan_in_one_batch(self):
        estimate, _ids = self._create_estimate(2)
        small = self._count(lambda: self._create_estimate(2))
        large = self._count(lambda: self._create_estimate(20))
        self.assertLessEqual(large, small + 25)
