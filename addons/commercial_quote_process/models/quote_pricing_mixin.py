from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import COST_GROUPS
from ..tools.costing import price_for_margin

# What follows from the lines.
ORDER_FIGURES = frozenset(
    {"amount_tax", "amount_total", "amount_untaxed", "margin", "margin_percent"}
)


class QuotePricingMixin(models.AbstractModel):
    """The money of a quote: what it costs, what it earns, and how its lines are made."""

    _name = "quote.pricing.mixin"
    _description = "Pricing of a quote"
    _inherit = ["quote.figure.mixin"]

    _computed_figures = ORDER_FIGURES

    currency_id = fields.Many2one("res.currency")
    margin = fields.Monetary(groups=COST_GROUPS)
    margin_percent = fields.Float(groups=COST_GROUPS)
    estimated_days = fields.Float(
        compute="_compute_estimated_cost", compute_sudo=True, groups=COST_GROUPS
    )
    estimated_cost = fields.Monetary(
        string="Cost price",
        compute="_compute_estimated_cost",
        compute_sudo=True,
        groups=COST_GROUPS,
        help="Cost of the estimate, contingency included, in the currency of the quote.",
    )
    target_margin_percent = fields.Float(
        string="Target margin (%)",
        copy=False,
        groups=COST_GROUPS,
        help="Margin that the price aims at, in percent of the price.",
    )
    floor_price = fields.Monetary(
        compute="_compute_estimated_cost",
        compute_sudo=True,
        groups=COST_GROUPS,
        help="Price under which the margin is lower than the company's minimum.",
    )

    is_under_floor = fields.Boolean(
        compute="_compute_is_under_floor", compute_sudo=True, groups=COST_GROUPS
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "estimate_id.total_cost",
        "estimate_id.total_days",
        "currency_id",
        "company_id.quote_floor_margin_percent",
        "order_line.estimate_figures",
        "order_line.product_uom_qty",
        "order_line.purchase_price",
    )
    def _compute_estimated_cost(self):
        for order in self:
            order.estimated_days = order.estimate_id.total_days
            order.estimated_cost = order._to_quote_currency(order.estimate_id.total_cost)
            order.floor_price = order._get_floor_price(
                order.estimated_cost + order._get_cost_beside_estimate()
            )

    @api.depends("amount_untaxed", "floor_price")
    def _compute_is_under_floor(self):
        for order in self:
            order.is_under_floor = order._is_below_floor(order.amount_untaxed, order.floor_price)

    def _get_cost_beside_estimate(self):
        """Return what the firm lines cost that is not the estimate's, less what options cost.

        :return: amount in the quote's currency, negative when options take out more
        :rtype: float
        """
        self.ensure_one()
        by_hand = self.order_line.filtered(lambda line: not line.is_from_estimate)
        options = (self.order_line - by_hand).filtered(lambda line: line._is_option())
        return sum(line.purchase_price * line.product_uom_qty for line in by_hand) - sum(
            line._get_effective_cost() for line in options
        )

    def _get_floor_price(self, cost):
        """Return the price under which a cost leaves less than the company's minimum margin.

        :param float cost: in the quote's currency
        :rtype: float
        """
        self.ensure_one()
        percent = min(self.company_id.quote_floor_margin_percent, 99.9)
        return price_for_margin(cost, percent, self.currency_id.rounding or 0.01) if cost else 0.0

    def _is_below_floor(self, price, floor):
        """Return whether a price that is set leaves less than the company's minimum margin."""
        self.ensure_one()
        currency = self.currency_id or self.company_id.currency_id
        return bool(price and currency.compare_amounts(price, floor) < 0)

    def _to_quote_currency(self, amount):
        """Convert an amount of the company into the quote's currency, at the quote's rate.

        :param float amount: amount in the company's currency
        :rtype: float
        """
        self.ensure_one()
        currency = self.currency_id or self.company_id.currency_id
        return currency.round(amount * (self.currency_rate or 1.0))

    # === ACCESS === #

    @api.model
    def _get_cost_fields(self):
        return super()._get_cost_fields() | {
            "estimated_cost",
            "floor_price",
            "is_under_floor",
            "margin",
            "margin_percent",
            "pricing_markup_percent",
            "target_margin_percent",
        }

    # === LINES === #

    def _guard_lines(self):
        """Refuse a change of the lines of closed quotes, and move the revision of open ones."""
        process_orders = self.filtered("quote_process")
        if process_orders and not self._has_gate_pass():
            process_orders._check_content_editable("commercial")
            process_orders._bump_content_revision()

    @api.model
    def _get_commercial_fields(self):
        return super()._get_commercial_fields() | ORDER_FIGURES

    def _get_update_prices_lines(self):
        """A price list says nothing of what was made from the estimate."""
        lines = super()._get_update_prices_lines()
        return lines.filtered(lambda line: not line.sudo().is_from_estimate)

    # === BEFORE THE VALIDATION === #

    def _check_finished(self):
        """Let nobody ask for the validation of a price that the estimate has left behind."""
        result = super()._check_finished()
        if self.sudo()._is_price_left_behind():
            raise UserError(
                self.env._(
                    "The lines made from the estimate of %(quote)s no longer carry its cost: set"
                    " the price again.",
                    quote=self.name,
                )
            )
        return result

    # === ACTIONS === #

    def action_reopen_technical(self):
        """Ask why, then give the technical part back to its project manager.

        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "commercial_quote_process.quote_estimate_reopen_action"
        )
        context = {"default_estimate_id": self.estimate_id.id, "default_move": "reopen"}
        return {**action, "context": context}

    def action_price(self):
        """Open the pricing of this quote.

        :rtype: dict
        :raise UserError: when the quote is not at its financial step, or has no estimate
        """
        self._check_priceable()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "commercial_quote_process.quote_pricing_action"
        )
        context = {"default_order_id": self.id, "dialog_size": "extra-large"}
        return {**action, "context": context}

    def _check_priceable(self):
        """Refuse to price a quote whose estimate is not ready, or holds nothing.

        :raise UserError: with what to do
        """
        self.ensure_one()
        self.check_access("write")
        if self.quote_step != "financial":
            raise UserError(
                self.env._(
                    "The price of %(quote)s is set once its technical part is ready.",
                    quote=self.name,
                )
            )
        if not self.sudo().estimate_id.total_cost:
            raise UserError(
                self.env._(
                    "The estimate of %(quote)s is empty: type the lines of the quote, or reopen"
                    " the technical part.",
                    quote=self.name,
                )
            )
