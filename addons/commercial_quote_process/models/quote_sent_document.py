from odoo import api, fields, models


class QuoteSentDocument(models.Model):
    """A file that went to the client with one version of a quote, or was made to go."""

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
        [
            ("made", "Made to be sent by mail"),
            ("mail", "Added to the mail by hand"),
            ("printed", "Made by the scheduled action"),
        ],
        required=True,
        readonly=True,
    )
    source_sha256 = fields.Char(
        string="Made of",
        readonly=True,
        index="btree_not_null",
        help="Hash of all that the file was made of: the same content is never printed twice.",
    )
    fingerprint = fields.Char(
        string="Fingerprint of the content",
        readonly=True,
        help="Fingerprint that the quote had when the file was made.",
    )

    @api.model
    def _add(self, order_sudo, origin, files, **values):
        """Keep what leaves with a version of a quote; files that are kept already are left out.

        :param sale.order order_sudo: the version, in superuser mode
        :param str origin: a key of ``origin``
        :param list files: pairs of a name and the bytes
        :param values: of the new documents
        :return: the new documents
        :rtype: quote.sent.document
        """
        known = set(order_sudo.sent_document_ids.mapped("sha256"))
        new = [(name, content) for name, content in files if self._hash(content) not in known]
        documents_sudo = self._add_files(
            order_sudo, new, order_id=order_sudo.id, origin=origin, **values
        )
        for document_sudo in documents_sudo:
            # On the quote itself its salesperson could delete it; here nobody can.
            document_sudo.attachment_id.write({"res_model": self._name, "res_id": document_sudo.id})
        return documents_sudo

    @api.model
    def _find_by_source(self, source):
        """Return the file that was made of the same, if there is one.

        :param str source: see ``source_sha256``
        :rtype: quote.sent.document
        """
        return self.search([("source_sha256", "=", source)], limit=1)
