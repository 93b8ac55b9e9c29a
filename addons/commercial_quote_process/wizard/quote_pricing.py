from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.costing import distribute, price_for_margin


class QuotePricing(models.TransientModel):
    """Turns the estimate of a quote into its price, and shows the margin before it is applied."""

    _name = "quote.pricing"
    _description = "Pricing of a quote"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    # Not as superuser: whoever opens the dialog reads what the quote lets him read.
    estimated_days = fields.Float(related="order_id.estimated_days", related_sudo=False)
    estimated_cost = fields.Monetary(related="order_id.estimated_cost", related_sudo=False)
    floor_price = fields.Monetary(related="order_id.floor_price", related_sudo=False)
    workload_cost = fields.Monetary(string="Workload", compute="_compute_summary")
    other_cost = fields.Monetary(string="Other costs", compute="_compute_summary")
    contingency_amount = fields.Monetary(string="Contingency", compute="_compute_summary")
    mode = fields.Selection(
        [("margin", "Target margin"), ("rate_card", "Rate card")],
        string="Price by",
        required=True,
        default="margin",
        help="Target margin: the cost price and a margin give the price. Rate card: days at the"
        " price of their role, other costs and contingency at cost.",
    )
    target_margin_percent = fields.Float(
        string="Target margin (%)",
        compute="_compute_target_margin_percent",
        store=True,
        readonly=False,
        help="In percent of the price.",
    )
    line_ids = fields.One2many(
        "quote.pricing.line", "pricing_id", compute="_compute_line_ids", store=True
    )
    price = fields.Monetary(compute="_compute_result", string="Untaxed price")
    margin = fields.Monetary(compute="_compute_result")
    margin_percent = fields.Float(compute="_compute_result", string="Margin (%)")
    is_under_floor = fields.Boolean(compute="_compute_result")

    # === COMPUTE METHODS === #

    @api.depends("order_id")
    def _compute_summary(self):
        """Split the cost price in its three parts, in the quote's currency, to the cent."""
        for pricing in self:
            order_sudo = pricing._get_readable_order_sudo()
            estimate = order_sudo.estimate_id
            parts = (estimate.workload_cost, estimate.other_cost, estimate.contingency_amount)
            pricing.workload_cost, pricing.other_cost, pricing.contingency_amount = distribute(
                order_sudo.estimated_cost, parts, order_sudo.currency_id.rounding or 0.01
            )

    @api.depends("order_id")
    def _compute_target_margin_percent(self):
        for pricing in self:
            order = pricing._get_readable_order_sudo()
            pricing.target_margin_percent = (
                order.target_margin_percent or order.company_id.quote_target_margin_percent
            )

    @api.depends("order_id", "mode", "target_margin_percent")
    def _compute_line_ids(self):
        for pricing in self:
            rows = pricing._get_priced_rows() if pricing._is_margin_possible() else []
            pricing.line_ids = [Command.clear()] + [
                Command.create(pricing._prepare_line_values(row, rank))
                for rank, row in enumerate(rows)
            ]

    @api.depends("line_ids.price", "line_ids.cost")
    def _compute_result(self):
        for pricing in self:
            price = sum(pricing.line_ids.mapped("price"))
            cost = sum(pricing.line_ids.mapped("cost"))
            pricing.price = price
            pricing.margin = price - cost
            pricing.margin_percent = (price - cost) / price if price else 0.0
            currency = pricing.currency_id or self.env.company.currency_id
            pricing.is_under_floor = currency.compare_amounts(price, pricing.floor_price) < 0

    # === PRICES === #

    def _get_readable_order_sudo(self):
        """Return the quote in superuser mode, to read what a project manager estimated.

        :raise AccessError: when the user may not read the quote, whatever id the dialog was given
        """
        self.ensure_one()
        self.order_id.sudo(False).check_access("read")
        return self.order_id.sudo()

    def _is_margin_possible(self):
        return self.mode != "margin" or self.target_margin_percent < 100

    def _prepare_line_values(self, row, rank):
        return {
            "sequence": rank,
            "name": row["name"],
            "days": row["days"],
            "cost": row["cost"],
            "price": row["price"],
            "margin": row["price"] - row["cost"],
            "margin_percent": (row["price"] - row["cost"]) / row["price"] if row["price"] else 0.0,
        }

    def _get_priced_rows(self):
        """Return the rows to sell, in the quote's currency; costs add up to the estimate's.

        :return: see ``quote.estimate._get_phase_costs``
        :rtype: list(dict)
        """
        self.ensure_one()
        order_sudo = self._get_readable_order_sudo()
        if not order_sudo.estimate_id:
            return []
        rows = order_sudo.estimate_id._get_phase_costs()
        step = order_sudo.currency_id.rounding
        costs = distribute(order_sudo.estimated_cost, [row["cost"] for row in rows], step)
        if order_sudo.currency_id == order_sudo.company_id.currency_id:
            costs = [row["cost"] for row in rows]
        if self.mode == "margin":
            total = price_for_margin(sum(costs), self.target_margin_percent, step)
            prices = distribute(total, costs, step)
        else:
            prices = [order_sudo._to_quote_currency(row["price"]) for row in rows]
        return [
            {**row, "cost": cost, "price": price}
            for row, cost, price in zip(rows, costs, prices, strict=True)
        ]

    # === ACTIONS === #

    def action_apply(self):
        """Write the lines of the quote.

        :return: an action that closes the dialog
        :raise UserError: when no price gives the margin that was asked for
        """
        self.ensure_one()
        if not self._is_margin_possible():
            raise UserError(
                self.env._("No price leaves a margin of 100 % or more: lower the target margin.")
            )
        order = self.order_id
        order.check_access("write")
        order._lock_for_decision()
        order.action_price()
        order._replace_estimate_lines(self._get_priced_rows())
        if self.mode == "margin":
            order.target_margin_percent = self.target_margin_percent
        return {"type": "ir.actions.act_window_close"}
