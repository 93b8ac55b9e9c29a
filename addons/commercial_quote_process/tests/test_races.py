from odoo import api
from odoo.tests import tagged
from odoo.tools import mute_logger

from .race_common import RaceCase


@tagged("post_install", "-at_install")
class TestRaces(RaceCase):
    """Two people at the same instant, with real transactions: exactly one outcome."""

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_approvers_decide_once(self):
        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("validation")
            errors = self._race(
                order_id,
                ("commercial_approver", lambda order: order.action_approve()),
                ("operational_approver", lambda order: order.action_refuse("No", "commercial")),
            )
            self.assertEqual(sum(error is None for error in errors), 1, errors)
            winner = 0 if errors[0] is None else 1
            self.assertIn(("Sophie Delmas", "Marc Tessier")[winner], errors[1 - winner])
            step, states = self._read(
                order_id, lambda o: (o.quote_step, o.validation_ids.mapped("state"))
            )
            self.assertEqual(step, ("ready", "financial")[winner])
            self.assertEqual(states, [("approved", "refused")[winner]])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_edit_against_request_never_leaves_other_content_under_validation(self):
        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("financial")
            errors = self._race(
                order_id,
                ("salesperson", lambda order: order.action_request_validation()),
                ("salesperson", lambda order: order.order_line[0].write({"price_unit": 1.0})),
            )
            self.assertIsNone(errors[0])
            step, asked, current = self._read(
                order_id,
                lambda o: (o.quote_step, o.validation_ids.fingerprint, o._get_fingerprint()),
            )
            self.assertEqual(step, "validation")
            self.assertEqual(asked, current, "what was asked is what is there")

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_quote_is_accepted_once(self):
        documents = [("signed.pdf", b"%PDF-1.4 signed")]
        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("sent")
            accept = (
                "salesperson",
                lambda order: order._record_acceptance(
                    "paper", signer_name="Julie Perrin", documents=documents
                ),
            )
            errors = self._race(order_id, accept, accept)
            self.assertEqual(sum(error is None for error in errors), 1, errors)
            self.assertIn("already been accepted", next(e for e in errors if e))
            acceptances, projects = self._read(
                order_id,
                lambda o: (
                    len(o.quote_acceptance_ids),
                    o.env["project.project"].search_count([("estimate_id", "=", o.estimate_id.id)]),
                ),
            )
            self.assertEqual((acceptances, projects), (1, 1))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_acceptance_against_new_version_has_one_outcome(self):
        def send_version(order):
            version = order.search([("previous_version_id", "=", order.id)])
            version.action_quotation_sent()

        def accept(order):
            order._record_acceptance(
                "paper", signer_name="Julie Perrin", documents=[("signed.pdf", b"%PDF-1.4")]
            )

        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("sent")
            self._approve_new_version(order_id)
            errors = self._race(order_id, ("salesperson", accept), ("salesperson", send_version))
            self.assertEqual(sum(error is None for error in errors), 1, errors)
            steps = self._read(order_id, lambda o: o.version_ids.mapped("quote_step"))
            expected = ["superseded", "accepted"] if errors[0] is None else ["sent", "superseded"]
            self.assertEqual(steps, expected)

    def _approve_new_version(self, order_id):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.user_ids["salesperson"], {})
            order = env["sale.order"].browse(order_id)
            version = order._new_version("price", restart_step="financial")
            version.action_request_validation()
            version.with_user(self.user_ids["commercial_approver"]).action_approve()


@tagged("-standard", "cqp_deep", "post_install", "-at_install")
class TestRacesRepeated(TestRaces):
    """The same, again and again: what happens once in fifty times happens in a year."""

    # Odoo runs inherited tests only where a class asks for it.
    allow_inherited_tests_method = True
    repetitions = 50
