from odoo import models


class SaleMassCancelOrders(models.TransientModel):
    _inherit = "sale.mass.cancel.orders"

    def action_mass_cancel(self):
        """Cancel quotes of the process as their own button does: a locked one is unlocked first."""
        process_orders = self.sale_order_ids.filtered("quote_process")
        if process_orders:
            process_orders.action_cancel()
        self.sale_order_ids -= process_orders
        return super().action_mass_cancel()
