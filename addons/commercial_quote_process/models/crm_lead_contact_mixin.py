from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import plaintext2html

RECALL_ACTIVITY = "commercial_quote_process.activity_type_recall"


class CrmLeadContactMixin(models.AbstractModel):
    """Step 1: what the client answered when the company offered a quote."""

    _name = "crm.lead.contact.mixin"
    _description = "Contact with the client of an opportunity"

    contact_outcome = fields.Selection(
        [("interested", "Interested"), ("later", "Later"), ("refused", "Refused")],
        string="Outcome of the contact",
        tracking=True,
        copy=False,
        help="What the client answered to the last contact.",
    )
    recall_date = fields.Date(
        string="Call back on",
        tracking=True,
        copy=False,
        help="The day on which the client wants to hear from us again.",
    )
    recall_reason = fields.Char(string="Why call back", copy=False)

    can_start_scope = fields.Boolean(
        string="Ready for the scope",
        compute="_compute_can_start_scope",
        export_string_translation=False,
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "use_quote_process",
        "opportunity_kind",
        "tender_decision",
        "contact_outcome",
        "specification_ids",
    )
    def _compute_can_start_scope(self):
        for lead in self:
            lead.can_start_scope = not lead._get_scope_error()

    # === CONSTRAINT METHODS === #

    @api.constrains("contact_outcome", "recall_date")
    def _check_recall_date_of_later(self):
        for lead in self:
            if lead.contact_outcome == "later" and not lead.recall_date:
                raise ValidationError(
                    self.env._(
                        "“%(lead)s”: the client asked to be called back later. On which day?",
                        lead=lead.name,
                    )
                )

    # === ACTIONS === #

    def action_log_contact(self):
        """Open the wizard that asks what the client answered.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "commercial_quote_process.quote_contact_outcome_action"
        )
        action["context"] = {"default_lead_id": self.id}
        return action

    def action_start_scope(self):
        """Go on to the scope: the client is interested, or the tender came with its documents.

        :return: True
        :raise UserError: with what is missing
        """
        self.check_access("write")
        for lead in self:
            if error := lead._get_scope_error():
                raise UserError(error)
        self._enter_process_step("scope", self.env._("Work on the scope starts."))
        return True

    def _get_scope_error(self):
        """Return why work on the scope cannot start yet, or False.

        :rtype: str | bool
        """
        self.ensure_one()
        if not self.use_quote_process:
            return self.env._(
                "“%(lead)s” belongs to a team that does not use the offer process.", lead=self.name
            )
        if self.opportunity_kind == "tender" and self.tender_decision == "no_go":
            return self.env._(
                "The company does not answer “%(lead)s”: change the decision first.", lead=self.name
            )
        if self.contact_outcome == "interested":
            return False
        if self.opportunity_kind == "tender" and self.specification_ids:
            return False
        return self.env._(
            "Log the contact with the client of “%(lead)s” first, or add the documents of the"
            " tender.",
            lead=self.name,
        )

    # === WHAT THE CLIENT ANSWERED === #

    def _log_contact(self, outcome, note=None, **values):
        """Record what the client answered, with its consequences.

        :param str outcome: a key of ``contact_outcome``
        :param str note: what was said
        :param values: see ``_prepare_contact_values``
        :raise UserError: when the answer misses a date or a reason
        """
        self.ensure_one()
        self.check_access("write")
        self._check_contact(outcome, **values)
        # The call that was planned has taken place.
        self.activity_feedback([RECALL_ACTIVITY], feedback=note)
        if outcome != "refused" and not self.active:
            self.action_restore()
        if self.quote_step == "identification":
            self._enter_process_step("contact")
        if note:
            self._message_log(body=plaintext2html(note))
        contact_values = self._prepare_contact_values(outcome, **values)
        if outcome == "refused":
            self.action_set_lost(**contact_values)
        else:
            self.write(contact_values)

    def _check_contact(self, outcome, recall_date=None, lost_reason=None, **values):
        """Refuse an answer that would leave nobody with something to do.

        :raise UserError: with what is missing
        """
        company = self.company_id or self.env.company
        if outcome == "later" and not recall_date:
            raise UserError(self.env._("On which day does the client want to be called back?"))
        if (
            outcome in ("later", "refused")
            and recall_date
            and (recall_date <= company._quote_today())
        ):
            raise UserError(self.env._("Choose a day to call back that is still to come."))
        if outcome == "refused" and not lost_reason:
            raise UserError(self.env._("Why did the client refuse? Choose a reason."))

    def _prepare_contact_values(
        self, outcome, recall_date=None, recall_reason=None, lost_reason=None, **values
    ):
        """Return the values that an answer of the client gives to the opportunity.

        :param str outcome: a key of ``contact_outcome``
        :param date recall_date: when to call back (later: required, refused: optional)
        :param str recall_reason: why then
        :param lost_reason: ``crm.lost.reason`` record (refused: required)
        :rtype: dict
        """
        with_recall = outcome != "interested" and bool(recall_date)
        contact_values = {
            "contact_outcome": outcome,
            "recall_date": with_recall and recall_date,
            "recall_reason": with_recall and recall_reason,
        }
        if outcome == "refused":
            contact_values["lost_reason_id"] = lost_reason.id
        return contact_values
