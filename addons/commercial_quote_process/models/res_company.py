from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    quote_allow_self_approval = fields.Boolean(
        string="Approve one's own quotes",
        help="Lets an approver decide on a quote whose validation the same person asked for.",
    )
