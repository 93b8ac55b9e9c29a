from odoo import fields, models


class QuoteEstimateReason(models.TransientModel):
    """Why the technical part changes hands."""

    _name = "quote.estimate.reason"
    _description = "Reason for moving an estimate"

    estimate_id = fields.Many2one("quote.estimate", required=True, readonly=True)
    move = fields.Selection(
        [("send_back", "Ask the salesperson"), ("reopen", "Reopen the technical part")],
        required=True,
        readonly=True,
    )
    reason = fields.Text(required=True)

    def action_apply(self):
        """Move the estimate with this reason.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        if self.move == "send_back":
            self.estimate_id.action_send_back(self.reason)
        else:
            self.estimate_id.action_reopen(self.reason)
        return {"type": "ir.actions.act_window_close"}
