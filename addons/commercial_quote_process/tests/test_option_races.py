from functools import partial

from odoo import api
from odoo.tests import tagged

from .client_common import ClientMixin
from .payment_common import PaymentMixin
from .race_common import RaceCase


@tagged("post_install", "-at_install")
class TestOptionRaces(PaymentMixin, ClientMixin, RaceCase):
    """Two browsers with other options, and an edit at the same instant: one outcome, and whole."""

    def _create_committed_offer(self):
        cls = type(self)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.user_ids["salesperson"], {})
            try:
                cls._bind(env)
                order = self._create_priced_quote(options=("Design", "Build"), granularity="phase")
                # What is left is sold in any case.
                order.order_line = [
                    (
                        0,
                        0,
                        {"product_id": self.company.quote_service_product_id.id, "price_unit": 9},
                    )
                ]
                self._send_quote(order)
                return order.id, order._get_option_lines().ids
            finally:
                cls.env = None

    def _take(self, options, order):
        return self._sign(order, options=options)

    def _get_outcome(self, order):
        taken = order._get_option_lines().filtered("product_uom_qty")
        return {
            "step": order.quote_step,
            "count": len(order.quote_acceptance_ids),
            "taken": sorted(taken.ids),
            "same_total": order.quote_acceptance_ids.amount_total == order.amount_total,
            "projects": len(order.sudo()._get_estimate_project()),
        }

    def test_two_browsers_with_other_options(self):
        order_id, (first, second) = self._create_committed_offer()
        errors = self._race(
            order_id,
            ("client", partial(self._take, [first])),
            ("client", partial(self._take, [second])),
        )
        outcome = self._read(order_id, self._get_outcome)
        self.assertEqual(len([error for error in errors if error is None]), 1, errors)
        winner = [first] if errors[0] is None else [second]
        self.assertEqual(
            outcome,
            {"step": "accepted", "count": 1, "taken": winner, "same_total": True, "projects": 1},
        )

    def test_signature_with_an_option_against_an_edit(self):
        order_id, (first, _second) = self._create_committed_offer()
        errors = self._race(
            order_id,
            ("client", partial(self._take, [first])),
            ("salesperson", lambda order: order.order_line[-1].write({"price_unit": 1.0})),
        )
        self.assertIsNone(errors[0])
        self.assertTrue(errors[1])
        outcome = self._read(order_id, self._get_outcome)
        self.assertEqual((outcome["taken"], outcome["same_total"]), ([first], True))
