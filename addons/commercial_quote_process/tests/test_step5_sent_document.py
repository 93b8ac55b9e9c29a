import hashlib
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import QuoteProcessCase

PDF = b"%PDF-1.4 as it was sent"


@tagged("post_install", "-at_install")
class TestSentDocument(QuoteProcessCase):
    """What left is kept with its version: the file of the mail, or a print made by a job."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("ready")

    def _send_by_mail(self):
        action = self.order.action_quotation_send()
        composer = self.env["mail.compose.message"].with_user(self.salesperson)
        composer = composer.with_context(**action["context"]).create({})
        composer.attachment_ids = composer.env["ir.attachment"].create(
            {
                "name": "offer.pdf",
                "raw": PDF,
                "mimetype": "application/pdf",
                "res_model": "mail.compose.message",
                "res_id": 0,
            }
        )
        composer._action_send_mail()

    def _run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref("commercial_quote_process.ir_cron_sent_documents").method_direct_trigger()

    def test_file_of_the_mail_is_kept(self):
        self._send_by_mail()
        self.assertEqual(self.order.quote_step, "sent")
        document = self.order.sent_document_ids
        self.assertEqual((document.name, document.origin), ("offer.pdf", "mail"))
        self.assertEqual(document.sha256, hashlib.sha256(PDF).hexdigest())
        self.assertEqual(document.sudo().attachment_id.raw, PDF)
        self.assertFalse(document._get_problems())
        self.assertFalse(self.order.sent_document_pending)
        self._run_job()
        self.assertEqual(self.order.sent_document_ids, document)
        self.assertIn(str(document.attachment_id.id), self.order.action_open_sent_document()["url"])

    def test_quote_marked_as_sent_is_printed_by_the_job(self):
        self.order.action_quotation_sent()
        self.assertTrue(self.order.sent_document_pending)
        self.assertFalse(self.order.sent_document_ids)
        self._run_job()
        self.order.invalidate_recordset()
        document = self.order.sent_document_ids
        self.assertEqual((document.origin, len(document)), ("printed", 1))
        self.assertFalse(self.order.sent_document_pending)

    def test_failing_print_is_tried_again_and_given_up(self):
        self.order.action_quotation_sent()
        cls = self.env.registry["sale.order"]
        with (
            patch.object(cls, "_keep_printed_document", side_effect=ValueError("no engine")),
            self.assertLogs("odoo.addons.commercial_quote_process", "ERROR"),
        ):
            for _attempt in range(3):
                self._run_job()
        self.order.invalidate_recordset()
        self.assertFalse(self.order.sent_document_pending)
        self.assertEqual(self.order.quote_step, "sent")

    def test_nobody_changes_or_deletes_what_was_sent(self):
        self._send_by_mail()
        document = self.order.sent_document_ids
        admin = self.env.ref("base.user_admin")
        for user in (self.salesperson, self.sales_manager, admin):
            kept = document.with_user(user)
            with self.subTest(user=user.login):
                for change in (
                    lambda kept=kept: kept.write({"sha256": "0"}),
                    lambda kept=kept: kept.unlink(),
                    lambda kept=kept: kept.attachment_id.write({"raw": b"other"}),
                    lambda kept=kept: kept.attachment_id.unlink(),
                    lambda kept=kept: kept.create({"order_id": self.order.id}),
                ):
                    with self.assertRaises(UserError):
                        change()
        with self.assertRaises(UserError):
            document.sudo().with_context(force_delete=True).unlink()
        self.assertEqual(document.sudo().attachment_id.raw, PDF)

    def test_who_reads_what_was_sent(self):
        self._send_by_mail()
        document = self.order.sent_document_ids
        self.assertTrue(document.with_user(self.sales_manager).name)
        for user in (self.other_salesperson, self.stranger, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                document.with_user(user).read(["name"])
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                document.sudo().attachment_id.with_user(user).read(["raw"])

    def test_version_that_no_longer_holds_is_no_draft_in_print(self):
        self.order.action_quotation_sent()
        version = self.order._new_version("price", restart_step="financial")
        self.assertTrue(version._is_draft_for_print())
        version.action_request_validation()
        version.action_quotation_sent()
        self.assertEqual(self.order.quote_step, "superseded")
        self.assertFalse(self.order._is_draft_for_print())
        self.assertTrue(self.order._is_over_for_print())
        html = self.env["ir.actions.report"]._render_qweb_html(
            "sale.action_report_saleorder", self.order.ids
        )[0]
        self.assertIn(f"Replaced by {version.name}", " ".join(html.decode().split()))
