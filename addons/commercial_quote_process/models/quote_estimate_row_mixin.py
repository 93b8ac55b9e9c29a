from odoo import fields, models


class QuoteEstimateRowMixin(models.AbstractModel):
    """A row of an estimate: it belongs to one estimate and to its company."""

    _name = "quote.estimate.row.mixin"
    _description = "Row of an estimate"
    _inherit = ["quote.content.mixin"]

    estimate_id = fields.Many2one(
        "quote.estimate", string="Estimate", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="estimate_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    def _get_content_orders(self):
        return self.sudo().estimate_id.order_id
