from odoo import api, fields, models

from ..tools.three_point import combined_spread, suggested_contingency


class QuoteEstimateThreePointMixin(models.AbstractModel):
    """What the spread of an estimate in three points says about its contingency."""

    _name = "quote.estimate.three.point.mixin"
    _description = "Estimate in three points"

    # Defined by the estimate, named here for the amounts.
    currency_id = fields.Many2one("res.currency")
    contingency_confidence = fields.Selection(
        [
            ("70", "70 %"),
            ("80", "80 %"),
            ("85", "85 %"),
            ("90", "90 %"),
            ("95", "95 %"),
            ("99", "99 %"),
        ],
        string="Confidence",
        required=True,
        default="80",
        help="How sure you want to be that the budget is enough.",
    )
    has_three_point = fields.Boolean(
        string="In three points",
        compute="_compute_three_point",
        compute_sudo=True,
        help="At least one number of days is given at best, most likely and at worst.",
    )
    workload_spread = fields.Monetary(
        string="Spread of the workload (cost)",
        compute="_compute_three_point",
        compute_sudo=True,
        help="Standard deviation of the cost of the workload, from the days at best and at worst.",
    )
    suggested_contingency_percent = fields.Float(
        string="Suggested contingency (%)",
        digits=(16, 2),
        compute="_compute_three_point",
        compute_sudo=True,
        help="What to add to the costs so as to be enough with the chosen confidence.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "contingency_confidence",
        "workload_ids.days_low",
        "workload_ids.days_high",
        "workload_ids.daily_cost",
        "total_cost",
        "contingency_amount",
    )
    def _compute_three_point(self):
        for estimate in self:
            currency = estimate.currency_id or self.env.company.currency_id
            rows = estimate.workload_ids.filtered(lambda row: row._is_three_point())
            spreads = [row._get_cost_spread() for row in rows]
            estimate.has_three_point = bool(rows)
            estimate.workload_spread = currency.round(combined_spread(spreads))
            # More than the whole cost is no contingency any more: the field ends there too.
            estimate.suggested_contingency_percent = min(
                100.0,
                suggested_contingency(
                    spreads,
                    estimate.total_cost - estimate.contingency_amount,
                    float(estimate.contingency_confidence or 80),
                ),
            )

    # === ACTIONS === #

    def action_apply_suggested_contingency(self):
        """Take the suggested contingency over.

        :return: True
        :raise AccessError: when the user may not write the estimate
        :raise UserError: when the technical part is closed
        """
        for estimate in self:
            estimate.contingency_percent = estimate.suggested_contingency_percent
        return True
