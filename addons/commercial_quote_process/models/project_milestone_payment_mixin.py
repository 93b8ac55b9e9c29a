from odoo import fields, models


class ProjectMilestonePaymentMixin(models.AbstractModel):
    """A milestone that makes several lines of an order invoiceable: its followers go with it."""

    _name = "project.milestone.payment.mixin"
    _description = "Milestone of a payment"

    payment_milestone_id = fields.Many2one(
        "project.milestone",
        string="Reached with",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        groups="base.group_user",
        help="This milestone delivers one more line of the order, at the same time.",
    )
    payment_follower_ids = fields.One2many(
        "project.milestone", "payment_milestone_id", groups="base.group_user", copy=False
    )

    def write(self, vals):
        """A payment is due for all its lines at once."""
        result = super().write(vals)
        shared = {name: vals[name] for name in ("deadline", "is_reached") if name in vals}
        if shared and (followers_sudo := self.sudo().payment_follower_ids - self):
            followers_sudo.write(shared)
        return result
