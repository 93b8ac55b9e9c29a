from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    quote_no_followup = fields.Boolean(
        string="No follow-up of offers",
        tracking=True,
        groups="base.group_user",
        # Whoever reads a contact for something else does not pay for it.
        prefetch=False,
        help="Asked not to be contacted about offers: neither mails nor activities remind of them."
        " On a company, it holds for all of its contacts.",
    )
