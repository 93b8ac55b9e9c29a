from odoo import api, fields, models


class QuoteProcessJoin(models.TransientModel):
    """Which drafts of a team that has opted in enter the process too."""

    _name = "quote.process.join"
    _description = "Take drafts into the offer process"

    team_id = fields.Many2one("crm.team", string="Sales team", required=True, readonly=True)
    order_ids = fields.Many2many(
        "sale.order",
        string="Drafts",
        compute="_compute_order_ids",
        store=True,
        readonly=False,
        help="Remove those that stay plain quotations.",
    )

    @api.depends("team_id")
    def _compute_order_ids(self):
        for wizard in self:
            domain = self.env["sale.order"]._get_opt_in_domain(wizard.team_id)
            wizard.order_ids = self.env["sale.order"].search(domain)

    def action_join(self):
        """Take the chosen drafts into the process.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        self.order_ids.action_join_process()
        return {"type": "ir.actions.act_window_close"}
