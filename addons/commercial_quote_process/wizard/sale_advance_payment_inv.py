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

    def _get_down_payment_account(self, product):
        """Book a down payment as the service sold says, not the product invoiced at milestones."""
        lines = self.sale_order_ids.order_line.filtered(lambda line: line.product_id == product)
        services = [line._get_replaced_service() for line in lines]
        service = next((service for service in services if service), product)
        return super()._get_down_payment_account(service)
