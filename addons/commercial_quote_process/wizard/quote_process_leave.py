from odoo import fields, models


class QuoteProcessLeave(models.TransientModel):
    """Why a quote leaves the offer process."""

    _name = "quote.process.leave"
    _description = "Take a quote out of the offer process"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True)
    reason = fields.Text(required=True, help="Kept in the history of the quote.")

    def action_leave(self):
        """Take the quote out of the process.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        self.order_id.action_leave_process(self.reason)
        return {"type": "ir.actions.act_window_close"}
