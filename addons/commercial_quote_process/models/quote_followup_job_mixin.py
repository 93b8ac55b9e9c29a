from odoo import api, models

from ..tools.followup_dates import split_due, working_day_from
from .quote_due_job_mixin import BATCH_SIZE, RUN_SIZE
from .quote_followup_mixin import ACTIVITY_FOLLOWUP

MAIL_LAYOUT = "mail.mail_notification_layout_with_responsible_signature"
# What a follow-up looks at, of the hundred and more columns that Odoo would read with the first.
ORDER_FIELDS = (
    "company_id",
    "followup_failures",
    "followup_paused_until",
    "last_viewed_on",
    "name",
    "next_followup_on",
    "next_followup_step_id",
    "opportunity_id",
    "partner_id",
    "quote_step",
    "sent_on",
    "team_id",
    "user_id",
    "validity_date",
)


class QuoteFollowupJobMixin(models.AbstractModel):
    """Making the follow-ups of quotes that are due: see ``quote.due.job.mixin``."""

    _name = "quote.followup.job.mixin"
    _inherit = ["quote.due.job.mixin"]
    _description = "Job of the follow-ups"

    @api.model
    def _cron_follow_up(self, limit=RUN_SIZE, batch_size=BATCH_SIZE):
        """Make the follow-ups that are due, and one catch-up after a long stop."""
        self._refresh_expired_turns()
        self._run_due_job(batch_size=batch_size, limit=limit)

    def _follow_up(self):
        """Make what is due on these quotes, and plan what comes next."""
        self.fetch(ORDER_FIELDS)
        live = self.filtered(lambda order: order.quote_step == "sent")
        (self - live)._write_followup_fields(
            {"next_followup_on": False, "next_followup_step_id": False}
        )
        live -= live._put_off_on_day_off()
        live._prefetch_for_followups()
        facts = live._get_followup_facts()
        calendar = live._get_followup_calendar(facts.made)
        today = {company: company._quote_today() for company in live.company_id}
        rows, activities = [], []
        for order, pairs in calendar.items():
            made_rows, made_activities = order._make_due_followup(
                pairs, today[order.company_id], facts
            )
            rows += made_rows
            activities += made_activities
            calendar[order] = pairs[len(made_rows) :]
        self.env["quote.followup"].create(rows)
        self._create_activities(ACTIVITY_FOLLOWUP, activities)
        live._write_followup_plan(calendar)

    def _put_off_on_day_off(self):
        """Put off to the next working day the steps that are due on a day off.

        The result of a tender is looked at on the day on which it is expected.

        :return: the quotes that wait
        :rtype: sale.order
        """
        working_days = self._get_followup_calendars()
        waiting = self.browse()
        for company, orders in self.grouped("company_id").items():
            today = company._quote_today()
            day = working_day_from(today, *working_days[company])
            if day != today:
                put_off = orders.filtered("next_followup_step_id")
                put_off._write_followup_fields({"next_followup_on": day})
                waiting |= put_off
        return waiting

    def _prefetch_for_followups(self):
        """Read together what the follow-ups of these quotes look at."""
        self.mapped("display_name")
        self.opportunity_id.fetch(["opportunity_kind", "tender_result_date"])
        (self.user_id | self.team_id.user_id).fetch(["active", "partner_id"])
        clients = self.partner_id
        clients.fetch(["commercial_partner_id"])
        (clients | clients.commercial_partner_id).fetch(["quote_no_followup"])

    def _make_due_followup(self, pairs, today, facts):
        """Make what is due on one quote: one follow-up, whatever was missed before it.

        :param list pairs: pairs of a day and a step, the oldest first
        :param date today: the day of the company
        :param facts: what ``_get_followup_facts`` returns
        :return: the values of the rows to create, and those of the activities
        :rtype: tuple[list, list]
        """
        paused = self.followup_paused_until
        missed, due = split_due(pairs, today, paused)
        if not due or (paused and paused > today):
            return [], []
        if self._is_followup_expired(today):
            missed, due = [(day, step, "expired") for day, step in pairs if day <= today], None
        rows = [
            self._prepare_followup_values(step, day, skip_reason=reason)
            for day, step, reason in missed
        ]
        if not due:
            return rows, []
        day, step = due
        reason = self._get_followup_stop(step, facts)
        row, activities = self._make_followup(step, day, today, reason)
        return [*rows, row], activities

    def _make_followup(self, step, day, today, skip_reason=False):
        """Make one follow-up, unless there is a reason not to.

        :param quote.followup.step step: the step; empty for the result of a tender
        :param date day: when it was due
        :param date today: the day of the company
        :param str skip_reason: why it is not made, or False
        :return: the values of its row, and those of the activities to create
        :rtype: tuple[dict, list]
        """
        self.ensure_one()
        if skip_reason:
            return self._prepare_followup_values(step, day, skip_reason=skip_reason), []
        if step.kind == "email":
            self._send_followup_mail(step)
            return self._prepare_followup_values(step, day), []
        user = self._get_responsible_user()
        values = self._prepare_followup_values(step, day, user=user)
        return values, [self._prepare_followup_activity_values(step, user, today)]

    def _send_followup_mail(self, step):
        """Queue the mail of a step for the client, in this transaction.

        :param quote.followup.step step: a step that is a mail
        """
        # Template and button in the client's language: Odoo's own texts follow the environment.
        order = self.with_context(
            lang=self.partner_id.lang or self.env.lang, mail_notify_force_send=False
        )
        order.message_post_with_source(
            step.template_id,
            email_layout_xmlid=MAIL_LAYOUT,
            subtype_xmlid="mail.mt_comment",
        )

    def _prepare_followup_activity_values(self, step, user, today):
        """Return the values of the activity of a follow-up, in the language of who gets it.

        :param quote.followup.step step: the step; empty for the result of a tender
        :param res.users user: who gets it
        :param date today: the day of the company
        :rtype: dict
        """
        self.ensure_one()
        if user.lang != step.env.lang:
            step = step.with_context(lang=user.lang)
        values = self._prepare_activity_values(
            user,
            summary=step.name or step.env._("The result of the tender is expected today"),
            note=step.note,
            date_deadline=today,
        )
        if step.activity_type_id:
            values["activity_type_id"] = step.activity_type_id.id
        return values

    def _give_up_followup(self):
        """Write down that what is due failed, and plan what comes next."""
        today = self.company_id._quote_today()
        pairs = self._get_followup_calendar()[self]
        rows = [
            self._prepare_followup_values(step, day, skip_reason="error")
            for day, step in pairs
            if day <= today
        ]
        self.env["quote.followup"].create(rows)
        self._write_followup_plan({self: pairs[len(rows) :]})
