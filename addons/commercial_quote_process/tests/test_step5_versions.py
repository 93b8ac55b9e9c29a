from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import QuoteProcessCase


@tagged("post_install", "-at_install")
class TestVersions(QuoteProcessCase):
    """Step 5, again: a new version copies everything and replaces the old one when sent."""

    def _approve_and_send(self, order):
        order.action_request_validation()
        order.with_user(self.commercial_approver).action_approve()
        order.action_quotation_sent()

    def test_new_version_copies_price_cost_plan_and_texts(self):
        order = self._create_quote_at("sent")
        version = order._new_version("client", note="One more visit", restart_step="financial")
        self.assertEqual(version.name, f"{order.name}-V2")
        self.assertEqual((version.quote_step, version.state), ("financial", "draft"))
        self.assertEqual(version.quote_version, 2)
        self.assertEqual(version.previous_version_id, order)
        self.assertEqual(version.quote_root_id, order)
        self.assertEqual(version.version_reason, "client")
        self.assertEqual(version._get_fingerprint(), order._get_fingerprint())
        self.assertEqual(version.margin, order.margin)
        self.assertNotEqual(version.sudo().estimate_id, order.sudo().estimate_id)
        self.assertEqual(
            version.order_line.estimate_item_id.estimate_id, version.sudo().estimate_id
        )
        self.assertFalse(version.validation_ids)

    def test_old_version_stands_until_the_new_one_is_sent(self):
        order = self._create_quote_at("sent")
        version = order._new_version("price", restart_step="financial")
        version.order_line[0].price_unit -= 50
        self.assertEqual((order.quote_step, order.state), ("sent", "sent"))
        self._approve_and_send(version)
        self.assertEqual((order.quote_step, order.state), ("superseded", "cancel"))
        self.assertEqual(version.quote_step, "sent")

    def test_abandoned_draft_changes_nothing(self):
        order = self._create_quote_at("sent")
        version = order._new_version("price", restart_step="financial")
        version.action_cancel()
        self.assertEqual(order.quote_step, "sent")
        third = order._new_version("scope")
        self.assertEqual(third.name, f"{order.name}-V3")

    def test_version_number_follows_the_family(self):
        order = self._create_quote_at("sent")
        second = order._new_version("price", restart_step="financial")
        self._approve_and_send(second)
        third = second._new_version("price", restart_step="financial")
        self.assertEqual(third.name, f"{order.name}-V3")
        self.assertEqual(third.version_ids.mapped("quote_version"), [3, 2, 1])

    def test_variant_replaces_nothing_until_one_is_accepted(self):
        order = self._create_quote_at("sent")
        variant = order._new_version("price", restart_step="financial", kind="variant")
        self._approve_and_send(variant)
        self.assertEqual((order.quote_step, variant.quote_step), ("sent", "sent"))

    def test_no_version_of_a_quote_being_written_or_finished(self):
        order = self._create_quote_at("financial")
        with self.assertRaises(UserError):
            order.action_new_version("price")
        order.action_cancel()
        with self.assertRaises(UserError):
            order.action_new_version("price")
        sent = self._create_quote_at("sent")
        for arguments in (("taste",), ("price", None, "sent"), ("price", None, "accepted")):
            with self.subTest(arguments=arguments), self.assertRaises(UserError):
                sent.action_new_version(*arguments)

    def test_version_at_the_technical_step_calls_the_project_manager(self):
        order = self._create_quote_at("sent")
        version = order._new_version("technical", note="Add a test phase", restart_step="technical")
        activity = version.sudo().estimate_id.activity_ids
        self.assertEqual(activity.user_id, self.project_manager)
        self.assertIn("Add a test phase", activity.note)
        version.sudo().estimate_id.with_user(self.project_manager).workload_ids[0].days += 5
        self.assertNotEqual(version._get_fingerprint()["cost"], order._get_fingerprint()["cost"])

    def test_other_salesperson_cannot_make_a_version(self):
        order = self._create_quote_at("sent")
        with self.assertRaises(AccessError):
            order.with_user(self.other_salesperson).action_new_version("price")
        self.assertEqual(order.version_count, 1)
