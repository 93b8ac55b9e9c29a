from odoo import api, fields, models


class QuoteContactOutcome(models.TransientModel):
    """Asks the salesperson what the client answered, and what follows from it."""

    _name = "quote.contact.outcome"
    _description = "Log the contact with a client"

    lead_id = fields.Many2one("crm.lead", string="Opportunity", required=True, readonly=True)
    outcome = fields.Selection(
        selection="_get_outcomes",
        string="Answer of the client",
        required=True,
        default="interested",
    )
    note = fields.Text(string="What was said")
    # interested
    specification_file = fields.Binary(string="Specification", attachment=False)
    specification_filename = fields.Char(string="File name")
    specification_version = fields.Char(string="Version of the document")
    no_specification = fields.Boolean(
        string="No specification",
        help="The client gives no document: the scope is agreed from the conversation.",
    )
    # later, refused
    recall_date = fields.Date(
        string="Call back on", help="The day on which the client wants to hear from us again."
    )
    recall_reason = fields.Char(string="Why call back")
    # refused
    lost_reason_id = fields.Many2one("crm.lost.reason", string="Reason of the refusal")

    @api.model
    def _get_outcomes(self):
        """Return the answers that an opportunity knows, in the language of the user.

        :rtype: list(tuple(str, str))
        """
        return self.env["crm.lead"]._fields["contact_outcome"]._description_selection(self.env)

    def action_apply(self):
        """Record the answer on the opportunity.

        :return: the action that closes the wizard
        :rtype: dict
        """
        self.ensure_one()
        lead = self.lead_id
        lead._log_contact(
            self.outcome,
            note=self.note,
            recall_date=self.recall_date,
            recall_reason=self.recall_reason,
            lost_reason=self.lost_reason_id,
        )
        if self.outcome == "interested":
            if self.specification_file:
                self.env["quote.specification"].create(self._prepare_specification_values())
            elif self.no_specification:
                lead.no_specification = True
        return {"type": "ir.actions.act_window_close"}

    def _prepare_specification_values(self):
        """Return the values of the document that the client gave.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "lead_id": self.lead_id.id,
            "file": self.specification_file,
            "filename": self.specification_filename,
            "version": self.specification_version,
        }
