from odoo import models

ACTIVITY_TECHNICAL = "commercial_quote_process.activity_type_technical"


class QuoteTechnicalMixin(models.AbstractModel):
    """What the quote does to its technical part: it follows its project manager and its step."""

    _name = "quote.technical.mixin"
    _description = "Technical part of a quote"

    def write(self, vals):
        result = super().write(vals)
        if {"project_manager_id", "technical_deadline"} & vals.keys():
            self._follow_technical_activities()
        return result

    def _follow_technical_activities(self):
        """Keep the activity of the technical part with today's project manager and deadline.

        What the former project manager may see follows by itself: the estimate reads the quote.
        """
        for order_sudo in self.sudo().filtered(lambda order: order.quote_step == "technical"):
            manager, estimate_sudo = order_sudo.project_manager_id, order_sudo.estimate_id
            if not manager:
                estimate_sudo.activity_unlink([ACTIVITY_TECHNICAL])
            elif not estimate_sudo.activity_reschedule(
                [ACTIVITY_TECHNICAL],
                new_user_id=manager.id,
                date_deadline=order_sudo.technical_deadline,
            ):
                order_sudo._schedule_technical_activity()

    def _on_step_changed(self, previous_steps, step):
        """The project manager has nothing left to do once the quote leaves the technical step."""
        super()._on_step_changed(previous_steps, step)
        left = self.filtered(lambda order: previous_steps[order.id] == "technical")
        if left:
            estimates_sudo = left.sudo().estimate_id
            estimates_sudo.activity_unlink([ACTIVITY_TECHNICAL])
