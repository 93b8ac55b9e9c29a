from odoo import api, fields, models


class QuoteEstimateChangeMixin(models.AbstractModel):
    """What the client wants changed in the technical part, where its project manager works."""

    _name = "quote.estimate.change.mixin"
    _description = "Changes that the client asks of an estimate"

    change_todo_ids = fields.Many2many(
        "quote.change.request",
        string="Changes that the client asks for",
        compute="_compute_change_todo_ids",
        compute_sudo=True,
        help="What the client asked of the versions before this one, about the technical part.",
    )

    @api.depends("order_id.change_todo_ids")
    def _compute_change_todo_ids(self):
        for estimate in self:
            requests = estimate.order_id.change_todo_ids
            estimate.change_todo_ids = requests.filtered(lambda row: row.part == "technical")
