from odoo import fields, models
from odoo.exceptions import UserError

from .quote_step_mixin import ACTIVITY_VALIDATION


class QuoteRequestMixin(models.AbstractModel):
    """Asking for the validation of a quote, and taking it back."""

    _name = "quote.request.mixin"
    _description = "Request for the validation of a quote"

    # === ASKING === #

    def action_request_validation(self):
        """Ask the approvers, each of whom gets an activity.

        :return: True
        :raise UserError: when the quote is not finished
        """
        self.check_access("write")
        self._lock_for_decision()
        for order in self:
            order._check_finished()
        self._request_validation()
        self._move_to_step("validation")
        self.sudo()._schedule_validation_activities()
        return True

    def _check_finished(self):
        """Refuse to ask for the validation of a quote that an approver could not judge.

        :raise UserError: with what is missing
        """
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: not line.display_type)
        if not lines:
            raise UserError(
                self.env._("%(quote)s has no price yet: set its price first.", quote=self.name)
            )
        if self.amount_total <= 0:
            raise UserError(
                self.env._(
                    "The total of %(quote)s is not positive: correct its lines first.",
                    quote=self.name,
                )
            )
        if any(not line.product_id for line in lines):
            raise UserError(
                self.env._("A line of %(quote)s has no product: choose one.", quote=self.name)
            )

    def _schedule_validation_activities(self):
        """Give one activity to each person who may decide."""
        model_id = self.env["ir.model"]._get_id("sale.order")
        activity_type = self.env.ref(ACTIVITY_VALIDATION)
        today = fields.Date.context_today(self)
        values = [
            {
                "res_model_id": model_id,
                "res_id": order.id,
                "activity_type_id": activity_type.id,
                "summary": activity_type.summary,
                "date_deadline": today,
                "user_id": user.id,
                "automated": True,
            }
            for order in self
            for user in order._get_deciders(order._get_pending_rows_sudo().rule_id, order.env.user)
        ]
        # One activity per approver is one mail per approver: the list "To validate" is enough.
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(values)

    # === TAKING BACK === #

    def action_withdraw(self, reason=None):
        """Take quotes back from validation, or give up their approval, to change them.

        :param str reason: why
        :return: True
        """
        self.check_access("write")
        self._lock_for_decision()
        for order in self:
            if order.quote_step not in ("validation", "ready"):
                raise UserError(
                    self.env._(
                        "%(quote)s is neither under validation nor approved: there is nothing to"
                        " withdraw.",
                        quote=order.name,
                    )
                )
        reason = reason or self.env._("Withdrawn by %(person)s", person=self.env.user.name)
        self._close_validations(reason)
        self._move_to_step("financial", reason)
        return True
