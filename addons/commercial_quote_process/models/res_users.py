from odoo import models

from ..const import COST_GROUPS


class ResUsers(models.Model):
    """People decide as long as they are here, in the company, with the rights it takes."""

    _inherit = "res.users"

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

    def _get_able_to_decide(self, document):
        """Return the people among these who work in the company of a document and can open it.

        :param document: a record of a model that inherits ``quote.validation.mixin``
        :rtype: res.users
        """
        company = document._get_validation_company()
        people_sudo = self.sudo().filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
        return document._get_people_able_to_read(people_sudo)

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

        A second account of a person shares the contact or the e-mail address.

        :param candidates: users to compare with
        :rtype: res.users
        """
        keys = {key for user in self.sudo() for key in user._get_person_keys()}
        if not keys:
            return candidates.browse()
        return candidates.filtered(lambda user: keys & user.sudo()._get_person_keys())

    def _get_person_keys(self):
        self.ensure_one()
        email = self.email_normalized or self.email
        return {("user", self.id), ("partner", self.partner_id.id)} | (
            {("email", email)} if email else set()
        )
