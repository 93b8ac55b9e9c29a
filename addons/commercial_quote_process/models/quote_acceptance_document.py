from odoo import api, fields, models

from ..tools.acceptance_chain import row_hash
from .quote_acceptance import SEAL_JOB


class QuoteAcceptanceDocument(models.Model):
    """A document of an acceptance, with the hash of its bytes when it was added."""

    _name = "quote.acceptance.document"
    _inherit = ["quote.kept.file.mixin"]
    _description = "Document of an acceptance"

    acceptance_id = fields.Many2one(
        "quote.acceptance", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="acceptance_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [("evidence", "Document received"), ("signed_copy", "Signed copy")],
        required=True,
        readonly=True,
    )
    seal_ids = fields.One2many("quote.acceptance.seal", "document_id", readonly=True)

    _acceptance_copy_uniq = models.UniqueIndex(
        "(acceptance_id) WHERE kind = 'signed_copy'",
        "The signed copy of this acceptance already exists.",
    )

    @api.model
    def _add(self, acceptance_sudo, kind, files):
        """Hang files on an acceptance.

        :param quote.acceptance acceptance_sudo: whose documents they are, in superuser mode
        :param str kind: a key of ``kind``
        :param list files: pairs of a name and the bytes
        :return: the new documents
        :rtype: quote.acceptance.document
        """
        return self._add_files(acceptance_sudo, files, acceptance_id=acceptance_sudo.id, kind=kind)

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        if documents:
            self.env.ref(SEAL_JOB).sudo()._trigger()
        return documents

    def _get_seal_content(self):
        """Return the hash of what the row says, for its seal.

        :rtype: str
        """
        self.ensure_one()
        values = {name: self[name] for name in ("kind", "name", "sha256", "size", "added_on")}
        values |= {"acceptance": self.acceptance_id.id, "attachment": self.attachment_id.id}
        return row_hash(values, "")

    def _get_problems(self):
        """An emptied document keeps its hash, when the erasure of its person says so."""
        emptied = self.filtered(
            lambda document: (
                not document.attachment_id.raw
                and any(document.acceptance_id.erasure_ids.mapped("with_documents"))
            )
        )
        return super(QuoteAcceptanceDocument, self - emptied)._get_problems()
