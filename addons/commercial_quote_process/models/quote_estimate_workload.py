from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import PRICE_GROUPS
from ..tools.three_point import mean_days, spread

# An estimate in three points; all zero when the days were typed as they are.
POINT_FIELDS = ("days_low", "days_likely", "days_high")

# Copied from the rate card: nobody types them.
RATE_FIELDS = frozenset({"daily_cost", "daily_price", "rate_missing"})


class QuoteEstimateWorkload(models.Model):
    """Days of one role on one item, at the rate that was valid when the row was made."""

    _name = "quote.estimate.workload"
    _description = "Workload of an estimate"
    _inherit = ["quote.estimate.workload.editor.mixin", "quote.estimate.row.mixin"]
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
    days = fields.Float(
        required=True,
        digits=(16, 2),
        compute="_compute_days",
        store=True,
        readonly=False,
        precompute=True,
    )
    days_low = fields.Float(
        string="Days at best", digits=(16, 2), help="What it takes when all goes well."
    )
    days_likely = fields.Float(
        string="Days most likely",
        digits=(16, 2),
        help="With these three, the days are their mean: (best + 4 × most likely + worst) / 6.",
    )
    days_high = fields.Float(
        string="Days at worst", digits=(16, 2), help="What it takes when all goes wrong."
    )
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
    _points_range = models.Constraint(
        "CHECK (days_low >= 0 AND days_high <= 99999)",
        "The days at best and at worst are between 0 and 99999.",
    )

    # === COMPUTE METHODS === #

    @api.depends(*POINT_FIELDS)
    def _compute_days(self):
        for row in self:
            if row._is_three_point():
                row.days = mean_days(row.days_low, row.days_likely, row.days_high)
            else:
                row.days = row.days

    @api.depends("days", "daily_cost", "daily_price")
    def _compute_amounts(self):
        for row in self:
            currency = row.currency_id or self.env.company.currency_id
            row.cost = currency.round(row.days * row.daily_cost)
            row.price = currency.round(row.days * row.daily_price)

    # === CONSTRAINT METHODS === #

    @api.constrains(*POINT_FIELDS)
    def _check_points(self):
        for row in self:
            if not row.days_low <= row.days_likely <= row.days_high:
                raise ValidationError(
                    self.env._(
                        "%(task)s, %(role)s: the days at best (%(low)s) come first, then the most"
                        " likely (%(likely)s), then the worst (%(high)s).",
                        task=row.item_id.name,
                        role=row.role_id.name,
                        low=row.days_low,
                        likely=row.days_likely,
                        high=row.days_high,
                    )
                )

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
        rows = super().create([self._prepare_days_values(vals) for vals in vals_list])
        # A copy for a new version comes with the rates it was estimated at.
        own_rates = ["daily_cost" in vals for vals in vals_list]
        new_ids = [row.id for row, own in zip(rows, own_rates, strict=True) if not own]
        self.browse(new_ids)._apply_rates()
        return rows

    def write(self, vals):
        result = super().write(self._prepare_days_values(vals))
        if "role_id" in vals:
            self._apply_rates()
        return result

    @api.model
    def _get_cost_fields(self):
        return super()._get_cost_fields() | {"cost", "daily_cost"}

    @api.model
    def _get_computed_fields(self):
        return super()._get_computed_fields() | RATE_FIELDS | {"cost", "price"}

    @api.model
    def _prepare_days_values(self, vals):
        """Return values in which the days agree with the three points.

        Points come first, their mean follows; days typed as they are take the points away.

        :param dict vals: as given to ``create`` or ``write``
        :rtype: dict
        """
        if "days" not in vals:
            return vals
        if any(vals.get(name) for name in POINT_FIELDS):
            return {name: value for name, value in vals.items() if name != "days"}
        return {**vals, **dict.fromkeys(POINT_FIELDS, 0.0)}

    # === BUSINESS METHODS === #

    def _is_three_point(self):
        """Return whether the days are the mean of three points."""
        self.ensure_one()
        return bool(self.days_low or self.days_likely or self.days_high)

    def _get_cost_spread(self):
        """Return the standard deviation of the cost of this row; zero without three points.

        :return: in the company's currency, not rounded
        :rtype: float
        """
        self.ensure_one()
        return spread(self.days_low, self.days_high) * self.daily_cost

    def _apply_rates(self):
        """Copy today's rates into these rows: later changes of the card do not move them."""
        for estimate, rows in self.grouped("estimate_id").items():
            rates_sudo = estimate._get_role_rates(rows.role_id)
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
                    **row._prepare_copy_values(estimate, copied_items),
                    "daily_cost": row.daily_cost,
                    "daily_price": row.daily_price,
                    "rate_missing": row.rate_missing,
                }
                for row in self
                if row.item_id.id in copied_items
            ]
        )

    def _copy_at_todays_rates(self, estimate, copied_items):
        """Copy these rows onto the copied items of another estimate, at its own rates of today.

        :param estimate: the ``quote.estimate`` that receives them
        :param dict copied_items: id of the copied item by id of its original
        :rtype: quote.estimate.workload
        """
        return self.create(
            [
                row._prepare_copy_values(estimate, copied_items)
                for row in self
                if row.item_id.id in copied_items
            ]
        )

    def _prepare_copy_values(self, estimate, copied_items):
        """Return the values of a copy of this row, without its rates.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "estimate_id": estimate.id,
            "item_id": copied_items[self.item_id.id],
            "role_id": self.role_id.id,
            "days": self.days,
            **{name: self[name] for name in POINT_FIELDS},
        }
