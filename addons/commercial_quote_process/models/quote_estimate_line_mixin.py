from odoo import api, fields, models
from odoo.orm.fields import resolve_mro
from odoo.tools import SQL

from ..const import COST_GROUPS

# Where a line comes from: its pricing says it, nobody types it.
ORIGIN_FIELDS = frozenset(
    {
        "estimate_cost_id",
        "estimate_figures",
        "estimate_item_id",
        "estimate_role_id",
        "estimate_row_kind",
        "is_from_estimate",
    }
)
# What follows from quantity, price, taxes and cost.
LINE_FIGURES = frozenset({"margin", "margin_percent", "price_subtotal", "price_tax", "price_total"})


class QuoteEstimateLineMixin(models.AbstractModel):
    """A line of a quote that was made from its estimate, and knows what it was made of."""

    _name = "quote.estimate.line.mixin"
    _description = "Line made from an estimate"
    _inherit = ["quote.figure.mixin"]

    _computed_figures = LINE_FIGURES

    is_from_estimate = fields.Boolean(
        string="Made from the estimate", copy=False, readonly=True, groups=COST_GROUPS
    )
    estimate_row_kind = fields.Selection(
        [
            ("service", "Service"),
            ("overhead", "Overhead"),
            ("contingency", "Contingency"),
            ("rebilled", "Rebilled cost"),
            ("section", "Phase"),
            ("section_costs", "Other services"),
            ("section_options", "Options"),
        ],
        string="Part of the estimate",
        copy=False,
        readonly=True,
        groups=COST_GROUPS,
    )
    estimate_item_id = fields.Many2one(
        "quote.estimate.item",
        string="Item of the estimate",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=COST_GROUPS,
        help="The phase or task that this line sells; its cost is the item's cost.",
    )
    estimate_role_id = fields.Many2one(
        "project.role",
        string="Role of the estimate",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=COST_GROUPS,
        help="The role whose days this line sells.",
    )
    estimate_cost_id = fields.Many2one(
        "quote.estimate.cost",
        string="Cost of the estimate",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=COST_GROUPS,
        help="The cost that this line rebills.",
    )
    estimate_figures = fields.Json(
        copy=False,
        readonly=True,
        groups=COST_GROUPS,
        export_string_translation=False,
    )

    @api.model
    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su and field.name in ORIGIN_FIELDS:
            return False
        return super()._has_field_access(field, operation)

    # === WHAT ODOO WOULD COMPUTE === #

    def _get_process_records(self):
        return self.filtered(lambda line: line.order_id.quote_process)

    def _split_estimated(self):
        """Return the lines made from an estimate, and the others."""
        estimated = self.filtered(lambda line: line.sudo().is_from_estimate)
        return estimated, self - estimated

    def _get_cost_dependencies(self):
        """Return what Odoo, and the modules installed, make the cost of a line depend on.

        :rtype: list[str]
        """
        dependencies = []
        for function in resolve_mro(self, "_compute_purchase_price", callable):
            found = getattr(function, "_depends", ())
            dependencies += found(self) if callable(found) else found
        return dependencies

    @api.depends(lambda self: self._get_cost_dependencies())
    def _compute_line_cost(self):
        """The cost of a line made from the estimate is the estimate's, not the product's.

        Not an override of Odoo's own computation: modules that are loaded later, such as the one
        that takes the cost from timesheets, would have the last word.
        """
        estimated, others = self._split_estimated()
        for line in estimated:
            line.purchase_price = line.purchase_price
        others._compute_purchase_price()

    def _compute_price_unit(self):
        """The price of a line made from the estimate comes from no price list."""
        _estimated, others = self._split_estimated()
        return super(QuoteEstimateLineMixin, others)._compute_price_unit()

    def _compute_discount(self):
        _estimated, others = self._split_estimated()
        return super(QuoteEstimateLineMixin, others)._compute_discount()

    def _compute_pricelist_item_id(self):
        estimated, others = self._split_estimated()
        estimated.pricelist_item_id = False
        return super(QuoteEstimateLineMixin, others)._compute_pricelist_item_id()

    # === WHAT A PRICING NEEDS TO KNOW === #

    def _get_row(self):
        """Return what tells which row of the estimate this line sells.

        :return: ``kind``, ``item``, ``role`` and ``rebilled_cost``, see ``_prepare_sale_row``
        :rtype: dict
        """
        self.ensure_one()
        return {
            "kind": self.estimate_row_kind or "service",
            "item": self.estimate_item_id,
            "role": self.estimate_role_id,
            "rebilled_cost": self.estimate_cost_id,
        }

    def _is_option(self):
        """Return whether this line stands outside the total, for the client to add.

        :rtype: bool
        """
        self.ensure_one()
        return self._is_offered_option() and not self.product_uom_qty

    def _is_offered_option(self):
        """Return whether this line is offered as an option, taken by the client or not.

        Priced as one from the estimate, or typed by hand in an optional section.

        :rtype: bool
        """
        self.ensure_one()
        if self.display_type:
            return False
        figures = self.estimate_figures or {}
        is_open = not self.product_uom_qty and self._is_line_optional()
        return bool(figures.get("optional") or is_open)

    def _get_effective_price(self):
        """Return what this line brings without taxes; an option, what it would bring.

        :rtype: float
        """
        self.ensure_one()
        if not self._is_option():
            return self.price_subtotal
        price = self.price_unit * (1 - self.discount / 100)
        included = self.tax_ids.filtered("price_include")
        if not included:
            return self.currency_id.round(price)
        return included.compute_all(price, self.currency_id)["total_excluded"]

    def _get_effective_cost(self):
        """Return what this line costs; an option, what it would cost.

        :rtype: float
        """
        self.ensure_one()
        quantity = 1.0 if self._is_option() else self.product_uom_qty
        return self.purchase_price * quantity

    def _has_other_cost(self, cost):
        """Return whether this line no longer carries a cost of the estimate.

        :param float cost: in the quote's currency
        :rtype: bool
        """
        self.ensure_one()
        currency = self.currency_id or self.company_id.currency_id
        return bool(currency.compare_amounts(self._get_effective_cost(), cost))

    def _get_typed_price(self):
        """Return the price that a person gave this line, in a pricing or on the quote itself.

        :rtype: float | None
        """
        self.ensure_one()
        figures = self.estimate_figures or {}
        price = self._get_effective_price()
        currency = self.currency_id or self.company_id.currency_id
        same = not figures or not currency.compare_amounts(price, figures["price"])
        return None if same and not figures.get("manual") else price

    def _get_changes(self, values):
        """Return the values that are not this line's own yet.

        :param dict values: as for ``write``
        :rtype: dict
        """
        self.ensure_one()
        changes = {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }
        # Another product would bring its own text.
        return {**changes, "name": values["name"]} if "product_id" in changes else changes

    # === VERSIONS === #

    @api.model
    def _get_version_fields(self):
        """Return the names of the fields of a line that a version takes over, a duplicate not.

        An overrider returns the union of ``super()`` and its own names.

        :rtype: frozenset
        """
        return ORIGIN_FIELDS | {"purchase_price"}

    def _prepare_version_values(self):
        """Return what a line's copy keeps in a new version of its quote, but not elsewhere.

        :rtype: dict
        """
        self.ensure_one()
        return {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in self._get_version_fields()
        }

    def _follow_copies(self, name, copied):
        """Let the lines of a new version point to the copied rows of its estimate, all at once.

        :param str name: "estimate_item_id" or "estimate_cost_id"
        :param dict copied: id of each copied row by id of its original
        """
        if not copied or not self.ids:
            return
        self.flush_recordset([name])
        column = SQL.identifier(name)
        self.env.cr.execute(
            SQL(
                "UPDATE sale_order_line SET %s = copy.id FROM (VALUES %s) AS copy (original_id, id)"
                " WHERE sale_order_line.id IN %s AND sale_order_line.%s = copy.original_id",
                column,
                SQL(", ").join(SQL("(%s, %s)", *pair) for pair in copied.items()),
                tuple(self.ids),
                column,
            )
        )
        self.invalidate_recordset([name])
