from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..const import ESTIMATE_COST_GROUPS, PRICE_GROUPS


class QuoteRoleRate(models.Model):
    """The rate card: what a day of a role costs and is sold at, by company, client and period."""

    _name = "quote.role.rate"
    _description = "Rate of a role"
    _inherit = ["quote.cost.access.mixin"]
    _cost_reader_groups = ESTIMATE_COST_GROUPS
    _order = "role_id, partner_id, date_from desc, id desc"
    _check_company_auto = True
    _rec_name = "role_id"

    role_id = fields.Many2one("project.role", required=True, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        check_company=True,
        index="btree_not_null",
        help="Leave empty for all customers. A rate agreed with a customer comes first.",
    )
    date_from = fields.Date(
        string="Valid from", required=True, default=lambda self: fields.Date.context_today(self)
    )
    date_to = fields.Date(string="Valid until", help="Leave empty while the rate is in force.")
    daily_cost = fields.Monetary(string="Cost per day", required=True)
    daily_price = fields.Monetary(string="Price per day", groups=PRICE_GROUPS)
    product_id = fields.Many2one(
        "product.product",
        string="Service",
        check_company=True,
        domain=[("type", "=", "service")],
        help="What invoices show for the days of this role.",
    )

    _amounts_range = models.Constraint(
        "CHECK (daily_cost BETWEEN 0 AND 999999 AND COALESCE(daily_price, 0) BETWEEN 0 AND 999999)",
        "A rate lies between 0 and 999,999 per day.",
    )
    _period = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A rate cannot end before it starts.",
    )

    @api.model
    def _get_cost_fields(self):
        return super()._get_cost_fields() | {"daily_cost"}

    # === CONSTRAINT METHODS === #

    @api.constrains("role_id", "company_id", "partner_id", "date_from", "date_to")
    def _check_overlap(self):
        rates_sudo = self.sudo().search(
            [("role_id", "in", self.role_id.ids), ("company_id", "in", self.company_id.ids)]
        )
        same = rates_sudo.grouped(lambda rate: (rate.role_id, rate.company_id, rate.partner_id))
        for rate in self:
            for other in same[rate.role_id, rate.company_id, rate.partner_id]:
                if other.id != rate.id and rate._is_valid_with(other):
                    raise ValidationError(rate._get_overlap_message(other))

    def _is_valid_with(self, other):
        """Return whether two rates are valid on a same day.

        :param other: another ``quote.role.rate``
        :rtype: bool
        """
        return (not other.date_to or self.date_from <= other.date_to) and (
            not self.date_to or other.date_from <= self.date_to
        )

    def _get_overlap_message(self, other):
        values = {
            "role": self.role_id.name,
            "customer": self.partner_id.display_name or self.env._("all customers"),
            "start": format_date(self.env, other.date_from),
        }
        if not other.date_to:
            return self.env._(
                "The role “%(role)s” already has a rate for %(customer)s from %(start)s on: give"
                " that one an end first.",
                **values,
            )
        return self.env._(
            "The role “%(role)s” already has a rate for %(customer)s from %(start)s to %(end)s:"
            " choose days outside of it.",
            end=format_date(self.env, other.date_to),
            **values,
        )

    # === IMPORT === #

    @api.model
    def get_import_templates(self):
        """Offer a file to start from, in Odoo's own import of the rate card."""
        return [
            {
                "label": self.env._("Template of a rate card"),
                "template": "/commercial_quote_process/static/xls/rate_card.csv",
            }
        ]

    # === BUSINESS METHODS === #

    @api.model
    def _get_rates(self, roles, company, partner, date):
        """Return the rate of each role that is valid for a client on a day.

        A rate agreed with the contact comes before one agreed with the client, which comes before
        the company's own; then the latest one counts.

        :param roles: ``project.role`` recordset
        :param company: the company that sells
        :param partner: the client, company or contact
        :param date: the day of the estimate
        :return: ``quote.role.rate`` in superuser mode, by role; a role without a rate is missing
        :rtype: dict
        """
        client = partner.commercial_partner_id
        rates_sudo = self.sudo().search(
            [
                ("role_id", "in", roles.ids),
                ("company_id", "=", company.id),
                ("partner_id", "in", [False, client.id, partner.id]),
                ("date_from", "<=", date),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", date),
            ],
        )
        result = {}
        for rate_sudo in rates_sudo.sorted(
            lambda rate: (rate.partner_id == partner, bool(rate.partner_id), rate.date_from),
            reverse=True,
        ):
            result.setdefault(rate_sudo.role_id, rate_sudo)
        return result

    @api.model
    def _get_last_ends(self, roles, company, partner, date):
        """Return when the last rate of each role ended, for roles whose rates ended before a day.

        :param roles: ``project.role`` recordset
        :param company: the company that sells
        :param partner: the client, company or contact
        :param date: the day of the estimate
        :return: dates by role
        :rtype: dict
        """
        groups = self.sudo()._read_group(
            [
                ("role_id", "in", roles.ids),
                ("company_id", "=", company.id),
                ("partner_id", "in", [False, partner.commercial_partner_id.id, partner.id]),
                ("date_to", "<", date),
            ],
            ["role_id"],
            ["date_to:max"],
        )
        return dict(groups)
