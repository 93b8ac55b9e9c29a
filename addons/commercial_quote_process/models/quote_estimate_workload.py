from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import COST_GROUPS

RATE_FIELDS = frozenset({"daily_cost", "daily_price", "rate_missing"})


class QuoteEstimateWorkload(models.Model):
    """Days of one role on one item, at the rate that was valid when the row was made."""

    _name = "quote.estimate.workload"
    _description = "Workload of an estimate"
    _inherit = ["quote.estimate.row.mixin"]
    _order = "item_id, role_id, id"
    _rec_name = "role_id"

    item_id = fields.Many2one(
        "quote.estimate.item",
        string="Task",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('estimate_id', '=', estimate_id), ('kind', '=', 'task')]",
    )
    role_id = fields.Many2one("project.role", string="Role", required=True, ondelete="restrict")
    days = fields.Float(required=True)
    daily_cost = fields.Monetary(string="Cost per day", readonly=True)
    daily_price = fields.Monetary(string="Price per day", readonly=True, groups=COST_GROUPS)
    rate_missing = fields.Boolean(
        readonly=True, help="No rate was valid for this role, this customer and this day."
    )
    cost = fields.Monetary(compute="_compute_amounts", store=True)
    price = fields.Monetary(compute="_compute_amounts", store=True, groups=COST_GROUPS)

    _item_role_uniq = models.UniqueIndex(
        "(item_id, role_id)",
        "This role already has its days on this task: change that row instead.",
    )
    _days_positive = models.Constraint("CHECK (days >= 0)", "Days cannot be negative.")

    @api.depends("days", "daily_cost", "daily_price")
    def _compute_amounts(self):
        for row in self:
            currency = row.currency_id or self.env.company.currency_id
            row.cost = currency.round(row.days * row.daily_cost)
            row.price = currency.round(row.days * row.daily_price)

    @api.constrains("item_id", "estimate_id")
    def _check_item(self):
        for row in self:
            if row.item_id.estimate_id != row.estimate_id:
                raise ValidationError(
                    self.env._("“%(task)s” belongs to another estimate.", task=row.item_id.name)
                )
            if row.item_id.kind != "task":
                raise ValidationError(
                    self.env._(
                        "“%(item)s” is no task: put the days on the tasks inside.",
                        item=row.item_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        # A copy for a new version keeps the rates it was estimated at.
        rows.filtered(lambda row: not row.daily_cost)._apply_rates()
        return rows

    def write(self, vals):
        result = super().write(vals)
        if "role_id" in vals:
            self._apply_rates()
        return result

    @api.model
    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su and field.name in RATE_FIELDS:
            return False
        return super()._has_field_access(field, operation)

    def _apply_rates(self):
        """Copy today's rates into these rows: later changes of the card do not move them."""
        today = fields.Date.context_today(self)
        for estimate, rows in self.grouped("estimate_id").items():
            rates_sudo = self.env["quote.role.rate"]._get_rates(
                rows.role_id, estimate.company_id, estimate.sudo().order_id.partner_id, today
            )
            for row in rows:
                rate_sudo = rates_sudo.get(row.role_id)
                row_sudo = row.sudo()
                row_sudo.write(
                    {
                        "daily_cost": rate_sudo.daily_cost if rate_sudo else 0.0,
                        "daily_price": rate_sudo.daily_price if rate_sudo else 0.0,
                        "rate_missing": not rate_sudo,
                    }
                )

    def _copy_to(self, estimate, copied_items):
        """Copy these rows, at their rates, onto the copied items of another estimate.

        :param estimate: the ``quote.estimate`` that receives them
        :param dict copied_items: id of the copied item by id of its original
        :rtype: quote.estimate.workload
        """
        return self.create(
            [
                {
                    "estimate_id": estimate.id,
                    "item_id": copied_items[row.item_id.id],
                    "role_id": row.role_id.id,
                    "days": row.days,
                    "daily_cost": row.daily_cost,
                    "daily_price": row.daily_price,
                    "rate_missing": row.rate_missing,
                }
                for row in self
                if row.item_id.id in copied_items
            ]
        )
