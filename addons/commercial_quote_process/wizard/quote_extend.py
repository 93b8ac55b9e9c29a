from odoo import fields, models


class QuoteExtend(models.TransientModel):
    """Until when a sent quote remains valid."""

    _name = "quote.extend"
    _description = "Extend the validity of a quote"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True)
    validity_date = fields.Date(related="order_id.validity_date", string="Valid until now")
    date = fields.Date(string="Valid until", required=True)

    def action_extend(self):
        """Extend the validity.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        self.order_id.action_extend(self.date)
        return {"type": "ir.actions.act_window_close"}
