from odoo import api, fields, models
from odoo.tools import format_date

from ..const import PRICE_GROUPS


class QuoteRateRefreshLine(models.TransientModel):
    """What happens to the rate of one role, for the rows that were made at a same rate."""

    _name = "quote.rate.refresh.line"
    _description = "Change of a rate"

    refresh_id = fields.Many2one("quote.rate.refresh", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="refresh_id.currency_id")
    role_id = fields.Many2one("project.role", string="Project role", required=True, readonly=True)
    label = fields.Char(string="Role", compute="_compute_label")
    row_count = fields.Integer(string="Rows", readonly=True)
    days = fields.Float(digits=(16, 2), readonly=True)
    has_rate = fields.Boolean(readonly=True)
    ended_on = fields.Date(readonly=True)
    old_cost = fields.Monetary(string="Cost per day", readonly=True)
    new_cost = fields.Monetary(string="New cost per day", readonly=True)
    old_price = fields.Monetary(string="Price per day", readonly=True, groups=PRICE_GROUPS)
    new_price = fields.Monetary(string="New price per day", readonly=True, groups=PRICE_GROUPS)
    cost_effect = fields.Monetary(string="Effect on cost", readonly=True)
    is_changed = fields.Boolean(compute="_compute_is_changed", compute_sudo=True)

    @api.depends("role_id", "ended_on")
    def _compute_label(self):
        for line in self:
            name = line.sudo().role_id.name
            line.label = name
            if line.ended_on:
                line.label = self.env._(
                    "%(role)s (rate ended on %(date)s)",
                    role=name,
                    date=format_date(self.env, line.ended_on),
                )

    @api.depends("old_cost", "new_cost", "old_price", "new_price")
    def _compute_is_changed(self):
        for line in self:
            line.is_changed = line.has_rate and (
                line.old_cost != line.new_cost or line.old_price != line.new_price
            )
