import base64
import hashlib

from psycopg2 import IntegrityError

from odoo.fields import Datetime
from odoo.tests import mute_logger, tagged

from ..tools.acceptance_chain import digest, row_hash
from ..tools.acceptance_fields import HASH_VERSION, PERSONAL_FIELDS, SEALED_FIELDS
from ..tools.field_decisions import LOG_FIELDS
from ..tools.fingerprint import canonical
from .client_common import draw_signature
from .evidence_common import SEAL, EvidenceCase


@tagged("post_install", "-at_install")
class TestEvidenceRow(EvidenceCase):
    """What the row says, and that the algorithm of its hash never changes."""

    def test_row_says_how_it_was_signed_and_what_was_sent(self):
        acceptance = self.acceptance
        self.assertEqual(acceptance.hash_version, HASH_VERSION)
        self.assertEqual(
            (acceptance.signature_mode, acceptance.language), ("draw", "fr_FR"), acceptance
        )
        self.assertEqual(acceptance.partner_ref, self.order.partner_id.id)
        self.assertEqual(len(acceptance.verification_code), 20)
        order = self._create_quote_at("sent")
        self.env["quote.sent.document"]._add(order.sudo(), "mail", [("offer.pdf", b"%PDF-1")])
        order.sudo().quote_recipients = [{"name": "Julie Perrin", "email": "j@example.com"}]
        second = self._sign(order, signature_mode="something else")
        digest_of_file = hashlib.sha256(b"%PDF-1").hexdigest()
        self.assertEqual(second.sent_documents, [{"sha256": digest_of_file, "size": 6}])
        self.assertEqual(second.sent_to[0]["email"], "j@example.com")
        self.assertFalse(second.signature_mode)
        self.assertFalse(second._get_problems())

    def test_recipients_of_the_offer_are_remembered(self):
        order = self._create_quote_at("ready")
        order.with_context(mark_so_as_sent=True).message_post(
            body="Our offer", partner_ids=self.signer.ids, message_type="comment"
        )
        self.assertIn(
            {"name": self.signer.name, "email": self.signer.email}, order.sudo().quote_recipients
        )

    def test_every_stored_value_is_covered(self):
        chain = {"salt", "personal_digests", "previous_hash", "row_hash"}
        by_hash = {"terms_text", "signature", "document_ids", "seal_ids", "erasure_ids"}
        stored = {field.name for field in self.acceptance._fields.values() if field.store}
        covered = {*SEALED_FIELDS[HASH_VERSION], *PERSONAL_FIELDS[HASH_VERSION]}
        self.assertEqual(stored - covered - chain - by_hash - LOG_FIELDS, set())

    def test_rows_of_the_first_algorithm_still_verify(self):
        order = self._create_quote_at("sent").sudo()
        values = order._prepare_acceptance_values(
            "paper",
            {"signer_name": "Julie Perrin", "signature": base64.b64decode(draw_signature())},
        )
        row = self.env["quote.acceptance"].sudo().create({**values, "hash_version": 1})
        persons = {
            "signer_name": digest("Julie Perrin", row.salt),
            "signer_function": "",
            "partner_name": digest(order.partner_id.display_name, row.salt),
            "partner_email": digest(order.partner_id.email, row.salt),
            "user_login": digest(row.user_login, row.salt),
            "ip_address": "",
            "user_agent": "",
        }
        expected = {
            "order": order.id,
            "currency": order.currency_id.name,
            "persons": persons,
            "order_name": order.name,
            "quote_version": order.quote_version,
            "kind": "paper",
            "signed_at": row.signed_at,
            "evidence_date": False,
            "session_hash": False,
            "auth_mode": "internal",
            "fingerprints": order._get_fingerprint(),
            "fingerprint_version": 2,
            "terms_accepted": False,
            "terms_version": row.terms_version,
            "terms_hash": row.terms_hash,
            "amount_untaxed": order.amount_untaxed,
            "amount_total": order.amount_total,
            "purchase_order_number": False,
            "signature_hash": row.signature_hash,
            "document_digests": False,
        }
        self.assertEqual(row.personal_digests, persons)
        for name in SEALED_FIELDS[1]:
            self.assertEqual(canonical(row[name]), canonical(expected[name]), name)
        self.assertEqual(row.row_hash, row_hash(expected, ""))
        self.assertFalse(row._get_problems())
        self._update(row, "hash_version", HASH_VERSION)
        self.assertTrue(self._get_all_problems(row))


@tagged("post_install", "-at_install")
class TestSeals(EvidenceCase):
    """A job seals each acceptance, document and erasure into its company's chain, once."""

    def test_everything_is_sealed_once_and_in_order(self):
        other = self._create_quote_at("sent")
        self._accept_wizard(other).action_accept()
        seals = self._seal()
        self.assertEqual(seals.mapped("number"), list(range(1, len(seals) + 1)))
        own = seals.filtered(lambda seal: seal.acceptance_id == other.quote_acceptance_ids)
        self.assertEqual(own.document_id, other.quote_acceptance_ids.document_ids)
        self.assertEqual(self._seal(), seals)
        for acceptance in (self.acceptance, other.quote_acceptance_ids):
            self._add_copy(acceptance)
        more = self._seal()
        self.assertEqual(more.document_id.mapped("kind").count("signed_copy"), 2)
        self.assertEqual(more.mapped("number"), list(range(1, len(more) + 1)))
        self.assertFalse(self._get_all_problems())

    def test_batches_follow_each_other(self):
        for _number in range(3):
            self._sign(self._create_quote_at("sent"))
        for _number in range(4):
            self.env[SEAL]._seal_company(self.company, 1)
        self.assertEqual(self.env[SEAL]._seal_company(self.company, 1), 0)
        self.assertFalse(self._get_all_problems())

    @mute_logger("odoo.sql_db")
    def test_two_workers_cannot_make_two_ends(self):
        seal = self._seal()[-1]
        values = {name: seal[name].id for name in ("company_id", "acceptance_id")}
        for number in (seal.number, seal.number + 1):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self.env[SEAL].create(
                    {
                        **values,
                        "number": number,
                        "sealed_on": Datetime.now(),
                        "hash_version": 1,
                        "content_hash": "0",
                        "seal_hash": "0",
                    }
                )

    def test_signing_asks_for_a_seal_at_once(self):
        cron = self.env.ref("commercial_quote_process.ir_cron_acceptance_seal")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self._sign(self._create_quote_at("sent"))
        after = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.assertGreater(after, before)
