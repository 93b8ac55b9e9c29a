from math import isfinite

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..tools.pricing import UnreachablePriceError


class QuotePricing(models.TransientModel):
    """Turns the estimate of a quote into its price, and shows the margin before it is applied.

    The dialog starts from the last pricing of the quote. What it shows is computed by the server
    at each change; what it applies is computed once more from the estimate, so that nothing but
    choices and typed prices ever comes from the browser.
    """

    _name = "quote.pricing"
    _description = "Pricing of a quote"
    _inherit = [
        "quote.pricing.choice.mixin",
        "quote.pricing.preview.mixin",
        "quote.cost.access.mixin",
    ]

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    overrides = fields.Json(
        compute="_compute_overrides",
        store=True,
        readonly=False,
        precompute=True,
        export_string_translation=False,
    )

    # === COMPUTE METHODS === #

    @api.depends("order_id")
    def _compute_overrides(self):
        """Propose again what a person typed or made an option at the last pricing."""
        for pricing in self:
            order_sudo = pricing._get_readable_order_sudo()
            pricing.overrides = order_sudo and order_sudo._get_last_overrides()

    # === ACCESS === #

    @api.model
    def _get_cost_fields(self):
        return super()._get_cost_fields() | {
            "contingency_split",
            "is_under_floor",
            "margin",
            "margin_percent",
            "markup_percent",
            "overhead_split",
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

    # === CHOICES === #

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
        if not choices["pricing_total"]:
            return self.env._(
                "Rebilled costs and their markup bring more than this margin: raise the target"
                " margin, or lower the markup."
            )
        return self.env._(
            "The lines that you typed and the rebilled costs leave no way to a total of"
            " %(total)s: release a line, or change the total.",
            total=format_amount(self.env, choices["pricing_total"], self.currency_id),
        )
