from datetime import timedelta

from odoo import api, fields, models

TENDER_ACTIVITY = "commercial_quote_process.activity_type_tender_deadline"
# Changes after which the deadline may need a reminder that it did not need before.
TENDER_TRIGGERS = {"opportunity_kind", "tender_deadline", "tender_decision", "active"}


class CrmLeadTenderMixin(models.AbstractModel):
    """Step 0: a tender or a prospect, and whether the company goes for the tender."""

    _name = "crm.lead.tender.mixin"
    _description = "Tender behind an opportunity"

    opportunity_kind = fields.Selection(
        [("tender", "Tender"), ("prospect", "Prospect")],
        string="Kind of opportunity",
        tracking=True,
        help="A tender published by a buyer, or a prospect met by ourselves.",
    )
    tender_reference = fields.Char(
        string="Tender reference", help="The buyer's reference; new quotes carry it."
    )
    tender_deadline = fields.Datetime(
        string="Submission deadline",
        tracking=True,
        copy=False,
        help="Until when the offer can be deposited. An activity reminds the salesperson in time.",
    )
    tender_url = fields.Char(string="Tender link", help="Where the tender is published.")
    tender_decision = fields.Selection(
        [("go", "Go"), ("no_go", "No go")],
        string="Go / no-go",
        tracking=True,
        copy=False,
        help="Whether the company answers this tender.",
    )
    tender_decision_reason = fields.Text(string="Reason of the decision", copy=False)
    tender_decided_by_id = fields.Many2one(
        "res.users",
        string="Decided by",
        readonly=True,
        copy=False,
    )
    tender_decided_on = fields.Datetime(string="Decided on", readonly=True, copy=False)
    # Empty: still to come. A new deadline makes a new reminder.
    tender_reminded_on = fields.Datetime(
        string="Reminded on",
        compute="_compute_tender_reminded_on",
        store=True,
        copy=False,
        help="When the salesperson was reminded of the deadline.",
    )
    tender_result_date = fields.Date(
        string="Result expected on",
        copy=False,
        help="When the buyer announces who won the tender.",
    )

    # === COMPUTE METHODS === #

    @api.depends("tender_deadline")
    def _compute_tender_reminded_on(self):
        self.tender_reminded_on = False

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads.filtered("tender_decision")._sign_tender_decision()
        leads.filtered("tender_deadline")._update_tender_reminder(TENDER_TRIGGERS)
        return leads

    def write(self, vals):
        decided = self.browse()
        if "tender_decision" in vals:
            decided = self.filtered(lambda lead: lead.tender_decision != vals["tender_decision"])
        result = super().write(vals)
        decided._sign_tender_decision()
        changed = vals.keys() & (TENDER_TRIGGERS | {"user_id"})
        if changed:
            dated = self if "tender_deadline" in changed else self.filtered("tender_deadline")
            dated._update_tender_reminder(changed)
        return result

    # === DECISION === #

    def _sign_tender_decision(self):
        """Say who took the decision and when; nobody writes these fields themselves."""
        now = fields.Datetime.now()
        for lead_sudo in self.sudo():
            is_decided = bool(lead_sudo.tender_decision)
            lead_sudo.tender_decided_by_id = is_decided and self.env.user
            lead_sudo.tender_decided_on = is_decided and now

    # === REMINDER OF THE DEADLINE === #

    def _needs_tender_reminder(self):
        """Return whether somebody must be reminded of this tender's deadline.

        :rtype: bool
        """
        self.ensure_one()
        return (
            self.opportunity_kind == "tender"
            and bool(self.tender_deadline)
            and self.tender_decision != "no_go"
            and self.active
        )

    def _get_tender_notice_day(self):
        """Return the day on which to remind of the deadline, when that is still to be done.

        :rtype: date | bool
        """
        self.ensure_one()
        if self.tender_reminded_on or not self._needs_tender_reminder():
            return False
        company = self._get_followup_company()
        notice = timedelta(days=company.sudo().quote_tender_notice_days)
        return company._quote_local_date(self.tender_deadline) - notice

    def _update_tender_reminder(self, changed):
        """Keep the reminder that has been made in step with the tender; have a late one made now.

        :param set changed: names of the fields that changed
        """
        if "user_id" not in changed or changed & TENDER_TRIGGERS:
            ended = self.filtered(
                lambda lead: "tender_deadline" in changed or not lead._needs_tender_reminder()
            )
            ended.activity_unlink([TENDER_ACTIVITY])
        else:
            ended = self.browse()
        if "user_id" in changed:
            for user, leads in (
                (self - ended).grouped(lambda lead: lead._get_reminded_user()).items()
            ):
                leads.activity_reschedule([TENDER_ACTIVITY], new_user_id=user.id)
        if any(lead._is_tender_notice_due() for lead in self):
            self.env.ref("commercial_quote_process.ir_cron_recall").sudo()._trigger()

    def _is_tender_notice_due(self):
        day = self._get_tender_notice_day()
        return bool(day) and day <= self._get_followup_company()._quote_today()

    def _remind_of_tender(self):
        """Remind of the deadlines of these tenders, unless the offer has been sent already."""
        if not self:
            return
        days = {lead: lead._get_tender_notice_day() for lead in self}
        sent = self.filtered(lambda lead: any(order.sent_on for order in lead.sudo().order_ids))
        late = (self - sent).filtered(lambda lead: lead.tender_deadline < fields.Datetime.now())
        reminded = self - sent - late
        reminded._create_reminders([lead._prepare_tender_activity_values() for lead in reminded])
        for leads, reason in ((reminded, False), (sent, "deposited"), (late, "too_late")):
            leads._write_reminder_rows(
                "tender_deadline", {lead: days[lead] for lead in leads}, skip_reason=reason
            )
        self.tender_reminded_on = fields.Datetime.now()

    def _prepare_tender_activity_values(self):
        """Return the values of the activity before the deadline, due on the day of the deadline.

        :rtype: dict
        """
        self.ensure_one()
        company = self._get_followup_company()
        return self._prepare_reminder_values(
            TENDER_ACTIVITY, date_deadline=company._quote_local_date(self.tender_deadline)
        )
