from odoo import fields, models


class ProjectTask(models.Model):
    _inherit = "project.task"

    # The name that Odoo's own planning uses, so that both show the same start.
    planned_date_begin = fields.Datetime(string="Planned start", tracking=True, copy=False)
    estimate_item_id = fields.Many2one(
        "quote.estimate.item",
        string="Sold as",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="project.group_project_user",
    )
