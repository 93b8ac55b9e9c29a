from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..const import COST_GROUPS


class QuotePaymentInvoiceMixin(models.AbstractModel):
    """The payment schedule of an accepted quote as Odoo's own invoicing.

    What is due on acceptance is a down payment of Odoo. Everything else is invoiced by milestones
    of the project, that Odoo makes invoiceable when they are reached. The down payment is taken
    off the last invoice, so that the invoices are the payments of the schedule.
    """

    _name = "quote.payment.invoice.mixin"
    _description = "Invoicing of a payment schedule"
    _inherit = ["quote.down.payment.mixin"]

    payment_warning = fields.Char(
        string="Not invoiced by the payment schedule",
        compute="_compute_payment_warning",
        groups=COST_GROUPS,
    )
    can_invoice_at_milestones = fields.Boolean(
        compute="_compute_payment_warning", groups=COST_GROUPS
    )

    @api.depends("payment_row_ids.trigger", "order_line.product_id", "order_line.display_type")
    @api.depends_context("lang")
    def _compute_payment_warning(self):
        for order in self:
            others = order._get_lines_beside_schedule()
            names = ", ".join((line.name or "").split("\n")[0] for line in others)
            order.payment_warning = bool(others) and self.env._(
                "These lines are invoiced as their products say, not by the payment schedule:"
                " %(lines)s.",
                lines=names,
            )
            order.can_invoice_at_milestones = bool(order._get_lines_for_milestones())

    def _has_milestone_payments(self):
        """Return whether something of the schedule is due later than the acceptance.

        :rtype: bool
        """
        self.ensure_one()
        return any(row.trigger != "acceptance" for row in self.sudo().payment_row_ids)

    def _get_lines_beside_schedule(self):
        """Return the lines that are not invoiced at milestones, though the schedule says so."""
        self.ensure_one()
        lines = self.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment and line.product_id
        )
        if not self.quote_process or not self._has_milestone_payments():
            return lines.browse()
        return lines.filtered(lambda line: not line._is_invoiced_at_milestones())

    def _get_lines_for_milestones(self):
        """Return the lines of the estimate that the company's service for milestones may sell."""
        product = self.sudo().company_id.quote_milestone_product_id
        return self._get_lines_beside_schedule().filtered(
            lambda line: (
                product
                and line.sudo().is_from_estimate
                and line.product_id.invoice_policy == "order"
            )
        )

    def _get_row_products(self, rows):
        """What is priced with a payment schedule is sold at milestones.

        A role whose days are invoiced as they are worked keeps its service.
        """
        products = super()._get_row_products(rows)
        product = self.company_id.quote_milestone_product_id
        if not product or not self._has_milestone_payments():
            return products
        for row in rows:
            if products[row["key"]].invoice_policy == "order":
                row["replaced_service"] = products[row["key"]]
                products[row["key"]] = product
        return products

    def _prepare_line_figures(self, row, product):
        figures = super()._prepare_line_figures(row, product)
        replaced = row.get("replaced_service")
        return {**figures, "service": replaced.id} if replaced else figures

    def _prepare_estimate_line_values(self, row, line, products):
        """What is sold at milestones has the taxes of the service that it stands for."""
        values = super()._prepare_estimate_line_values(row, line, products)
        replaced = row.get("replaced_service")
        if not replaced or values.get("product_id") != products[row["key"]].id:
            return values
        if not line:
            own = replaced.taxes_id._filter_taxes_by_company(self.company_id)
            taxes = self.fiscal_position_id.map_tax(own)
            values["price_unit"] = self._get_unit_price(row["price"], replaced, line)
        else:
            taxes = line.tax_ids
        return {**values, "tax_ids": [Command.set(taxes.ids)]}

    def action_invoice_at_milestones(self):
        """Let the lines made from the estimate be invoiced at milestones, at the same price.

        :return: True
        :raise UserError: when the content of the quote is closed, or no line can be
        """
        self.ensure_one()
        self.check_access("write")
        self._check_content_editable("commercial")
        lines_sudo = self._get_lines_for_milestones().sudo()
        if not lines_sudo:
            raise UserError(
                self.env._("No line of %(quote)s can be invoiced at milestones.", quote=self.name)
            )
        product = self.sudo().company_id.quote_milestone_product_id
        self.sudo()._gated().order_line = [
            Command.update(
                line_sudo.id,
                {
                    "product_id": product.id,
                    "name": line_sudo.name,
                    "tax_ids": [Command.set(line_sudo.tax_ids.ids)],
                    "estimate_figures": {
                        **(line_sudo.estimate_figures or {}),
                        "product": product.id,
                        "service": line_sudo.product_id.id,
                    },
                },
            )
            for line_sudo in lines_sudo
        ]
        self._bump_content_revision()
        return True
