from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import ormcache


class CrmTeam(models.Model):
    """A sales team opts in to the offer process, once, for its new quotes and its pipeline."""

    _inherit = "crm.team"

    use_quote_process = fields.Boolean(
        string="Offer process",
        tracking=True,
        help="New quotes of this team follow the seven steps of the offer process, and its"
        " pipeline shows these steps. Quotes that exist already stay as they are.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        teams = super().create(vals_list)
        process_teams = teams.filtered("use_quote_process")
        if process_teams:
            process_teams._update_process_stages()
        return teams

    def write(self, vals):
        result = super().write(vals)
        if "use_quote_process" in vals:
            self._update_process_stages()
        if "user_id" in vals:
            # The leader may be the one who decides on what waits.
            self.env["quote.validation"]._refresh_all_deciders()
        return result

    def unlink(self):
        process_teams = self.filtered("use_quote_process")
        if not process_teams:
            return super().unlink()
        # A stage holds its teams back: a team that leaves the process may be deleted.
        stages_sudo = self.env["crm.stage"].sudo()._get_process_stages()
        stages_sudo.team_ids = [Command.unlink(team.id) for team in process_teams]
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # === PROCESS === #

    @api.model
    @ormcache()
    def _get_process_team_ids(self):
        """Return the ids of all teams that use the process, archived ones included.

        Cached: the pipelines of every other team ask for it too, and must not pay for it.

        :rtype: frozenset
        """
        teams_sudo = self.sudo().with_context(active_test=False)
        return frozenset(teams_sudo.search([("use_quote_process", "=", True)]).ids)

    def _update_process_stages(self):
        """Put teams that joined the process on its stages, and take those that left it off."""
        self.env.registry.clear_cache()
        stages_sudo = self.env["crm.stage"].sudo()._get_process_stages()
        stages_sudo.team_ids = [
            Command.link(team.id) if team.use_quote_process else Command.unlink(team.id)
            for team in self
        ]

    # === ACTIONS === #

    def action_open_leads(self):
        action = super().action_open_leads()
        if self.filtered("use_quote_process"):
            self._hide_future_recalls(action)
        return action

    @api.model
    def _action_update_to_pipeline(self, action):
        action = super()._action_update_to_pipeline(action)
        if self._get_process_team_ids().intersection(self.env.user.crm_team_ids.ids):
            self._hide_future_recalls(action)
        return action

    @api.model
    def _hide_future_recalls(self, action):
        """Switch on the filter that hides the clients who asked to be called back later.

        :param dict action: an action on leads; its context is a dict, or text that the web
            client evaluates
        """
        context = action.get("context") or {}
        if isinstance(context, str):
            action["context"] = context.strip().removesuffix("}").rstrip().rstrip(",") + (
                ", 'search_default_hide_future_recalls': 1}"
            )
        else:
            action["context"] = {**context, "search_default_hide_future_recalls": 1}
