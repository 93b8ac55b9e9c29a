from odoo import api, fields, models

from ..const import CLOSED_STEPS


class QuoteRequirement(models.Model):
    """A numbered requirement of the specification, and how far the offer answers it.

    Together they are the compliance matrix of a tender, which belongs to the technical part.
    """

    _name = "quote.requirement"
    _description = "Requirement"
    _inherit = ["quote.content.mixin"]
    _order = "number, id"

    _content_part = "technical"

    lead_id = fields.Many2one(
        "crm.lead", string="Opportunity", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(
        string="No.", help="Its number in the specification; the next free one when left empty."
    )
    name = fields.Text(string="Requirement", required=True)
    priority = fields.Selection(
        [("must", "Required"), ("should", "Important"), ("could", "Desirable")],
        required=True,
        default="must",
    )
    compliance = fields.Selection(
        [
            ("to_answer", "To answer"),
            ("compliant", "Compliant"),
            ("partial", "Partly compliant"),
            ("non_compliant", "Not compliant"),
        ],
        required=True,
        default="to_answer",
        help="How far the offer meets the requirement.",
    )
    comment = fields.Text(help="How the offer meets the requirement, or why it does not.")

    # === COMPUTE METHODS === #

    @api.depends("number", "name")
    def _compute_display_name(self):
        for requirement in self:
            first_line = (requirement.name or "").strip().split("\n")[0]
            requirement.display_name = f"{requirement.number}. {first_line}"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lead_ids = {vals.get("lead_id") for vals in vals_list if not vals.get("number")}
        last_numbers = self._get_last_numbers(lead_ids - {None, False})
        numbered = []
        for vals in vals_list:
            lead_id = vals.get("lead_id")
            if not vals.get("number") and lead_id:
                last_numbers[lead_id] = last_numbers.get(lead_id, 0) + 1
                vals = {**vals, "number": last_numbers[lead_id]}
            numbered.append(vals)
        return super().create(numbered)

    @api.model
    def _get_last_numbers(self, lead_ids):
        """Return the highest number of the requirements of each opportunity.

        :param set lead_ids: ids of opportunities
        :return: numbers by id of opportunity
        :rtype: dict
        """
        if not lead_ids:
            return {}
        groups = self.sudo()._read_group(
            [("lead_id", "in", list(lead_ids))], ["lead_id"], ["number:max"]
        )
        return {lead.id: number for lead, number in groups}

    # === CONTENT OF A QUOTE === #

    def _get_content_orders(self):
        """The requirements belong to the newest live version of each quote of the opportunity."""
        orders_sudo = self.env["sale.order"].sudo()
        domain = [
            ("opportunity_id", "in", self.sudo().lead_id.ids),
            ("quote_process", "=", True),
            ("quote_step", "not in", list(CLOSED_STEPS)),
        ]
        newest = {}
        for order_sudo in orders_sudo.search(domain, order="quote_version, id"):
            newest[order_sudo.quote_root_id or order_sudo] = order_sudo
        return orders_sudo.union(*newest.values())
