from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..const import COST_GROUPS
from ..tools.costing import price_for_margin

# What follows from the lines. Odoo lets anybody write it through RPC; an approver relies on it.
ORDER_FIGURES = frozenset(
    {"amount_tax", "amount_total", "amount_untaxed", "margin", "margin_percent"}
)
LINE_FIGURES = ("margin", "margin_percent", "price_subtotal", "price_tax", "price_total")


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
    is_price_stale = fields.Boolean(
        string="Price older than the estimate",
        compute="_compute_is_price_stale",
        compute_sudo=True,
        groups=COST_GROUPS,
        help="The lines made from the estimate no longer carry its cost.",
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

    @api.depends(
        "estimated_cost",
        "order_line.is_from_estimate",
        "order_line.product_uom_qty",
        "order_line.purchase_price",
    )
    def _compute_is_price_stale(self):
        for order in self:
            lines = order.order_line.filtered("is_from_estimate")
            cost = sum(line.purchase_price * line.product_uom_qty for line in lines)
            currency = order.currency_id or order.company_id.currency_id
            order.is_price_stale = bool(
                lines and currency.compare_amounts(cost, order.estimated_cost)
            )

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
        return super()._get_commercial_fields() | ORDER_FIGURES | {"target_margin_percent"}

    def _get_update_prices_lines(self):
        """A price list says nothing of what was made from the estimate."""
        lines = super()._get_update_prices_lines()
        return lines.filtered(lambda line: not line.sudo().is_from_estimate)

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
        # A phase stays where the salesperson put it, under its section for instance.
        places = {(line.estimate_item_id, line.name): line.sequence for line in old_lines}
        last = max(places.values(), default=9)
        commands = [Command.delete(line.id) for line in old_lines]
        for row in rows:
            place = places.get((row["item"], row["name"]), last + 1)
            last = max(last, place)
            values = order_sudo._prepare_estimate_line_values(row, product)
            commands.append(Command.create({**values, "sequence": place}))
        order_sudo.write({"order_line": commands})

    def _prepare_estimate_line_values(self, row, product):
        """Return the values of the line that sells a phase, its place apart.

        :param dict row: see ``_replace_estimate_lines``
        :param product: the ``product.product`` of the line
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
        }

    # === BEFORE THE VALIDATION === #

    def _check_finished(self):
        """Let nobody ask for the validation of figures that the content does not say."""
        self._recompute_figures()
        result = super()._check_finished()
        if self.sudo().is_price_stale:
            raise UserError(
                self.env._(
                    "The lines made from the estimate of %(quote)s no longer carry its cost: set"
                    " the price again.",
                    quote=self.name,
                )
            )
        return result

    def _recompute_figures(self):
        """Compute amounts and margins again from the lines, whatever was written on them."""
        lines_sudo = self.sudo().order_line
        for records, names in ((lines_sudo, LINE_FIGURES), (self.sudo(), ORDER_FIGURES)):
            for name in names:
                self.env.add_to_compute(records._fields[name], records)

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
