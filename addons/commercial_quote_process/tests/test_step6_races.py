from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .race_common import RaceCase

LOGGERS = (
    "odoo.sql_db",
    "odoo.service.model",
    "odoo.addons.commercial_quote_process.models.quote_project_mixin",
)


@tagged("post_install", "-at_install")
class TestProjectRaces(RaceCase):
    """Step 6: two people create the project at the same instant, and there is one."""

    def _create_pending(self):
        """Return the id of an accepted quote whose project could not be made."""
        order_id = self._create_committed_quote("sent")

        def accept(order):
            failure = patch.object(type(order), "_build_project", side_effect=UserError("Not now"))
            with failure:
                order._record_acceptance(
                    "paper", signer_name="Julie Perrin", documents=[("signed.pdf", b"%PDF-1.4")]
                )

        self._act("salesperson", order_id, accept)
        return order_id

    def _count_projects(self, order):
        domain = [("estimate_id", "=", order.estimate_id.id)]
        projects = order.env["project.project"].with_context(active_test=False)
        return projects.search_count(domain), order.is_project_pending

    @mute_logger(*LOGGERS)
    def test_two_retries_make_one_project(self):
        order_id = self._create_pending()
        self.assertEqual(self._read(order_id, self._count_projects), (0, True))
        errors = self._race(
            order_id,
            ("salesperson", lambda order: order.action_retry_project()),
            ("sales_manager", lambda order: order.action_retry_project()),
        )
        self.assertEqual(self._read(order_id, self._count_projects), (1, False))
        self.assertEqual(sum(error is None for error in errors), 1, errors)
        self.assertIn("waits for no project", next(filter(None, errors)))
