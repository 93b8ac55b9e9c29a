from odoo import api, fields, models


class QuoteSentDocument(models.Model):
    """The offer as it left: a file that went to the client with one version of a quote."""

    _name = "quote.sent.document"
    _inherit = ["quote.kept.file.mixin"]
    _description = "Offer as it was sent"

    order_id = fields.Many2one(
        "sale.order",
        string="Quote",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    origin = fields.Selection(
        [("mail", "Sent by mail"), ("printed", "Printed when it was marked as sent")],
        required=True,
        readonly=True,
    )

    @api.model
    def _add(self, order_sudo, origin, files):
        """Keep what left with a version of a quote; files that are kept already are left out.

        :param sale.order order_sudo: the version, in superuser mode
        :param str origin: a key of ``origin``
        :param list files: pairs of a name and the bytes
        :return: the new documents
        :rtype: quote.sent.document
        """
        known = set(order_sudo.sent_document_ids.mapped("sha256"))
        new = [(name, content) for name, content in files if self._hash(content) not in known]
        documents_sudo = self._add_files(order_sudo, new, order_id=order_sudo.id, origin=origin)
        for document_sudo in documents_sudo:
            # On the quote itself its salesperson could delete it; here nobody can.
            document_sudo.attachment_id.write({"res_model": self._name, "res_id": document_sudo.id})
        return documents_sudo
