from odoo import api, fields, models

from ..const import EDITABLE_STEPS


class QuoteEstimateComplianceMixin(models.AbstractModel):
    """How one version of an offer answers what the client requires: its compliance matrix.

    While the technical part is being written the matrix is live; what was handed over is kept as
    it was, whatever the next version answers.
    """

    _name = "quote.estimate.compliance.mixin"
    _description = "Compliance matrix of an estimate"

    # Defined by the estimate, named here for the fields that read through it.
    order_id = fields.Many2one("sale.order")
    requirement_ids = fields.One2many(related="order_id.requirement_ids", readonly=True)
    compliance_matrix = fields.Json(
        readonly=True,
        copy=False,
        help="The answers as they were handed over with this version.",
    )
    compliance_html = fields.Html(
        string="Compliance matrix",
        compute="_compute_compliance_html",
        compute_sudo=True,
        sanitize=False,
        exportable=False,
    )

    # === COMPUTE METHODS === #

    @api.depends("quote_step", "compliance_matrix", "requirement_ids")
    @api.depends_context("lang")
    def _compute_compliance_html(self):
        for estimate in self:
            rows = estimate._get_labelled_compliance_rows()
            estimate.compliance_html = rows and self.env["ir.qweb"]._render(
                "commercial_quote_process.quote_compliance_matrix", {"requirements": rows}
            )

    # === THE MATRIX === #

    def _get_compliance_rows(self):
        """Return what the client requires and how this version answers, as plain values.

        Called in superuser mode: people who read an estimate may have no right on opportunities.
        An overrider adds keys of its own; they become part of what is approved.

        :return: dicts with ``reference``, ``name``, ``priority``, ``compliance``, ``comment`` and
            ``items`` (names of the items of the plan that cover it)
        :rtype: list(dict)
        """
        self.ensure_one()
        # The quote's own field: a decision that follows would have to search for this one.
        step = self.sudo().order_id.quote_step
        if step not in EDITABLE_STEPS["technical"] and self.compliance_matrix:
            return self.compliance_matrix["rows"]
        return [
            {
                "reference": requirement._get_label(),
                "name": requirement.name or "",
                "priority": requirement.priority,
                "compliance": requirement.compliance,
                "comment": requirement.comment or "",
                "items": requirement.item_ids.filtered(
                    lambda item: item.estimate_id == self._origin
                ).mapped("name"),
            }
            for requirement in self.requirement_ids
        ]

    def _get_labelled_compliance_rows(self):
        """Return the rows of the matrix with the words of the reader's language.

        :return: as ``_get_compliance_rows``, with ``priority_label`` and ``compliance_label``
        :rtype: list(dict)
        """
        requirement_fields = self.env["quote.requirement"]._fields
        priorities = dict(requirement_fields["priority"]._description_selection(self.env))
        answers = dict(requirement_fields["compliance"]._description_selection(self.env))
        return [
            {
                **row,
                "priority_label": priorities[row["priority"]],
                "compliance_label": answers[row["compliance"]],
            }
            for row in self.sudo()._get_compliance_rows()
        ]

    def _freeze_compliance(self):
        """Keep the answers of these estimates as they are handed over; in superuser mode."""
        for estimate in self:
            # What is live has just been closed: what was frozen before counts no more.
            estimate.compliance_matrix = False
            estimate.compliance_matrix = {"rows": estimate._get_compliance_rows()}

    # === ACTIONS === #

    def action_export_compliance(self):
        """Download the compliance matrix as a spreadsheet.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/quote/estimate/{self.id}/compliance.xlsx",
            "target": "download",
        }
