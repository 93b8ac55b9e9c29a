from odoo import api, fields, models

# What was sold stays as it was.
SOLD_FIELDS = frozenset({"estimate_id", "sold_start"})


class ProjectProject(models.Model):
    _name = "project.project"
    _inherit = ["project.plan.mixin", "project.feature.mixin", "project.project"]

    estimate_id = fields.Many2one(
        "quote.estimate",
        string="Sold estimate",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        help="What was sold: the plan, the days and the costs of the accepted quote.",
    )

    _estimate_uniq = models.UniqueIndex(
        "(estimate_id) WHERE estimate_id IS NOT NULL", "This quote already has its project."
    )

    @api.model
    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su and field.name in SOLD_FIELDS:
            return False
        return super()._has_field_access(field, operation)

    def action_view_estimate(self):
        """Open the estimate that this project was sold with.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sold estimate"),
            "res_model": "quote.estimate",
            "res_id": self.estimate_id.id,
            "views": [(False, "form")],
        }
