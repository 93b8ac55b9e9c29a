from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import COST_GROUPS

# What delivery, invoicing and the client's project write on a line: it says nothing of the offer.
# Everything else is content, fields of other addons included.
FREE_FIELDS = frozenset(
    {
        "amount_invoiced",
        "amount_to_invoice",
        "analytic_distribution",
        "analytic_line_ids",
        "customer_lead",
        "invoice_lines",
        "invoice_status",
        "project_id",
        "qty_delivered",
        "qty_delivered_method",
        "qty_invoiced",
        "qty_invoiced_posted",
        "qty_to_invoice",
        "task_id",
        "untaxed_amount_invoiced",
        "untaxed_amount_to_invoice",
    }
)


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["quote.estimate.line.mixin", "quote.cost.access.mixin", "sale.order.line"]

    purchase_price = fields.Float(groups=COST_GROUPS)
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
        lines._guard_content()
        return lines

    def write(self, vals):
        if vals.keys() <= FREE_FIELDS:
            return super().write(vals)
        self._guard_content()
        if "order_id" in vals:
            # A line that arrives changes the quote that receives it as well.
            self.env["sale.order"].browse(vals["order_id"])._guard_lines()
        if "purchase_price" in vals and not self.env.su:
            self._check_cost_is_free(vals["purchase_price"])
        return super().write(vals)

    def unlink(self):
        self._guard_content()
        return super().unlink()

    def _guard_content(self):
        """Refuse a change of the lines of quotes whose commercial content is closed."""
        self.order_id._guard_lines()

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
