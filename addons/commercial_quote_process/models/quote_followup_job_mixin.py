import logging
from datetime import timedelta

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

BATCH_SIZE = 100
RUN_SIZE = 1000
# A follow-up that failed this often is skipped, with its reason in the history.
MAX_FAILURES = 3
# Ahead of UTC: the first time zone in which a day begins.
EARLIEST_ZONE_HOURS = 14


class QuoteFollowupJobMixin(models.AbstractModel):
    """The daily job that makes the follow-ups that are due.

    The stored date that it searches is moved in the transaction that makes the follow-up, with a
    unique index behind it: each one is made exactly once, whatever happens to the worker.
    """

    _name = "quote.followup.job.mixin"
    _description = "Job of the follow-ups"

    @api.model
    def _get_followup_domain(self):
        """Return the domain of the quotes that are due somewhere in the world."""
        latest = fields.Datetime.now() + timedelta(hours=EARLIEST_ZONE_HOURS)
        return [("next_followup_on", "<=", latest.date())]

    @api.model
    def _cron_follow_up(self, limit=RUN_SIZE):
        """Make the follow-ups that are due, and one catch-up after a long stop."""
        cron = self.env["ir.cron"]
        self._refresh_expired_turns()
        domain = self._get_followup_domain()
        due = self.search(domain, order="next_followup_on, id", limit=limit)
        waiting = len(due) if len(due) < limit else self.search_count(domain)
        cron._commit_progress(remaining=waiting)
        for start in range(0, len(due), BATCH_SIZE):
            batch = due[start : start + BATCH_SIZE]
            if not self._follow_up_safely(batch, domain):
                # One of them fails: the others must not wait for it.
                for order in batch:
                    order = order[0]
                    if not self._follow_up_safely(order, domain):
                        self._followup_failed(order)
            if not cron._commit_progress(len(batch)):
                break

    @api.model
    def _follow_up_safely(self, orders, domain):
        """Follow up these quotes in one transaction.

        :return: False when it failed and everything was undone
        :rtype: bool
        """
        try:
            locked = orders.try_lock_for_update(allow_referencing=True).filtered_domain(domain)
            locked._follow_up()
            self.env["ir.cron"]._commit_progress()
            return True
        except Exception:
            self.env.cr.rollback()
            _logger.info("Follow-up of quotes %s failed", orders.ids, exc_info=True)
            return False

    def _follow_up(self):
        """Make what is due on these quotes, and plan what comes next."""
        live = self.filtered(lambda order: order.quote_step == "sent" and not order.is_expired)
        (self - live).next_followup_on = False
        rows, activities = [], []
        for order, calendar in live._get_followup_calendar().items():
            due = order._get_due_followups(calendar)
            for day, step in due[:-1]:
                rows.append(order._prepare_followup_values(step, day, skip_reason="catch_up"))
            for day, step in due[-1:]:
                row, activity = order._make_followup(step, day)
                rows.append(row)
                activities += activity
        self._create_followup_activities(activities)
        self.env["quote.followup"].create(rows)
        live._plan_next_followup()

    def _get_due_followups(self, calendar):
        """Return the pairs of a calendar that are due, the oldest first."""
        today = self.company_id._quote_today()
        return sorted((pair for pair in calendar if pair[0] <= today), key=lambda pair: pair[0])

    @api.model
    def _followup_failed(self, order):
        """Try again tomorrow; after a few days, write down that it failed and go on."""
        order = order.exists()
        if not order:
            return
        failures = order.followup_failures + 1
        if failures < MAX_FAILURES:
            tomorrow = order.company_id._quote_today() + timedelta(days=1)
            order.write({"followup_failures": failures, "next_followup_on": tomorrow})
        else:
            _logger.warning("Follow-up of quote %s is given up", order.id)
            due = order._get_due_followups(order._get_followup_calendar()[order])
            self.env["quote.followup"].create(
                [
                    order._prepare_followup_values(step, day, skip_reason="error")
                    for day, step in due
                ]
            )
            order._plan_next_followup()
        self.env["ir.cron"]._commit_progress()

    # === ONE FOLLOW-UP === #

    def _make_followup(self, step, day):
        """Make one follow-up.

        :param quote.followup.step step: the step; empty for the result of a tender
        :param date day: when it was due
        :return: the values of its row, and those of the activities to create
        :rtype: tuple[dict, list]
        """
        self.ensure_one()
        if step.kind == "email":
            skip_reason = self._send_followup_mail(step)
            return self._prepare_followup_values(step, day, skip_reason=skip_reason), []
        user = self._get_responsible_user()
        if not user:
            return self._prepare_followup_values(step, day, skip_reason="no_responsible"), []
        values = self._prepare_followup_values(step, day, user=user)
        return values, [self._prepare_followup_activity_values(step, user)]

    def _send_followup_mail(self, step):
        """Queue the mail of a step for the client.

        :return: why it was not queued, or False
        """
        if not self.company_id.quote_followup_emails:
            return "emails_off"
        if not self.partner_id.email:
            return "no_email"
        self.with_context(mail_notify_force_send=False).message_post_with_source(
            step.template_id,
            email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature",
            subtype_xmlid="mail.mt_comment",
        )
        return False

    def _prepare_followup_values(self, step, day, user=None, skip_reason=False):
        """Return the values of the row that says what became of a follow-up.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "order_id": self.id,
            "step_id": step.id,
            "name": step.name or self.env._("Result of the tender"),
            "due_on": day,
            "outcome": "skipped" if skip_reason else "done",
            "skip_reason": skip_reason,
            "user_id": user.id if user else False,
        }

    def _prepare_followup_activity_values(self, step, user):
        """Return the values of the activity of a follow-up, in the language of who gets it.

        :rtype: dict
        """
        self.ensure_one()
        step = step.with_context(lang=user.lang)
        activity_type = step.activity_type_id or self.env.ref("mail.mail_activity_data_todo")
        summary = step.name or self.with_context(lang=user.lang).env._(
            "The result of the tender is expected today"
        )
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "activity_type_id": activity_type.id,
            "summary": summary,
            "note": step.note,
            "user_id": user.id,
            "date_deadline": self.company_id._quote_today(),
            "automated": True,
        }

    @api.model
    def _create_followup_activities(self, activities):
        """Create the activities in one go, without a mail to each salesperson."""
        if activities:
            # Read together what each activity would read alone.
            self.browse([values["res_id"] for values in activities]).mapped("display_name")
            self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
                activities
            )
