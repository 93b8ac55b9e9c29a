from collections import defaultdict

from odoo import models
from odoo.fields import Command


class QuotePaymentSettlementMixin(models.AbstractModel):
    """The last invoice of a payment schedule brings the sum to what was signed, to the cent.

    Each invoice rounds its share of the lines and of the taxes by itself: without this, three
    invoices of an order may come to a cent more or less than the order.
    """

    _name = "quote.payment.settlement.mixin"
    _description = "Last invoice of a payment schedule"

    def _create_invoices(self, grouped=False, final=False, date=None):
        moves = super()._create_invoices(grouped=grouped, final=final, date=date)
        for order in self.filtered("quote_process"):
            own = moves.filtered(
                lambda move, order=order: move.line_ids.sale_line_ids.order_id == order
            )
            if len(own) == 1 and order._is_invoiced_by_schedule():
                order.sudo()._settle_taxes(own.sudo())
        return moves

    def _is_invoiced_by_schedule(self):
        """Return whether a payment schedule has been invoiced to its end.

        :rtype: bool
        """
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: line.product_uom_qty)
        return bool(
            self._has_milestone_payments()
            and any(line._is_invoiced_at_milestones() for line in lines)
            and all(line.qty_invoiced == line.product_uom_qty for line in lines)
            and not any(self.order_line.mapped("qty_to_invoice"))
        )

    def _settle_taxes(self, move):
        """Correct the taxes of the last invoice by what rounding has added or left. As superuser.

        A larger difference is none of rounding (a rate that has changed): it is left alone.

        :param move: the draft ``account.move``
        """
        invoices = self.invoice_ids.filtered(lambda invoice: invoice.state != "cancel")
        invoiced = defaultdict(float)
        for line in invoices.line_ids.filtered("tax_line_id"):
            invoiced[line.tax_line_id.id] -= line.amount_currency
        currency = self.currency_id
        tolerance = currency.rounding * len(invoices.invoice_line_ids)
        commands = []
        for tax_id, signed in self._get_signed_taxes().items():
            difference = currency.round(signed - invoiced[tax_id])
            tax_line = move.line_ids.filtered(
                lambda row, tax_id=tax_id: row.tax_line_id.id == tax_id
            )
            if tax_line and difference and abs(difference) <= tolerance:
                amount = tax_line[0].amount_currency - difference
                commands.append(Command.update(tax_line[0].id, {"amount_currency": amount}))
        if commands:
            move.write({"line_ids": commands})

    def _get_signed_taxes(self):
        """Return the taxes of the lines of this order, as its total rounds them. As superuser.

        :return: amount in the order's currency by id of ``account.tax``
        :rtype: dict
        """
        self.ensure_one()
        tax_model = self.env["account.tax"]
        base_lines = [
            line._prepare_base_line_for_taxes_computation()
            for line in self.order_line
            if not line.display_type and not line.is_downpayment
        ]
        tax_model._add_tax_details_in_base_lines(base_lines, self.company_id)
        tax_model._round_base_lines_tax_details(base_lines, self.company_id)
        amounts = defaultdict(float)
        for base_line in base_lines:
            for tax_data in base_line["tax_details"]["taxes_data"]:
                amounts[tax_data["tax"].id] += tax_data["tax_amount_currency"]
        return amounts
