from odoo import fields, models


class QuoteFollowup(models.Model):
    """One row per follow-up: done, or skipped and why. Of a quote, or of an opportunity."""

    _name = "quote.followup"
    _inherit = ["quote.immutable.mixin"]
    _description = "Follow-up of a quote"
    _order = "id desc"

    order_id = fields.Many2one("sale.order", string="Quote", readonly=True, ondelete="restrict")
    lead_id = fields.Many2one("crm.lead", string="Opportunity", readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", readonly=True)
    kind = fields.Selection(
        [
            ("step", "Follow-up step"),
            ("tender_result", "Result of a tender"),
            ("recall", "Call back"),
            ("tender_deadline", "Deadline of a tender"),
        ],
        required=True,
        readonly=True,
        default="step",
    )
    step_id = fields.Many2one(
        "quote.followup.step",
        readonly=True,
        ondelete="restrict",
        help="Empty for the day on which the result of a tender is expected.",
    )
    name = fields.Char(string="Summary", required=True, readonly=True)
    due_on = fields.Date(string="Due", readonly=True)
    done_on = fields.Datetime(string="On", readonly=True, default=fields.Datetime.now)
    outcome = fields.Selection(
        [("done", "Done"), ("skipped", "Skipped")], required=True, readonly=True
    )
    skip_reason = fields.Selection(
        [
            ("by_hand", "Skipped by hand"),
            ("client_wrote", "The client wrote"),
            ("changes_asked", "The client asked for changes"),
            ("accepted", "The client signed"),
            ("declined", "The client declined"),
            ("new_version", "A new version replaced it"),
            ("cancelled", "The quote was cancelled"),
            ("expired", "The offer had expired"),
            ("paused", "The follow-ups were paused"),
            ("planned_by_hand", "Somebody had planned an activity"),
            ("no_contact", "The client asked not to be contacted"),
            ("catch_up", "A later one was due at the same time"),
            ("no_responsible", "Nobody looks after this client"),
            ("no_email", "The client has no mail address"),
            ("bounced", "Mails to the client come back"),
            ("blacklisted", "The client's address is on the blacklist"),
            ("emails_off", "Mails to clients are turned off"),
            ("deposited", "The offer had been sent already"),
            ("too_late", "The deadline had passed"),
            ("error", "It failed several times"),
        ],
        string="Why skipped",
        readonly=True,
    )
    note = fields.Char(string="Remark", readonly=True, help="Said by whoever skipped it.")
    user_id = fields.Many2one("res.users", string="For", readonly=True, ondelete="set null")

    # Each row is in one of them: most are of quotes.
    _order_step_uniq = models.UniqueIndex(
        "(order_id, COALESCE(step_id, 0)) WHERE order_id IS NOT NULL",
        "This follow-up has already been made.",
    )
    _lead_day_uniq = models.UniqueIndex(
        "(lead_id, kind, due_on) WHERE lead_id IS NOT NULL", "This follow-up has already been made."
    )
    _subject_given = models.Constraint(
        "CHECK ((order_id IS NULL) != (lead_id IS NULL))",
        "A follow-up belongs to a quote or to an opportunity.",
    )
