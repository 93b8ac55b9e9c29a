from odoo import models
from odoo.tools import format_datetime


class QuoteLastMoveMixin(models.AbstractModel):
    """Whoever comes second reads who was first: refusals say who moved the quote meanwhile."""

    _name = "quote.last.move.mixin"
    _description = "Who moved a quote last"

    def _get_last_move_text(self):
        """Return who moved this quote to its step and when, unless the current user did.

        For the company's own people only.

        :return: a sentence, or an empty text
        :rtype: str
        """
        self.ensure_one()
        logs_sudo = self.sudo().quote_step_log_ids.sorted("id")
        user = self.env.user
        if len(logs_sudo) < 2 or not user._is_internal():
            return ""
        # What is only told of a step, such as a change after the acceptance, has moved nothing.
        before_sudo = logs_sudo.filtered(lambda log: log.step != logs_sudo[-1].step)[-1:]
        log_sudo = logs_sudo.filtered(lambda log: log.id > (before_sudo.id or 0))[:1]
        if log_sudo.user_id == user:
            return ""
        labels = dict(self._fields["quote_step"]._description_selection(self.env))
        values = {
            "step": labels[log_sudo.step],
            "date": format_datetime(self.env, log_sudo.entered_on, dt_format="short"),
        }
        if log_sudo.user_id._is_internal():
            return self.env._(
                "%(person)s moved it to “%(step)s” on %(date)s.",
                person=log_sudo.user_id.name,
                **values,
            )
        # The client on the portal: the reason says who signed.
        return self.env._(
            "It came to “%(step)s” on %(date)s: %(reason)s", reason=log_sudo.reason or "", **values
        )

    def _with_last_move(self, error):
        """Return a refusal with the sentence that says who moved the quote meanwhile.

        :param error: a sentence, or False when nothing is refused
        :rtype: str | bool
        """
        text = error and self._get_last_move_text()
        return f"{error} {text}" if text else error

    # === REFUSALS === #

    def _get_send_error(self):
        return self._with_last_move(super()._get_send_error())

    def _get_content_locked_message(self, part):
        return self._with_last_move(super()._get_content_locked_message(part))

    def _get_transition_error(self, step):
        return self._with_last_move(super()._get_transition_error(step))

    def _get_accepted_error(self, accepted):
        return accepted._with_last_move(super()._get_accepted_error(accepted))

    def _get_withdraw_error(self):
        return self._with_last_move(super()._get_withdraw_error())

    def _get_already_decided_message(self):
        """The one who took the quote back was first, not the one who had decided before."""
        newest_sudo = self.sudo().validation_ids.sorted("id")[-1:]
        if newest_sudo.state not in ("withdrawn", "outdated"):
            return super()._get_already_decided_message()
        return self._with_last_move(
            self.env._("%(quote)s no longer waits for a decision.", quote=self.name)
        )
