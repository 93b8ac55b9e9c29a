from odoo import api, fields, models

from ..const import (
    COST_GROUPS,
    PRICING_GRANULARITIES,
    PRICING_MODES,
    PRICING_ROUNDINGS,
    PRICING_SPLITS,
)
from ..tools.costing import distribute, price_for_margin
from ..tools.pricing import PriceFinder, PriceRow
from .quote_estimate_cost_mixin import COST_PARTS

# Kinds of rows that stand for a part of the cost price, where the client sees it as such.
OWN_PARTS = {"overhead": "pricing_overhead", "contingency": "pricing_contingency"}


class QuotePricingRowMixin(models.AbstractModel):
    """From the estimate to priced rows, by the choices of the salesperson."""

    _name = "quote.pricing.row.mixin"
    _description = "Priced rows of a quote"

    # Defined by the quote, named here for the amounts.
    currency_id = fields.Many2one("res.currency")
    pricing_mode = fields.Selection(
        PRICING_MODES, string="Priced by", copy=False, groups=COST_GROUPS
    )
    pricing_granularity = fields.Selection(
        PRICING_GRANULARITIES, string="Lines of the quote", copy=False, groups=COST_GROUPS
    )
    pricing_overhead = fields.Selection(
        PRICING_SPLITS, string="Overhead in the price", copy=False, groups=COST_GROUPS
    )
    pricing_contingency = fields.Selection(
        PRICING_SPLITS, string="Contingency in the price", copy=False, groups=COST_GROUPS
    )
    pricing_markup_percent = fields.Float(
        string="Markup of rebilled costs (%)", copy=False, groups=COST_GROUPS
    )
    pricing_rounding = fields.Selection(
        PRICING_ROUNDINGS, string="Rounding of the price", copy=False, groups=COST_GROUPS
    )
    pricing_total = fields.Monetary(
        string="Total wanted",
        copy=False,
        groups=COST_GROUPS,
        help="The total that the last pricing was brought to; 0 when it follows from the method.",
    )

    # === CHOICES === #

    @api.model
    def _get_choice_fields(self):
        """Return the names of the fields that remember how a quote was priced.

        An overrider returns the union of ``super()`` and its own names.

        :rtype: frozenset
        """
        return frozenset(
            {
                "pricing_mode",
                "pricing_granularity",
                "pricing_overhead",
                "pricing_contingency",
                "pricing_markup_percent",
                "pricing_rounding",
                "pricing_total",
                "target_margin_percent",
            }
        )

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | self._get_choice_fields()

    @api.model
    def _get_version_fields(self):
        return super()._get_version_fields() | self._get_choice_fields()

    def _get_pricing_choices(self):
        """Return how this quote was priced, or how a first pricing starts; in superuser mode.

        :return: value by name of ``_get_choice_fields``
        :rtype: dict
        """
        self.ensure_one()
        company = self.company_id
        usual = {
            "pricing_mode": "margin",
            "pricing_granularity": "phase",
            "pricing_overhead": "spread",
            "pricing_contingency": "spread",
            "pricing_markup_percent": company.quote_markup_percent,
            "pricing_rounding": "none",
            "pricing_total": 0.0,
            "target_margin_percent": company.quote_target_margin_percent,
        }
        known = {name: self[name] for name in self._get_choice_fields()}
        return {**usual, **known} if self.pricing_mode else usual

    def _get_last_overrides(self):
        """Return what a person decided for single lines, to propose it again; in superuser mode.

        :return: see ``_get_costed_rows``
        :rtype: dict
        """
        self.ensure_one()
        overrides = {}
        for key, line in self._get_lines_by_key().items():
            if line.display_type:
                continue
            typed = line._get_typed_price()
            wish = {} if typed is None else {"price": typed}
            if line._is_option():
                wish["optional"] = True
            if wish:
                overrides[key] = wish
        return overrides

    # === ROWS === #

    def _get_costed_rows(self, choices, overrides):
        """Return the rows to sell before their price, in the quote's currency; in superuser mode.

        The costs of the rows add up to ``estimated_cost`` exactly. What the client may leave out
        bears its own share of overhead and contingency, on its own line, so that the rest still
        pays for itself.

        :param dict choices: see ``_get_pricing_choices``; ``lang`` when the names need not be in
            the client's language
        :param dict overrides: by key of a row, ``optional`` (bool), ``price`` or ``margin`` (float)
        :return: the dicts of ``quote.estimate._get_sale_rows`` with ``key``, ``optional`` and
            ``manual``; ``cost`` is the whole cost and ``price`` the price by the rate card
        :rtype: list(dict)
        """
        self.ensure_one()
        lang = choices.get("lang") or self._get_lang()
        estimate = self.estimate_id.with_context(lang=lang)
        rows = estimate._get_sale_rows(choices["pricing_granularity"])
        self._convert_rows(rows)
        for row in rows:
            row["key"] = self._get_row_key(row)
            wish = overrides.get(row["key"], {})
            row["optional"] = bool(wish.get("optional"))
        rows = self.with_context(lang=lang)._gather_own_parts(rows, choices)
        for row in rows:
            row["manual"] = self._get_manual_price(row, overrides.get(row["key"], {}))
        return rows

    def _get_row_key(self, row):
        """Return what tells a row from the others, the same at each pricing.

        :param dict row: a row, or what a line keeps of one
        :rtype: str
        """
        sources = (row["item"], row["role"], row["rebilled_cost"])
        return ":".join([row["kind"], *(str(source.id or 0) for source in sources)])

    def _convert_rows(self, rows):
        """Put rows of the estimate into the quote's currency; costs still add up exactly."""
        currency = self.currency_id
        if currency != self.company_id.currency_id:
            parts = [row[part] for row in rows for part in COST_PARTS]
            shares = iter(distribute(self.estimated_cost, parts, currency.rounding))
            for row in rows:
                row.update({part: next(shares) for part in COST_PARTS})
                row["price"] = self._to_quote_currency(row["price"])

    def _gather_own_parts(self, rows, choices):
        """Put overhead and contingency where the client sees them: in the rows, or beside them.

        Called in the client's language.

        :rtype: list(dict)
        """
        currency = self.currency_id
        names = {"overhead": self._get_overhead_name(), "contingency": self._get_contingency_name()}
        own_rows = []
        for part, choice in OWN_PARTS.items():
            own = self.env["quote.estimate"]._prepare_sale_row(None, names[part], kind=part)
            for row in rows:
                bearer = own if choices[choice] == "own" and not row["optional"] else row
                bearer["cost"] = currency.round(bearer["cost"] + row[part])
                bearer["price"] = currency.round(bearer["price"] + row[part])
            if own["cost"]:
                own_rows.append({**own, "key": self._get_row_key(own), "optional": False})
        rebilled = [row for row in rows if row["kind"] == "rebilled"]
        return [row for row in rows if row["kind"] != "rebilled"] + own_rows + rebilled

    def _get_overhead_name(self):
        """Return how the client reads the overhead, when it has a line.

        :rtype: str
        """
        return self.env._("Project management")

    def _get_contingency_name(self):
        """Return how the client reads the contingency, when it has a line.

        :rtype: str
        """
        return self.env._("Provision for risks")

    def _get_manual_price(self, row, wish):
        """Return the price that a person typed for a row, or that follows from a typed margin.

        :param dict row: the row, with its whole cost
        :param dict wish: see ``_get_costed_rows``
        :rtype: float | None
        """
        if "price" in wish:
            return wish["price"]
        if "margin" in wish:
            return price_for_margin(row["cost"], min(wish["margin"], 99.9))
        return None

    # === PRICES === #

    def _get_priced_rows(self, choices, overrides, weigh_by="cost"):
        """Return the rows to sell with their ``price``, in the quote's currency.

        :param dict choices: see ``_get_pricing_choices``
        :param dict overrides: see ``_get_costed_rows``
        :param str weigh_by: see ``tools.pricing.PriceFinder``
        :return: the rows, each with ``card_price`` and ``price``
        :rtype: list(dict)
        :raise UnreachablePriceError: when the margin or the total wanted cannot be reached
        """
        rows = self._get_costed_rows(choices, overrides)
        rounding = choices["pricing_rounding"]
        finder = PriceFinder(
            [
                PriceRow(
                    cost=row["cost"],
                    card_price=row["price"],
                    is_rebilled=row["kind"] == "rebilled",
                    is_optional=row["optional"],
                    manual_price=row["manual"],
                )
                for row in rows
            ],
            choices["pricing_mode"],
            step=self.currency_id.rounding,
            margin_percent=choices["target_margin_percent"] or 0.0,
            total=choices["pricing_total"] or None,
            rounding=0 if rounding == "none" else int(rounding),
            markup_percent=choices["pricing_markup_percent"] or 0.0,
            weigh_by=weigh_by,
        )
        return [
            {**row, "card_price": row["price"], "price": price}
            for row, price in zip(rows, finder.find(), strict=True)
        ]
