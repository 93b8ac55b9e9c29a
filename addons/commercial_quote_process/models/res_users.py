from odoo import api, models
from odoo.tools import SQL

from ..const import COST_GROUPS


class ResUsers(models.Model):
    """People decide as long as they are here, in the company, with the rights it takes."""

    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        if not all(users.mapped("share")):
            # Odoo does not: new people may belong to a group that approves.
            self.env.registry.clear_cache()
        return users

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & self._get_decider_fields():
            self.env["quote.validation"]._refresh_all_deciders()
        return result

    def _get_decider_fields(self):
        """Return the names of the fields that make of a person one who may decide.

        :rtype: set(str)
        """
        return {"active", "company_ids", "group_ids", "role"}

    def _get_able_to_decide(self, documents, company):
        """Return the people among these who work in a company and can open its documents.

        :param documents: a recordset of a model that inherits ``quote.validation.mixin``
        :param company: the company of what is decided on
        :rtype: res.users
        """
        people_sudo = self.sudo().filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
        return documents._get_people_able_to_read(people_sudo)

    def _reads_offers(self):
        """Return whether this person reads offers with what they cost, wherever this one works.

        :rtype: bool
        """
        self.ensure_one()
        companies = {"allowed_company_ids": self.company_ids.ids}
        orders = self.env["sale.order"].with_user(self).with_context(**companies)
        return self.has_groups(COST_GROUPS) and orders._sees_costs()

    def _get_same_people(self, candidates):
        """Return who among other users is the same person as one of these.

        :param candidates: users to compare with
        :rtype: res.users
        """
        return candidates.browse().union(*self._get_accounts(candidates).values())

    def _get_accounts(self, candidates):
        """Return who among other users is the same person as each of these.

        A second account of a person shares the contact or the e-mail address.

        :param candidates: users to compare with
        :return: users among ``candidates`` by user
        :rtype: dict
        """
        if not self or not candidates:
            return {}
        # All of them in one read: whoever decides, and whoever is told, is asked for next.
        (self | candidates | self.env.user).sudo().mapped("active")
        self.flush_model(["partner_id"])
        self.partner_id.flush_model(["email_normalized"])
        found = self.env.execute_query(
            SQL(
                """
                SELECT own.id, array_agg(other.id)
                  FROM res_users own
                  JOIN res_partner own_partner ON own_partner.id = own.partner_id
                  JOIN res_users other ON other.id IN %s
                  JOIN res_partner other_partner ON other_partner.id = other.partner_id
                 WHERE own.id IN %s
                   AND (
                           other.id = own.id
                        OR other.partner_id = own.partner_id
                        OR other_partner.email_normalized = NULLIF(own_partner.email_normalized, '')
                       )
                 GROUP BY own.id
                """,
                tuple(candidates.ids),
                tuple(self.ids),
            )
        )
        return {self.browse(own): candidates.browse(others) for own, others in found}
