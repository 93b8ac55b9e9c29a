from odoo import api, fields, models
from odoo.tools import plaintext2html

from .crm_lead_contact_mixin import RECALL_ACTIVITY


class CrmLeadRecallMixin(models.AbstractModel):
    """Coming back to a client on the day that was promised."""

    _name = "crm.lead.recall.mixin"
    _description = "Recall of an opportunity"

    # Empty: still to come. A new date makes a new recall.
    recalled_on = fields.Datetime(
        string="Recalled on", compute="_compute_recalled_on", store=True, copy=False
    )

    # === COMPUTE METHODS === #

    @api.depends("recall_date")
    def _compute_recalled_on(self):
        self.recalled_on = False

    # === ONE RECALL === #

    def _get_recall_day(self):
        """Return the day of the recall that is still to make, or False.

        A refused client's opportunity is reopened. One that was lost after the client had said
        "later" is not: the date belonged to an answer that no longer holds.

        :rtype: date | bool
        """
        self.ensure_one()
        wanted = self.contact_outcome == "refused" or (
            self.contact_outcome == "later" and self.active
        )
        if not wanted or self.recalled_on or self.won_status == "won":
            return False
        return self.recall_date

    def _recall(self):
        """Bring opportunities back to their salesperson, with an activity for today."""
        if not self:
            return
        self.filtered(lambda lead: not lead.active)._reopen_for_recall()
        for lead in self:
            owner = lead._get_reminded_user()
            if owner and owner != lead.user_id:
                lead.user_id = owner
        self._create_reminders([lead._prepare_recall_activity_values() for lead in self])
        self._write_reminder_rows("recall", {lead: lead.recall_date for lead in self})
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

    def _prepare_recall_activity_values(self):
        """Return the values of the activity of a recall.

        :rtype: dict
        """
        self.ensure_one()
        return self._prepare_reminder_values(
            RECALL_ACTIVITY,
            date_deadline=self._get_followup_company()._quote_today(),
            note=plaintext2html(self.recall_reason or ""),
        )
