from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import COST_FAMILIES

# What a row copies from a reusable cost.
CATALOGUE_FIELDS = ("family", "name", "unit", "unit_cost")


class QuoteEstimateCost(models.Model):
    """What the service costs besides days: travel, equipment, subcontracting."""

    _name = "quote.estimate.cost"
    _description = "Other cost of an estimate"
    _inherit = ["quote.estimate.row.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    cost_unit_id = fields.Many2one(
        "quote.cost.unit",
        string="Reusable cost",
        check_company=True,
        ondelete="set null",
        # Salespeople read estimates, not the catalogue.
        groups="project.group_project_user",
        help="Fills the row from the catalogue; the row keeps its cost when the catalogue changes.",
    )
    family = fields.Selection(
        COST_FAMILIES,
        required=True,
        compute="_compute_from_catalogue",
        store=True,
        precompute=True,
        readonly=False,
    )
    name = fields.Char(
        string="Description",
        required=True,
        compute="_compute_from_catalogue",
        store=True,
        precompute=True,
        readonly=False,
    )
    item_id = fields.Many2one(
        "quote.estimate.item",
        string="For",
        index="btree_not_null",
        ondelete="set null",
        domain="[('estimate_id', '=', estimate_id)]",
        help="The phase or task that causes this cost; leave empty when all of them do.",
    )
    quantity = fields.Float(required=True, default=1.0, digits=(16, 2))
    unit = fields.Char(
        compute="_compute_from_catalogue",
        store=True,
        precompute=True,
        readonly=False,
        help="What the quantity counts, for example: night, return ticket, month.",
    )
    unit_cost = fields.Monetary(
        string="Unit cost",
        required=True,
        compute="_compute_from_catalogue",
        store=True,
        precompute=True,
        readonly=False,
    )
    cost = fields.Monetary(compute="_compute_cost", store=True)
    is_rebilled = fields.Boolean(
        string="Rebilled",
        help="Shown to the client as a line of its own, instead of in the phases.",
    )

    _amounts_range = models.Constraint(
        "CHECK (quantity BETWEEN 0 AND 999999 AND unit_cost BETWEEN 0 AND 999999999)",
        "Quantities lie between 0 and 999,999, unit costs between 0 and 999,999,999.",
    )

    # The cost chosen, never its values: a later price of the catalogue does not move the row.
    @api.depends("cost_unit_id")
    def _compute_from_catalogue(self):
        for row in self:
            source = row.cost_unit_id or row
            for name in CATALOGUE_FIELDS:
                row[name] = source[name]
            row.family = row.family or COST_FAMILIES[0][0]

    @api.depends("quantity", "unit_cost")
    def _compute_cost(self):
        for row in self:
            currency = row.currency_id or self.env.company.currency_id
            row.cost = currency.round(row.quantity * row.unit_cost)

    # === CONSTRAINT METHODS === #

    @api.constrains("item_id")
    def _check_item(self):
        for row in self:
            if row.item_id and row.item_id.estimate_id != row.estimate_id:
                raise ValidationError(
                    self.env._("“%(item)s” belongs to another estimate.", item=row.item_id.name)
                )

    @api.model
    def _get_cost_fields(self):
        return super()._get_cost_fields() | {"cost", "unit_cost"}

    @api.model
    def _get_computed_fields(self):
        return super()._get_computed_fields() | {"cost"}

    # === BUSINESS METHODS === #

    def _copy_to(self, estimate, copied_items):
        """Copy these costs into another estimate.

        :param estimate: the ``quote.estimate`` that receives them
        :param dict copied_items: id of the copied item by id of its original
        :rtype: quote.estimate.cost
        """
        # As they are read: the copies keep their order even where they share a sequence.
        rows = self.sorted(lambda row: (row.sequence, row.id))
        return self.create([row._prepare_copy_values(estimate, copied_items) for row in rows])

    def _prepare_copy_values(self, estimate, copied_items):
        """Return the values of a copy of this cost.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "estimate_id": estimate.id,
            "sequence": self.sequence,
            "cost_unit_id": self.cost_unit_id.id,
            **{name: self[name] for name in CATALOGUE_FIELDS},
            "item_id": copied_items.get(self.item_id.id, False),
            "quantity": self.quantity,
            "is_rebilled": self.is_rebilled,
        }
