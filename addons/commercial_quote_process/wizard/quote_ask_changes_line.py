from odoo import fields, models


class QuoteAskChangesLine(models.TransientModel):
    """What the client wants changed in one section of the proposal."""

    _name = "quote.ask.changes.line"
    _description = "Change asked in a section"

    wizard_id = fields.Many2one("quote.ask.changes", required=True, ondelete="cascade")
    section = fields.Selection(
        selection=lambda self: self.env["sale.order"]._get_change_sections(), required=True
    )
    comment = fields.Text(string="What should change")
