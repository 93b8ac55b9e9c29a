import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Command, Domain

_logger = logging.getLogger(__name__)


class QuoteDownPaymentMixin(models.AbstractModel):
    """What is due on acceptance: a down payment of Odoo, taken off the last invoice."""

    _name = "quote.down.payment.mixin"
    _description = "Down payment of a payment schedule"

    can_invoice_down_payment = fields.Boolean(
        compute="_compute_can_invoice_down_payment", compute_sudo=True
    )

    @api.depends(
        "quote_step",
        "payment_row_ids.trigger",
        "invoice_status",
        "order_line.is_downpayment",
        "order_line.invoice_lines.quantity",
        "order_line.invoice_lines.parent_state",
    )
    def _compute_can_invoice_down_payment(self):
        for order in self:
            order.can_invoice_down_payment = order._is_down_payment_due()

    def _get_down_payment_percent(self):
        """Return the share of the total that is due on acceptance, in percent.

        :rtype: float
        """
        self.ensure_one()
        rows_sudo = self.sudo().payment_row_ids
        return sum(row.percent for row in rows_sudo if row.trigger == "acceptance")

    def _is_down_payment_due(self):
        """Return whether the down payment of an order is still to be invoiced.

        It is again when its invoice was deleted, cancelled or credited, as long as no later
        invoice has brought what it would have been.

        :rtype: bool
        """
        self.ensure_one()
        return bool(
            self._is_signed()
            and self._get_down_payment_percent()
            and not self._has_down_payment_invoice()
            and self.invoice_status != "invoiced"
        )

    def _has_down_payment_invoice(self):
        """Return whether a down payment was invoiced and stands, deducted since or not."""
        lines_sudo = self.sudo().order_line.filtered("is_downpayment").invoice_lines
        # Where it is deducted from a later invoice its quantity is negative.
        asked_sudo = lines_sudo.filtered(
            lambda line: line.parent_state != "cancel" and line.quantity > 0
        )
        return sum(-line.quantity if line.is_refund else line.quantity for line in asked_sudo) > 0

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
        if not self.quote_process or not self._has_milestone_payments():
            return False
        lines = self.order_line.filtered(lambda line: line._is_invoiced_at_milestones())
        # What no milestone waits for is delivered by nothing: no last invoice would ever come.
        coming = Domain("sale_line_id", "in", lines.ids) & Domain("is_reached", "=", False)
        milestones_sudo = self.env["project.milestone"].sudo()
        return bool(milestones_sudo.search_count(coming, limit=1))
