from odoo import fields, models

# When a payment of a schedule is due.
PAYMENT_TRIGGERS = [
    ("acceptance", "On acceptance"),
    ("milestone", "At a milestone"),
    ("deliverable", "On a deliverable"),
    ("date", "On a date"),
    ("delay", "Days after acceptance"),
    ("end", "At the end"),
]


class QuotePaymentMixin(models.AbstractModel):
    """One payment of a schedule: its share of the total, and when it is due."""

    _name = "quote.payment.mixin"
    _description = "Payment of a schedule"

    sequence = fields.Integer(default=10)
    trigger = fields.Selection(PAYMENT_TRIGGERS, string="Due", required=True, default="milestone")
    percent = fields.Float(string="Share (%)", help="Share of the total, in percent.")
    delay_days = fields.Integer(string="Days", help="Days after the acceptance.")

    _percent_range = models.Constraint(
        "CHECK(percent >= 0 AND percent <= 100)", "A share lies between 0 and 100 %."
    )
    _delay_positive = models.Constraint(
        "CHECK(delay_days IS NULL OR delay_days >= 0)",
        "A payment is due on the day of the acceptance or later.",
    )
