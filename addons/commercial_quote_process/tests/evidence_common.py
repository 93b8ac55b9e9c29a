"""What the tests of the evidence share: a signed quote, its seals, changes made in the database."""

from odoo.fields import Command
from odoo.tools import SQL

from .client_common import PDF
from .test_step5_acceptance import AcceptanceCase

SEAL = "quote.acceptance.seal"


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
