from odoo import api, fields, models

from ..const import QUOTE_STEPS


class QuoteStepLog(models.Model):
    """One row per stay of a quote in a step: where quotes wait, and with whom."""

    _name = "quote.step.log"
    _description = "Step of a quote"
    _inherit = ["quote.history.mixin"]
    _order = "entered_on desc, id desc"
    _rec_name = "step"

    order_id = fields.Many2one(
        "sale.order", string="Quote", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    step = fields.Selection(QUOTE_STEPS, required=True, readonly=True)
    entered_on = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    left_on = fields.Datetime(readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Moved by", readonly=True, default=lambda self: self.env.user
    )
    reason = fields.Text(readonly=True)
    duration = fields.Float(
        string="Duration (h)",
        compute="_compute_duration",
        help="Hours spent in this step; until now when the quote is still there.",
    )

    @api.depends("entered_on", "left_on")
    def _compute_duration(self):
        now = fields.Datetime.now()
        for log in self:
            stay = (log.left_on or now) - (log.entered_on or now)
            log.duration = stay.total_seconds() / 3600

    def _is_history_change_allowed(self, vals):
        """A past stay is history: only its end may be filled in, once."""
        return set(vals) == {"left_on"} and not any(log.left_on for log in self)
