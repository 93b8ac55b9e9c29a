from odoo import api, fields, models
from odoo.tools import SQL

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

    @api.model
    def _enter(self, orders, step, reason=None):
        """Write down that quotes leave the step at which they are, and enter another one.

        :param sale.order orders: the quotes
        :param str step: a key of ``const.QUOTE_STEPS``
        :param str reason: why, in the words of the person who decided
        """
        now = fields.Datetime.now()
        self._close(orders, now)
        self.create(
            [
                {"order_id": order.id, "step": step, "entered_on": now, "reason": reason}
                for order in orders
            ]
        )

    @api.model
    def _close(self, orders, now):
        """End the stays of quotes where they are, in one statement."""
        if not orders:
            return
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "UPDATE quote_step_log SET left_on = %s, write_date = %s, write_uid = %s"
                " WHERE order_id IN %s AND left_on IS NULL RETURNING id",
                now,
                now,
                self.env.uid,
                tuple(orders.ids),
            )
        )
        self.browse(row[0] for row in rows).invalidate_recordset(
            ["left_on", "duration"], flush=False
        )
