from odoo import api, fields, models
from odoo.exceptions import ValidationError


class QuoteEstimateCost(models.Model):
    """What the service costs besides days: travel, equipment, subcontracting."""

    _name = "quote.estimate.cost"
    _description = "Other cost of an estimate"
    _inherit = ["quote.estimate.row.mixin"]
    _order = "family, id"

    family = fields.Selection(
        [
            ("travel", "Travel"),
            ("equipment", "Equipment"),
            ("subcontracting", "Subcontracting"),
            ("other", "Other"),
        ],
        required=True,
        default="travel",
    )
    name = fields.Char(required=True)
    item_id = fields.Many2one(
        "quote.estimate.item",
        string="For",
        index="btree_not_null",
        ondelete="set null",
        domain="[('estimate_id', '=', estimate_id)]",
        help="The phase or task that causes this cost; leave empty when all of them do.",
    )
    quantity = fields.Float(required=True, default=1.0, digits=(16, 2))
    unit_cost = fields.Monetary(string="Unit cost", required=True)
    cost = fields.Monetary(compute="_compute_cost", store=True)
    is_rebilled = fields.Boolean(
        string="Rebilled",
        help="Shown to the client as a line of its own, instead of in the phases.",
    )

    _amounts_range = models.Constraint(
        "CHECK (quantity BETWEEN 0 AND 999999 AND unit_cost BETWEEN 0 AND 999999999)",
        "Quantities lie between 0 and 999,999, unit costs between 0 and 999,999,999.",
    )

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
    def _get_computed_fields(self):
        return super()._get_computed_fields() | {"cost"}

    # === BUSINESS METHODS === #

    def _copy_to(self, estimate, copied_items):
        """Copy these costs into another estimate.

        :param estimate: the ``quote.estimate`` that receives them
        :param dict copied_items: id of the copied item by id of its original
        :rtype: quote.estimate.cost
        """
        return self.create(
            [
                {
                    "estimate_id": estimate.id,
                    "family": row.family,
                    "name": row.name,
                    "item_id": copied_items.get(row.item_id.id, False),
                    "quantity": row.quantity,
                    "unit_cost": row.unit_cost,
                    "is_rebilled": row.is_rebilled,
                }
                for row in self
            ]
        )
