from odoo import api, fields, models
from odoo.exceptions import UserError


class QuoteFollowupHold(models.TransientModel):
    """Skip the next follow-up of quotes, or pause their follow-ups until a day."""

    _name = "quote.followup.hold"
    _description = "Hold the follow-ups of quotes"

    order_ids = fields.Many2many("sale.order", string="Quotes", required=True, readonly=True)
    decision = fields.Selection(
        [
            ("skip", "Skip the next follow-up only"),
            ("pause", "Leave the client in peace until a day"),
        ],
        required=True,
        default="skip",
    )
    note = fields.Char(string="Why")
    until = fields.Date()

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if "order_ids" in fields_list and self.env.context.get("active_model") == "sale.order":
            orders = self.env["sale.order"].browse(self.env.context.get("active_ids") or [])
            values["order_ids"] = [fields.Command.set(orders.exists().ids)]
        return values

    def action_apply(self):
        """Skip or pause.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        if self.decision == "pause":
            if not self.until:
                raise UserError(self.env._("Until which day?"))
            self.order_ids.action_pause_followups(self.until)
        else:
            self.order_ids.action_skip_followup(self.note)
        return {"type": "ir.actions.act_window_close"}
