import base64
import hashlib
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date, Datetime
from odoo.tests import mute_logger, tagged
from odoo.tools import SQL

from ..tools.acceptance_chain import digest, row_hash
from ..tools.acceptance_fields import HASH_VERSION, PERSONAL_FIELDS, SEALED_FIELDS
from ..tools.field_decisions import LOG_FIELDS
from ..tools.fingerprint import canonical
from .client_common import PDF, draw_signature
from .payment_common import PaymentMixin
from .test_step5_acceptance import AcceptanceCase

SEAL = "quote.acceptance.seal"
OTHER_VALUES = {
    "boolean": None,
    "char": "something else",
    "date": "2001-02-03",
    "datetime": "2001-02-03 04:05:06",
    "html": "<p>something else</p>",
    "integer": 987654,
    "json": '{"something": "else"}',
    "monetary": 987654.0,
    "selection": None,
    "text": "something else",
}


class EvidenceCase(AcceptanceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acceptance = cls._sign(
            cls,
            cls.order,
            signature_mode="draw",
            language="fr_FR",
            accept_language="fr-FR,fr;q=0.9",
            purchase_order_number="PO 2026/117",
        )

    def _seal(self):
        self._run_cron("ir_cron_acceptance_seal")
        return self.env[SEAL].search([("company_id", "=", self.company.id)])

    def _get_all_problems(self, acceptance=None):
        self.env.invalidate_all()
        acceptance = (self.acceptance if acceptance is None else acceptance).sudo()
        chain = self.env["quote.acceptance.check"]._get_chain_problems(self.company)
        return acceptance._get_problems() + chain

    def _update(self, record, name, value):
        self.env.flush_all()
        self.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE id = %s",
                SQL.identifier(record._table),
                SQL.identifier(name),
                value,
                record.id,
            )
        )

    def _add_copy(self, acceptance):
        documents = self.env["quote.acceptance.document"]
        return documents._add(acceptance.sudo(), "signed_copy", [("signed.pdf", PDF)])

    def _eraser(self):
        self.sales_manager.group_ids = [
            Command.link(self.env.ref("commercial_quote_process.group_quote_evidence_erasure").id)
        ]
        return self.sales_manager


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


@tagged("post_install", "-at_install")
class TestTampering(EvidenceCase):
    """Whatever somebody changes in the database is found by the verification."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paper_order = cls._create_quote_at("sent")
        cls._accept_wizard(cls, cls.paper_order).action_accept()
        cls.paper = cls.paper_order.quote_acceptance_ids
        cls.other = cls._create_quote_at("sent")

    def setUp(self):
        super().setUp()
        self._seal()
        self.assertFalse(self._get_all_problems(self.acceptance + self.paper))

    def _get_other_value(self, record, field):
        """Return another valid value of a column, as SQL takes it."""
        current = record[field.name]
        if field.type == "many2one":
            return self.env[field.comodel_name].sudo().search([("id", "!=", current.id)])[:1].id
        if field.type == "boolean":
            return not current
        if field.type == "selection":
            return next(key for key in field.get_values(self.env) if key != current)
        return OTHER_VALUES[field.type]

    def _is_found(self, record, name, value, acceptance):
        """Return whether a change in the database is refused by it, or found afterwards."""
        with self.cr.savepoint() as savepoint:
            try:
                self._update(record, name, value)
            except IntegrityError:
                savepoint.rollback()
                return True
            problems = self._get_all_problems(acceptance)
            savepoint.rollback()
            self.env.invalidate_all()
        return bool(problems)

    @mute_logger("odoo.sql_db")
    def _assert_columns_are_watched(self, record, acceptance):
        record = record.sudo()
        columns = [
            field
            for field in record._fields.values()
            if field.store and field.column_type and field.name not in LOG_FIELDS
        ]
        self.assertTrue(columns)
        for field in columns:
            values = {self._get_other_value(record, field)}
            if record[field.name] and not field.required:
                values.add(None)
            for value in values - {False if field.type != "boolean" else None}:
                with self.subTest(column=str(field), value=value):
                    self.assertTrue(self._is_found(record, field.name, value, acceptance))
        self.assertFalse(self._get_all_problems(acceptance))

    def test_each_column_of_an_acceptance(self):
        self._assert_columns_are_watched(self.acceptance, self.acceptance)

    def test_each_column_of_a_document(self):
        self._assert_columns_are_watched(self.paper.document_ids, self.paper)

    def test_each_column_of_a_seal(self):
        seals = self.env[SEAL].search([("acceptance_id", "=", self.paper.id)])
        self._assert_columns_are_watched(seals[0], self.paper)
        self._assert_columns_are_watched(seals[-1], self.paper)

    def test_each_column_of_an_erasure(self):
        self.acceptance.with_user(self._eraser())._anonymise("Asked for by mail")
        self._seal()
        self._assert_columns_are_watched(self.acceptance.erasure_ids, self.acceptance)

    def test_bytes_of_a_document_and_of_the_signature(self):
        signature = self.acceptance.sudo()._get_signature_attachments()
        document = self.paper.document_ids.attachment_id.sudo()
        for acceptance, attachment in ((self.acceptance, signature), (self.paper, document)):
            with self.subTest(file=attachment.name), self.cr.savepoint() as savepoint:
                attachment.write({"raw": b"something else"})
                self.assertTrue(self._get_all_problems(acceptance))
                attachment.write({"raw": b""})
                self.assertTrue(self._get_all_problems(acceptance))
                savepoint.rollback()
        self.env.invalidate_all()

    def test_acceptance_that_disappears_with_all_that_hangs_on_it(self):
        for acceptance in (self.acceptance, self.paper):
            with self.subTest(quote=acceptance.order_name), self.cr.savepoint() as savepoint:
                self.env.flush_all()
                for query in (
                    "DELETE FROM quote_acceptance_seal WHERE acceptance_id = %s",
                    "DELETE FROM quote_acceptance_document WHERE acceptance_id = %s",
                    "DELETE FROM quote_acceptance WHERE id = %s",
                ):
                    self.cr.execute(query, [acceptance.id])
                self.assertTrue(self._get_all_problems(self.acceptance.browse()))
                savepoint.rollback()

    def test_end_of_the_chain_that_disappears(self):
        self._run_cron("ir_cron_acceptance_check")
        head = self.env[SEAL].search([], order="number desc", limit=1)
        self.env.flush_all()
        self.cr.execute("DELETE FROM quote_acceptance_seal WHERE id = %s", [head.id])
        problems = self._get_all_problems(self.acceptance.browse())
        self.assertIn("end of the chain", " ".join(problems))

    def test_inserted_acceptance(self):
        names = [
            field.name
            for field in self.acceptance._fields.values()
            if field.store
            and field.column_type
            and field.name not in {"id", "order_id", "quote_root_id", "verification_code"}
        ]
        columns = SQL(", ").join(SQL.identifier(name) for name in names)
        self.env.flush_all()
        self.cr.execute(
            SQL(
                "INSERT INTO quote_acceptance (order_id, quote_root_id, verification_code, %s)"
                " SELECT %s, %s, 'X', %s FROM quote_acceptance WHERE id = %s RETURNING id",
                columns,
                self.other.id,
                self.other.id,
                columns,
                self.acceptance.id,
            )
        )
        forged = self.acceptance.browse(self.cr.fetchone()[0])
        self.assertTrue(self._get_all_problems(forged))
        # The next seal closes over it, and it still does not verify.
        self._seal()
        self.assertTrue(self._get_all_problems(forged))

    def test_job_tells_an_administrator_once(self):
        admin = self.env.ref("base.user_admin")
        admin.write({"company_ids": [Command.link(self.company.id)]})
        self._run_cron("ir_cron_acceptance_check")
        checks = self.env["quote.acceptance.check"].search([("company_id", "=", self.company.id)])
        self.assertFalse(checks[0].problem_count)
        self._update(self.acceptance, "amount_total", 1.0)
        domain = [("message_type", "=", "user_notification"), ("subject", "ilike", "acceptances")]
        messages = self.env["mail.message"].sudo()
        before = messages.search_count(domain)
        self._run_cron("ir_cron_acceptance_check")
        found = messages.search(domain, order="id desc", limit=1)
        self.assertEqual(messages.search_count(domain), before + 1)
        self.assertIn(admin.partner_id, found.notified_partner_ids)
        self.assertIn(self.order.name, found.body)
        self._run_cron("ir_cron_acceptance_check")
        self.assertEqual(messages.search_count(domain), before + 1)

    def test_job_goes_on_where_it_stopped(self):
        checks = self.env["quote.acceptance.check"]
        ranges = []
        for _number in range(3):
            check = checks._verify_company(self.company, 2)
            ranges.append((check.first_number, check.last_number))
        head = checks.search([], limit=1).head_number
        self.assertEqual(ranges[0], (1, 2))
        self.assertEqual(ranges[1], (3, min(4, head)))


@tagged("post_install", "-at_install")
class TestErasure(EvidenceCase):
    """A person can be erased, by who may, with a reason; the acceptance still verifies."""

    def test_only_the_group_erases(self):
        for user in (self.salesperson, self.sales_manager, self.env.ref("base.user_admin")):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.acceptance.with_user(user)._anonymise("Because")
        self.assertEqual(self.acceptance.signer_name, "Julie Perrin")
        with self.assertRaises(AccessError):
            self.env["quote.acceptance.erase"].with_user(self.sales_manager).create(
                {"acceptance_id": self.acceptance.id, "reason": "Because"}
            ).action_erase()

    def test_person_is_gone_everywhere_and_the_chain_verifies(self):
        self.order.sudo()._post_acceptance_message(self.acceptance)
        self.assertIn("Julie Perrin", str(self.order.message_ids[0].body))
        self._add_copy(self.acceptance)
        self._seal()
        eraser = self._eraser()
        self.acceptance.with_user(eraser)._anonymise("Asked for by mail")
        self._seal()
        acceptance = self.acceptance.sudo()
        self.env.invalidate_all()
        for name in PERSONAL_FIELDS[HASH_VERSION]:
            self.assertFalse(acceptance[name], name)
        self.assertFalse(acceptance.salt)
        self.assertFalse(acceptance.signature)
        self.assertFalse(self.order.signed_by or self.order.signature)
        traces = [*self.order.message_ids.mapped("body")]
        traces += self.order.sudo().quote_step_log_ids.mapped("reason")
        self.assertNotIn("Julie Perrin", " ".join(str(trace) for trace in traces))
        self.assertFalse(self._get_all_problems())
        message = acceptance.action_verify()["params"]["message"]
        self.assertIn("Irène Castel: Asked for by mail", message)
        self.assertTrue(all(acceptance.document_ids.attachment_id.mapped("raw")))

    def test_documents_are_emptied_when_asked_for(self):
        self._add_copy(self.acceptance)
        digests = self.acceptance.document_ids.mapped("sha256")
        wizard = (
            self.env["quote.acceptance.erase"]
            .with_user(self._eraser())
            .create(
                {
                    "acceptance_id": self.acceptance.id,
                    "reason": "Asked for by mail",
                    "documents": "empty",
                }
            )
        )
        wizard.action_erase()
        self._seal()
        documents = self.acceptance.document_ids.sudo()
        self.assertFalse(any(documents.attachment_id.mapped("raw")))
        self.assertEqual(documents.mapped("sha256"), digests)
        self.assertFalse(self._get_all_problems())
        self.assertEqual(self.acceptance._match_document(digests[0]), "signed")

    def test_emptied_documents_without_erasure_are_found(self):
        self._add_copy(self.acceptance)
        self.acceptance.document_ids.attachment_id.sudo().write({"raw": b""})
        self.assertTrue(self._get_all_problems())

    def test_reason_is_needed_and_once_is_enough(self):
        acceptance = self.acceptance.with_user(self._eraser())
        for reason in ("", "  ", None, {"a": 1}):
            with self.subTest(reason=reason), self.assertRaises(UserError):
                acceptance._anonymise(reason)
        acceptance._anonymise("Asked for by mail")
        with self.assertRaises(UserError):
            acceptance._anonymise("Again")
        self.assertEqual(len(acceptance.erasure_ids), 1)

    def test_changed_acceptance_is_not_erased(self):
        self._update(self.acceptance, "signer_name", "Somebody Else")
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            self.acceptance.with_user(self._eraser())._anonymise("Asked for by mail")

    def test_values_written_again_after_the_erasure_are_found(self):
        self.acceptance.with_user(self._eraser())._anonymise("Asked for by mail")
        self._seal()
        for name in ("signer_name", "salt"):
            with self.subTest(column=name), self.cr.savepoint() as savepoint:
                self._update(self.acceptance, name, "Somebody Else")
                self.assertTrue(self._get_all_problems())
                savepoint.rollback()

    def test_log_of_erasures_cannot_be_changed(self):
        erasure = self.acceptance.with_user(self._eraser())._anonymise("Asked for by mail")
        with self.assertRaises(UserError):
            erasure.sudo().write({"reason": "Another"})
        with self.assertRaises(UserError):
            erasure.sudo().unlink()


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
        self.assertEqual(self.order.quote_acceptance_ids.document_ids.name, "yes.eml")
