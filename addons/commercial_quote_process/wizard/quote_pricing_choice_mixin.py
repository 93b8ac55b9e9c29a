from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import (
    PRICING_GRANULARITIES,
    PRICING_MODES,
    PRICING_ROUNDINGS,
    PRICING_SPLITS,
)

# Names of the choices of the dialog by the name under which a quote remembers them.
CHOICES = {
    "pricing_mode": "mode",
    "pricing_granularity": "granularity",
    "pricing_overhead": "overhead_split",
    "pricing_contingency": "contingency_split",
    "pricing_markup_percent": "markup_percent",
    "pricing_rounding": "rounding",
    "pricing_total": "total_wanted",
    "target_margin_percent": "target_margin_percent",
}
# Those from which a cost could be told; without a sight of costs they stay as they were.
HIDDEN_CHOICES = (
    "pricing_contingency",
    "pricing_markup_percent",
    "pricing_overhead",
    "target_margin_percent",
)


class QuotePricingChoiceMixin(models.AbstractModel):
    """The choices of a pricing; they start from the last pricing of the quote."""

    _name = "quote.pricing.choice.mixin"
    _description = "Choices of a pricing"

    # Defined by the dialog, named here for the choices.
    order_id = fields.Many2one("sale.order")
    currency_id = fields.Many2one("res.currency")
    mode = fields.Selection(
        PRICING_MODES,
        string="Price by",
        compute="_compute_choices",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Target margin: the cost price and a margin give the price. Rate card: days at the"
        " price of their role, everything else at cost. Fixed price: you type the total, and the"
        " lines share it along what they cost.",
    )
    granularity = fields.Selection(
        PRICING_GRANULARITIES,
        string="Lines",
        compute="_compute_choices",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="What the client reads: one line for the whole service, or one for each phase, task"
        " or role. Tasks stand under their phase.",
    )
    overhead_split = fields.Selection(
        PRICING_SPLITS,
        string="Overhead",
        compute="_compute_choices",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Spread, the client does not see it. On a line of its own, it is called project"
        " management.",
    )
    contingency_split = fields.Selection(
        PRICING_SPLITS,
        string="Contingency",
        compute="_compute_choices",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Spread, the client does not see it. On a line of its own, it is called provision for"
        " risks.",
    )
    rounding = fields.Selection(
        PRICING_ROUNDINGS,
        compute="_compute_choices",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Rounds the total; the lines follow in the same steps, or in smaller ones when they"
        " are small. Prices that you type, and rebilled costs, stay as they are.",
    )
    target_margin_percent = fields.Float(
        string="Target margin (%)",
        compute="_compute_choices",
        store=True,
        readonly=False,
        precompute=True,
        help="In percent of the price of the whole quote, rebilled costs included.",
    )
    markup_percent = fields.Float(
        string="Markup of rebilled costs (%)",
        compute="_compute_choices",
        store=True,
        readonly=False,
        precompute=True,
        help="In percent of the cost.",
    )
    total_wanted = fields.Monetary(
        string="Total wanted",
        compute="_compute_choices",
        store=True,
        readonly=False,
        precompute=True,
        help="Type a round total to close the deal: every line that you have not typed yourself"
        " follows in proportion. No discount shows on the quote, so that the client does not ask"
        " for it again next time. Empty it to come back to the method.",
    )

    # === COMPUTE METHODS === #

    @api.depends("order_id")
    def _compute_choices(self):
        """Start from the last pricing of the quote; a choice that is given stays."""
        for pricing in self.filtered("order_id"):
            order_sudo = pricing._get_readable_order_sudo()
            for name, value in order_sudo._get_pricing_choices().items():
                pricing[CHOICES[name]] = value
            if not pricing._may_use_costs() and pricing.mode == "margin":
                pricing.mode = "rate_card"

    # === ONCHANGE METHODS === #

    @api.onchange("mode")
    def _onchange_mode(self):
        """A fixed price starts from what the quote is sold at, or would be by the rate card."""
        if self.mode != "fixed":
            self.total_wanted = 0.0
        elif not self.total_wanted:
            order_sudo = self._get_readable_order_sudo()
            lines_sudo = order_sudo.order_line.filtered("is_from_estimate")
            self.total_wanted = sum(lines_sudo.mapped("price_subtotal")) or self._get_card_total()

    @api.onchange("target_margin_percent")
    def _onchange_target_margin_percent(self):
        """A margin that is typed counts more than a total that was wanted before."""
        self.total_wanted = 0.0

    # === CHOICES === #

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Do not propose a method that starts from costs to who may not read them."""
        result = super().fields_get(allfields, attributes)
        selection = result.get("mode", {}).get("selection")
        if selection and not self._may_use_costs():
            result["mode"]["selection"] = [pair for pair in selection if pair[0] != "margin"]
        return result

    def _get_choices(self):
        """Return the choices of the dialog, as the quote remembers them.

        :rtype: dict
        :raise UserError: when the user sets a price from a cost that is not for these eyes
        """
        self.ensure_one()
        pricing_sudo = self.sudo()
        choices = {name: pricing_sudo[own] for name, own in CHOICES.items()}
        if not self._may_use_costs():
            if choices["pricing_mode"] == "margin":
                raise UserError(
                    self.env._(
                        "Set the price by the rate card or as a fixed price: your company"
                        " keeps costs and margins to itself."
                    )
                )
            known = self._get_readable_order_sudo()._get_pricing_choices()
            choices |= {name: known[name] for name in HIDDEN_CHOICES}
        return choices
