from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import COST_GROUPS
from ..tools.field_decisions import get_fields

# Everything else is content, fields of other addons included.
FREE_FIELDS = get_fields("sale.order.line", "free")
DERIVED_FIELDS = get_fields("sale.order.line", "derived")


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = [
        "quote.estimate.line.mixin",
        "quote.payment.line.mixin",
        "quote.line.analytic.mixin",
        "quote.delivery.line.mixin",
        "quote.cost.access.mixin",
        "sale.order.line",
    ]

    purchase_price = fields.Float(compute="_compute_line_cost", groups=COST_GROUPS)
    margin = fields.Float(groups=COST_GROUPS)
    margin_percent = fields.Float(groups=COST_GROUPS)

    # === CONTENT === #

    @api.model
    def _get_cost_fields(self):
        return super()._get_cost_fields() | {
            "estimate_figures",
            "margin",
            "margin_percent",
            "purchase_price",
        }

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self.env.su:
            lines._check_no_derived_value(lines.order_id._get_given_names(vals_list))
        lines._guard_content(self.env._("Line added"))
        return lines

    def write(self, vals):
        names = vals.keys() - FREE_FIELDS
        if not names:
            return super().write(vals)
        self._check_no_derived_value(names)
        self._guard_content(self.env._("Line changed"), names)
        if "order_id" in vals:
            # A line that arrives changes the quote that receives it as well.
            self.env["sale.order"].browse(vals["order_id"])._guard_lines()
        if "purchase_price" in vals and not self.env.su:
            self._check_cost_is_free(vals["purchase_price"])
        return super().write(vals)

    def unlink(self):
        self._guard_content(self.env._("Line removed"))
        return super().unlink()

    def _guard_content(self, change, names=()):
        """Refuse a change of the lines of quotes whose commercial content is closed.

        What the client signed may only be changed once it is unlocked, and that is told.

        :param str change: what is done to the lines, in the user's language
        :param names: names of the fields being written
        :raise UserError: when a quote is closed
        """
        lines = self.filtered("order_id.quote_process")
        if not lines or lines.order_id._has_gate_pass():
            return
        content = lines.filtered(lambda line: not line._is_invoicing_line())
        content.order_id._guard_lines()
        for order, signed in content.grouped("order_id").items():
            if order._is_signed():
                order._tell_signed_change(signed._get_change_text(change, names))

    def _is_invoicing_line(self):
        """Return whether a line only keeps an account of an order's down payments.

        It sells nothing, and comes with the invoices of orders that are locked.

        :rtype: bool
        """
        self.ensure_one()
        counts = self.is_downpayment and not self.product_uom_qty
        return counts and self.order_id._is_signed()

    def _get_change_text(self, change, names):
        """Return what happens to these lines, as one sentence.

        :param str change: what is done
        :param names: names of the fields being written
        :rtype: str
        """
        lines = ", ".join((line.name or "").split("\n")[0] for line in self)
        labels = sorted(self._fields[name]._description_string(self.env) for name in names)
        return f"{change}: {lines} ({', '.join(labels)})" if labels else f"{change}: {lines}"

    def _check_no_derived_value(self, names):
        """Refuse amounts that a person writes instead of letting them follow from the line.

        :param set names: names of fields that are given
        """
        if (
            not self.env.su
            and names & DERIVED_FIELDS
            and any(self.order_id.mapped("quote_process"))
        ):
            self.order_id._refuse_derived_values(self._name, names & DERIVED_FIELDS)

    def _check_cost_is_free(self, cost):
        """Refuse another cost than the estimate's on a line that was made from it.

        :param float cost: the unit cost being written
        """
        for line in self:
            if line.is_from_estimate and line.currency_id.compare_amounts(
                line.purchase_price, cost
            ):
                raise UserError(
                    self.env._(
                        "The cost of “%(line)s” is the estimate's: reopen the technical part to"
                        " change it.",
                        line=line.name,
                    )
                )

    # === DELIVERY === #

    def _timesheet_service_generation(self):
        """The project of a process quote comes from its estimate, never from its products."""
        stock_lines = self.filtered(lambda line: not line.order_id.quote_process)
        return super(SaleOrderLine, stock_lines)._timesheet_service_generation()
