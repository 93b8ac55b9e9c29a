from odoo import api, fields, models


class QuoteExtend(models.TransientModel):
    """Until when a sent quote remains valid."""

    _name = "quote.extend"
    _description = "Extend the validity of a quote"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True)
    validity_date = fields.Date(related="order_id.validity_date", string="Valid until now")
    date = fields.Date(
        string="Valid until", required=True, compute="_compute_date", store=True, readonly=False
    )

    @api.depends("order_id")
    def _compute_date(self):
        """Propose the day that the client wishes, or the usual time."""
        for wizard in self:
            order = wizard.order_id
            day = bool(order) and order.has_access("read") and order._get_usual_extension()
            is_later = day and not (order.validity_date and day <= order.validity_date)
            wizard.date = is_later and day

    def action_extend(self):
        """Extend the validity.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        self.order_id.action_extend(self.date)
        return {"type": "ir.actions.act_window_close"}
