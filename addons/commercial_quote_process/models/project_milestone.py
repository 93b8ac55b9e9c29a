from odoo import fields, models


class ProjectMilestone(models.Model):
    _name = "project.milestone"
    _inherit = ["project.milestone.payment.mixin", "project.sold.mixin", "project.milestone"]

    _sold_fields = frozenset({"estimate_item_id"})

    estimate_item_id = fields.Many2one(
        "quote.estimate.item",
        string="Sold as",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="project.group_project_user",
    )
