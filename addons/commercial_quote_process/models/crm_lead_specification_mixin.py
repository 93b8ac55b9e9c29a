from odoo import api, fields, models

from ..const import CLOSED_STEPS
from ..tools.client_html import clean_client_html


class CrmLeadSpecificationMixin(models.AbstractModel):
    """What the client wants: the documents of the specification, and what they require."""

    _name = "crm.lead.specification.mixin"
    _description = "Specification of an opportunity"

    specification_ids = fields.One2many(
        "quote.specification",
        "lead_id",
        help="The documents that describe what the client wants; the newest one is current.",
    )
    current_specification_id = fields.Many2one(
        "quote.specification",
        string="Current specification",
        compute="_compute_current_specification_id",
    )
    specification_summary = fields.Html(
        string="Summary of the specification",
        sanitize_style=True,
        help="What the client wants, in our words: context, needs, constraints.",
    )
    no_specification = fields.Boolean(
        string="No specification",
        copy=False,
        help="The client gives no document: the scope is agreed from the conversation.",
    )
    specification_missing = fields.Boolean(
        string="Specification missing",
        compute="_compute_specification_missing",
        export_string_translation=False,
    )
    requirement_ids = fields.One2many("quote.requirement", "lead_id", string="Requirements")
    requirement_count = fields.Integer(
        string="Number of requirements",
        compute="_compute_requirement_coverage",
        compute_sudo=True,
    )
    requirement_answered_percent = fields.Float(
        string="Answered (%)",
        compute="_compute_requirement_coverage",
        compute_sudo=True,
    )
    requirement_coverage_percent = fields.Float(
        string="Covered by the plan (%)",
        compute="_compute_requirement_coverage",
        compute_sudo=True,
        help="Share of the requirements that the plan of a quote in progress covers.",
    )

    # === COMPUTE METHODS === #

    @api.depends("specification_ids.received_on")
    def _compute_current_specification_id(self):
        for lead in self:
            lead.current_specification_id = lead.specification_ids.sorted(
                lambda document: (document.received_on or fields.Date.today(), document.id)
            )[-1:]

    @api.depends("use_quote_process", "no_specification", "specification_ids")
    def _compute_specification_missing(self):
        for lead in self:
            lead.specification_missing = (
                lead.use_quote_process and not lead.no_specification and not lead.specification_ids
            )

    @api.depends("requirement_ids.compliance", "requirement_ids.item_ids.estimate_id.quote_step")
    def _compute_requirement_coverage(self):
        for lead in self:
            rows = lead.requirement_ids
            count = len(rows)
            answered = rows.filtered(lambda row: row.compliance != "to_answer")
            covered = rows.filtered(
                lambda row: row.item_ids.estimate_id.filtered(
                    lambda estimate: estimate.quote_step not in CLOSED_STEPS
                )
            )
            lead.requirement_count = count
            lead.requirement_answered_percent = 100 * len(answered) / count if count else 0.0
            lead.requirement_coverage_percent = 100 * len(covered) / count if count else 0.0

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_specification(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean_specification(vals))

    def unlink(self):
        # A cascade of the database would leave the files of the documents behind.
        self.sudo().specification_ids.unlink()
        return super().unlink()

    @api.model
    def _clean_specification(self, vals):
        """Return the values without what a text of the specification must not fetch or cover."""
        if not vals.get("specification_summary"):
            return vals
        return {
            **vals,
            "specification_summary": clean_client_html(vals["specification_summary"]),
        }
