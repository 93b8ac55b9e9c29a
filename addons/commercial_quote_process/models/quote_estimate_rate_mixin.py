from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date


class QuoteEstimateRateMixin(models.AbstractModel):
    """Rates of an estimate: which day's they are, and how they follow the rate card.

    A row copies its rate when it is made and keeps it; only "refresh rates" moves rows that exist,
    after having shown what would change.
    """

    _name = "quote.estimate.rate.mixin"
    _description = "Rates of an estimate"

    # Defined by the estimate, named here for what reads it.
    currency_id = fields.Many2one("res.currency")
    rate_date = fields.Date(
        string="Rates of",
        help="The day whose rates new rows take. Leave empty to take the rates that are valid when"
        " a row is made.",
    )

    # === WHICH RATES === #

    def _get_rate_date(self):
        """Return the day whose rates count for this estimate: its own, or else today.

        :rtype: date
        """
        self.ensure_one()
        return self.rate_date or fields.Date.context_today(self)

    def _get_rates_end(self):
        """Return the last day on which the rate card still holds what this estimate was made at.

        A rate that follows at the same amounts goes on holding. A rate that was corrected on the
        card since says nothing about the day: it sets no end. Called in superuser mode: it reads
        prices.

        :return: the day, or False when nothing ends
        :rtype: date | bool
        """
        self.ensure_one()
        rows = self.workload_ids.filtered("days")
        client = self.order_id.partner_id
        card = (
            self.env["quote.role.rate"]
            .search(
                [
                    ("role_id", "in", rows.role_id.ids),
                    ("company_id", "=", self.company_id.id),
                    ("partner_id", "in", [False, client.commercial_partner_id.id, client.id]),
                ]
            )
            .grouped(lambda rate: (rate.role_id, rate.daily_cost, rate.daily_price))
        )
        used = rows.grouped(lambda row: (row.role_id, row.daily_cost, row.daily_price))
        ends = [
            max(card[key].mapped("date_to"))
            for key in used
            if key in card and all(card[key].mapped("date_to"))
        ]
        return min(ends, default=False)

    def _get_rate_changes(self, date):
        """Return what the rates of a day would change in the workload.

        Rows of one role that were made at the same rate are one change. A role without a rate on
        that day keeps the one it has. Called in superuser mode: it reads prices.

        :param date: the day whose rates are wanted
        :return: dicts with ``role`` (``project.role``), ``rows`` (``quote.estimate.workload``),
            ``days``, ``rate`` (``quote.role.rate`` or None), ``ended_on`` (date or None) and, per
            day, ``old_cost``, ``new_cost``, ``old_price``, ``new_price``
        :rtype: list(dict)
        """
        self.ensure_one()
        roles = self.workload_ids.role_id
        card = self.env["quote.role.rate"]
        client = self.order_id.partner_id
        rates = card._get_rates(roles, self.company_id, client, date)
        ends = card._get_last_ends(roles, self.company_id, client, date)
        groups = self.workload_ids.grouped(
            lambda row: (row.role_id, row.daily_cost, row.daily_price, row.rate_missing)
        )
        changes = []
        for (role, cost, price, _missing), rows in groups.items():
            rate = rates.get(role)
            changes.append(
                {
                    "role": role,
                    "rows": rows,
                    "days": sum(rows.mapped("days")),
                    "rate": rate,
                    "ended_on": None if rate else ends.get(role),
                    "old_cost": cost,
                    "new_cost": rate.daily_cost if rate else cost,
                    "old_price": price,
                    "new_price": rate.daily_price if rate else price,
                }
            )
        return sorted(changes, key=lambda change: (change["role"].name or "", change["old_cost"]))

    # === REFRESH === #

    def action_refresh_rates(self):
        """Show what the rates of today, or of the estimate's day, would change.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        self._check_writes_whole()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refresh rates"),
            "res_model": "quote.rate.refresh",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_estimate_id": self.id},
        }

    def _refresh_rates(self, date):
        """Move the rows of this estimate to the rates of a day, and keep a note of the effect.

        :param date: the day whose rates are wanted
        :return: the rows that moved
        :rtype: quote.estimate.workload
        :raise UserError: when the quote is closed for its technical part
        """
        self.ensure_one()
        self.check_access("write")
        self._check_writes_whole()
        self._guard_content()
        estimate_sudo = self.sudo()
        before = estimate_sudo.total_cost
        moved_sudo = estimate_sudo.workload_ids.browse()
        for change in estimate_sudo._get_rate_changes(date):
            if not change["rate"]:
                continue
            change["rows"].write(moved_sudo._prepare_rate_values(change["rate"]))
            moved_sudo |= change["rows"]
        if self.rate_date or date != fields.Date.context_today(self):
            estimate_sudo.rate_date = date
        self.message_post(body=self._get_refresh_message(date, before))
        return moved_sudo.sudo(False)

    def _get_refresh_message(self, date, before):
        currency = self.currency_id
        return self.env._(
            "Rates of %(date)s: the cost price goes from %(before)s to %(after)s.",
            date=format_date(self.env, date),
            before=format_amount(self.env, before, currency),
            after=format_amount(self.env, self.total_cost, currency),
        )

    # === CHECKS === #

    def _check_rates(self):
        """Refuse to hand over days that have no rate.

        :raise UserError: naming each role, and the tasks it works on
        """
        self.ensure_one()
        missing = self.workload_ids.filtered(lambda row: row.rate_missing and row.days)
        if missing:
            # The card may have been completed since the row was made.
            missing._apply_rates()
        missing = missing.filtered("rate_missing")
        if missing:
            roles = [
                f"{role.name} ({', '.join(rows.item_id.mapped('name'))})"
                for role, rows in missing.grouped("role_id").items()
            ]
            raise UserError(
                self.env._(
                    "No rate is valid on %(date)s for: %(roles)s. Ask a manager to complete the"
                    " rate card, then try again.",
                    date=format_date(self.env, self._get_rate_date()),
                    roles=", ".join(roles),
                )
            )
