from odoo import fields, models


class QuoteChangeFile(models.Model):
    """A file that the client sent with a request for changes."""

    _name = "quote.change.file"
    _inherit = ["quote.kept.file.mixin"]
    _description = "File of a request for changes"

    request_id = fields.Many2one(
        "quote.change.request",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True, index=True
    )
