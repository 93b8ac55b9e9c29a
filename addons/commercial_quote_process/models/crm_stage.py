from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

from ..const import PROCESS_STEPS


class CrmStage(models.Model):
    """The seven stages of the process are shared by all teams that use it."""

    _inherit = "crm.stage"

    quote_step = fields.Selection(
        PROCESS_STEPS,
        string="Step of the offer process",
        copy=False,
        help="The step of the offer process that this stage stands for. Empty: a stage of the"
        " pipelines outside the process.",
    )

    _quote_step_unique = models.UniqueIndex(
        "(quote_step) WHERE quote_step IS NOT NULL",
        "Each step of the offer process has one stage only.",
    )

    # === CRUD METHODS === #

    @api.model
    def _has_field_access(self, field, operation):
        # Which stage stands for which step comes with the data of the process.
        if operation == "write" and field.name == "quote_step" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        process_stages = stages.filtered("quote_step")
        if process_stages:
            self.env.registry.clear_cache()
            process_stages.team_ids |= self.env["crm.team"].browse(
                self.env["crm.team"]._get_process_team_ids()
            )
        return stages

    def write(self, vals):
        result = super().write(vals)
        if "quote_step" in vals:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        self._check_outside_process()
        return super().unlink()

    def _check_outside_process(self):
        """Refuse to go on with a stage that stands for a step.

        :raise UserError: with what may be done with such a stage
        """
        for stage in self:
            if stage.quote_step:
                raise UserError(
                    self.env._(
                        "“%(stage)s” is a step of the offer process and cannot be deleted. Rename"
                        " or fold it instead.",
                        stage=stage.name,
                    )
                )

    # === PROCESS === #

    @api.model
    @ormcache()
    def _get_process_stage_ids(self):
        """Return the id of the stage of each step of the process.

        :return: ids by key of ``const.PROCESS_STEPS``; a step whose stage is gone is absent
        :rtype: dict
        """
        stages_sudo = self.sudo().search([("quote_step", "!=", False)])
        return {stage_sudo.quote_step: stage_sudo.id for stage_sudo in stages_sudo}

    @api.model
    def _get_process_stages(self):
        """Return the stages of the process.

        :rtype: crm.stage
        """
        return self.browse(self._get_process_stage_ids().values())

    @api.model
    def _is_process_stage(self, stage_id):
        """Return whether a stage is one of the process, without reading it.

        :rtype: bool
        """
        return stage_id in self._get_process_stage_ids().values()
