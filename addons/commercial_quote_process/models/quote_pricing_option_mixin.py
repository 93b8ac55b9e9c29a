from odoo import api, fields, models

from ..const import COST_GROUPS
from ..tools.option_range import get_lowest_margin


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
        """Whatever the client takes must have been approved.

        Rules look at the lowest margin that a choice leaves, and at the highest amount.
        """
        figures = super()._get_validation_figures()
        order_sudo = self.sudo()
        if order_sudo.options_price:
            figures["margin_percent"] = order_sudo._get_lowest_margin()
            rate = order_sudo.currency_rate or 1.0
            figures["highest_amount"] = figures["amount"] + order_sudo.options_price / rate
        return figures

    def _get_lowest_margin(self):
        """Return the lowest margin that a choice of options leaves, in percent. As superuser.

        :rtype: float
        """
        self.ensure_one()
        options = [
            (line._get_effective_price(), line._get_effective_price() - line._get_effective_cost())
            for line in self.order_line
            if line._is_option()
        ]
        return get_lowest_margin(self.amount_untaxed, self.margin, options)

    def _get_decision_figures(self):
        """An approver sees how far the price and the margin may go, options taken or not."""
        figures = super()._get_decision_figures()
        order_sudo = self.sudo()
        if order_sudo.options_price:
            figures["amount_with_options"] = order_sudo.amount_untaxed + order_sudo.options_price
            figures["total_with_options"] = order_sudo._get_amounts_with_options(
                order_sudo._get_option_lines().ids
            )["total"]
            if self._sees_figure("margin"):
                figures["lowest_margin_percent"] = order_sudo._get_lowest_margin()
        return figures
