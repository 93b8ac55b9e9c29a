from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_amount

from ..const import COST_GROUPS
from ..tools.costing import price_for_margin


class QuotePricingMixin(models.AbstractModel):
    """The money of a quote: what it costs, what it earns, and how its lines are made."""

    _name = "quote.pricing.mixin"
    _description = "Pricing of a quote"

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
    is_small_deal = fields.Boolean(
        string="May skip the technical part", compute="_compute_is_small_deal"
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "estimate_id.total_cost",
        "estimate_id.total_days",
        "currency_id",
        "company_id.quote_floor_margin_percent",
    )
    def _compute_estimated_cost(self):
        for order in self:
            cost = order._to_quote_currency(order.estimate_id.total_cost)
            floor = min(order.company_id.quote_floor_margin_percent, 99.9)
            step = order.currency_id.rounding or 0.01
            order.estimated_days = order.estimate_id.total_days
            order.estimated_cost = cost
            order.floor_price = price_for_margin(cost, floor, step) if cost else 0.0

    @api.depends("amount_untaxed", "floor_price")
    def _compute_is_under_floor(self):
        for order in self:
            currency = order.currency_id or order.company_id.currency_id
            order.is_under_floor = bool(
                order.amount_untaxed
                and currency.compare_amounts(order.amount_untaxed, order.floor_price) < 0
            )

    @api.depends("quote_step", "amount_untaxed")
    def _compute_is_small_deal(self):
        for order in self:
            order.is_small_deal = order.quote_process and not order._get_skip_error()

    def _to_quote_currency(self, amount):
        """Convert an amount of the company into the quote's currency, at the quote's rate.

        :param float amount: amount in the company's currency
        :rtype: float
        """
        self.ensure_one()
        currency = self.currency_id or self.company_id.currency_id
        return currency.round(amount * (self.currency_rate or 1.0))

    # === LINES === #

    def _guard_lines(self):
        """Refuse a change of the lines of closed quotes, and move the revision of open ones."""
        process_orders = self.filtered("quote_process")
        if process_orders:
            process_orders._check_content_editable("commercial")
            process_orders._bump_content_revision()

    @api.model
    def _get_commercial_fields(self):
        return super()._get_commercial_fields() | {"target_margin_percent"}

    def _prepare_version_values(self, reason, note, kind):
        values = super()._prepare_version_values(reason, note, kind)
        return {**values, "target_margin_percent": self.target_margin_percent}

    def _replace_estimate_lines(self, rows):
        """Replace the lines made from the estimate; lines typed by hand stay.

        The quantity of a line is 1, so that its unit price and its unit cost are the phase's to
        the cent, whatever the number of days.

        :param list rows: dicts with ``item`` (``quote.estimate.item``, may be empty), ``name``,
            ``price`` and ``cost`` in the quote's currency
        """
        self.ensure_one()
        self.check_access("write")
        self._check_content_editable("commercial")
        product = self.company_id.quote_service_product_id
        if not product:
            raise UserError(
                self.env._(
                    "No service is chosen for the lines made from estimates: choose one in the"
                    " settings of Sales, under Commercial offers."
                )
            )
        order_sudo = self.sudo()
        old_lines = order_sudo.order_line.filtered("is_from_estimate")
        order_sudo.write(
            {
                "order_line": [Command.delete(line.id) for line in old_lines]
                + [
                    Command.create(order_sudo._prepare_estimate_line_values(row, product, rank))
                    for rank, row in enumerate(rows)
                ]
            }
        )

    def _prepare_estimate_line_values(self, row, product, rank):
        """Return the values of the line that sells a phase.

        :param dict row: see ``_replace_estimate_lines``
        :param product: the ``product.product`` of the line
        :param int rank: position among the lines made from the estimate
        :rtype: dict
        """
        return {
            "product_id": product.id,
            "name": row["name"],
            "product_uom_qty": 1.0,
            "price_unit": row["price"],
            "discount": 0.0,
            "purchase_price": row["cost"],
            "estimate_item_id": row["item"].id,
            "is_from_estimate": True,
            "sequence": 10 + rank,
        }

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
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "commercial_quote_process.quote_pricing_action"
        )
        return {**action, "context": {"default_order_id": self.id}}

    def action_skip_technical(self):
        """Take small deals to their price without a technical part.

        :return: True
        :raise UserError: when a deal is not small by the company's thresholds
        """
        self.check_access("write")
        self._lock_for_decision()
        for order in self:
            if error := order._get_skip_error():
                raise UserError(error)
        self._move_to_step("financial", self.env._("Small deal: no technical part"))
        return True

    def _get_skip_error(self):
        """Return why the technical part of this quote cannot be skipped, or False.

        :rtype: str | bool
        """
        self.ensure_one()
        company_sudo = self.sudo().company_id
        amount_limit = company_sudo.quote_small_deal_amount
        days_limit = company_sudo.quote_small_deal_days
        if self.quote_step != "scope":
            return self.env._("The technical part of %(quote)s has already begun.", quote=self.name)
        if not amount_limit:
            return self.env._("Your company does not let quotes skip their technical part.")
        amount = self.amount_untaxed / (self.currency_rate or 1.0)
        if not amount:
            return self.env._(
                "Type the lines of %(quote)s first: its amount decides.", quote=self.name
            )
        days = self.sudo().estimate_id.total_days
        if amount <= amount_limit and (not days_limit or days <= days_limit):
            return False
        return self.env._(
            "%(quote)s is over the limit of small deals (%(amount)s): it needs its technical part.",
            quote=self.name,
            amount=format_amount(self.env, amount_limit, company_sudo.currency_id),
        )
