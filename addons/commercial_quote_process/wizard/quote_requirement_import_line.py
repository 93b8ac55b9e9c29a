from odoo import fields, models

from ..models.quote_requirement import PRIORITIES


class QuoteRequirementImportLine(models.TransientModel):
    """One requirement found in a pasted list."""

    _name = "quote.requirement.import.line"
    _description = "Requirement of a pasted list"
    _order = "id"

    import_id = fields.Many2one("quote.requirement.import", required=True, ondelete="cascade")
    is_selected = fields.Boolean(string="Keep")
    is_known = fields.Boolean(string="Already there", readonly=True)
    reference = fields.Char()
    name = fields.Text(string="Requirement", required=True)
    priority = fields.Selection(PRIORITIES, required=True, default="must")

    def _prepare_requirement_values(self, lead):
        """Return the values of the requirement that this line becomes.

        :param lead: the ``crm.lead`` that receives it
        :rtype: dict
        """
        self.ensure_one()
        values = {"lead_id": lead.id, "name": self.name, "priority": self.priority}
        # Without one it takes its number.
        return {**values, "reference": self.reference} if self.reference else values
