from odoo import fields, models


class QuoteChangeRequest(models.TransientModel):
    """What the client asks to change in a quote."""

    _name = "quote.change.request"
    _description = "Record a request for changes to a quote"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True)
    reason = fields.Text(string="What should change", required=True)

    def action_request_changes(self):
        """Record the request.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        self.order_id.action_request_changes(self.reason)
        return {"type": "ir.actions.act_window_close"}
