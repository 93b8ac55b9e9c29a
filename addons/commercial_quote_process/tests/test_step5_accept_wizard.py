import base64
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import tagged

from .payment_common import PaymentMixin
from .test_step5_acceptance import AcceptanceCase


@tagged("post_install", "-at_install")
class TestAcceptWizard(PaymentMixin, AcceptanceCase):
    """What a salesperson records has a date that can be true, and a file that can be read."""

    def test_options_of_the_document_are_taken(self):
        order = self._send_quote(self._create_priced_quote(options=("Build",)))
        option, before = order._get_option_lines(), order.amount_total
        wizard = self._accept_wizard(order)
        self.assertEqual(wizard.allowed_option_ids.ids, option.ids)
        self.assertEqual(wizard.amount_total, before)
        wizard.option_ids = option
        self.assertGreater(wizard.amount_total, before)
        wizard.action_accept()
        acceptance = order.quote_acceptance_ids
        self.assertEqual([row["line"] for row in acceptance.chosen_options], option.ids)
        self.assertEqual(acceptance.amount_total, order.amount_total)
        self.assertFalse(order.differs_from_signed)
        self.assertFalse(acceptance._get_problems())

    def test_lines_that_are_no_options_are_not_taken(self):
        wizard = self._accept_wizard(self.order, option_ids=self.order.order_line[:1].ids)
        with self.assertRaises(UserError):
            wizard.action_accept()
        self.assertEqual(self.order.state, "sent")

    def test_other_content_than_the_dialog_showed_is_not_taken(self):
        wizard = self._accept_wizard(self.order, fingerprint="0" * 64)
        with self.assertRaisesRegex(UserError, "has changed since"):
            wizard.action_accept()
        self.assertEqual(self.order.state, "sent")

    def test_number_of_the_purchase_order(self):
        for number in ("P" * 65, "<b>1</b>", "1\u202e2"):
            wizard = self._accept_wizard(self.order, purchase_order_number=number)
            with self.subTest(number=number), self.assertRaisesRegex(UserError, "as it is printed"):
                wizard.action_accept()

    def test_dates_that_cannot_be_true(self):
        sent_on = self.order.sent_on.date()
        for date, message in (
            (Date.today() + timedelta(days=1), "in the future"),
            (sent_on - timedelta(days=2), "before the offer was sent"),
        ):
            with self.subTest(date=date), self.assertRaisesRegex(UserError, message):
                self._accept_wizard(self.order, evidence_date=date).action_accept()
            self.assertEqual(self.order.state, "sent")

    def test_files_that_nobody_can_read(self):
        for name, content in (
            ("page.html", b"<html><script>alert(1)</script></html>"),
            ("picture.gif", b"GIF89a" + b"\x00" * 60),
            ("program.exe", b"MZ\x90\x00" + b"\x00" * 200),
            ("archive.zip", b"PK\x05\x06" + b"\x00" * 18),
            ("noise.pdf", b"\x00\x01\x02\x03" * 50),
        ):
            document = base64.b64encode(content)
            with self.subTest(file=name), self.assertRaisesRegex(UserError, "PDF, an image"):
                self._accept_wizard(
                    self.order, document=document, document_name=name
                ).action_accept()
            self.assertEqual(self.order.state, "sent")

    def test_mail_is_a_document(self):
        mail = b"From: julie@example.com\r\nTo: claire@example.com\r\nSubject: Yes\r\n\r\nWe agree."
        self._accept_wizard(
            self.order, document=base64.b64encode(mail), document_name="yes.eml"
        ).action_accept()
        document = self.order.quote_acceptance_ids.document_ids
        self.assertEqual(document.name, "yes.eml")
        action = document.with_user(self.salesperson).action_download()
        self.assertIn(f"/web/content/{document.attachment_id.id}", action["url"])
        with self.assertRaises(AccessError):
            document.with_user(self.other_salesperson).action_download()
