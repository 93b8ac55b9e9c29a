import hashlib

from odoo.tests import tagged

from ..tools.acceptance_chain import new_code
from .client_common import PDF
from .test_portal import PortalCase

OFFER = b"%PDF-1.4 the offer as it was sent"


@tagged("post_install", "-at_install")
class TestPortalVerification(PortalCase):
    """Whoever holds a copy sees whether it is the signed one, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("sent")
        cls.env["quote.sent.document"]._add(cls.order.sudo(), "mail", [("offer.pdf", OFFER)])
        cls.acceptance = cls._sign(cls, cls.order).sudo()
        cls.env["quote.acceptance.document"]._add(
            cls.acceptance, "signed_copy", [("signed.pdf", PDF)]
        )
        cls.env["quote.acceptance.seal"]._seal_company(cls.company, 50)

    def _verify(self, content=None, code=None, **params):
        if content is not None:
            params["sha256"] = hashlib.sha256(content).hexdigest()
        return self.url_open(
            f"/quote/verify/{code or self.acceptance.verification_code}", params=params
        )

    def _get_answers(self, response):
        return [
            name
            for name in ("signed", "sent", "evidence", "other")
            if f'name="quote_file_{name}"' in response.text
        ]

    def test_page_says_what_the_code_stands_for(self):
        response = self._verify()
        self.assertEqual(response.status_code, 200)
        self.assertIn(self.order.name, response.text)
        self.assertIn(self.company.name, response.text)
        self.assertIn('name="quote_intact"', response.text)
        self.assertIn(self.acceptance.row_hash, response.text)
        self.assertEqual(self._get_answers(response), [])

    def test_page_tells_nothing_of_a_person_and_no_amount(self):
        text = self._verify(PDF).text
        acceptance = self.acceptance
        for value in (
            acceptance.signer_name,
            acceptance.signer_function,
            acceptance.partner_name,
            acceptance.partner_email,
            acceptance.ip_address,
            f"{acceptance.amount_total:,.2f}",
            f"{acceptance.amount_untaxed:,.2f}",
            self.salesperson.name,
        ):
            self.assertNotIn(value, text)

    def test_each_file_is_told_apart(self):
        for content, answer in (
            (PDF, "signed"),
            (OFFER, "sent"),
            (PDF + b"\n", "other"),
            (b"", "other"),
        ):
            with self.subTest(answer=answer):
                self.assertEqual(self._get_answers(self._verify(content)), [answer])
        paper = self._create_quote_at("sent")
        self._accept_wizard(paper, document_name="order.pdf").action_accept()
        code = paper.sudo().quote_acceptance_ids.verification_code
        self.assertEqual(self._get_answers(self._verify(PDF, code=code)), ["evidence"])
        self.assertIn('name="quote_unsealed"', self._verify(code=code).text)

    def test_hash_may_be_typed_in_any_way(self):
        digest = hashlib.sha256(PDF).hexdigest()
        for text in (digest.upper(), f"  {digest}\n"):
            self.assertEqual(self._get_answers(self._verify(sha256=text)), ["signed"])
        for text in ("xyz", digest[:-1], digest + "0", "<script>alert(1)</script>", "%s" * 9000):
            response = self._verify(sha256=text)
            self.assertEqual(self._get_answers(response), [])
            self.assertIn('name="quote_bad_hash"', response.text)
            self.assertNotIn("<script>alert", response.text)

    def test_unknown_codes_ask_nothing_and_say_nothing(self):
        code = self.acceptance.verification_code
        for wrong in (new_code(), code[:-1], code + "A", "1", "%00", "'; --"):
            with self.subTest(code=wrong):
                response = self._verify(code=wrong, content=PDF)
                self.assertEqual(response.status_code, 404)
                self.assertNotIn(self.order.name, response.text)

    def test_code_may_be_typed_in_small_letters(self):
        response = self._verify(code=f"{self.acceptance.verification_code.lower()} ")
        self.assertIn('name="quote_intact"', response.text)

    def test_page_is_not_indexed_nor_kept_nor_told_to_others(self):
        headers = self._verify().headers
        self.assertIn("noindex", headers["X-Robots-Tag"])
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        response = self.url_open(
            f"/quote/verify/{self.acceptance.verification_code}", data={"sha256": "x"}
        )
        self.assertEqual(response.status_code, 405)

    def test_changed_record_says_so(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE quote_acceptance SET signed_at = '2020-01-01' WHERE id = %s",
            [self.acceptance.id],
        )
        self.env.invalidate_all()
        text = self._verify().text
        self.assertIn('name="quote_broken"', text)
        self.assertNotIn('name="quote_intact"', text)

    def test_evidence_page_needs_no_address_but_its_own(self):
        page = str(
            self.env["ir.qweb"]._render(
                "commercial_quote_process.quote_evidence_page", {"acceptance": self.acceptance}
            )
        )
        self.assertIn(f"/quote/verify/{self.acceptance.verification_code}", page)
        self.assertIn('src="data:image/png;base64,', page)
        self.assertIn("Julie Perrin", page)
        self.assertEqual(page.count("src="), 1)
