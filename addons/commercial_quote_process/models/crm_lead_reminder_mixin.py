from odoo import api, fields, models

from .quote_due_job_mixin import BATCH_SIZE


class CrmLeadReminderMixin(models.AbstractModel):
    """What is due on opportunities: recalls of clients and deadlines of tenders.

    See ``quote.due.job.mixin`` for the job.
    """

    _name = "crm.lead.reminder.mixin"
    _inherit = ["quote.due.job.mixin"]
    _description = "Reminders of an opportunity"

    next_followup_on = fields.Date(
        string="Next reminder", compute="_compute_next_followup_on", store=True
    )
    followup_failures = fields.Integer(
        string="Failed reminders", compute="_compute_followup_failures", store=True
    )
    followup_ids = fields.One2many(
        "quote.followup", "lead_id", string="Reminders made", readonly=True
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "active",
        "company_id",
        "contact_outcome",
        "opportunity_kind",
        "recall_date",
        "recalled_on",
        "tender_deadline",
        "tender_decision",
        "tender_reminded_on",
        "won_status",
    )
    def _compute_next_followup_on(self):
        for lead in self:
            days = [day for day in (lead._get_recall_day(), lead._get_tender_notice_day()) if day]
            lead.next_followup_on = min(days, default=False)

    @api.depends("recall_date", "tender_deadline")
    def _compute_followup_failures(self):
        self.followup_failures = 0

    # === SCHEDULED ACTION === #

    @api.model
    def _cron_recall(self, batch_size=BATCH_SIZE):
        """Call clients back, and remind of the deadlines of tenders.

        :param int batch_size: opportunities per transaction
        """
        self._run_due_job(batch_size=batch_size)

    def _follow_up(self):
        today = {company: company._quote_today() for company in self._get_followup_companies()}
        recalls, tenders = self.browse(), self.browse()
        for lead in self:
            day = today[lead._get_followup_company()]
            if (recall := lead._get_recall_day()) and recall <= day:
                recalls += lead
            if (notice := lead._get_tender_notice_day()) and notice <= day:
                tenders += lead
        recalls._recall()
        tenders._remind_of_tender()
        self.env.add_to_compute(self._fields["next_followup_on"], self)

    def _get_followup_companies(self):
        return self.company_id | self.env.company

    def _give_up_followup(self):
        day = self._get_followup_company()._quote_today()
        for kind, due_on in (
            ("recall", self._get_recall_day()),
            ("tender_deadline", self._get_tender_notice_day()),
        ):
            if due_on and due_on <= day:
                self._write_reminder_rows(kind, {self: due_on}, skip_reason="error")
        # Until somebody gives another date.
        self.env.cr.execute("UPDATE crm_lead SET next_followup_on = NULL WHERE id = %s", [self.id])

    # === WHAT IS LEFT BEHIND === #

    def _get_reminded_user(self):
        """Return who is reminded: the salesperson, or the team leader when that person has left.

        :rtype: res.users
        """
        self.ensure_one()
        if self.user_id.active:
            return self.user_id
        return self.team_id.user_id.filtered("active")

    def _prepare_reminder_values(self, activity_type, **values):
        """Return the values of an activity of one of our own types.

        :param str activity_type: external id of the type
        :param values: more values of ``mail.activity``
        :rtype: dict
        """
        self.ensure_one()
        kind = self.env.ref(activity_type, raise_if_not_found=False)
        kind = kind or self._default_activity_type()
        return {
            "activity_type_id": kind.id,
            "automated": True,
            "res_id": self.id,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "summary": kind.summary or kind.name,
            "user_id": self._get_reminded_user().id,
            **values,
        }

    def _create_reminders(self, values_list):
        """Create activities on these opportunities in one go, without a mail to each person."""
        # Read together here, or each activity reads the name of its document alone.
        self.mapped("display_name")
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(values_list)

    def _write_reminder_rows(self, kind, days, skip_reason=False):
        """Write down what became of reminders, once for each day.

        :param str kind: a key of ``quote.followup.kind``
        :param dict days: when it was due, by opportunity
        :param str skip_reason: a key of ``quote.followup.skip_reason``, or False
        """
        followups = self.env["quote.followup"]
        domain = [("lead_id", "in", [lead.id for lead in days]), ("kind", "=", kind)]
        made = {(row.lead_id, row.due_on) for row in followups.search(domain)}
        labels = dict(followups._fields["kind"]._description_selection(self.env))
        followups.create(
            [
                {
                    "lead_id": lead.id,
                    "company_id": lead.company_id.id,
                    "kind": kind,
                    "name": labels[kind],
                    "due_on": day,
                    "outcome": "skipped" if skip_reason else "done",
                    "skip_reason": skip_reason,
                    "user_id": lead._get_reminded_user().id,
                }
                for lead, day in days.items()
                if (lead, day) not in made
            ]
        )
