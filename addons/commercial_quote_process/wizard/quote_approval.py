from odoo import api, fields, models

from ..const import COST_GROUPS


class QuoteApproval(models.TransientModel):
    """What an approver decides on, in figures, and the approval itself."""

    _name = "quote.approval"
    _description = "Approval of a quote"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True)
    fingerprint = fields.Char(
        compute="_compute_fingerprint",
        store=True,
        export_string_translation=False,
        help="Content that these figures describe; the approval is bound to it.",
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer")
    amount_untaxed = fields.Monetary(related="order_id.amount_untaxed")
    margin = fields.Monetary(related="order_id.margin", groups=COST_GROUPS)
    margin_percent = fields.Float(related="order_id.margin_percent", groups=COST_GROUPS)
    estimated_days = fields.Float(related="order_id.estimated_days", groups=COST_GROUPS)
    estimated_cost = fields.Monetary(related="order_id.estimated_cost", groups=COST_GROUPS)
    comment = fields.Text(help="Shown to the salesperson with your decision.")

    @api.depends("order_id")
    def _compute_fingerprint(self):
        for wizard in self:
            order = wizard.order_id
            wizard.fingerprint = order._get_fingerprint()["all"] if order else False

    def action_approve(self):
        """Approve the quote as it was when this dialog opened.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        self.order_id.action_approve(comment=self.comment, fingerprint=self.fingerprint)
        return {"type": "ir.actions.act_window_close"}
