"""What the tests of the plan editor share: batches as the browser sends them, and checks."""

import json
from contextlib import contextmanager

from odoo.exceptions import UserError

from ..tools.schedule import schedule
from .common import QuoteProcessCase


class PlanEditorCase(QuoteProcessCase):
    """An estimate with the small plan of the story, in the hands of its project manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("technical")
        cls.items = cls._fill_estimate(cls.order)
        cls.estimate = cls.order.sudo().estimate_id.with_user(cls.project_manager)

    def _apply(self, *commands, estimate=None):
        """Send commands as the browser does, at the current revision."""
        estimate = estimate or self.estimate
        self.env.flush_all()
        self.env.invalidate_all()
        revision = estimate.get_editor_data()["revision"]
        return estimate.apply_plan(json.loads(json.dumps(commands)), revision)

    def _get_data(self):
        self.env.invalidate_all()
        return self.estimate.get_editor_data()

    def _get_rows(self):
        """Return the rows of the editor by name."""
        return {row["name"]: row for row in self._get_data()["items"]}

    @contextmanager
    def _assert_refused(self, message, exception=UserError):
        """Check that the block is refused with a message, and that it left everything alone."""
        before = self._get_data()
        with self.assertRaisesRegex(exception, message), self.cr.savepoint():
            yield
        self.assertEqual(self._get_data(), before)

    def _assert_scheduled(self):
        """Check that what is stored is what the schedule says, and the order that of the tree."""
        self.env.invalidate_all()
        items = self.estimate.item_ids
        slots = schedule(item._get_schedule_task({}) for item in items)
        for item in items:
            slot = slots[item.id]
            self.assertEqual(
                item._get_slot_values(), [slot.start, slot.end, slot.slack, slot.is_critical]
            )
        self.assertEqual(items.ids, items._sorted_as_tree().ids)
