from odoo.tests import tagged

from .portal_common import PortalCase


@tagged("post_install", "-at_install")
class TestPortalFiles(PortalCase):
    """The files of an offer are given when they are there; opening a page makes none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("sent")

    def _files(self, **params):
        url = f"/my/orders/{self.order.id}/files"
        token = self.order.sudo()._portal_ensure_token()
        return self.url_open(f"{url}?access_token={params.get('token', token)}").json()

    def _keep_document(self):
        documents = self.env["quote.sent.document"].sudo()
        return documents._add(self.order.sudo(), "printed", [("offer.pdf", b"%PDF-1.4 offer")])

    def _shown(self, name):
        page = self._page(self.order)
        classes = page.xpath(f"//aside//a[@name='{name}']/@class")
        waits = page.xpath("//aside//*[@data-waits-for]/@data-waits-for")
        return bool(classes) and "d-none" not in classes[0].split(), waits

    def test_the_page_waits_for_the_file_of_the_offer(self):
        self.order.sudo().sent_document_pending = True
        self.assertEqual(self._shown("quote_download"), (False, ["offer"]))
        self.assertEqual(self._files(), {"offer": False, "signed_copy": False})
        response = self.url_open(self._url(self.order, report_type="pdf"), allow_redirects=False)
        self.assertEqual(response.status_code, 303, "nothing is printed for a client")
        self._run_cron("ir_cron_sent_documents")
        self.assertEqual(self._files(), {"offer": True, "signed_copy": False})
        self.assertEqual(self._shown("quote_download"), (True, []))

    def test_the_client_receives_the_file_that_was_kept(self):
        self._run_cron("ir_cron_sent_documents")
        document_sudo = self.order.sudo()._get_sent_document()
        self.assertTrue(document_sudo)
        response = self._open(self.order, report_type="pdf", download="true")
        self.assertEqual(response.content, document_sudo.attachment_id.raw)

    def test_after_the_signature_it_is_the_signed_copy(self):
        self._sign(self.order)
        self.assertEqual(self._shown("quote_signed_copy"), (False, ["signed_copy"]))
        self._run_cron("ir_cron_after_acceptance")
        self.order.invalidate_recordset()
        self.assertEqual(self._shown("quote_signed_copy"), (True, []))
        self.assertEqual(self._files(), {"offer": False, "signed_copy": True})
        copy_sudo = self.order.sudo()._get_signed_copy()
        response = self._open(self.order, report_type="pdf")
        self.assertEqual(response.content, copy_sudo.attachment_id.raw)

    def test_nobody_else_learns_anything(self):
        self.assertEqual(self._files(token="x"), {})
