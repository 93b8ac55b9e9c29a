from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import TRAVEL_KINDS


class QuoteTravel(models.TransientModel):
    """Turns people, trips and nights into rows of other costs, one per kind.

    ==========  ==========================================
    transport   people x trips x cost of a return trip
    lodging     people x trips x nights x cost of a night
    allowance   people x trips x days x cost of a day
    ==========  ==========================================
    """

    _name = "quote.travel"
    _description = "Travel costs of an estimate"
    _check_company_auto = True

    estimate_id = fields.Many2one("quote.estimate", required=True, readonly=True)
    company_id = fields.Many2one(related="estimate_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    name = fields.Char(
        string="Purpose", required=True, help="Added to each row, for example the place."
    )
    item_id = fields.Many2one(
        "quote.estimate.item", string="For", domain="[('estimate_id', '=', estimate_id)]"
    )
    people = fields.Integer(required=True, default=1)
    trips = fields.Integer(required=True, default=1)
    nights = fields.Integer(string="Nights per trip", default=0)
    days = fields.Integer(
        string="Days per trip", compute="_compute_days", store=True, precompute=True, readonly=False
    )
    is_rebilled = fields.Boolean(string="Rebilled to the client")
    # One pair per kind: where the cost comes from, and what it is for this trip.
    transport_id = fields.Many2one(
        "quote.cost.unit", check_company=True, domain="[('family', '=', 'travel')]"
    )
    transport_cost = fields.Monetary(
        string="Return trip", compute="_compute_costs", store=True, precompute=True, readonly=False
    )
    lodging_id = fields.Many2one(
        "quote.cost.unit", check_company=True, domain="[('family', '=', 'travel')]"
    )
    lodging_cost = fields.Monetary(
        string="Night", compute="_compute_costs", store=True, precompute=True, readonly=False
    )
    allowance_id = fields.Many2one(
        "quote.cost.unit", check_company=True, domain="[('family', '=', 'travel')]"
    )
    allowance_cost = fields.Monetary(
        string="Daily allowance",
        compute="_compute_costs",
        store=True,
        precompute=True,
        readonly=False,
    )
    transport_total = fields.Monetary(compute="_compute_totals")
    lodging_total = fields.Monetary(compute="_compute_totals")
    allowance_total = fields.Monetary(compute="_compute_totals")
    total = fields.Monetary(compute="_compute_totals")

    _numbers = models.Constraint(
        "CHECK (people BETWEEN 1 AND 999 AND trips BETWEEN 1 AND 999"
        " AND nights BETWEEN 0 AND 366 AND days BETWEEN 0 AND 366)",
        "People and trips are between 1 and 999, nights and days between 0 and 366.",
    )
    _costs = models.Constraint(
        "CHECK (transport_cost >= 0 AND lodging_cost >= 0 AND allowance_cost >= 0)",
        "Costs cannot be negative.",
    )

    # === DEFAULTS AND COMPUTE METHODS === #

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        estimate = self.env["quote.estimate"].browse(values.get("estimate_id"))
        if estimate:
            usual = self.env["quote.cost.unit"]._get_usual(estimate.company_id)
            values.update({f"{kind}_id": cost.id for kind, cost in usual.items()})
        return values

    @api.depends("nights")
    def _compute_days(self):
        for travel in self:
            travel.days = travel.nights + 1

    @api.depends("transport_id", "lodging_id", "allowance_id")
    def _compute_costs(self):
        for travel in self:
            for kind, _label in TRAVEL_KINDS:
                # A kind without a cost of the catalogue keeps what was typed.
                unit = travel[f"{kind}_id"]
                travel[f"{kind}_cost"] = unit.unit_cost if unit else travel[f"{kind}_cost"]

    @api.depends(
        "people", "trips", "nights", "days", "transport_cost", "lodging_cost", "allowance_cost"
    )
    def _compute_totals(self):
        for travel in self:
            currency = travel.currency_id or self.env.company.currency_id
            quantities = travel._get_quantities()
            for kind, quantity in quantities.items():
                travel[f"{kind}_total"] = currency.round(quantity * travel[f"{kind}_cost"])
            travel.total = sum(travel[f"{kind}_total"] for kind in quantities)

    def _get_quantities(self):
        """Return how many return trips, nights and days there are in all.

        :rtype: dict
        """
        self.ensure_one()
        journeys = self.people * self.trips
        return {
            "transport": journeys,
            "lodging": journeys * self.nights,
            "allowance": journeys * self.days,
        }

    # === ACTIONS === #

    def action_apply(self):
        """Add one row of costs per kind to the estimate.

        :return: an action that closes the dialog
        :raise UserError: when the trips cost nothing
        """
        self.ensure_one()
        values = [
            self._prepare_cost_values(kind, quantity)
            for kind, quantity in self._get_quantities().items()
            if quantity and self[f"{kind}_cost"]
        ]
        if not values:
            raise UserError(self.env._("Say what a trip, a night or a day costs."))
        self.env["quote.estimate.cost"].create(values)
        return {"type": "ir.actions.act_window_close"}

    def _prepare_cost_values(self, kind, quantity):
        """Return the values of the row of costs of one kind.

        :param str kind: "transport", "lodging" or "allowance"
        :param int quantity: how many
        :rtype: dict
        """
        self.ensure_one()
        unit = self[f"{kind}_id"]
        units = {
            "transport": self.env._("return trip"),
            "lodging": self.env._("night"),
            "allowance": self.env._("day"),
        }
        labels = dict(
            self.env["quote.cost.unit"]._fields["travel_kind"]._description_selection(self.env)
        )
        return {
            "estimate_id": self.estimate_id.id,
            "family": "travel",
            "cost_unit_id": unit.id,
            "name": self.env._(
                "%(kind)s, %(purpose)s", kind=unit.name or labels[kind], purpose=self.name
            ),
            "item_id": self.item_id.id,
            "quantity": quantity,
            "unit": unit.unit or units[kind],
            "unit_cost": self[f"{kind}_cost"],
            "is_rebilled": self.is_rebilled,
        }
