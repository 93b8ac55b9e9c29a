import hashlib

from odoo import api, fields, models


class QuoteKeptFileMixin(models.AbstractModel):
    """A file that is evidence: its bytes, and their hash when it was added.

    The file hangs on a record on which nobody has a write right: it can be neither changed nor
    deleted from a screen.
    """

    _name = "quote.kept.file.mixin"
    _inherit = ["quote.immutable.mixin"]
    _description = "File kept as evidence"
    _order = "id"

    attachment_id = fields.Many2one(
        "ir.attachment", string="File", required=True, readonly=True, ondelete="restrict"
    )
    name = fields.Char(required=True, readonly=True)
    sha256 = fields.Char(string="SHA-256", required=True, readonly=True)
    size = fields.Integer(string="Size (bytes)", readonly=True)
    added_on = fields.Datetime(string="Added on", readonly=True, default=fields.Datetime.now)

    @api.model
    def _add_files(self, holder, files, **values):
        """Keep files, hung on a record.

        :param holder: the record that protects the files: nobody may write on it
        :param list files: pairs of a name and the bytes
        :param values: the same for all of the new rows
        :return: the new rows, in superuser mode
        """
        attachments_sudo = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {
                        "name": name,
                        "raw": content,
                        "res_model": holder._name,
                        "res_id": holder.id,
                    }
                    for name, content in files
                ]
            )
        )
        return self.sudo().create(
            [
                {
                    **values,
                    "attachment_id": attachment_sudo.id,
                    "name": name,
                    "sha256": self._hash(content),
                    "size": len(content),
                }
                for attachment_sudo, (name, content) in zip(attachments_sudo, files, strict=True)
            ]
        )

    def action_download(self):
        """Download the file.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "download",
        }

    @api.model
    def _hash(self, content):
        return hashlib.sha256(content).hexdigest()

    def _get_problems(self):
        """Return one sentence for each file whose bytes are not those that were added.

        :rtype: list[str]
        """
        return [
            self.env._("The document “%(name)s” has been changed.", name=document.name)
            for document in self
            if self._hash(document.attachment_id.raw or b"") != document.sha256
        ]
