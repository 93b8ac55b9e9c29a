from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import format_date


class QuoteRateRefresh(models.TransientModel):
    """Shows what the rates of a day would change in an estimate, then moves its rows to them."""

    _name = "quote.rate.refresh"
    _description = "Refresh the rates of an estimate"

    estimate_id = fields.Many2one("quote.estimate", required=True, readonly=True)
    date = fields.Date(
        string="Rates of",
        required=True,
        compute="_compute_date",
        store=True,
        precompute=True,
        readonly=False,
        help="The rates that are valid on this day are taken.",
    )
    currency_id = fields.Many2one(related="estimate_id.currency_id")
    line_ids = fields.One2many(
        "quote.rate.refresh.line",
        "refresh_id",
        compute="_compute_lines",
        store=True,
    )
    workload_before = fields.Monetary(string="Workload today", compute="_compute_effect")
    workload_after = fields.Monetary(string="Workload then", compute="_compute_effect")
    total_before = fields.Monetary(string="Cost price today", compute="_compute_effect")
    total_after = fields.Monetary(string="Cost price then", compute="_compute_effect")
    total_effect = fields.Monetary(string="Difference", compute="_compute_effect")
    is_changed = fields.Boolean(compute="_compute_effect")
    warning = fields.Char(compute="_compute_warning")

    # === COMPUTE METHODS === #

    @api.depends("estimate_id")
    def _compute_date(self):
        for refresh in self:
            refresh.date = refresh.estimate_id._get_rate_date() if refresh.estimate_id else False

    @api.depends("estimate_id", "date")
    def _compute_lines(self):
        for refresh in self:
            # Computed in superuser mode, prices included, but on behalf of somebody.
            refresh.sudo(False).estimate_id.check_access("read")
            changes = []
            if refresh.estimate_id and refresh.date:
                changes = refresh.estimate_id.sudo()._get_rate_changes(refresh.date)
            values = [self._prepare_line_values(change) for change in changes]
            refresh.line_ids = [Command.clear(), *map(Command.create, values)]

    @api.model
    def _prepare_line_values(self, change):
        """Return the values of the line that shows one change.

        :param dict change: see ``quote.estimate._get_rate_changes``
        :rtype: dict
        """
        names = ("days", "old_cost", "new_cost", "old_price", "new_price", "ended_on")
        cost_effect = sum(
            row.currency_id.round(row.days * change["new_cost"]) - row.cost
            for row in change["rows"]
        )
        return {
            **{name: change[name] for name in names},
            "role_id": change["role"].id,
            "row_count": len(change["rows"]),
            "cost_effect": cost_effect,
            "has_rate": bool(change["rate"]),
        }

    @api.depends("line_ids.cost_effect", "line_ids.is_changed")
    def _compute_effect(self):
        for refresh in self:
            estimate = refresh.estimate_id
            effect = sum(refresh.line_ids.mapped("cost_effect"))
            after = estimate._get_cost_totals(estimate.workload_cost + effect, estimate.other_cost)
            refresh.workload_before = estimate.workload_cost
            refresh.workload_after = after["workload_cost"]
            refresh.total_before = estimate.total_cost
            refresh.total_after = after["total_cost"]
            refresh.total_effect = after["total_cost"] - estimate.total_cost
            refresh.is_changed = any(refresh.line_ids.mapped("is_changed"))

    @api.depends("line_ids.has_rate")
    def _compute_warning(self):
        for refresh in self:
            lines = refresh.line_ids.filtered(lambda line: not line.has_rate)
            refresh.warning = bool(lines) and self.env._(
                "No rate is valid on %(date)s for: %(roles)s. Their rows keep the rates they have.",
                date=format_date(self.env, refresh.date),
                roles=", ".join(lines.mapped("label")),
            )

    @api.constrains("estimate_id")
    def _check_estimate(self):
        """What the lines say of an estimate is for people who may change it."""
        self.sudo(False).estimate_id.check_access("write")

    # === ACTIONS === #

    def action_apply(self):
        """Move the rows of the estimate to the rates of the day.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        self.estimate_id._refresh_rates(self.date)
        return {"type": "ir.actions.act_window_close"}
