from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.requirement_list import MAX_REQUIREMENTS, parse_requirements


class QuoteRequirementImport(models.TransientModel):
    """Requirements pasted from a specification or a spreadsheet, looked at before they are kept."""

    _name = "quote.requirement.import"
    _description = "Paste requirements"

    lead_id = fields.Many2one("crm.lead", string="Opportunity")
    estimate_id = fields.Many2one("quote.estimate")
    text = fields.Text(string="List of requirements")
    line_ids = fields.One2many(
        "quote.requirement.import.line",
        "import_id",
        string="Preview",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    found_count = fields.Integer(string="Requirements found", compute="_compute_counts")
    known_count = fields.Integer(string="Already there", compute="_compute_counts")

    # === COMPUTE METHODS === #

    @api.depends("text")
    def _compute_line_ids(self):
        for wizard in self:
            known = wizard._get_known_texts()
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "reference": row.reference,
                            "name": row.text,
                            "priority": row.priority or "must",
                            "is_known": self._normalise(row.text) in known,
                            "is_selected": self._normalise(row.text) not in known,
                        }
                    )
                    for row in wizard._parse()
                ),
            ]

    @api.depends("line_ids.is_known")
    def _compute_counts(self):
        for wizard in self:
            wizard.found_count = len(wizard.line_ids)
            wizard.known_count = len(wizard.line_ids.filtered("is_known"))

    def _parse(self):
        """Return the requirements of the pasted text.

        :rtype: list(tools.requirement_list.Requirement)
        :raise UserError: when it is longer than any specification
        """
        try:
            return parse_requirements(self.text or "")
        except ValueError as error:
            raise UserError(
                self.env._(
                    "This is more than %(maximum)s requirements: paste one chapter at a time.",
                    maximum=MAX_REQUIREMENTS,
                )
            ) from error

    @api.model
    def _normalise(self, text):
        return " ".join(text.lower().split())

    def _get_lead_sudo(self):
        """Return the opportunity, after a check that the person may work on it here.

        A project manager has no right on opportunities: the estimate opens the way to its own.

        :rtype: crm.lead
        """
        if self.estimate_id:
            self.estimate_id.check_access("write")
            return self.estimate_id.sudo().order_id.opportunity_id
        self.lead_id.check_access("write")
        return self.lead_id.sudo()

    def _get_known_texts(self):
        if not (self.estimate_id or self.lead_id):
            return set()
        names = self._get_lead_sudo().requirement_ids.mapped("name")
        return {self._normalise(name) for name in names if name}

    # === ACTIONS === #

    def action_import(self):
        """Add the requirements that are ticked, in their order, after those that are there.

        :return: an action that closes the dialog
        :raise UserError: when nothing is ticked
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.is_selected and line.name)
        lead_sudo = self._get_lead_sudo()
        if not lines or not lead_sudo:
            raise UserError(self.env._("Paste the list first, and tick what to keep."))
        self.env["quote.requirement"].create(
            [line._prepare_requirement_values(lead_sudo) for line in lines]
        )
        return {"type": "ir.actions.act_window_close"}
