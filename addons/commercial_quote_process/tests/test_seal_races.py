import logging

from odoo.tests import tagged

from .race_common import RaceCase

SEAL = "quote.acceptance.seal"


@tagged("post_install", "-at_install")
class TestSealRaces(RaceCase):
    """Several workers seal at the same instant: one chain, each thing sealed once."""

    repetitions = 3

    def _seal(self, order):
        return order.env[SEAL].sudo()._seal_company(order.company_id, 10)

    def _accept(self, order):
        order.sudo()._record_acceptance("paper", signer_name="Julie Perrin")

    def test_workers_at_the_same_instant_make_one_chain(self):
        # The loser is told by the unique index, and begins again: no error of the server.
        for name in ("odoo.service.model", "odoo.sql_db"):
            logger = logging.getLogger(name)
            self.addCleanup(logger.setLevel, logger.level)
            logger.setLevel(logging.CRITICAL)
        for _repetition in range(self.repetitions):
            order_id = self._create_committed_quote("sent")
            self._act("salesperson", order_id, self._accept)
            self._race(order_id, *[("sales_manager", self._seal)] * 3)
            # Whoever found the chain taken leaves the rest to the next time.
            self._act("sales_manager", order_id, self._seal)
            numbers, seals, problems = self._read(order_id, self._get_chain)
            self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
            self.assertEqual(seals, 1)
            self.assertFalse([text for text in problems if text.startswith("Seal")])

    def _get_chain(self, order):
        seals = order.env[SEAL].search([("company_id", "=", order.company_id.id)])
        check = order.env["quote.acceptance.check"]
        return (
            seals.mapped("number"),
            len(order.quote_acceptance_ids.seal_ids),
            check._get_walk_problems(order.company_id),
        )

    def test_worker_that_is_killed_before_its_end_leaves_nothing_half_done(self):
        order_id = self._create_committed_quote("sent")
        self._act("salesperson", order_id, self._accept)
        with self.registry.cursor() as cr:
            env = self._get_superuser_env(cr)
            self._seal(env["sale.order"].browse(order_id))
            # What a killed process leaves behind.
            cr.rollback()
        self.assertFalse(
            self._read(order_id, lambda order: order.quote_acceptance_ids.seal_ids.ids)
        )
        self._act("sales_manager", order_id, self._seal)
        numbers, seals, problems = self._read(order_id, self._get_chain)
        self.assertEqual((seals, problems), (1, []))
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
