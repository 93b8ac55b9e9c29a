from odoo import models
from odoo.tools import float_is_zero


class QuotePaymentLineMixin(models.AbstractModel):
    """A line as its client meets it: an option to take, a service invoiced in parts."""

    _name = "quote.payment.line.mixin"
    _description = "Line that a client chooses and pays"

    def _prepare_invoice_line(self, **optional_values):
        """The last part of a line brings what is invoiced to its price, to the cent."""
        values = super()._prepare_invoice_line(**optional_values)
        if service := self._get_replaced_service():
            values |= self._prepare_service_values(service)
        if self.order_id.quote_process and self._is_last_part():
            before = sum(
                -line.price_subtotal
                if line.move_id.move_type == "out_refund"
                else line.price_subtotal
                for line in self.sudo().invoice_lines
                if line.move_id.state != "cancel"
            )
            currency, quantity = self.currency_id, values["quantity"]
            expected = currency.round(self.price_subtotal * quantity / self.product_uom_qty)
            left = currency.round(self.price_subtotal - before - expected)
            if left and abs(left) <= currency.rounding * len(self.invoice_lines):
                # Prices that include taxes carry the taxes of that cent as well.
                gross = self.price_unit * self.product_uom_qty / self.price_subtotal
                values["price_unit"] += left * gross / quantity
        return values

    def _get_replaced_service(self):
        """Return the service that this line sells, under the product invoiced at milestones.

        :rtype: product.product
        """
        self.ensure_one()
        figures = self.sudo().estimate_figures or {}
        services = self.env["product.product"].sudo()
        if not figures.get("service") or self.product_id.id != figures.get("product"):
            return services
        return services.browse(figures["service"]).exists()

    def _prepare_service_values(self, service):
        """Return the values of an invoice line that are those of the service sold.

        :param service: ``product.product``
        :rtype: dict
        """
        name = self.env["account.move.line"]._get_journal_items_full_name(
            self.name, service.display_name
        )
        accounts = service.product_tmpl_id.with_company(self.company_id).get_product_accounts(
            fiscal_pos=self.order_id.fiscal_position_id
        )
        account = accounts.get("income")
        return {"name": name, **({"account_id": account.id} if account else {})}

    def _is_last_part(self):
        """Return whether what is to be invoiced of this line is the rest of several parts."""
        self.ensure_one()
        return bool(
            self._is_invoiced_at_milestones()
            and self.qty_invoiced
            and self.qty_to_invoice
            and self.price_subtotal
            and float_is_zero(
                self.product_uom_qty - self.qty_invoiced - self.qty_to_invoice, precision_digits=6
            )
        )

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

    def _can_deliver_share(self, share, digits):
        """Return whether Odoo can count a share of this line among its delivered quantities.

        :param float share: from 0 to 1
        :param int digits: decimals of quantities
        :rtype: bool
        """
        self.ensure_one()
        quantity = share * (self.product_uom_qty or 1.0)
        return float_is_zero(quantity - round(quantity, digits), precision_digits=6)

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
