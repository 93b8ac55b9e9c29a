from odoo.tests import tagged

from .common import QuoteProcessCase

TASKS = 500
PHASES = 25
MOST_QUERIES = 60


@tagged("post_install", "-at_install")
class TestPricingQueries(QuoteProcessCase):
    """What it costs in SQL to price an estimate of 500 items, one line each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        order = cls._create_quote_at("technical")
        cls._fill_large_estimate(order)
        order.sudo().estimate_id.with_user(cls.project_manager).action_ready()
        cls.order = order

    def setUp(self):
        super().setUp()
        # Others have priced before: the caches of the server are warm.
        self._create_quote_at("financial")

    @classmethod
    def _fill_large_estimate(cls, order):
        estimate = order.sudo().estimate_id.with_user(cls.project_manager)
        model = estimate.env["quote.estimate.item"]
        phases = model.create(
            [
                {"estimate_id": estimate.id, "kind": "phase", "name": f"Phase {n}", "sequence": n}
                for n in range(PHASES)
            ]
        )
        tasks = model.create(
            [
                {
                    "estimate_id": estimate.id,
                    "name": f"Task {n}",
                    "duration": 1,
                    "parent_id": phases[n % PHASES].id,
                }
                for n in range(TASKS)
            ]
        )
        estimate.env["quote.estimate.workload"].create(
            [
                {
                    "estimate_id": estimate.id,
                    "item_id": task.id,
                    "role_id": cls.roles[rank % 3].id,
                    "days": 1 + rank % 7,
                }
                for rank, task in enumerate(tasks)
            ]
        )
        estimate.write({"technical_content": "<p>A</p>", "organisation_content": "<p>B</p>"})

    def _count(self, function):
        """Return how many queries a call costs, everything flushed, on a cold cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _apply(self, **values):
        model = self.env["quote.pricing"].with_user(self.salesperson)
        model.create(
            {"order_id": self.order.id, "mode": "margin", "granularity": "task", **values}
        ).action_apply()

    def test_pricing_500_items_and_again(self):
        first = self._count(lambda: self._apply(target_margin_percent=30.0))
        lines = self.order.order_line
        self.assertEqual(len(lines), TASKS + PHASES)
        again = self._count(lambda: self._apply(target_margin_percent=35.0, rounding="10"))
        self.assertEqual(self.order.order_line, lines, "lines are changed, not replaced")
        self.assertLessEqual(first, MOST_QUERIES)
        self.assertLessEqual(again, MOST_QUERIES)

    def test_each_keystroke_in_the_preview(self):
        pricing = self.env["quote.pricing"].with_user(self.salesperson)
        values = {
            "order_id": self.order.id,
            "mode": "margin",
            "granularity": "task",
            "overhead_split": "spread",
            "contingency_split": "spread",
            "rounding": "none",
            "target_margin_percent": 25.0,
        }
        count = self._count(
            lambda: pricing.onchange(values, ["target_margin_percent"], {"preview": {}})
        )
        self.assertLessEqual(count, 30)
