from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..const import COST_GROUPS


class QuoteRoleRate(models.Model):
    """The rate card: what a day of a role costs and is sold at, by company, client and period."""

    _name = "quote.role.rate"
    _description = "Rate of a role"
    _order = "role_id, partner_id, date_from desc, id desc"
    _check_company_auto = True
    _rec_name = "role_id"

    role_id = fields.Many2one("project.role", string="Role", required=True, index=True)
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
    daily_price = fields.Monetary(string="Price per day", groups=COST_GROUPS)
    product_id = fields.Many2one(
        "product.product",
        string="Service",
        check_company=True,
        domain=[("type", "=", "service")],
        help="What invoices show for the days of this role.",
    )

    _positive = models.Constraint(
        "CHECK (daily_cost >= 0 AND COALESCE(daily_price, 0) >= 0)",
        "A rate cannot be negative.",
    )
    _period = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A rate cannot end before it starts.",
    )

    @api.constrains("role_id", "company_id", "partner_id", "date_from", "date_to")
    def _check_overlap(self):
        for rate in self:
            other = self.sudo().search(rate._get_overlap_domain(), limit=1)
            if other:
                raise ValidationError(
                    self.env._(
                        "The role “%(role)s” already has a rate from %(start)s to %(end)s for the"
                        " same customer: end that one first.",
                        role=rate.role_id.name,
                        start=other.date_from,
                        end=other.date_to or self.env._("no end"),
                    )
                )

    def _get_overlap_domain(self):
        """Return the domain of the other rates that are valid on a same day.

        :rtype: Domain
        """
        self.ensure_one()
        domain = (
            Domain("id", "!=", self.id)
            & Domain("role_id", "=", self.role_id.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("partner_id", "=", self.partner_id.id)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", self.date_from))
        )
        return domain & Domain("date_from", "<=", self.date_to) if self.date_to else domain

    @api.model
    def _get_rates(self, roles, company, partner, date):
        """Return the rate of each role that is valid for a client on a day.

        A rate agreed with the client comes before the company's, then the latest one.

        :param roles: ``project.role`` recordset
        :param company: the company that sells
        :param partner: the client, company or contact
        :param date: the day of the estimate
        :return: ``quote.role.rate`` by role; a role without a rate is missing
        :rtype: dict
        """
        client = partner.commercial_partner_id
        rates_sudo = self.sudo().search(
            [
                ("role_id", "in", roles.ids),
                ("company_id", "=", company.id),
                ("partner_id", "in", [False, client.id]),
                ("date_from", "<=", date),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", date),
            ],
        )
        best_first = rates_sudo.sorted(lambda r: (bool(r.partner_id), r.date_from), reverse=True)
        result = {}
        for rate_sudo in best_first:
            result.setdefault(rate_sudo.role_id, rate_sudo)
        return result
