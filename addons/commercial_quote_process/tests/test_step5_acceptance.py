from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import mute_logger, tagged

from ..exceptions import AcceptanceRefused
from .client_common import PDF, ClientMixin
from .common import QuoteProcessCase

JOB_LOGGER = "odoo.addons.commercial_quote_process.models.quote_pending_job_mixin"


class AcceptanceCase(ClientMixin, QuoteProcessCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_terms()
        cls.order = cls._create_quote_at("sent", note="<p>Payment at 30 days.</p>")


@tagged("post_install", "-at_install")
class TestAcceptance(AcceptanceCase):
    """Step 5 to 6: the client's yes becomes one row of evidence and an order."""

    def test_signature_on_the_portal_confirms_and_is_recorded(self):
        fingerprints = self.order._get_fingerprint()
        acceptance = self._sign(self.order)
        self.assertEqual((self.order.quote_step, self.order.state), ("accepted", "sale"))
        self.assertEqual(self.order.signed_by, "Julie Perrin")
        self.assertTrue(self.order.signature)
        self.assertEqual(self.order.quote_turn, "nobody")
        self.assertEqual(acceptance.fingerprints, fingerprints)
        self.assertEqual(acceptance.amount_total, self.order.amount_total)
        self.assertIn("Payment at 30 days.", acceptance.terms_text)
        self.assertTrue(acceptance.terms_version.startswith("2026-01/"))
        self.assertEqual((acceptance.ip_address, acceptance.auth_mode), ("192.0.2.17", "token"))
        self.assertFalse(acceptance._get_problems())

    def test_second_signature_is_told_and_changes_nothing(self):
        first = self._sign(self.order)
        with self.assertRaises(AcceptanceRefused) as caught:
            self._sign(self.order, signer_name="Somebody Else")
        self.assertEqual(caught.exception.code, "already")
        self.assertEqual(self.order.quote_acceptance_ids, first)
        self.assertEqual(self.order.signed_by, "Julie Perrin")

    def test_only_what_was_shown_is_signed(self):
        cases = {
            "other content": ({"fingerprint": "0" * 64}, "changed"),
            "no content": ({"fingerprint": None}, "changed"),
            "terms not ticked": ({"terms_accepted": False}, "terms"),
            "terms ticked with a text": ({"terms_accepted": "false"}, "terms"),
            "other terms": ({"terms_version": "2019-07/00000000"}, "changed"),
        }
        for name, (evidence, code) in cases.items():
            with self.subTest(case=name), self.assertRaises(AcceptanceRefused) as caught:
                self._sign(self.order, **evidence)
            self.assertEqual(caught.exception.code, code, name)
            self.assertEqual((self.order.quote_step, self.order.state), ("sent", "sent"))
            self.assertFalse(self.order.quote_acceptance_ids)

    def test_new_general_terms_have_to_be_read_again(self):
        shown = self.order._get_quote_terms()["version"]
        self.company.quote_terms_label = "2026-02"
        with self.assertRaises(AcceptanceRefused):
            self._sign(self.order, terms_version=shown)

    def test_expired_quote_cannot_be_signed_until_extended(self):
        self.order.sudo()._gated().validity_date = Date.today() - timedelta(days=1)
        with self.assertRaises(AcceptanceRefused) as caught:
            self._sign(self.order)
        self.assertEqual(caught.exception.code, "closed")
        self.order.action_extend(Date.today() + timedelta(days=10))
        self._sign(self.order)
        self.assertEqual(self.order.quote_step, "accepted")

    def test_signing_needs_no_print_and_no_mail(self):
        mails = self.env["mail.mail"].search_count([])
        with patch.object(
            type(self.env["ir.actions.report"]), "_render_qweb_pdf", side_effect=AssertionError
        ):
            self._sign(self.order)
        self.assertTrue(self.order.after_acceptance_pending)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)


@tagged("post_install", "-at_install")
class TestAcceptanceBackOffice(AcceptanceCase):
    """A salesperson records paper, purchase orders and award notices, with their document."""

    def test_confirm_asks_for_the_evidence(self):
        action = self.order.action_confirm()
        self.assertEqual(action["res_model"], "quote.accept")
        self.assertEqual(action["context"]["default_order_id"], self.order.id)
        self.assertEqual(self.order.state, "sent")

    def test_signed_paper_confirms(self):
        self._accept_wizard(self.order).action_accept()
        acceptance = self.order.quote_acceptance_ids
        self.assertEqual((self.order.quote_step, self.order.state), ("accepted", "sale"))
        self.assertEqual((acceptance.kind, acceptance.auth_mode), ("paper", "internal"))
        self.assertEqual(acceptance.user_id, self.salesperson)
        self.assertEqual(acceptance.document_ids.attachment_id.raw, PDF)
        self.assertFalse(acceptance.signature)

    def test_purchase_order_number_reaches_the_order(self):
        with self.assertRaisesRegex(UserError, "number of the purchase order"):
            self._accept_wizard(self.order, kind="purchase_order").action_accept()
        wizard = self._accept_wizard(
            self.order, kind="purchase_order", purchase_order_number="2026-0117"
        )
        wizard.action_accept()
        self.assertEqual(self.order.client_order_ref, "2026-0117")

    def test_incomplete_evidence_is_refused(self):
        cases = {
            "no document": ({"document": False}, "Add the document"),
            "web page": (
                {"document": b"PGh0bWw+PHNjcmlwdD48L3NjcmlwdD48L2h0bWw+"},
                "a mail",
            ),
            "tomorrow": ({"evidence_date": Date.today() + timedelta(days=1)}, "in the future"),
            "no name": ({"signer_name": " "}, "name and the function"),
        }
        for name, (values, message) in cases.items():
            with self.subTest(case=name), self.assertRaisesRegex(UserError, message):
                self._accept_wizard(self.order, **values).action_accept()
            self.assertEqual(self.order.state, "sent")

    def test_quote_that_changed_behind_the_dialog_is_not_confirmed(self):
        wizard = self._accept_wizard(self.order)
        self.order.sudo()._gated().write({"note": "<p>Other terms</p>"})
        with self.assertRaises(UserError):
            wizard.action_accept()
        self.assertEqual(self.order.state, "sent")

    def test_other_people_cannot_record_it(self):
        for user in (self.other_salesperson, self.project_manager, self.stranger):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                wizard = (
                    self.env["quote.accept"]
                    .with_user(user)
                    .create(
                        {"order_id": self.order.id, "signer_name": "Julie Perrin", "document": PDF}
                    )
                )
                wizard.action_accept()
        self.assertEqual(self.order.state, "sent")


@tagged("post_install", "-at_install")
class TestEvidence(AcceptanceCase):
    """Nobody changes an acceptance; who does it in the database is found out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acceptance = cls._sign(cls, cls.order)

    def _get_people(self):
        admin = self.env.ref("base.user_admin")
        return [
            self.salesperson,
            self.sales_manager,
            self.commercial_approver,
            self.operational_approver,
            self.portal_user,
            admin,
        ]

    def test_nobody_writes_creates_or_deletes(self):
        for user in self._get_people():
            acceptance = self.acceptance.with_user(user)
            with self.subTest(user=user.name):
                with self.assertRaises(UserError):
                    acceptance.write({"signer_name": "Somebody Else"})
                with self.assertRaises(UserError):
                    acceptance.with_context(_force_unlink=True).unlink()
                with self.assertRaises(AccessError):
                    acceptance.create({"order_id": self.order.id, "signer_name": "x"})

    def test_superuser_and_context_keys_open_nothing(self):
        row = self.acceptance.sudo().with_context(
            quote_gate_pass=True, _force_unlink=True, install_mode=True
        )
        with self.assertRaises(UserError):
            row.write({"signer_name": "Somebody Else"})
        with self.assertRaises(UserError):
            row.unlink()
        with self.assertRaises(UserError):
            row.document_ids.unlink()

    def test_drawn_signature_and_documents_cannot_be_replaced(self):
        order = self._create_quote_at("sent")
        self._accept_wizard(order).action_accept()
        files = order.quote_acceptance_ids.document_ids.attachment_id | self.env[
            "ir.attachment"
        ].search(
            [
                ("res_model", "=", "quote.acceptance"),
                ("res_field", "=", "signature"),
                ("res_id", "=", self.acceptance.id),
            ]
        )
        self.assertEqual(len(files), 2)
        for user in self._get_people():
            with self.subTest(user=user.name):
                with self.assertRaises(UserError):
                    files.with_user(user).write({"raw": b"other"})
                with self.assertRaises(UserError):
                    files.with_user(user).unlink()

    def test_rows_follow_the_quote(self):
        reads = self.acceptance.with_user(self.salesperson)
        self.assertEqual(reads.signer_name, "Julie Perrin")
        for user in (self.other_salesperson, self.portal_user, self.project_manager):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.acceptance.with_user(user).read(["signer_name"])

    def test_change_in_the_database_is_found(self):
        self.assertFalse(self.acceptance._get_problems())
        for column, value in (
            ("signer_name", "Somebody Else"),
            ("amount_total", 1.0),
            ("signed_at", "2020-01-01 00:00:00"),
            ("row_hash", "0" * 64),
            ("terms_version", "other"),
        ):
            with self.subTest(column=column), self.cr.savepoint() as savepoint:
                self.env.flush_all()
                self.cr.execute(
                    f"UPDATE quote_acceptance SET {column} = %s WHERE id = %s",
                    [value, self.acceptance.id],
                )
                self.env.invalidate_all()
                self.assertTrue(self.acceptance._get_problems())
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertFalse(self.acceptance._get_problems())

    def test_person_that_somebody_empties_in_the_database_is_missed(self):
        self.env.flush_all()
        self.cr.execute(
            "UPDATE quote_acceptance SET signer_name = '', ip_address = NULL WHERE id = %s",
            [self.acceptance.id],
        )
        self.env.invalidate_all()
        self.assertTrue(self.acceptance._get_problems())

    def test_accepted_versions_of_a_family_are_chained(self):
        self.order.sudo().action_unlock()
        self.order.sudo()._action_cancel()
        root = self.order.quote_root_id or self.order
        other = self._create_quote_at("sent")
        self.cr.execute(
            "UPDATE sale_order SET quote_root_id = %s, quote_version = 2 WHERE id = %s",
            [root.id, other.id],
        )
        self.env.invalidate_all()
        second = self._sign(other)
        self.assertEqual(second.previous_hash, self.acceptance.row_hash)
        self.assertFalse(second._get_problems())


@tagged("post_install", "-at_install")
class TestAfterAcceptance(AcceptanceCase):
    """Mails, signed copy and the won opportunity follow in a job."""

    def test_job_does_everything_once(self):
        self._sign(self.order)
        self._run_cron("ir_cron_after_acceptance")
        acceptance = self.order.quote_acceptance_ids
        self.assertFalse(self.order.after_acceptance_pending)
        self.assertEqual(acceptance.document_ids.mapped("kind"), ["signed_copy"])
        self.assertEqual(self.order.opportunity_id.won_status, "won")
        messages = self.order.message_ids
        self.assertIn("Signed on the portal: Julie Perrin", str(messages.mapped("body")))
        count = len(messages)
        self._run_cron("ir_cron_after_acceptance")
        self.assertEqual(len(self.order.message_ids), count)
        self.assertEqual(len(acceptance.document_ids), 1)
        self.assertFalse(acceptance._get_problems())

    @mute_logger(JOB_LOGGER)
    def test_quote_that_fails_does_not_stop_the_others_and_shows(self):
        other = self._create_quote_at("sent")
        self._sign(self.order)
        self._sign(other)
        poisoned_id = self.order.id
        model = type(self.order)
        stock = model._add_signed_copy

        def add_signed_copy(order, *args):
            if order.id == poisoned_id:
                raise ValueError("No copy for this one")
            return stock(order, *args)

        with patch.object(model, "_add_signed_copy", add_signed_copy):
            for _attempt in range(4):
                self._run_cron("ir_cron_after_acceptance")
        self.assertFalse(other.after_acceptance_pending)
        self.assertTrue(other._get_signed_copy())
        self.assertTrue(self.order.after_acceptance_pending)
        self.assertIn("Signed copy not sent", self.order.sudo().activity_ids.mapped("summary"))
        self.assertEqual(self.order.state, "sale")
        self.order.action_retry_after_acceptance()
        self._run_cron("ir_cron_after_acceptance")
        self.assertTrue(self.order._get_signed_copy())
