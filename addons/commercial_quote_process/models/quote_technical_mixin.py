from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError

from .quote_estimate_desk_mixin import ACTIVITY_CONTRIBUTION

ACTIVITY_TECHNICAL = "commercial_quote_process.activity_type_technical"


class QuoteTechnicalMixin(models.AbstractModel):
    """What the quote does to its technical part: it follows its project manager and its step."""

    _name = "quote.technical.mixin"
    _description = "Technical part of a quote"

    def write(self, vals):
        previous = {}
        if "project_manager_id" in vals:
            previous = {order: order.project_manager_id for order in self.sudo()}
        result = super().write(vals)
        self._hand_over_estimates(previous)
        if {"project_manager_id", "technical_deadline"} & vals.keys():
            self._follow_technical_activities()
        return result

    def unlink(self):
        """The estimate of a draft goes with it, together with its messages and activities."""
        self.check_access("unlink")
        estimates_sudo = self.sudo()._gated().estimate_id
        estimates_sudo.unlink()
        return super().unlink()

    def _hand_over_estimates(self, previous):
        """Tell estimates whose project manager was replaced.

        What the former project manager may see follows by itself: the estimate reads the quote.

        :param dict previous: former project manager by quote, in superuser mode
        """
        for order_sudo, manager in previous.items():
            if order_sudo.estimate_id and order_sudo.project_manager_id != manager:
                order_sudo.estimate_id._take_over(manager)

    def _follow_technical_activities(self):
        """Keep the activity of the technical part with today's project manager and deadline."""
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

    # === STEP 2 TO 3: SCOPE TO TECHNICAL === #

    def action_start_technical(self):
        """Hand the quote over to its project manager, who gets an activity.

        :return: True
        :raise UserError: when nobody is designated, or the quote is not at the scope step
        """
        self.check_access("write")
        self._lock_for_decision()
        for order in self:
            if not order.project_manager_id:
                raise UserError(
                    self.env._(
                        "Choose the project manager who writes the technical part of %(quote)s"
                        " first.",
                        quote=order.name,
                    )
                )
        self._move_to_step("technical")
        orders_sudo = self.sudo()
        for manager, orders in orders_sudo.grouped("project_manager_id").items():
            orders.estimate_id.message_subscribe(manager.partner_id.ids)
        orders_sudo._schedule_technical_activity()
        return True

    def _schedule_technical_activity(self, note=None):
        """Tell the project managers that they have the ball, on their estimate.

        :param str note: what happened, as plain text
        """
        today = fields.Date.context_today(self)
        body = note and Markup("<p>%s</p>") % note
        values = [
            order.estimate_id._prepare_activity_values(
                order.project_manager_id,
                res_name=order.name,
                date_deadline=order.technical_deadline or today,
                note=body,
            )
            for order in self
        ]
        self.estimate_id._create_activities(ACTIVITY_TECHNICAL, values, notify=True)

    def _get_finished_activities(self, previous_steps):
        """The project manager has work exactly while the quote is at the technical step."""
        left = self.filtered(lambda order: previous_steps[order.id] == "technical")
        finished = super()._get_finished_activities(previous_steps)
        return [*finished, (left.estimate_id, (ACTIVITY_TECHNICAL, ACTIVITY_CONTRIBUTION))]

    def _on_step_changed(self, previous_steps, step):
        result = super()._on_step_changed(previous_steps, step)
        if step == "technical":
            # A finished technical part that comes back is work in progress again.
            estimates_sudo = self.sudo().estimate_id.filtered(lambda e: e.state == "ready")
            estimates_sudo.state = "in_progress"
        return result
