from odoo import fields, models
from odoo.fields import Command


class QuoteCostPick(models.TransientModel):
    """Adds reusable costs of the catalogue to an estimate, several at once."""

    _name = "quote.cost.pick"
    _description = "Reusable costs for an estimate"
    _check_company_auto = True

    estimate_id = fields.Many2one("quote.estimate", required=True, readonly=True)
    company_id = fields.Many2one(related="estimate_id.company_id")
    item_id = fields.Many2one(
        "quote.estimate.item",
        string="For",
        domain="[('estimate_id', '=', estimate_id)]",
        help="The phase or task that causes these costs; leave empty when all of them do.",
    )
    cost_unit_ids = fields.Many2many(
        "quote.cost.unit",
        string="Reusable costs",
        check_company=True,
        domain="[('company_id', '=', company_id)]",
    )

    def action_apply(self):
        """Add one row per cost to the estimate, to be given its quantity there.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        self.estimate_id.write(
            {
                "cost_ids": [
                    Command.create({"cost_unit_id": cost.id, "item_id": self.item_id.id})
                    for cost in self.cost_unit_ids
                ]
            }
        )
        return {"type": "ir.actions.act_window_close"}
