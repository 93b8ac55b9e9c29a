from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_amount, format_list, formatLang

from ..const import COST_GROUPS, EDITABLE_STEPS
from .quote_estimate_content_mixin import (
    COST_FIELDS,
    ESTIMATE_FIELDS,
    ITEM_FIELDS,
    WORKLOAD_FIELDS,
)
from .quote_offer_content_mixin import LINE_FIELDS
from .quote_pricing_layout_mixin import SECTION_KINDS

# What the comparison reads besides the content.
COMPARED_LINE_FIELDS = (
    "company_id",
    "currency_id",
    "estimate_cost_id",
    "estimate_role_id",
    "is_from_estimate",
)
COMPARED_ESTIMATE_FIELDS = (
    "company_id",
    "contingency_amount",
    "overhead_amount",
    "state",
    "total_cost",
)


class QuotePricingDifferenceMixin(models.AbstractModel):
    """What the estimate says today that the lines of its quote do not say."""

    _name = "quote.pricing.difference.mixin"
    _description = "Estimate and lines compared"

    is_price_stale = fields.Boolean(
        string="Price older than the estimate",
        compute="_compute_price_differences",
        compute_sudo=True,
        groups=COST_GROUPS,
        help="The lines made from the estimate no longer carry its cost.",
    )
    price_differences = fields.Html(
        string="Changed since the price was set",
        compute="_compute_price_differences",
        compute_sudo=True,
        groups=COST_GROUPS,
        help="Line by line, what the estimate says today that the quote does not.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "quote_step",
        "estimated_cost",
        "estimate_id.workload_ids.cost",
        "estimate_id.cost_ids.cost",
        "estimate_id.item_ids.name",
        "estimate_id.item_ids.parent_id",
        "order_line.estimate_figures",
        "order_line.product_uom_qty",
        "order_line.purchase_price",
    )
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_price_differences(self):
        for order in self:
            changes = order._get_price_differences()
            texts = [order._get_difference_text(change) for change in changes]
            items = Markup().join(Markup("<li>%s</li>") % text for text in texts)
            order.is_price_stale = any(change["is_cost"] for change in changes)
            order.price_differences = items and Markup('<ul class="mb-0">%s</ul>') % items

    # === COMPARISON === #

    def _prefetch_price_differences(self):
        """Read what the comparison of these quotes takes, in superuser mode: a query per table."""
        self._prefetch_rows("order_line", (*LINE_FIELDS, *COMPARED_LINE_FIELDS))
        estimates = self.estimate_id
        estimates.fetch((*ESTIMATE_FIELDS, *COMPARED_ESTIMATE_FIELDS))
        estimates._prefetch_rows("item_ids", ITEM_FIELDS)
        estimates._prefetch_rows("workload_ids", (*WORKLOAD_FIELDS, "cost", "price"))
        estimates._prefetch_rows("cost_ids", (*COST_FIELDS, "cost"))

    def _is_price_left_behind(self):
        """Return whether the lines no longer carry the cost of the estimate; in superuser mode.

        As ``is_price_stale``, without the words for it.

        :rtype: bool
        """
        # Nobody reads the names: whatever language is at hand will do.
        changes = self._get_price_differences(lang=self.env.lang or "en_US")
        return any(change["is_cost"] for change in changes)

    def _get_price_differences(self, lang=None):
        """Return what differs between the estimate and the lines made from it.

        Called in superuser mode.

        :param str lang: language of the names; the client's when it is None
        :return: dicts with ``line`` (may be empty), ``row`` (see ``_get_costed_rows``, or None),
            ``name`` and ``is_cost`` (the cost of the quote is not the estimate's)
        :rtype: list(dict)
        """
        self.ensure_one()
        lines = self._get_lines_by_key()
        sold = {k: v for k, v in lines.items() if v.estimate_row_kind not in SECTION_KINDS}
        if not sold or self.quote_step not in EDITABLE_STEPS["commercial"]:
            return []
        choices = {**self._get_pricing_choices(), "lang": lang}
        rows = self._get_costed_rows(choices, self._get_applied_options(sold))
        changes = []
        for row in rows:
            line = sold.pop(row["key"], self.order_line.browse())
            if not line or line._has_other_cost(row["cost"]):
                changes.append({"line": line, "row": row, "name": row["name"], "is_cost": True})
            elif (line.estimate_figures or {}).get("name", row["name"]) != row["name"]:
                changes.append({"line": line, "row": row, "name": row["name"], "is_cost": False})
        return changes + [
            {"line": line, "row": None, "name": line.name, "is_cost": True}
            for line in sold.values()
        ]

    def _get_applied_options(self, lines):
        """Return which rows stand outside the total on the quote, as overrides of its pricing.

        :param dict lines: see ``_get_lines_by_key``
        :rtype: dict
        """
        return {key: {"optional": True} for key, line in lines.items() if line._is_option()}

    def _get_difference_text(self, change):
        """Return one difference in a sentence, without costs for those who may not read them.

        :param dict change: see ``_get_price_differences``
        :rtype: str
        """
        line, row, name = change["line"], change["row"], change["name"]
        if row is None:
            return self.env._(
                "%(name)s is no longer in the estimate; the quote sells it at %(price)s.",
                name=name,
                price=format_amount(self.env, line._get_effective_price(), self.currency_id),
            )
        if not change["is_cost"]:
            return self.env._(
                "%(before)s is called %(after)s in the estimate.",
                before=line.estimate_figures["name"],
                after=name,
            )
        days = formatLang(self.env, row["days"])
        if not line:
            return self.env._("%(name)s is new: %(days)s days.", name=name, days=days)
        before = (line.estimate_figures or {}).get("days", row["days"])
        moves = [self._get_cost_move(line, row)]
        if formatLang(self.env, before) != days:
            moves.append(
                self.env._(
                    "days %(before)s → %(after)s",
                    before=formatLang(self.env, before),
                    after=days,
                )
            )
        return f"{name}: {format_list(self.env, moves)}"

    def _get_cost_move(self, line, row):
        """Return how the cost of a line changed, in words when it is not for the reader's eyes.

        :param line: the ``sale.order.line``
        :param dict row: what it would sell now, see ``_get_costed_rows``
        :rtype: str
        """
        if not self.sudo(False)._sees_costs():
            return self.env._("another cost")
        return self.env._(
            "cost %(before)s → %(after)s",
            before=format_amount(self.env, line._get_effective_cost(), self.currency_id),
            after=format_amount(self.env, row["cost"], self.currency_id),
        )
