import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, plaintext2html

from .crm_lead_contact_mixin import RECALL_ACTIVITY

_logger = logging.getLogger(__name__)

# After as many failures a recall is left to a person: see the filter "Recalls in error".
RECALL_MAX_FAILURES = 3


class CrmLeadRecallMixin(models.AbstractModel):
    """Coming back to a client on the day that was promised, exactly once."""

    _name = "crm.lead.recall.mixin"
    _description = "Recall of an opportunity"

    # Empty: still to come. A new date makes a new recall.
    recalled_on = fields.Datetime(
        string="Recalled on", compute="_compute_recalled_on", store=True, copy=False
    )
    recall_failures = fields.Integer(
        string="Failed recalls",
        compute="_compute_recalled_on",
        store=True,
        copy=False,
        help="How often the scheduled action could not plan this recall.",
    )

    # === COMPUTE METHODS === #

    @api.depends("recall_date")
    def _compute_recalled_on(self):
        self.recalled_on = False
        self.recall_failures = 0

    # === SCHEDULED ACTION === #

    @api.model
    def _get_recall_due_domain(self):
        """Return the domain of the recalls to make now, by the date of each company.

        A refused client's opportunity is reopened. One that was lost after the client had said
        "later" is not: the date belonged to an answer that no longer holds.

        :rtype: Domain
        """
        companies = self.env["res.company"].sudo().search(Domain.TRUE)
        company_ids_by_day = companies.grouped(lambda company: company._quote_today())
        is_due = Domain.OR(
            Domain("company_id", "in", companies_of_day.ids) & Domain("recall_date", "<=", day)
            for day, companies_of_day in company_ids_by_day.items()
        ) | (
            Domain("company_id", "=", False)
            & Domain("recall_date", "<=", self.env.company._quote_today())
        )
        is_pending = Domain("recalled_on", "=", False) & Domain(
            "recall_failures", "<", RECALL_MAX_FAILURES
        )
        is_wanted = Domain("contact_outcome", "=", "refused") | (
            Domain("contact_outcome", "=", "later") & Domain("active", "=", True)
        )
        return is_due & is_pending & is_wanted & Domain("won_status", "!=", "won")

    @api.model
    def _cron_recall(self, batch_size=100):
        """Make the recalls that are due: an activity each, and lost opportunities reopened.

        A batch is one transaction. When it fails, its recalls are made one by one, so that the one
        that fails keeps no other from being made.

        :param int batch_size: recalls per transaction
        """
        domain = self._get_recall_due_domain()
        leads_all = self.with_context(active_test=False)
        leads = leads_all.search(domain, limit=batch_size, order="recall_date, id")
        remaining = len(leads) if len(leads) < batch_size else leads_all.search_count(domain)
        cron = self.env["ir.cron"]
        if not cron._commit_progress(remaining=remaining) or not leads:
            return
        done = leads._try_recall(domain) if len(leads) > 1 else None
        if done is not None:
            cron._commit_progress(done)
            return
        for lead in leads:
            done = lead._try_recall(domain)
            if done is None:
                lead._count_recall_failure()
            if not cron._commit_progress(1 if done is None else done):
                return

    def _try_recall(self, domain):
        """Make the recalls of these opportunities that nobody else is making; undo all on failure.

        :param Domain domain: what must still hold once the opportunities are locked
        :return: how many are dealt with, or None when one of them failed
        :rtype: int | None
        """
        try:
            locked = self.try_lock_for_update(allow_referencing=True)
            locked.filtered_domain(domain)._recall()
            self.env.flush_all()
        except OperationalError:
            # Somebody changed one of them meanwhile: it stays due, and did not fail.
            self.env.cr.rollback()
            return 0 if len(self) == 1 else None
        except Exception:
            self.env.cr.rollback()
            if len(self) == 1:
                _logger.exception("The recall of opportunity %s failed.", self.id)
            return None
        return len(locked)

    def _count_recall_failure(self):
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET recall_failures = COALESCE(recall_failures, 0) + 1"
                " WHERE id = %s",
                self.id,
            )
        )
        self.invalidate_recordset(["recall_failures"])

    # === ONE RECALL === #

    def _recall(self):
        """Bring opportunities back to their salesperson, with an activity for today."""
        if not self:
            return
        self.filtered(lambda lead: not lead.active)._reopen_for_recall()
        for lead in self:
            owner = lead._get_recall_owner()
            if owner and owner != lead.user_id:
                lead.user_id = owner
        # Read together here, or each activity reads the name of its document alone.
        self.mapped("display_name")
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [lead._prepare_recall_activity_values() for lead in self]
        )
        self.recalled_on = fields.Datetime.now()

    def _reopen_for_recall(self):
        """Reopen opportunities that the client had refused, with their history."""
        for lead in self:
            message = self.env._("Reopened on the day the client agreed to be called back.")
            if lead.lost_reason_id:
                message = self.env._(
                    "Reopened on the day the client agreed to be called back. It had been lost:"
                    " %(reason)s",
                    reason=lead.lost_reason_id.name,
                )
            lead._track_set_log_message(message)
        self.action_restore()

    def _get_recall_owner(self):
        """Return who calls back: the salesperson, or the team leader when that person has left.

        :rtype: res.users
        """
        self.ensure_one()
        if self.user_id.active:
            return self.user_id
        return self.team_id.user_id.filtered("active")

    def _prepare_recall_activity_values(self):
        """Return the values of the activity of a recall.

        :rtype: dict
        """
        self.ensure_one()
        activity_type = self.env.ref(RECALL_ACTIVITY, raise_if_not_found=False)
        company = self.company_id or self.env.company
        return {
            "activity_type_id": (activity_type or self._default_activity_type()).id,
            "automated": True,
            "date_deadline": company._quote_today(),
            "note": plaintext2html(self.recall_reason or ""),
            "res_id": self.id,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "summary": activity_type.summary if activity_type else self.env._("Call back"),
            "user_id": self._get_recall_owner().id,
        }
