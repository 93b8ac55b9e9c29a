from odoo import fields, models


class QuoteFollowup(models.Model):
    """One row per quote and follow-up step: done, or skipped and why."""

    _name = "quote.followup"
    _inherit = ["quote.immutable.mixin"]
    _description = "Follow-up of a quote"
    _order = "id desc"

    order_id = fields.Many2one(
        "sale.order", string="Quote", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    step_id = fields.Many2one(
        "quote.followup.step",
        readonly=True,
        ondelete="restrict",
        help="Empty for the day on which the result of a tender is expected.",
    )
    name = fields.Char(string="Summary", required=True, readonly=True)
    due_on = fields.Date(readonly=True)
    done_on = fields.Datetime(readonly=True, default=fields.Datetime.now)
    outcome = fields.Selection(
        [("done", "Done"), ("skipped", "Skipped")], required=True, readonly=True
    )
    skip_reason = fields.Selection(
        [
            ("catch_up", "A later one was due at the same time"),
            ("no_responsible", "Nobody looks after this client"),
            ("no_email", "The client has no mail address"),
            ("emails_off", "Mails to clients are turned off"),
            ("error", "It failed several times"),
        ],
        string="Why skipped",
        readonly=True,
    )
    user_id = fields.Many2one("res.users", string="For", readonly=True, ondelete="set null")

    _order_step_uniq = models.UniqueIndex(
        "(order_id, COALESCE(step_id, 0))", "This follow-up has already been made."
    )
