from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import QuoteProcessCase


@tagged("post_install", "-at_install")
class TestRestoredVersion(QuoteProcessCase):
    """An older version comes back as a new one, that ends the one the client has in hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._create_quote_at("sent")
        cls.second = cls.first._new_version("price", restart_step="financial")
        cls.second.order_line[0].price_unit -= 100
        cls._approve_and_send(cls.second)

    @classmethod
    def _approve_and_send(cls, order):
        order.action_request_validation()
        if order.quote_step == "validation":
            order.with_user(cls.commercial_approver).action_approve()
        order.action_quotation_sent()

    def _restore(self, order):
        return order.browse(order.action_restore_version()["res_id"])

    def test_restored_version_has_the_content_and_a_number_of_its_own(self):
        before = self.first._get_fingerprint()
        third = self._restore(self.first)
        self.assertEqual(third.name, f"{self.first.name}-V3")
        self.assertEqual(third.previous_version_id, self.first)
        self.assertEqual(third.version_reason, "restored")
        self.assertIn(self.first.name, third.version_note)
        self.assertEqual(third._get_fingerprint(), before)
        self.assertEqual((third.quote_step, third.state), ("financial", "draft"))
        self.assertEqual((self.first.quote_step, self.second.quote_step), ("superseded", "sent"))
        self._approve_and_send(third)
        # It was made from the first one, and ends the one that the client had in hand.
        self.assertEqual((self.second.quote_step, third.quote_step), ("superseded", "sent"))
        self.assertEqual(self.second._get_replacing_version(), third)
        self.assertEqual(self.first._get_replacing_version(), third)

    def test_restored_version_goes_on_where_a_cancelled_draft_had_come_to(self):
        draft = self.second._new_version("technical", restart_step="technical")
        draft.action_cancel()
        restored = self._restore(draft)
        self.assertEqual(restored.quote_step, "technical")
        self.assertEqual(restored.sudo().estimate_id.activity_ids.user_id, self.project_manager)

    def test_restored_variant_goes_on_with_its_own_branch(self):
        variant = self.second._new_version("scope", restart_step="financial", kind="variant")
        self._approve_and_send(variant)
        variant.action_decline(self.env["quote.decline.reason"].search([], limit=1).id)
        restored = self._restore(variant)
        self._approve_and_send(restored)
        self.assertEqual((self.second.quote_step, restored.quote_step), ("sent", "sent"))

    def test_current_version_and_a_draft_are_not_restored(self):
        draft = self.second._new_version("price", restart_step="financial")
        with self.assertRaisesRegex(UserError, "still being written"):
            draft.action_restore_version()
        draft.action_cancel()
        self.second.action_request_changes("Another plan")
        lone = self._create_quote_at("validation")
        with self.assertRaisesRegex(UserError, "current version"):
            lone.action_restore_version()

    def test_only_those_who_write_the_quote_restore_it(self):
        for user in (self.other_salesperson, self.project_manager, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.first.with_user(user).action_restore_version()
        self.assertEqual(self.first.version_count, 2)
