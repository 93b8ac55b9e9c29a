from math import isfinite

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..const import (
    PRICING_GRANULARITIES,
    PRICING_MODES,
    PRICING_ROUNDINGS,
    PRICING_SPLITS,
)
from ..tools.pricing import UnreachablePriceError

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


class QuotePricing(models.TransientModel):
    """Turns the estimate of a quote into its price, and shows the margin before it is applied.

    The dialog starts from the last pricing of the quote. What it shows is computed by the server
    at each change; what it applies is computed once more from the estimate, so that nothing but
    choices and typed prices ever comes from the browser.
    """

    _name = "quote.pricing"
    _description = "Pricing of a quote"
    _inherit = ["quote.pricing.preview.mixin", "quote.cost.access.mixin"]

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
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
    overrides = fields.Json(
        compute="_compute_overrides",
        store=True,
        readonly=False,
        precompute=True,
        export_string_translation=False,
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

    @api.depends("order_id")
    def _compute_overrides(self):
        """Propose again what a person typed or made an option at the last pricing."""
        for pricing in self:
            order_sudo = pricing._get_readable_order_sudo()
            pricing.overrides = order_sudo and order_sudo._get_last_overrides()

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

    # === ACCESS === #

    @api.model
    def _get_cost_fields(self):
        return super()._get_cost_fields() | {
            "estimated_cost",
            "floor_price",
            "is_under_floor",
            "margin",
            "margin_percent",
            "markup_percent",
            "target_margin_percent",
        }

    def _may_use_costs(self):
        """Return whether the user may set a price from its cost.

        :rtype: bool
        """
        return self.env["sale.order"].sudo(False)._sees_costs()

    def _get_readable_order_sudo(self):
        """Return the quote in superuser mode, to read what a project manager estimated.

        :raise AccessError: when the user may not read the quote, whatever id the dialog was given
        """
        order = self.order_id.sudo(False)
        order.check_access("read")
        return order.sudo()

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Do not propose a method that starts from costs to who may not read them."""
        result = super().fields_get(allfields, attributes)
        selection = result.get("mode", {}).get("selection")
        if selection and not self._may_use_costs():
            result["mode"]["selection"] = [pair for pair in selection if pair[0] != "margin"]
        return result

    # === CHOICES === #

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
            hidden = ("pricing_markup_percent", "target_margin_percent")
            choices |= {name: known[name] for name in hidden}
        return choices

    def _get_overrides(self):
        """Return what was typed for each row, cleaned: it comes from the browser.

        :return: see ``sale.order._get_costed_rows``
        :rtype: dict
        """
        self.ensure_one()
        overrides = self.overrides if isinstance(self.overrides, dict) else {}
        result = {}
        for key, wish in overrides.items():
            if not isinstance(wish, dict):
                continue
            clean = {"optional": True} if wish.get("optional") is True else {}
            names = ("price", "margin") if self._may_use_costs() else ("price",)
            for name in names:
                value = wish.get(name)
                if type(value) in (int, float) and isfinite(value) and abs(value) < 1e12:
                    clean[name] = float(value)
                    break
            result[key] = clean
        return result

    def _get_weigh_by(self):
        """Return what a fixed price is shared along: costs, if they may be told from the shares."""
        return "cost" if self._may_use_costs() else "card_price"

    # === ACTIONS === #

    def action_apply(self):
        """Write the lines of the quote, and remember how they were priced.

        :return: an action that closes the dialog
        :raise UserError: when no price gives the margin or the total that was asked for
        """
        self.ensure_one()
        order = self.order_id
        order.check_access("write")
        order._lock_for_decision()
        order._check_priceable()
        order_sudo = order.sudo()
        choices = self._get_choices()
        try:
            rows = order_sudo._get_priced_rows(choices, self._get_overrides(), self._get_weigh_by())
        except UnreachablePriceError as error:
            raise UserError(self._get_unreachable_message(choices)) from error
        order._replace_estimate_lines(rows)
        order_sudo.write(choices)
        return {"type": "ir.actions.act_window_close"}

    def _get_unreachable_message(self, choices):
        """Return why no price does what was asked for, and what to do.

        :param dict choices: see ``_get_choices``
        :rtype: str
        """
        if choices["pricing_mode"] == "margin" and choices["target_margin_percent"] >= 100:
            return self.env._("No price leaves a margin of 100 % or more: lower the target margin.")
        if choices["pricing_mode"] == "fixed" and not choices["pricing_total"]:
            return self.env._("Type the fixed price.")
        return self.env._(
            "The lines that you typed and the rebilled costs leave no way to a total of"
            " %(total)s: release a line, or change the total.",
            total=format_amount(self.env, choices["pricing_total"], self.currency_id),
        )
