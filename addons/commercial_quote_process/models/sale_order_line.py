from odoo import api, fields, models

from ..const import COST_GROUPS

# What a line says to the client or costs us. The rest follows from it, or from delivery.
CONTENT_FIELDS = frozenset(
    {
        "discount",
        "display_type",
        "estimate_item_id",
        "name",
        "order_id",
        "price_unit",
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "purchase_price",
        "sequence",
        "tax_ids",
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
        guarded = bool(CONTENT_FIELDS & vals.keys())
        if guarded:
            self._guard_content()
            if "order_id" in vals:
                # A line that arrives changes the quote that receives it as well.
                self.env["sale.order"].browse(vals["order_id"])._guard_lines()
        return super().write(vals)

    def unlink(self):
        self._guard_content()
        return super().unlink()

    def _guard_content(self):
        """Refuse a change of the lines of quotes whose commercial content is closed."""
        self.order_id._guard_lines()

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
