import hashlib

from odoo import api, fields, models


class QuoteAcceptanceDocument(models.Model):
    """A document of an acceptance, with the hash of its bytes when it was added.

    The file hangs on the acceptance, on which nobody has a write right: it can be neither changed
    nor deleted from a screen.
    """

    _name = "quote.acceptance.document"
    _inherit = ["quote.immutable.mixin"]
    _description = "Document of an acceptance"
    _order = "id"

    acceptance_id = fields.Many2one(
        "quote.acceptance", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="acceptance_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [("evidence", "Document received"), ("signed_copy", "Signed copy")],
        required=True,
        readonly=True,
    )
    attachment_id = fields.Many2one(
        "ir.attachment", string="File", required=True, readonly=True, ondelete="restrict"
    )
    name = fields.Char(required=True, readonly=True)
    sha256 = fields.Char(string="SHA-256", required=True, readonly=True)
    size = fields.Integer(string="Size (bytes)", readonly=True)
    added_on = fields.Datetime(readonly=True, default=fields.Datetime.now)

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
        attachments_sudo = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {
                        "name": name,
                        "raw": content,
                        "res_model": acceptance_sudo._name,
                        "res_id": acceptance_sudo.id,
                    }
                    for name, content in files
                ]
            )
        )
        return self.sudo().create(
            [
                {
                    "acceptance_id": acceptance_sudo.id,
                    "kind": kind,
                    "attachment_id": attachment_sudo.id,
                    "name": name,
                    "sha256": self._hash(content),
                    "size": len(content),
                }
                for attachment_sudo, (name, content) in zip(attachments_sudo, files, strict=True)
            ]
        )

    @api.model
    def _hash(self, content):
        return hashlib.sha256(content).hexdigest()

    def _get_problems(self):
        """Return one sentence for each document whose bytes are not those that were added.

        :rtype: list[str]
        """
        return [
            self.env._("The document “%(name)s” has been changed.", name=document.name)
            for document in self
            if self._hash(document.attachment_id.raw or b"") != document.sha256
        ]
