from odoo import fields, models


class QuoteDeclineReason(models.Model):
    """Why a client says no: what the client chooses from on the portal."""

    _name = "quote.decline.reason"
    _description = "Reason to decline a quote"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    lost_reason_id = fields.Many2one(
        "crm.lost.reason",
        string="Lost reason",
        ondelete="set null",
        help="Reason with which the opportunity is marked as lost.",
    )
