from odoo import api, models
from odoo.exceptions import UserError

from ..const import EDITABLE_STEPS


class QuoteTeamMixin(models.AbstractModel):
    """A quote of the process keeps a team, an opportunity and a company that are in it."""

    _name = "quote.team.mixin"
    _description = "Team of a quote"

    @api.depends("partner_id", "user_id")
    def _compute_team_id(self):
        """Another salesperson or another customer never takes a quote out of its team."""
        kept = self.filtered(lambda order: order._origin.quote_process and order._origin.team_id)
        for order in kept:
            order.team_id = order._origin.team_id
        return super(QuoteTeamMixin, self - kept)._compute_team_id()

    def _check_stays_in_process(self, vals):
        """Refuse a change of team, opportunity or company that would leave the process.

        :param dict vals: what is being written
        :raise UserError: with what to choose instead
        """
        for order in self:
            if "company_id" in vals and vals["company_id"] != order.company_id.id:
                raise UserError(
                    self.env._(
                        "Quote %(quote)s cannot change its company: make a new quote in the other"
                        " company.",
                        quote=order.name,
                    )
                )
            if "team_id" in vals:
                order._check_team(vals["team_id"])
            if "opportunity_id" in vals:
                order._check_opportunity(vals["opportunity_id"])

    def _check_team(self, team_id):
        team_sudo = self.env["crm.team"].sudo().browse(team_id or [])
        if not team_sudo.use_quote_process and team_sudo != self.team_id:
            raise UserError(
                self.env._(
                    "Quote %(quote)s follows the offer process: choose a sales team that uses"
                    " the process.",
                    quote=self.name,
                )
            )

    def _check_opportunity(self, lead_id):
        """Refuse another opportunity: from the validation on, only a merge brings one."""
        lead_sudo = self.env["crm.lead"].sudo().browse(lead_id or [])
        if lead_sudo == self.opportunity_id:
            return
        if self.quote_step not in EDITABLE_STEPS["commercial"]:
            raise UserError(
                self.env._(
                    "%(quote)s answers its opportunity: it keeps it at this step.", quote=self.name
                )
            )
        if lead_sudo.team_id and not lead_sudo.team_id.use_quote_process:
            raise UserError(
                self.env._(
                    "Quote %(quote)s follows the offer process: choose an opportunity of a"
                    " sales team that uses the process.",
                    quote=self.name,
                )
            )
