from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


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
    # The job may make a follow-up while the dialog is open: it is not the next one that is skipped.
    seen = fields.Json(readonly=True, export_string_translation=False)
    subject = fields.Char(compute="_compute_subject")

    # === COMPUTE METHODS === #

    @api.depends("order_ids")
    def _compute_subject(self):
        """Say which follow-up, or how many, this is about."""
        for wizard in self:
            orders = wizard.order_ids._origin
            if len(orders) == 1 and orders.next_followup_on:
                wizard.subject = self.env._(
                    "%(quote)s, %(client)s. Next, on %(date)s: %(name)s",
                    quote=orders.name,
                    client=orders.partner_id.display_name,
                    date=format_date(self.env, orders.next_followup_on),
                    name=orders.next_followup_name,
                )
            else:
                wizard.subject = self.env._("%(count)s quotes", count=len(orders))

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if "order_ids" in fields_list and self.env.context.get("active_model") == "sale.order":
            orders = self.env["sale.order"].browse(self.env.context.get("active_ids") or [])
            orders = orders.exists()
            values["order_ids"] = [fields.Command.set(orders.ids)]
            values["seen"] = {str(order.id): order.next_followup_step_id.id for order in orders}
        return values

    # === ACTIONS === #

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
            seen = {int(order_id): step_id for order_id, step_id in (self.seen or {}).items()}
            self.order_ids.action_skip_followup(self.note, seen)
        return {"type": "ir.actions.act_window_close"}
