from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _sale_create_reinvoice_sale_line(self):
        """Costs that are invoiced again go on accepted quotes, which are locked for people.

        Odoo refuses them on locked orders. What the client signed stays locked: only lines of
        costs are added, and each one is told in the history of the quote.
        """
        orders_sudo = self.env["sale.order"].union(*self._sale_determine_order().values()).sudo()
        locked_sudo = orders_sudo.filtered(lambda order: order.quote_process and order.locked)
        locked_sudo._gated().locked = False
        lines = super()._sale_create_reinvoice_sale_line()
        locked_sudo._gated().locked = True
        return lines
