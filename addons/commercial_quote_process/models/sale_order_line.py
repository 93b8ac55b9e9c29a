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
    _inherit = "sale.order.line"

    estimate_item_id = fields.Many2one(
        "quote.estimate.item",
        string="Phase of the estimate",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=COST_GROUPS,
        help="The phase that this line sells; its cost is the phase's cost.",
    )
    is_from_estimate = fields.Boolean(
        string="Made from the estimate", copy=False, readonly=True, groups=COST_GROUPS
    )
    purchase_price = fields.Float(groups=COST_GROUPS)
    margin = fields.Float(groups=COST_GROUPS)
    margin_percent = fields.Float(groups=COST_GROUPS)

    def _compute_purchase_price(self):
        """The cost of a line made from the estimate is the estimate's, not the product's."""
        estimated = self.filtered(lambda line: line.sudo().is_from_estimate)
        for line in estimated:
            line.purchase_price = line.purchase_price
        return super(SaleOrderLine, self - estimated)._compute_purchase_price()

    def _compute_price_unit(self):
        """The price of a line made from the estimate comes from no price list."""
        estimated = self.filtered(lambda line: line.sudo().is_from_estimate)
        return super(SaleOrderLine, self - estimated)._compute_price_unit()

    def _compute_discount(self):
        estimated = self.filtered(lambda line: line.sudo().is_from_estimate)
        return super(SaleOrderLine, self - estimated)._compute_discount()

    # === CONTENT === #

    @api.model
    def _has_field_access(self, field, operation):
        system = ("estimate_item_id", "is_from_estimate")
        if operation == "write" and not self.env.su and field.name in system:
            return False
        return super()._has_field_access(field, operation)

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

    # === VERSIONS === #

    def _prepare_version_values(self):
        """Return what a line's copy keeps in a new version of its quote, but not elsewhere.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "purchase_price": self.purchase_price,
            "estimate_item_id": self.estimate_item_id.id,
            "is_from_estimate": self.is_from_estimate,
        }

    # === DELIVERY === #

    def _timesheet_service_generation(self):
        """The project of a process quote comes from its estimate, never from its products."""
        stock_lines = self.filtered(lambda line: not line.order_id.quote_process)
        return super(SaleOrderLine, stock_lines)._timesheet_service_generation()
