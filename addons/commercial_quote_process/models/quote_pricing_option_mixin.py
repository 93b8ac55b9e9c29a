from odoo import api, fields, models

from ..const import COST_GROUPS


class QuotePricingOptionMixin(models.AbstractModel):
    """Options: lines outside the total that the client may add; none or all of them must do."""

    _name = "quote.pricing.option.mixin"
    _description = "Options of a quote"

    # Defined by the quote, named here for the amounts.
    currency_id = fields.Many2one("res.currency")
    options_price = fields.Monetary(
        string="Options",
        compute="_compute_options",
        compute_sudo=True,
        groups=COST_GROUPS,
        help="Price of the lines outside the total that the client may add.",
    )
    margin_with_options = fields.Monetary(
        string="Margin with all options",
        compute="_compute_options",
        compute_sudo=True,
        groups=COST_GROUPS,
    )
    margin_percent_with_options = fields.Float(
        string="Margin with all options (%)",
        compute="_compute_options",
        compute_sudo=True,
        groups=COST_GROUPS,
    )
    is_under_floor_with_options = fields.Boolean(
        compute="_compute_options", compute_sudo=True, groups=COST_GROUPS
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "amount_untaxed",
        "margin",
        "order_line.discount",
        "order_line.estimate_figures",
        "order_line.price_unit",
        "order_line.product_uom_qty",
        "order_line.purchase_price",
    )
    def _compute_options(self):
        for order in self:
            options = order.order_line.filtered(lambda line: line._is_option())
            price = sum(line._get_effective_price() for line in options)
            cost = sum(line._get_effective_cost() for line in options)
            total = order.amount_untaxed + price
            margin = order.margin + price - cost
            order.options_price = price
            order.margin_with_options = margin
            order.margin_percent_with_options = margin / total if total else 0.0
            floor = order._get_floor_price(total - margin)
            order.is_under_floor_with_options = order._is_below_floor(total, floor)

    @api.model
    def _get_cost_fields(self):
        return super()._get_cost_fields() | {
            "is_under_floor_with_options",
            "margin_percent_with_options",
            "margin_with_options",
        }

    # === VALIDATION === #

    def _get_validation_figures(self):
        """Rules look at the lower margin: whatever the client takes must have been approved."""
        figures = super()._get_validation_figures()
        order_sudo = self.sudo()
        if order_sudo.options_price:
            margin = 100 * order_sudo.margin_percent_with_options
            figures["margin_percent"] = min(figures["margin_percent"], margin)
        return figures
