from odoo import fields, models


class QuoteEstimateAssign(models.TransientModel):
    """Gives an estimate, with its activities and rights, to another project manager."""

    _name = "quote.estimate.assign"
    _description = "New project manager of an estimate"

    estimate_id = fields.Many2one("quote.estimate", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="New project manager",
        required=True,
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("project.group_project_user").ids),
        ],
    )
    note = fields.Text(help="What the new project manager needs to know.")

    def action_apply(self):
        """Hand the estimate over to this colleague.

        :return: an action that closes the dialog; or shows the estimates, to whoever has just
            lost the right to see this one
        """
        self.ensure_one()
        self.estimate_id._assign_manager(self.user_id, self.note)
        if self.estimate_id.has_access("read"):
            return {"type": "ir.actions.act_window_close"}
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "commercial_quote_process.quote_estimate_action"
        )
        return {**action, "target": "main"}
