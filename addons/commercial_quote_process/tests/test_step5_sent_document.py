import hashlib
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import tagged

from .client_common import ClientMixin
from .common import QuoteProcessCase

PDF = b"%PDF-1.4 as it was sent"


@tagged("post_install", "-at_install")
class TestSentDocument(ClientMixin, QuoteProcessCase):
    """What left is kept with its version: the file of the mail, or a print made by a job."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("ready")

    def _open_composer(self):
        action = self.order.action_quotation_send()
        composer = self.env["mail.compose.message"].with_user(self.salesperson)
        composer = composer.with_context(**action["context"]).create({})
        # As its window does: what it carries is computed when it is read.
        self.assertTrue(composer.attachment_ids)
        return composer

    def _send_by_mail(self):
        self._open_composer()._action_send_mail()

    def _attach(self, composer, name, content):
        return composer.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": "mail.compose.message",
                "res_id": 0,
            }
        )

    def _run_job(self):
        self._run_cron("ir_cron_sent_documents")

    def test_mail_page_and_archive_have_the_same_file(self):
        composer = self._open_composer()
        made = self.order.sent_document_ids
        self.assertEqual((made.origin, len(made)), ("made", 1))
        self.assertFalse(self.order.sent_document_id)
        composer._action_send_mail()
        self.assertEqual(self.order.quote_step, "sent")
        self.assertEqual(self.order._get_sent_document(), made)
        mailed = self.order.message_ids.attachment_ids
        self.assertEqual(mailed.mapped("checksum"), made.sudo().attachment_id.mapped("checksum"))
        self.assertEqual(made.sha256, hashlib.sha256(made.sudo().attachment_id.raw).hexdigest())
        self.assertFalse(made._get_problems())
        self.assertFalse(self.order.sent_document_pending)
        self._run_job()
        self.assertEqual(self.order.sent_document_ids, made)
        self.assertIn(str(made.attachment_id.id), self.order.action_open_sent_document()["url"])
        # Printed again, and sent again: still the same.
        printed, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.salesperson)
            ._render_qweb_pdf("sale.action_report_saleorder", self.order.ids)
        )
        self.assertEqual(printed, made.sudo().attachment_id.raw)
        self._send_by_mail()
        self.assertEqual(self.order.sent_document_ids, made)

    def test_nothing_is_made_twice_of_the_same_content(self):
        self._open_composer()
        self._open_composer()
        self.assertEqual(len(self.order.sent_document_ids), 1)

    def test_file_made_before_a_change_does_not_leave(self):
        composer = self._open_composer()
        old = self.order.sent_document_ids
        self.order.action_withdraw()
        self.order.order_line[0].price_unit += 10
        self.order.action_request_validation()
        self.order.with_user(self.commercial_approver).action_approve()
        with self.assertRaises(UserError):
            composer._action_send_mail()
        self.assertEqual(self.order.quote_step, "ready")
        self._send_by_mail()
        self.assertEqual(len(self.order.sent_document_ids), 2)
        self.assertNotEqual(self.order._get_sent_document(), old)

    def test_other_file_under_the_name_of_the_offer_does_not_leave(self):
        composer = self._open_composer()
        composer.attachment_ids = self._attach(composer, composer.attachment_ids.name, PDF)
        with self.assertRaises(UserError):
            composer._action_send_mail()
        self.assertEqual(self.order.quote_step, "ready")

    def test_files_added_by_hand_are_kept_and_are_not_the_offer(self):
        composer = self._open_composer()
        made = self.order.sent_document_ids
        composer.attachment_ids += self._attach(composer, "references.pdf", PDF)
        composer._action_send_mail()
        added = self.order.sent_document_ids - made
        self.assertEqual((added.name, added.origin), ("references.pdf", "mail"))
        self.assertEqual(added.sudo().attachment_id.raw, PDF)
        self.assertEqual(self.order._get_sent_document(), made)

    def test_mail_without_the_file_leaves_it_to_the_job(self):
        composer = self._open_composer()
        composer.attachment_ids = False
        composer._action_send_mail()
        self.assertTrue(self.order.sent_document_pending)
        self._run_job()
        self.assertEqual(self.order._get_sent_document().origin, "made")

    def test_quote_marked_as_sent_is_printed_by_the_job(self):
        self.order.action_quotation_sent()
        self.assertTrue(self.order.sent_document_pending)
        self.assertFalse(self.order._get_sent_document())
        self._run_job()
        document = self.order._get_sent_document()
        self.assertEqual((document.origin, len(document)), ("printed", 1))
        self.assertFalse(self.order.sent_document_pending)

    def test_what_left_is_kept_as_it_left_whatever_came_after(self):
        """A version that is closed before the job runs is no "no longer valid" in the archive."""
        self.order.action_quotation_sent()
        self.order.action_decline(self.env["quote.decline.reason"].search([], limit=1).id)
        self._run_job()
        kept = self.order._get_sent_document().sudo().attachment_id.raw.decode()
        self.assertNotIn("quote_over_mark", kept)
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "sale.action_report_saleorder", self.order.ids
        )
        self.assertIn("quote_over_mark", page.decode())

    def test_longer_validity_makes_another_file_and_keeps_the_first(self):
        self._send_by_mail()
        first = self.order._get_sent_document()
        self.order.action_extend(Date.today() + timedelta(days=90))
        self._run_job()
        self.assertNotEqual(self.order._get_sent_document(), first)
        self.assertIn(first, self.order.sent_document_ids)
        self.assertFalse(self.order.sent_document_pending)

    def test_failing_print_is_told_once_and_tried_until_it_works(self):
        self.order.action_quotation_sent()
        cls = self.env.registry["sale.order"]
        before = len(self.order.activity_ids)
        with (
            patch.object(cls, "_keep_printed_document", side_effect=ValueError("no engine")),
            self.assertLogs("odoo.addons.commercial_quote_process", "ERROR") as logs,
        ):
            for _attempt in range(5):
                self._run_job()
            self._let_an_hour_pass(self.order)
            self._run_job()
        self.assertEqual(len(logs.records), 4, "three times, and once more after an hour")
        self.assertEqual(len(self.order.activity_ids), before + 1)
        self.assertTrue(self.order.sent_document_pending)
        self.assertEqual(self.order.quote_step, "sent")
        self._let_an_hour_pass(self.order)
        self._run_job()
        self.assertTrue(self.order._get_sent_document())
        self.assertEqual(self.order.sent_document_failures, 0)

    def test_print_that_killed_its_worker_comes_after_the_others(self):
        """Each attempt counts before it is made: what is killed has been counted as well."""
        other = self._create_quote_at("ready")
        for order in self.order | other:
            order.action_quotation_sent()
        self.order.sudo().sent_document_failures = 1
        tried = []

        def keep(order):
            tried.append((order.id, order.sent_document_failures))

        with patch.object(self.env.registry["sale.order"], "_keep_printed_document", keep):
            self._run_job()
        self.assertEqual(tried, [(other.id, 1), (self.order.id, 2)])

    def test_failed_print_is_tried_again_by_its_salesperson(self):
        self.order.action_quotation_sent()
        self.order.sudo().sent_document_failures = 9
        self.order.with_user(self.salesperson).action_retry_sent_document()
        self._run_job()
        self.assertTrue(self.order._get_sent_document())

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
        self.assertFalse(document._get_problems())

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
