from odoo import api, fields, models


class QuoteContributorInvite(models.TransientModel):
    """Asks colleagues to estimate a part, with a message and a date."""

    _name = "quote.contributor.invite"
    _description = "Invitation to estimate a part"

    estimate_id = fields.Many2one("quote.estimate", required=True, readonly=True)
    user_ids = fields.Many2many(
        "res.users",
        string="Who",
        required=True,
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("project.group_project_user").ids),
        ],
    )
    item_ids = fields.Many2many(
        "quote.estimate.item",
        string="Phases and tasks",
        domain="[('estimate_id', '=', estimate_id)]",
        help="What they are asked about; leave empty for all of the estimate.",
    )
    message = fields.Text()
    deadline = fields.Date(
        string="Expected on",
        required=True,
        compute="_compute_deadline",
        store=True,
        precompute=True,
        readonly=False,
    )

    @api.depends("estimate_id")
    def _compute_deadline(self):
        today = fields.Date.context_today(self)
        for invite in self:
            invite.deadline = max(invite.estimate_id.deadline or today, today)

    def action_invite(self):
        """Send the invitation.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        items = self.item_ids.filtered(lambda item: item.estimate_id == self.estimate_id)
        self.estimate_id._invite_contributors(self.user_ids, items, self.message, self.deadline)
        return {"type": "ir.actions.act_window_close"}
