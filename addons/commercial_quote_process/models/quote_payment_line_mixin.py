from odoo import models


class QuotePaymentLineMixin(models.AbstractModel):
    """A line as its client meets it: an option to take, a service invoiced in parts."""

    _name = "quote.payment.line.mixin"
    _description = "Line that a client chooses and pays"

    def _describe_option(self):
        """Return an option as the client sees it. In superuser mode.

        :return: see ``sale.order._get_client_options``
        :rtype: dict
        """
        self.ensure_one()
        name, _newline, description = (self.name or "").partition("\n")
        amounts = self.tax_ids.compute_all(
            self.price_unit * (1 - self.discount / 100),
            self.currency_id,
            1.0,
            self.product_id,
            self.order_id.partner_id,
        )
        return {
            "line_id": self.id,
            "name": name,
            "description": description.strip(),
            "amount_untaxed": amounts["total_excluded"],
            "amount_total": amounts["total_included"],
            "is_taken": bool(self.product_uom_qty),
        }

    def _is_invoiced_at_milestones(self):
        """Return whether milestones of the project say what of this line is to be invoiced.

        :rtype: bool
        """
        self.ensure_one()
        return (
            not self.display_type
            and not self.is_downpayment
            and self.qty_delivered_method == "milestones"
            and self.product_id.invoice_policy == "delivery"
        )
