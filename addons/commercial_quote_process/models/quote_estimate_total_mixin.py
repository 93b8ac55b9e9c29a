from odoo import api, fields, models

from ..const import ESTIMATE_COST_GROUPS

# They follow from the rows and from the two percentages: nobody types them.
TOTAL_FIELDS = frozenset(
    {
        "contingency_amount",
        "other_cost",
        "overhead_amount",
        "total_cost",
        "total_days",
        "workload_cost",
    }
)
# What new estimates start with, by the field of the company that says it.
PERCENT_FIELDS = ("overhead_percent", "contingency_percent")


class QuoteEstimateTotalMixin(models.AbstractModel):
    """From the rows of an estimate to its cost price, each part as an amount of its own.

    ============  ======================================================================
    workload      sum of the rows, each rounded to the company's currency
    other costs   sum of the rows
    overhead      percentage of the workload: the people who manage the project
    contingency   percentage of all three: a provision for risks
    cost price    sum of the four
    ============  ======================================================================
    """

    _name = "quote.estimate.total.mixin"
    _description = "Totals of an estimate"

    # Defined by the estimate, named here for the amounts.
    currency_id = fields.Many2one("res.currency")
    overhead_percent = fields.Float(
        string="Project management (%)",
        help="Time of the people who manage the project, in percent of the workload.",
    )
    contingency_percent = fields.Float(
        string="Contingency (%)",
        help="Provision for risks, in percent of the workload, the other costs and the project"
        " management.",
    )
    total_days = fields.Float(string="Days", digits=(16, 2), compute="_compute_totals", store=True)
    workload_cost = fields.Monetary(string="Workload (cost)", compute="_compute_totals", store=True)
    other_cost = fields.Monetary(
        string="Other costs (total)", compute="_compute_totals", store=True
    )
    overhead_amount = fields.Monetary(
        string="Project management", compute="_compute_totals", store=True
    )
    contingency_amount = fields.Monetary(
        string="Contingency", compute="_compute_totals", store=True
    )
    total_cost = fields.Monetary(string="Cost price", compute="_compute_totals", store=True)

    _cost_reader_groups = ESTIMATE_COST_GROUPS

    @api.model
    def _get_cost_fields(self):
        # With a percentage, its amount in a price would tell what it is a percentage of.
        amounts = (TOTAL_FIELDS - {"total_days"}) | {
            "cost_subtotals",
            "suggested_contingency_percent",
            "workload_spread",
        }
        return super()._get_cost_fields() | amounts | set(PERCENT_FIELDS)

    @api.depends(
        "workload_ids.days",
        "workload_ids.cost",
        "cost_ids.cost",
        "overhead_percent",
        "contingency_percent",
    )
    def _compute_totals(self):
        for estimate in self:
            workload = sum(estimate.workload_ids.mapped("cost"))
            other = sum(estimate.cost_ids.mapped("cost"))
            estimate.update(estimate._get_cost_totals(workload, other))
            estimate.total_days = sum(estimate.workload_ids.mapped("days"))

    def _get_cost_totals(self, workload, other):
        """Return the amounts of this estimate for a workload and other costs of a given cost.

        :param float workload: cost of the workload, in the company's currency
        :param float other: the other costs, in the company's currency
        :return: values by name of field
        :rtype: dict
        """
        self.ensure_one()
        currency = self.currency_id or self.env.company.currency_id
        overhead = currency.round(workload * self.overhead_percent / 100)
        base = workload + other + overhead
        contingency = currency.round(base * self.contingency_percent / 100)
        return {
            "workload_cost": workload,
            "other_cost": other,
            "overhead_amount": overhead,
            "contingency_amount": contingency,
            "total_cost": base + contingency,
        }

    @api.model
    def _prepare_percent_values(self, company):
        """Return the percentages that a new estimate of a company starts with.

        :param company: the ``res.company`` that sells
        :rtype: dict
        """
        return {name: company[f"quote_{name}"] for name in PERCENT_FIELDS}
