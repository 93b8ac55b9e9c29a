from odoo import fields, models


class QuoteDecline(models.TransientModel):
    """What the client said when refusing a quote."""

    _name = "quote.decline"
    _description = "Record the refusal of a quote"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True)
    reason_id = fields.Many2one("quote.decline.reason", required=True)
    message = fields.Text(string="What the client said")
    recall_date = fields.Date(
        string="Contact again on",
        help="The opportunity is reopened on that day, with its history.",
    )

    def action_decline(self):
        """Record the refusal.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        self.order_id.action_decline(self.reason_id.id, self.message, self.recall_date)
        return {"type": "ir.actions.act_window_close"}
