from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import PRICE_GROUPS

# Copied from the rate card: nobody types them.
RATE_FIELDS = frozenset({"daily_cost", "daily_price", "rate_missing"})


class QuoteEstimateWorkload(models.Model):
    """Days of one role on one item, at the rate that was valid when the row was made."""

    _name = "quote.estimate.workload"
    _description = "Workload of an estimate"
    _inherit = ["quote.estimate.row.mixin"]
    _order = "item_id, role_id, id"
    _rec_name = "role_id"

    # Rates follow from a change of the row that has been checked itself.
    _content_free_fields = RATE_FIELDS

    item_id = fields.Many2one(
        "quote.estimate.item",
        string="Task",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('estimate_id', '=', estimate_id), ('kind', '=', 'task')]",
    )
    role_id = fields.Many2one("project.role", required=True, ondelete="restrict")
    days = fields.Float(required=True, digits=(16, 2))
    daily_cost = fields.Monetary(string="Cost per day", readonly=True)
    daily_price = fields.Monetary(string="Price per day", readonly=True, groups=PRICE_GROUPS)
    rate_missing = fields.Boolean(
        readonly=True, help="No rate was valid for this role, this customer and this day."
    )
    cost = fields.Monetary(compute="_compute_amounts", store=True)
    price = fields.Monetary(compute="_compute_amounts", store=True, groups=PRICE_GROUPS)

    _item_role_uniq = models.UniqueIndex(
        "(item_id, role_id)",
        "This role already has its days on this task: change that row instead.",
    )
    _days_range = models.Constraint(
        "CHECK (days BETWEEN 0 AND 99999)", "The days of a row are between 0 and 99999."
    )

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

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        # A copy for a new version comes with the rates it was estimated at.
        own_rates = ["daily_cost" in vals for vals in vals_list]
        new_ids = [row.id for row, own in zip(rows, own_rates, strict=True) if not own]
        self.browse(new_ids)._apply_rates()
        return rows

    def write(self, vals):
        result = super().write(vals)
        if "role_id" in vals:
            self._apply_rates()
        return result

    @api.model
    def _get_computed_fields(self):
        return super()._get_computed_fields() | RATE_FIELDS | {"cost", "price"}

    # === BUSINESS METHODS === #

    def _apply_rates(self):
        """Copy today's rates into these rows: later changes of the card do not move them."""
        today = fields.Date.context_today(self)
        for estimate, rows in self.grouped("estimate_id").items():
            rates_sudo = self.env["quote.role.rate"]._get_rates(
                rows.role_id, estimate.company_id, estimate.sudo().order_id.partner_id, today
            )
            for role, role_rows in rows.grouped("role_id").items():
                rate_sudo = rates_sudo.get(role)
                role_rows_sudo = role_rows.sudo()
                role_rows_sudo.write(self._prepare_rate_values(rate_sudo))

    @api.model
    def _prepare_rate_values(self, rate_sudo):
        """Return what a row keeps of a rate.

        :param rate_sudo: ``quote.role.rate``, or None when no rate is valid
        :rtype: dict
        """
        return {
            "daily_cost": rate_sudo.daily_cost if rate_sudo else 0.0,
            "daily_price": rate_sudo.daily_price if rate_sudo else 0.0,
            "rate_missing": not rate_sudo,
        }

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
