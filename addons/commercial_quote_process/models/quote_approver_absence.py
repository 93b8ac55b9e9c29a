from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache


class QuoteApproverAbsence(models.Model):
    """While an approver is away, one other person decides for this one."""

    _name = "quote.approver.absence"
    _description = "Absence of an approver"
    _order = "date_from desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        string="Approver",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    substitute_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="cascade",
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("sales_team.group_sale_salesman").ids),
        ],
        help="Decides instead of the approver from the first to the last day, never on what the"
        " substitute asked for.",
    )
    date_from = fields.Date(
        string="First day", required=True, default=lambda self: fields.Date.context_today(self)
    )
    date_to = fields.Date(
        string="Last day", required=True, default=lambda self: fields.Date.context_today(self)
    )

    is_current = fields.Boolean(string="Away today", compute="_compute_is_current")

    _days_in_order = models.Constraint(
        "CHECK(date_from <= date_to)", "The last day of an absence cannot be before the first one."
    )
    _somebody_else = models.Constraint(
        "CHECK(user_id != substitute_id)", "Choose somebody else as the substitute."
    )

    @api.depends("date_from", "date_to")
    def _compute_is_current(self):
        today = fields.Date.context_today(self)
        for absence in self:
            first, last = absence.date_from, absence.date_to
            absence.is_current = bool(first and last and first <= today <= last)

    @api.constrains("user_id", "date_from", "date_to")
    def _check_no_overlap(self):
        """One substitute at a time: it must be clear who decides."""
        others_sudo = self.sudo().search([("user_id", "in", self.user_id.ids)])
        for absence in self:
            if others_sudo.filtered(
                lambda other, absence=absence: (
                    other != absence
                    and other.user_id == absence.user_id
                    and other.date_from <= absence.date_to
                    and other.date_to >= absence.date_from
                )
            ):
                raise ValidationError(
                    self.env._(
                        "%(person)s already has a substitute on some of these days: change that"
                        " absence instead.",
                        person=absence.user_id.name,
                    )
                )

    @api.constrains("user_id", "substitute_id")
    def _check_substitute(self):
        """Whoever stands in must be able to read what is decided on."""
        for absence in self:
            if not absence.substitute_id.sudo()._reads_offers():
                raise ValidationError(
                    self.env._(
                        "%(person)s cannot read offers with their costs and margins: choose"
                        " another substitute, or ask an administrator for the right.",
                        person=absence.substitute_id.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        absences = super().create(vals_list)
        self._apply_absences()
        return absences

    def write(self, vals):
        result = super().write(vals)
        self._apply_absences()
        return result

    def unlink(self):
        result = super().unlink()
        self._apply_absences()
        return result

    def _apply_absences(self):
        """Ask other people for what waits already."""
        self.env.registry.clear_cache()
        self.env["quote.validation"]._refresh_all_deciders()

    # === BUSINESS METHODS === #

    @api.model
    def _get_substitutes(self, users):
        """Return who stands in today for which of these people.

        :param users: approvers
        :return: substitute by absent person
        :rtype: dict
        """
        substitute_ids = self._get_substitute_ids(fields.Date.context_today(self))
        return {
            user: user.browse(substitute_ids[user.id])
            for user in users
            if user.id in substitute_ids
        }

    @api.model
    @ormcache("day")
    def _get_substitute_ids(self, day):
        """Return who stands in for whom on a day, as ids.

        :param date day: the day
        :rtype: dict
        """
        absences_sudo = self.sudo().search([("date_from", "<=", day), ("date_to", ">=", day)])
        return {absence.user_id.id: absence.substitute_id.id for absence in absences_sudo}
