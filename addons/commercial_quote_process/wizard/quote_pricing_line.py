from odoo import fields, models


class QuotePricingLine(models.TransientModel):
    """One line of the quote as it will be."""

    _name = "quote.pricing.line"
    _description = "Line of a pricing"
    _order = "sequence, id"

    pricing_id = fields.Many2one("quote.pricing", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="pricing_id.currency_id")
    sequence = fields.Integer()
    name = fields.Char(readonly=True)
    days = fields.Float(readonly=True)
    cost = fields.Monetary(readonly=True)
    price = fields.Monetary(readonly=True)
    margin = fields.Monetary(readonly=True)
    margin_percent = fields.Float(string="Margin (%)", readonly=True)
