from odoo import api, fields, models


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
