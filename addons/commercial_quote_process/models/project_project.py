from odoo import fields, models


class ProjectProject(models.Model):
    _name = "project.project"
    _inherit = [
        "project.sold.mixin",
        "project.hand.over.mixin",
        "project.progress.mixin",
        "project.plan.mixin",
        "project.feature.mixin",
        "project.project",
    ]

    # What was sold stays as it was.
    _sold_fields = frozenset({"estimate_id", "sold_start"})

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

    def unlink(self):
        """The quote of a deleted project says so, and offers to create the project again."""
        names = {project.estimate_id.order_id: project.name for project in self.sudo()}
        result = super().unlink()
        for order_sudo, name in names.items():
            order_sudo._on_project_deleted(name)
        return result

    def action_view_estimate(self):
        """Open the estimate that this project was sold with.

        :rtype: dict
        :raise AccessError: when the user may not read the estimate
        """
        self.ensure_one()
        estimate = self.sudo().estimate_id.with_env(self.env)
        estimate.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sold estimate"),
            "res_model": "quote.estimate",
            "res_id": estimate.id,
            "views": [(False, "form")],
        }
