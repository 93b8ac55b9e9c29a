from odoo import api, fields, models

from ..const import GATE_KEY, GATE_PASS


class ProjectTask(models.Model):
    _name = "project.task"
    _inherit = ["project.sold.mixin", "project.task"]

    _sold_fields = frozenset({"estimate_item_id"})

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
    sold_days = fields.Float(
        string="Sold days",
        digits=(16, 2),
        related="estimate_item_id.days",
        groups="project.group_project_user",
        help="Days of work that the quote sold for this task, with what is inside of it.",
    )
    acceptance_criteria = fields.Text(
        related="estimate_item_id.acceptance_criteria",
        groups="project.group_project_user",
        help="What makes the client accept this deliverable, as it was signed.",
    )

    @api.model
    def _get_client_fields(self):
        return super()._get_client_fields() | {"planned_date_begin"}

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Tasks of a sold plan follow their project; nobody is added to them one by one."""
        if self.env.context.get(GATE_KEY) is GATE_PASS:
            return True
        return super().message_subscribe(partner_ids=partner_ids, subtype_ids=subtype_ids)
