from odoo.exceptions import AccessError
from odoo.tests import tagged

from .evidence_common import EvidenceCase


@tagged("post_install", "-at_install")
class TestSignedDifference(EvidenceCase):
    """An accepted quote that is changed afterwards says so, and what."""

    def _change(self, price):
        self.order.with_user(self.sales_manager).order_line[0].price_unit = price
        self.env.flush_all()
        self.env.invalidate_all()

    def test_change_after_the_acceptance_is_flagged(self):
        line = self.order.order_line[0]
        price = line.price_unit
        self.assertFalse(self.order.differs_from_signed)
        self.order.with_user(self.sales_manager).action_unlock()
        self.assertFalse(self.order.differs_from_signed)
        self._change(price + 100)
        self.assertTrue(self.order.differs_from_signed)
        found = self.env["sale.order"].search([("differs_from_signed", "=", True)])
        self.assertIn(self.order, found)
        self.assertIn(line.name.split("\n")[0][:20], self.order.signed_changes)
        self._change(price)
        self.assertFalse(self.order.differs_from_signed)
        self.assertFalse(self.order.signed_changes)

    def test_down_payments_are_no_difference(self):
        self.env["sale.order.line"].sudo().create(
            {
                "order_id": self.order.id,
                "name": "Down payment",
                "is_downpayment": True,
                "product_uom_qty": 0,
                "price_unit": 100,
            }
        )
        self.assertFalse(self.order._is_other_than_signed())
        self.order.sudo()._bump_content_revision()
        self.assertFalse(self.order.differs_from_signed)

    def test_order_says_when_the_client_did_not_sign_on_the_page(self):
        sent = self._create_quote_at("sent")
        self.assertFalse(sent.acceptance_note or sent.signed_changes)
        self.assertFalse(self.order.acceptance_note or self.order.signed_changes)
        self._accept_wizard(sent).action_accept()
        self.assertIn("Claire Morel", sent.acceptance_note)

    def test_lists_compute_nothing(self):
        orders = self.env["sale.order"].search([("quote_process", "=", True)])
        orders.fetch(["differs_from_signed"])
        self.assertFalse(self.env.records_to_compute(orders._fields["differs_from_signed"]))

    def test_nobody_writes_the_flag(self):
        for user in (self.salesperson, self.sales_manager):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.order.with_user(user).write({"differs_from_signed": False})
