from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import CLOSED_STEPS

PRIORITIES = [("must", "Required"), ("should", "Important"), ("could", "Desirable")]


class QuoteRequirement(models.Model):
    """A numbered requirement of the specification, and how far the offer answers it.

    Together they are the compliance matrix of a tender, which belongs to the technical part. The
    requirements belong to the opportunity, since the client asks the same of every version of the
    offer; the items that cover them belong to one estimate, so ``item_ids`` holds the items of all
    versions, a new version gets links of its own, and ``estimate_item_ids`` shows those of one
    estimate. What a version has answered stays with its estimate from the day it is handed over
    (``compliance_matrix``): answers for the next version do not change what was approved and sent.
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
        string="No.", help="Its place among the requirements; the next free one when left empty."
    )
    reference = fields.Char(
        compute="_compute_reference",
        store=True,
        readonly=False,
        help="What the specification calls it, such as 3.2.1 or REQ-12; its number when empty.",
    )
    name = fields.Text(string="Requirement", required=True)
    priority = fields.Selection(PRIORITIES, required=True, default="must")
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
    item_ids = fields.Many2many(
        "quote.estimate.item",
        "quote_requirement_item_rel",
        "requirement_id",
        "item_id",
        string="Covered by (all versions)",
        copy=False,
        help="What in the plan of the offer meets the requirement.",
    )
    estimate_item_ids = fields.Many2many(
        "quote.estimate.item",
        string="Covered by",
        compute="_compute_estimate_item_ids",
        inverse="_inverse_estimate_item_ids",
        search="_search_estimate_item_ids",
        help="What in the plan meets the requirement.",
    )

    # === COMPUTE METHODS === #

    @api.depends("number")
    def _compute_reference(self):
        for requirement in self:
            requirement.reference = requirement.reference or str(requirement.number or "")

    @api.depends("number", "reference", "name")
    def _compute_display_name(self):
        for requirement in self:
            first_line = (requirement.name or "").strip().split("\n")[0]
            requirement.display_name = f"{requirement._get_label()}. {first_line}"

    @api.depends("item_ids")
    @api.depends_context("quote_estimate_id")
    def _compute_estimate_item_ids(self):
        for requirement in self:
            requirement.estimate_item_ids = requirement._get_items_on_screen()

    def _inverse_estimate_item_ids(self):
        """Change the links to the estimate on screen; those of other versions stay."""
        for requirement in self:
            hidden = requirement.item_ids - requirement._get_items_on_screen()
            requirement.item_ids = hidden | requirement.estimate_item_ids

    @api.model
    def _search_estimate_item_ids(self, operator, value):
        return [("item_ids", operator, value)]

    def _get_items_on_screen(self):
        """Return the linked items of the estimate that the screen is about; all without one.

        :rtype: quote.estimate.item
        """
        self.ensure_one()
        estimate_id = self.env.context.get("quote_estimate_id")
        if not estimate_id:
            return self.item_ids
        return self.item_ids.filtered(lambda item: item.estimate_id.id == estimate_id)

    def _get_label(self):
        """Return what the specification calls this requirement: its reference, or its number.

        :rtype: str
        """
        self.ensure_one()
        return self.reference or str(self.number)

    # === CONSTRAINT METHODS === #

    @api.constrains("item_ids")
    def _check_items(self):
        for requirement_sudo in self.sudo():
            leads_sudo = requirement_sudo.item_ids.estimate_id.order_id.opportunity_id
            if requirement_sudo.item_ids and leads_sudo != requirement_sudo.lead_id:
                raise ValidationError(
                    self.env._(
                        "“%(requirement)s” can only be covered by the plan of an offer of its own"
                        " opportunity.",
                        requirement=requirement_sudo.display_name,
                    )
                )

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
