from psycopg2 import IntegrityError

from odoo.fields import Command
from odoo.tests import mute_logger, tagged
from odoo.tools import SQL

from ..tools.field_decisions import LOG_FIELDS
from .evidence_common import SEAL, EvidenceCase

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
# What no version of the addon wrote, in columns that hold JSON.
SPOILT_VALUES = ("1", '[null, {"sha256": 5}]')


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

    @mute_logger(
        "odoo.addons.commercial_quote_process.models.quote_acceptance_check",
        "odoo.addons.commercial_quote_process.models.quote_acceptance_problem_mixin",
        "odoo.addons.commercial_quote_process.models.quote_acceptance_reading_mixin",
    )
    def test_spoilt_value_does_not_silence_the_verification(self):
        acceptance = self.acceptance.sudo()
        checks = self.env["quote.acceptance.check"]
        names = [field.name for field in acceptance._fields.values() if field.type == "json"]
        for name in names:
            for value in SPOILT_VALUES:
                with self.subTest(column=name, value=value), self.cr.savepoint() as savepoint:
                    self._update(acceptance, name, value)
                    self.env.invalidate_all()
                    self.assertTrue(acceptance._get_problems())
                    self.assertEqual(acceptance._get_verification_status(), "broken")
                    self.assertTrue(acceptance.evidence_page)
                    self.assertTrue(checks._verify_company(self.company, 100).problem_count)
                    self.order._is_other_than_signed()
                    savepoint.rollback()
                self.env.invalidate_all()

    @mute_logger(
        "odoo.addons.commercial_quote_process.models.quote_acceptance_check",
        "odoo.addons.commercial_quote_process.models.quote_acceptance_problem_mixin",
    )
    def test_value_that_nobody_can_read_is_told(self):
        seal = self.env[SEAL].search([("acceptance_id", "=", self.paper.id)], limit=1)
        for record, name in ((self.acceptance, "evidence_date"), (seal, "sealed_on")):
            with self.subTest(column=name), self.cr.savepoint() as savepoint:
                self._update(record, name, "4000-01-01 BC")
                self.env.invalidate_all()
                check = self.env["quote.acceptance.check"]._verify_company(self.company, 100)
                self.assertIn("cannot be read", check.problems)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_terms_that_were_changed_are_told_on_the_public_page(self):
        self._update(self.acceptance, "terms_text", "<p>Other terms</p>")
        self.env.invalidate_all()
        self.assertEqual(self.acceptance._get_verification_status(), "broken")

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
