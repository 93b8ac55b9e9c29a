from odoo import api, models

from ..const import GATE_KEY, GATE_PASS


class ProjectFeatureMixin(models.AbstractModel):
    """Milestones and dependencies of Odoo's Project, which the first project with them switches on.

    That writes on the groups of all employees and empties the caches of all workers: not while a
    client signs. The job after the acceptance does it.
    """

    _name = "project.feature.mixin"
    _description = "Features of Project that sold plans use"

    @api.model
    def _check_project_group_with_field(self, field_name, group_name):
        """Switch no feature on or off in the request that accepts a quote."""
        if self.env.context.get(GATE_KEY) is GATE_PASS:
            return None
        return super()._check_project_group_with_field(field_name, group_name)

    def _switch_on_features(self):
        """Switch on, for all employees, what these projects use. For jobs, in superuser mode."""
        groups = self.env["res.groups"]
        for name, group in self._get_project_features_mapping().items():
            using = self.filtered(name)
            if using and not groups._is_feature_enabled(group):
                using._fields[name].determine_inverse(using)
