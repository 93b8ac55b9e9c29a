import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Command

from ..const import COST_GROUPS

_logger = logging.getLogger(__name__)


class QuotePaymentInvoiceMixin(models.AbstractModel):
    """The payment schedule of an accepted quote as Odoo's own invoicing.

    What is due on acceptance is a down payment of Odoo. Everything else is invoiced by milestones
    of the project, that Odoo makes invoiceable when they are reached. The down payment is taken
    off the last invoice, so that the invoices are the payments of the schedule.
    """

    _name = "quote.payment.invoice.mixin"
    _description = "Invoicing of a payment schedule"

    payment_warning = fields.Char(
        string="Not invoiced by the payment schedule",
        compute="_compute_payment_warning",
        groups=COST_GROUPS,
    )
    can_invoice_at_milestones = fields.Boolean(
        compute="_compute_payment_warning", groups=COST_GROUPS
    )
    can_invoice_down_payment = fields.Boolean(
        compute="_compute_can_invoice_down_payment", compute_sudo=True
    )

    # === BEFORE THE SIGNATURE: WHAT IS SOLD AT MILESTONES === #

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

    # === AFTER THE SIGNATURE: THE DOWN PAYMENT === #

    @api.depends("quote_step", "payment_row_ids.trigger", "order_line.is_downpayment")
    def _compute_can_invoice_down_payment(self):
        for order in self:
            order.can_invoice_down_payment = order._is_down_payment_due()

    def _get_down_payment_percent(self):
        """Return the share of the total that is due on acceptance, in percent.

        :rtype: float
        """
        self.ensure_one()
        rows = self.sudo().payment_row_ids
        return sum(row.percent for row in rows if row.trigger == "acceptance")

    def _is_down_payment_due(self):
        """Return whether the down payment of an order is still to be invoiced.

        :rtype: bool
        """
        self.ensure_one()
        return bool(
            self._is_signed()
            and self._get_down_payment_percent()
            and not self.order_line.filtered("is_downpayment")
        )

    def action_invoice_down_payment(self):
        """Make the draft invoice of what is due on acceptance, with Odoo's own wizard, and open it.

        :return: the action that opens the invoice
        :rtype: dict
        :raise UserError: when nothing is due on acceptance, or it has been invoiced
        """
        self.ensure_one()
        self.check_access("write")
        self._lock_for_decision()
        if not self._is_down_payment_due():
            raise UserError(
                self.env._("%(quote)s has no down payment to invoice.", quote=self.name)
            )
        return self.action_view_invoice(invoices=self._create_down_payment())

    def _create_down_payment(self):
        """Return the draft invoice of what is due on acceptance.

        :rtype: account.move
        """
        self.ensure_one()
        wizard = self.env["sale.advance.payment.inv"].create(self._prepare_down_payment_values())
        return wizard._create_invoices(self)

    def _prepare_down_payment_values(self):
        """Return the values of Odoo's wizard. An overrider returns ``super()`` with its own.

        :rtype: dict
        """
        return {
            "advance_payment_method": "percentage",
            "amount": self._get_down_payment_percent(),
            "sale_order_ids": [Command.set(self.ids)],
        }

    def _after_acceptance(self):
        result = super()._after_acceptance()
        if self.company_id.quote_down_payment_draft and self._is_down_payment_due():
            self._try_down_payment()
        return result

    def _try_down_payment(self):
        """Prepare the draft invoice; without an accounting that allows it, tell the salesperson."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self.with_company(self.company_id)._create_down_payment()
        except (OperationalError, ConcurrencyError):
            raise
        except Exception:
            _logger.warning("Down payment of quote %s", self.name, exc_info=True)
            self._schedule_salesperson_activity(
                self.env._("Invoice the down payment of %(quote)s", quote=self.name)
            )

    def _keeps_down_payment(self):
        """Return whether the down payment is to be taken off a later invoice than the next one.

        :rtype: bool
        """
        self.ensure_one()
        return bool(
            self.quote_process
            and self._has_milestone_payments()
            and any(
                line.qty_delivered < line.product_uom_qty
                for line in self.order_line
                if line._is_invoiced_at_milestones()
            )
        )
