from markupsafe import Markup

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
        # What is looked at is read for all quotes together, one query per table.
        self.sudo()._prefetch_price_differences()
        for order in self:
            order._check_finished()
        self._request_validation()
        return True

    def _check_finished(self):
        """Refuse to ask for the validation of a quote that an approver could not judge.

        :raise UserError: with what is missing
        """
        self.ensure_one()
        self._check_transition("validation")
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

    def _on_validation_asked(self, rows_sudo):
        result = super()._on_validation_asked(rows_sudo)
        asked = self.filtered(lambda order: order.quote_step != "validation")
        if asked:
            asked._move_to_step("validation")
        self._schedule_validation_activities(rows_sudo)
        return result

    def _on_validation_rerouted(self, rows_sudo):
        result = super()._on_validation_rerouted(rows_sudo)
        self._close_activities(ACTIVITY_VALIDATION)
        self._schedule_validation_activities(self._get_pending_rows_sudo())
        return result

    def _schedule_validation_activities(self, rows_sudo):
        """Give one activity to each person who may decide, or to who can name such a person.

        :param rows_sudo: the ``quote.validation`` rows that wait
        """
        values = [
            self.browse(order_id)
            .with_prefetch(self._prefetch_ids)
            ._prepare_validation_activity_values(user, deadline, what)
            for (order_id, user), (deadline, what) in self._get_tasks_of(rows_sudo).items()
        ]
        self._create_activities(ACTIVITY_VALIDATION, values)

    def _prepare_validation_activity_values(self, user, deadline, what=None):
        """Return the values of the activity of a person who decides, with the way to the screen.

        :param user: ``res.users`` record
        :param date deadline: when the decision is expected
        :param str what: what to do, when it is something else than to decide
        :rtype: dict
        """
        link = Markup('<a href="%s">%s</a>') % (
            self._get_decision_url(),
            self.env._("Open what is to be decided"),
        )
        return self._prepare_activity_values(
            user,
            summary=what or self.env._("Validate this quote"),
            note=Markup("<p>%s</p>") % link,
            date_deadline=deadline,
        )

    def _get_tasks_of(self, rows_sudo):
        """Return who has to do what until when about requests that wait.

        :param rows_sudo: the ``quote.validation`` rows
        :return: deadline and what to do (None: decide) by (id of the quote, user)
        :rtype: dict
        """
        today = fields.Date.context_today(self)
        tasks = {}
        for row_sudo in rows_sudo:
            deadline = row_sudo.deadline or today
            for user in row_sudo.decider_ids:
                known, _summary = tasks.get((row_sudo.res_id, user), (deadline, None))
                tasks[row_sudo.res_id, user] = min(known, deadline), None
            if row_sudo.is_blocked:
                for user in row_sudo.order_id._get_validation_guardians():
                    tasks[row_sudo.res_id, user] = (
                        today,
                        self.env._("Nobody can validate: name another approver"),
                    )
        return tasks

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
                raise UserError(order._get_withdraw_error())
        reason = reason or self.env._("Withdrawn by %(person)s", person=self.env.user.name)
        self._close_validations(reason)
        self._move_to_step("financial", reason)
        return True

    def _get_withdraw_error(self):
        return self.env._(
            "%(quote)s is neither under validation nor approved: there is nothing to withdraw.",
            quote=self.name,
        )
