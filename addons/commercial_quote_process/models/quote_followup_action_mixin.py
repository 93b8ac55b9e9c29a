from odoo import fields, models
from odoo.exceptions import UserError

from .quote_followup_job_mixin import MAIL_LAYOUT
from .quote_followup_mixin import ACTIVITY_FOLLOWUP

NOTE_MAX = 500


class QuoteFollowupActionMixin(models.AbstractModel):
    """What the salesperson does about the follow-ups of a quote: now, skip, pause, resume."""

    _name = "quote.followup.action.mixin"
    _description = "Follow-ups by hand"

    # === ACTIONS === #

    def action_follow_up_now(self):
        """Open the next follow-up, to read it before it is made.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        self._check_followup_planned()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Follow up now"),
            "res_model": "quote.followup.now",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_order_id": self.id,
                "default_step_id": self.next_followup_step_id.id,
            },
        }

    def action_skip_followup(self, note, seen=None):
        """Skip the next follow-up of these quotes; the one after it comes as planned.

        :param str note: why, in the words of the salesperson
        :param dict seen: id of the step that the person has seen, False for the result of a
            tender, by id of quote
        :return: True
        :raise UserError: when there is nothing to skip, no reason is given, or the step has been
            made meanwhile
        """
        self.check_access("write")
        note = note.strip()[:NOTE_MAX] if isinstance(note, str) else ""
        if not note:
            raise UserError(self.env._("Say why this follow-up is skipped."))
        self._lock_for_decision()
        self._check_followup_planned()
        self._check_followup_seen(seen or {})
        orders_sudo = self.sudo()
        orders_sudo._write_followup_rows("by_hand", note)
        orders_sudo._plan_next_followup()
        return True

    def action_pause_followups(self, date):
        """Leave the clients of these quotes in peace until a day.

        :param date: first day on which they may be followed up again
        :return: True
        :raise UserError: when the day is none to come
        """
        self.check_access("write")
        try:
            day = fields.Date.to_date(date)
        except (TypeError, ValueError):
            day = None
        self._lock_for_decision()
        self._check_followup_sent()
        for order in self:
            if not day or day <= order.company_id._quote_today():
                raise UserError(self.env._("Choose a day to come, until which nobody follows up."))
        orders_sudo = self.sudo()
        orders_sudo.followup_paused_until = day
        orders_sudo._plan_next_followup()
        return True

    def action_resume_followups(self):
        """Follow up these quotes again as if they had not been paused.

        :return: True
        """
        self.check_access("write")
        self._lock_for_decision()
        self._check_followup_sent()
        orders_sudo = self.sudo()
        orders_sudo.followup_paused_until = False
        orders_sudo._plan_next_followup()
        return True

    # === CHECKS === #

    def _check_followup_sent(self):
        """Refuse to work on the follow-ups of a quote that no client has in hand.

        :raise UserError: with where the quote stands
        """
        for order in self:
            if order.quote_step != "sent":
                raise UserError(
                    self.env._(
                        "%(quote)s does not wait for an answer of the client: there is nothing to"
                        " follow up.",
                        quote=order.name,
                    )
                )

    def _check_followup_planned(self):
        """Refuse to go on when no follow-up is planned, or the offer has expired.

        :raise UserError: with what to do instead
        """
        self._check_followup_sent()
        for order in self:
            if order._is_followup_expired(order.company_id._quote_today()):
                raise UserError(
                    self.env._(
                        "%(quote)s has expired: extend its validity first.", quote=order.name
                    )
                )
            if not order.next_followup_on:
                raise UserError(
                    self.env._(
                        "No follow-up of %(quote)s is planned any more. Plan an activity, or write"
                        " to the client.",
                        quote=order.name,
                    )
                )

    def _check_followup_seen(self, seen):
        """Refuse to work on another follow-up than the one that the person has seen.

        :param dict seen: id of the step, or False, by id of quote; any step of the others will do
        :raise UserError: when it has been made meanwhile
        """
        for order in self:
            step_id = order.next_followup_step_id.id
            if seen.get(order.id, step_id) != step_id:
                raise UserError(
                    self.env._(
                        "This follow-up of %(quote)s has been made or skipped meanwhile. Close the"
                        " dialog to see what comes next.",
                        quote=order.display_name,
                    )
                )

    # === MAKING IT NOW === #

    def _make_followup_now(self, step, subject=None, body=None):
        """Make the next follow-up at once, as the person has read it.

        :param quote.followup.step step: the step that the person has seen
        :param str subject: subject of the mail
        :param markupsafe.Markup body: text of the mail
        """
        self.ensure_one()
        self.check_access("write")
        self._lock_for_decision()
        self._check_followup_planned()
        self._check_followup_seen({self.id: step.id})
        order_sudo = self.sudo()
        user = self.env["res.users"]
        if step.kind == "email":
            self._post_followup_mail(step, subject, body)
        else:
            user = self._get_responsible_user() or self.env.user
            today = self.company_id._quote_today()
            activity = order_sudo._prepare_followup_activity_values(step, user, today)
            order_sudo._create_activities(ACTIVITY_FOLLOWUP, [activity])
        order_sudo._write_followup_rows(False, user=user)
        order_sudo._plan_next_followup()

    def _post_followup_mail(self, step, subject, body):
        """Send a mail that the person has read, and perhaps changed, in the client's language."""
        stop = self.sudo()._get_followup_mail_stop()
        if stop and stop != "emails_off":
            labels = dict(
                self.env["quote.followup"]._fields["skip_reason"]._description_selection(self.env)
            )
            raise UserError(
                self.env._("The mail cannot leave: %(reason)s.", reason=labels[stop].lower())
            )
        lang = self.partner_id.lang or self.env.lang
        self.with_context(lang=lang, mail_notify_force_send=False).message_post(
            body=body,
            subject=subject,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.partner_id.ids,
            attachment_ids=step.sudo().template_id.attachment_ids.ids,
            email_layout_xmlid=MAIL_LAYOUT,
            # The text ends with it, as the person has read.
            email_add_signature=False,
        )

    def _write_followup_rows(self, skip_reason, note=False, user=None):
        """Write down what became of the next follow-up of each quote. In superuser mode."""
        self.env["quote.followup"].create(
            [
                order._prepare_followup_values(
                    # In the language of the company's own people, whoever causes it.
                    order.next_followup_step_id.with_context(
                        lang=order.user_id.lang or self.env.lang
                    ),
                    order.next_followup_on,
                    user=user,
                    skip_reason=skip_reason,
                    note=note,
                )
                for order in self
            ]
        )
