from datetime import timedelta

from odoo import api, fields, models

TENDER_ACTIVITY = "commercial_quote_process.activity_type_tender_deadline"
# Changes after which the deadline may need an activity that it did not need before.
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
    tender_result_date = fields.Date(
        string="Result expected on",
        copy=False,
        help="When the buyer announces who won the tender.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads.filtered("tender_decision")._sign_tender_decision()
        leads.filtered("tender_deadline")._plan_tender_activity(TENDER_TRIGGERS)
        return leads

    def write(self, vals):
        decided = self.browse()
        if "tender_decision" in vals:
            decided = self.filtered(lambda lead: lead.tender_decision != vals["tender_decision"])
        result = super().write(vals)
        decided._sign_tender_decision()
        changed = vals.keys() & (TENDER_TRIGGERS | {"user_id"})
        if changed:
            dated = self.filtered("tender_deadline")
            if "tender_deadline" in changed:
                dated = self
            dated._plan_tender_activity(changed)
        return result

    # === DECISION === #

    def _sign_tender_decision(self):
        """Say who took the decision and when; nobody writes these fields themselves."""
        now = fields.Datetime.now()
        for lead_sudo in self.sudo():
            is_decided = bool(lead_sudo.tender_decision)
            lead_sudo.tender_decided_by_id = is_decided and self.env.user
            lead_sudo.tender_decided_on = is_decided and now

    # === ACTIVITY BEFORE THE DEADLINE === #

    def _plan_tender_activity(self, changed):
        """Keep one activity before the deadline of each tender that the company still answers.

        A new salesperson takes over the activity that exists; one that was done is not made again
        for that.

        :param changed: names of the fields that changed
        """
        if not self:
            return
        activities = self.activity_search([TENDER_ACTIVITY]).grouped("res_id")
        for lead in self:
            activity = activities.get(lead.id, self.env["mail.activity"])
            if not lead._needs_tender_activity():
                activity.unlink()
            elif activity:
                activity.write(lead._prepare_tender_activity_values())
            elif TENDER_TRIGGERS & set(changed):
                lead.activity_schedule(TENDER_ACTIVITY, **lead._prepare_tender_activity_values())

    def _needs_tender_activity(self):
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

    def _prepare_tender_activity_values(self):
        """Return the date and the owner of the activity before the deadline.

        :rtype: dict
        """
        self.ensure_one()
        company = self.company_id or self.env.company
        deadline = company._quote_local_date(self.tender_deadline)
        notice = deadline - timedelta(days=company.quote_tender_notice_days)
        owner = self.user_id or self.team_id.user_id
        return {
            "date_deadline": min(deadline, max(notice, company._quote_today())),
            "user_id": owner.id,
        }
