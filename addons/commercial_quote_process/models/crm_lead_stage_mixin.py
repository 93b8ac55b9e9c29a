from odoo import api, fields, models
from odoo.fields import Domain


class CrmLeadStageMixin(models.AbstractModel):
    """Stages of an opportunity: those of the process for its teams, the others for the others.

    Every question about a team or a stage is answered from a cached set of ids, so that pipelines
    outside the process pay no query for the process.
    """

    _name = "crm.lead.stage.mixin"
    _description = "Stages of an opportunity"

    use_quote_process = fields.Boolean(
        string="Offer process",
        compute="_compute_use_quote_process",
        search="_search_use_quote_process",
        help="Whether the team of this opportunity uses the offer process.",
    )

    # === COMPUTE METHODS === #

    @api.depends("team_id.use_quote_process")
    def _compute_use_quote_process(self):
        process_team_ids = self.env["crm.team"]._get_process_team_ids()
        for lead in self:
            lead.use_quote_process = lead.team_id._origin.id in process_team_ids

    def _search_use_quote_process(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("team_id", "in", self.env["crm.team"]._get_process_team_ids())
        return domain if True in value else ~domain

    @api.depends("team_id", "type")
    def _compute_stage_id(self):
        """Follow a change of team into, or out of, the stages of the process."""
        for lead in self:
            if lead.stage_id and lead.team_id and lead._is_stage_misplaced():
                lead.stage_id = lead._get_stage_of_new_team()
        return super()._compute_stage_id()

    def _is_stage_misplaced(self):
        """Return whether the stage belongs to the process and the team does not, or vice versa.

        :rtype: bool
        """
        self.ensure_one()
        is_process_stage = self.env["crm.stage"]._is_process_stage(self.stage_id.id)
        return is_process_stage != self.use_quote_process

    def _get_stage_of_new_team(self):
        """Return the stage at which this opportunity enters its new team's pipeline.

        :rtype: crm.stage
        """
        self.ensure_one()
        if self.stage_id.is_won:
            won_stage = self._stage_find(domain=[("is_won", "=", True)])
            if won_stage:
                return won_stage
        return self._stage_find(domain=[("fold", "=", False)])

    # === PIPELINE === #

    @api.model
    def _get_stage_kinds(self, team_ids):
        """Return which kinds of stages the pipeline of these teams shows.

        :param team_ids: ids of teams
        :return: True for the stages of the process, False for the others
        :rtype: set
        """
        process_team_ids = self.env["crm.team"]._get_process_team_ids()
        return {team_id in process_team_ids for team_id in team_ids} or {False}

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """Leave out of a pipeline the empty columns of the other kind."""
        columns = super()._read_group_stage_ids(stages, domain)
        team_ids = []
        if self.env.context.get("show_user_team_stages"):
            team_ids += self.env.user.crm_team_ids.ids
        if self.env.context.get("default_team_id"):
            team_ids.append(self.env.context["default_team_id"])
        kinds = self._get_stage_kinds(team_ids)
        is_process_stage = self.env["crm.stage"]._is_process_stage
        return columns.filtered(
            lambda stage: stage.id in stages._ids or is_process_stage(stage.id) in kinds
        )

    def _stage_find(self, team_id=False, domain=None, order="sequence, id", limit=1):
        team_ids = {lead.team_id._origin.id for lead in self if lead.team_id}
        if team_id:
            team_ids.add(team_id)
        kinds = self._get_stage_kinds(team_ids)
        if len(kinds) == 1:
            operator = "!=" if True in kinds else "="
            domain = [*(domain or []), ("quote_step", operator, False)]
        return super()._stage_find(team_id=team_id, domain=domain, order=order, limit=limit)

    # === MOVING === #

    def _enter_process_step(self, step, reason=None):
        """Move opportunities to the stage of a step; each move is logged with its reason.

        :param str step: a key of ``const.PROCESS_STEPS``
        :param str reason: why, for the history of the opportunity
        """
        stage_id = self.env["crm.stage"]._get_process_stage_ids().get(step)
        moving = self.filtered(lambda lead: lead.stage_id.id != stage_id)
        if not stage_id or not moving:
            return
        if reason:
            moving._track_set_log_message(reason)
        moving.write({"stage_id": stage_id})
