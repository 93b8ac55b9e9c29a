from odoo import api, fields, models

from ..const import COST_FAMILIES, ESTIMATE_COST_GROUPS, TRAVEL_KINDS


class QuoteCostUnit(models.Model):
    """A cost that comes back from one estimate to the next: a night, a train ticket, a month.

    Rows of estimates copy it: a later price of the catalogue changes new rows only.
    """

    _name = "quote.cost.unit"
    _description = "Reusable cost"
    _inherit = ["quote.cost.access.mixin"]
    _cost_reader_groups = ESTIMATE_COST_GROUPS
    _order = "family, sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    family = fields.Selection(COST_FAMILIES, required=True, default="travel")
    travel_kind = fields.Selection(
        TRAVEL_KINDS,
        string="Part of a trip",
        help="The travel helper of estimates proposes the first cost of each part.",
    )
    unit = fields.Char(
        translate=True, help="What one is, for example: night, return ticket, month."
    )
    unit_cost = fields.Monetary(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    _cost_range = models.Constraint(
        "CHECK (unit_cost BETWEEN 0 AND 999999999)",
        "A cost cannot be negative, nor beyond measure.",
    )
    _travel_family = models.Constraint(
        "CHECK (travel_kind IS NULL OR family = 'travel')",
        "Only costs of the family “Travel” are parts of a trip.",
    )

    @api.model
    def _get_cost_fields(self):
        return super()._get_cost_fields() | {"unit_cost"}

    @api.onchange("family")
    def _onchange_family(self):
        if self.family != "travel":
            self.travel_kind = False

    def _compute_display_name(self):
        for cost in self:
            cost.display_name = f"{cost.name} ({cost.unit})" if cost.unit else cost.name

    @api.model
    def get_import_templates(self):
        """Offer a file to start from, in Odoo's own import of reusable costs."""
        return [
            {
                "label": self.env._("Template of reusable costs"),
                "template": "/commercial_quote_process/static/xls/reusable_costs.csv",
            }
        ]

    @api.model
    def _get_usual(self, company):
        """Return the usual cost of each part of a trip: the first one of the catalogue.

        :param company: the ``res.company`` that sells
        :return: ``quote.cost.unit`` by kind; a kind without a cost is missing
        :rtype: dict
        """
        costs = self.search([("company_id", "=", company.id), ("travel_kind", "!=", False)])
        return {kind: found[:1] for kind, found in costs.grouped("travel_kind").items()}
