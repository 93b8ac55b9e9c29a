from odoo import api, models


class SaleAdvancePaymentInv(models.TransientModel):
    _inherit = "sale.advance.payment.inv"

    @api.model
    def default_get(self, fields):
        """Propose to take the down payment off the last invoice of a payment schedule.

        Taken off the first one, as Odoo proposes, invoices would not be what the client signed.
        """
        values = super().default_get(fields)
        # Where Odoo itself takes the orders from.
        orders = self.env["sale.order"].browse(self.env.context.get("active_ids")).exists()
        if "deduct_down_payments" in fields and any(
            order._keeps_down_payment() for order in orders
        ):
            values["deduct_down_payments"] = False
        return values
