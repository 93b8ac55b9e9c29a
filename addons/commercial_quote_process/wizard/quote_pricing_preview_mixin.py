from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.pricing import UnreachablePriceError

# Kinds of rows that the client may be left to choose.
OPTIONAL_KINDS = {"service", "rebilled"}


class QuotePricingPreviewMixin(models.AbstractModel):
    """What a pricing would do, shown while it is being thought over.

    The preview holds costs and margins only for those who may read them.
    """

    _name = "quote.pricing.preview.mixin"
    _description = "Preview of a pricing"

    # The choices of the dialog, named here for what is computed from them.
    order_id = fields.Many2one("sale.order")
    currency_id = fields.Many2one("res.currency")
    preview = fields.Json(compute="_compute_preview", export_string_translation=False)
    price = fields.Monetary(compute="_compute_result", string="Untaxed price")
    margin = fields.Monetary(compute="_compute_result")
    margin_percent = fields.Float(compute="_compute_result", string="Margin (%)")
    is_under_floor = fields.Boolean(compute="_compute_result")

    # === COMPUTE METHODS === #

    @api.model
    def _get_preview_dependencies(self):
        """Return the names of the choices that change the preview.

        :rtype: tuple(str)
        """
        return (
            "order_id",
            "mode",
            "granularity",
            "overhead_split",
            "contingency_split",
            "rounding",
            "target_margin_percent",
            "markup_percent",
            "total_wanted",
            "overrides",
        )

    @api.depends(lambda self: self._get_preview_dependencies())
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_preview(self):
        for pricing in self:
            pricing.preview = pricing.order_id and pricing._get_preview()

    @api.depends("preview")
    def _compute_result(self):
        for pricing in self:
            order_sudo = pricing._get_readable_order_sudo()
            rows = pricing._find_rows(order_sudo)[0]
            totals = pricing._get_totals(order_sudo, rows) if order_sudo else {}
            pricing.price = totals.get("price", 0.0)
            pricing.margin = totals.get("margin", 0.0)
            pricing.margin_percent = totals.get("margin_percent", 0.0) / 100
            pricing.is_under_floor = totals.get("is_under_floor", False)

    # === ROWS === #

    def _find_rows(self, order_sudo):
        """Return the priced rows, and why they are not what was asked for, if so.

        :param order_sudo: the quote in superuser mode, after a check of the user's access
        :return: see ``sale.order._get_priced_rows``, and a sentence or False
        :rtype: tuple(list(dict), str | bool)
        """
        self.ensure_one()
        if not order_sudo.estimate_id:
            return [], False
        overrides = self._get_overrides()
        try:
            choices = self._get_choices()
        except UserError as error:
            return [], str(error)
        try:
            return order_sudo._get_priced_rows(choices, overrides, self._get_weigh_by()), False
        except UnreachablePriceError:
            reachable = {**choices, "pricing_mode": "rate_card", "pricing_total": 0.0}
            rows = order_sudo._get_priced_rows(reachable, overrides)
            return rows, self._get_unreachable_message(choices)

    def _get_card_total(self):
        """Return what the firm rows come to by the rate card.

        :rtype: float
        """
        order_sudo = self._get_readable_order_sudo()
        rows = order_sudo._get_costed_rows(self._get_choices(), self._get_overrides())
        return sum(row["price"] for row in rows if not row["optional"])

    # === PREVIEW === #

    def _get_preview(self):
        """Return what the screen shows, with costs and margins for those who may read them.

        :return: ``rows``, ``gone`` (lines that would disappear), ``totals``, ``error`` and
            ``sees_costs``; amounts in the quote's currency, percentages from 0 to 100
        :rtype: dict
        """
        self.ensure_one()
        order_sudo = self._get_readable_order_sudo()
        rows, error = self._find_rows(order_sudo)
        lines = order_sudo._get_lines_by_key()
        sold = {key: line for key, line in lines.items() if not line.display_type}
        preview = {
            "error": error,
            "sees_costs": self._may_use_costs(),
            "is_priced": bool(sold),
            "rows": [self._prepare_preview_row(row, sold.pop(row["key"], None)) for row in rows],
            "gone": [
                {"key": key, "name": line.name, "before": line._get_effective_price()}
                for key, line in sold.items()
            ],
            "totals": self._get_totals(order_sudo, rows),
        }
        return preview if preview["sees_costs"] else self._without_costs(preview)

    def _prepare_preview_row(self, row, line):
        """Return what the screen shows of a row.

        An overrider may add keys; a key that tells a cost goes into ``_get_cost_keys`` too.

        :param dict row: see ``sale.order._get_priced_rows``
        :param line: the ``sale.order.line`` that sells it today, or None
        :rtype: dict
        """
        margin = row["price"] - row["cost"]
        return {
            "key": row["key"],
            "kind": row["kind"],
            "name": row["name"],
            "phase": row["phase"].name if row["phase"] != row["item"] else False,
            "days": row["days"],
            "price": row["price"],
            "is_typed": row["manual"] is not None,
            "is_optional": row["optional"],
            "may_be_optional": row["kind"] in OPTIONAL_KINDS,
            "before": line._get_effective_price() if line else False,
            "cost": row["cost"],
            "cost_before": line._get_effective_cost() if line else False,
            "margin": margin,
            "margin_percent": 100 * margin / row["price"] if row["price"] else 0.0,
        }

    def _get_totals(self, order_sudo, rows):
        """Return the figures of the whole price, options apart.

        :param order_sudo: the quote in superuser mode, after a check of the user's access
        :param list rows: see ``sale.order._get_priced_rows``
        :rtype: dict
        """
        firm = [row for row in rows if not row["optional"]]
        lines = order_sudo.order_line.filtered(lambda line: not line.display_type)
        by_hand = lines.filtered(lambda line: not line.is_from_estimate)
        days = sum(row["days"] for row in firm)
        services = sum(row["price"] for row in firm if row["kind"] != "rebilled")
        return {
            **self._get_margin_figures(order_sudo, firm),
            "days": days,
            "daily_price": services / days if days else 0.0,
            "before": sum((lines - by_hand).mapped("price_subtotal")),
            "card_price": sum(row["card_price"] for row in firm),
            "added_by_hand": sum(by_hand.mapped("price_subtotal")),
            "target_percent": self.sudo().target_margin_percent
            or order_sudo.company_id.quote_target_margin_percent,
            "floor_percent": order_sudo.company_id.quote_floor_margin_percent,
            "with_options": len(firm) < len(rows) and self._get_margin_figures(order_sudo, rows),
            **self._get_cost_summary(order_sudo),
        }

    @api.model
    def _get_margin_figures(self, order_sudo, rows):
        """Return price, cost, margin and floor of rows that are sold together.

        :param order_sudo: the quote in superuser mode, after a check of the user's access
        :param list rows: see ``sale.order._get_priced_rows``
        :rtype: dict
        """
        price = order_sudo.currency_id.round(sum(row["price"] for row in rows))
        cost = order_sudo.currency_id.round(sum(row["cost"] for row in rows))
        floor = order_sudo._get_floor_price(cost)
        return {
            "price": price,
            "cost": cost,
            "margin": price - cost,
            "margin_percent": 100 * (price - cost) / price if price else 0.0,
            "floor": floor,
            "is_under_floor": order_sudo._is_below_floor(price, floor),
        }

    @api.model
    def _get_cost_summary(self, order_sudo):
        """Return the parts of the cost price, in the quote's currency.

        :param order_sudo: the quote in superuser mode, after a check of the user's access
        :rtype: dict
        """
        estimate = order_sudo.estimate_id
        names = ("workload_cost", "other_cost", "overhead_amount", "contingency_amount")
        return {name: order_sudo._to_quote_currency(estimate[name]) for name in names}

    @api.model
    def _get_cost_keys(self):
        """Return the keys of the preview from which a cost or a margin can be told.

        :rtype: frozenset
        """
        return frozenset(
            {
                "contingency_amount",
                "cost",
                "cost_before",
                "floor",
                "floor_percent",
                "is_under_floor",
                "margin",
                "margin_percent",
                "other_cost",
                "overhead_amount",
                "target_percent",
                "workload_cost",
            }
        )

    def _without_costs(self, value):
        """Return a part of the preview without what tells a cost.

        :param value: a dict, a list or a plain value of the preview
        """
        if isinstance(value, list):
            return [self._without_costs(part) for part in value]
        if not isinstance(value, dict):
            return value
        hidden = self._get_cost_keys()
        return {key: self._without_costs(part) for key, part in value.items() if key not in hidden}
