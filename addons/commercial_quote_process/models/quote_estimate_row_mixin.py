from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import ESTIMATE_COST_GROUPS, PLAN_KEY, PLAN_PASS


class QuoteEstimateRowMixin(models.AbstractModel):
    """A row of an estimate: it belongs to one estimate and to its company."""

    _name = "quote.estimate.row.mixin"
    _description = "Row of an estimate"
    _inherit = ["quote.content.mixin", "quote.cost.access.mixin"]
    _cost_reader_groups = ESTIMATE_COST_GROUPS

    estimate_id = fields.Many2one("quote.estimate", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="estimate_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    def _get_content_orders(self):
        return self.sudo().estimate_id.order_id

    @api.model
    def _get_computed_fields(self):
        """Return the names of the stored fields that follow from others: no user writes them.

        An overrider returns the union of ``super()`` and its own names.

        :rtype: frozenset
        """
        return frozenset({"company_id"})

    @api.model
    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su and field.name in self._get_computed_fields():
            return False
        return super()._has_field_access(field, operation)

    def _guard_content(self):
        result = super()._guard_content()
        self.sudo().estimate_id.filtered("is_template")._bump_template_revision()
        return result

    def _as_copied_whole(self, estimate):
        """Return these rows for a copy of a whole estimate, in superuser mode.

        Their copies are neither guarded nor checked one by one: the estimate that receives them
        has just been made, and what they are copied from has been checked.

        :param estimate: the ``quote.estimate`` that receives the copies
        """
        return self.sudo().with_context(
            **{PLAN_KEY: PLAN_PASS}, default_company_id=estimate.company_id.id
        )

    def write(self, vals):
        """A row stays in its estimate: access was checked on the estimate it is in."""
        if "estimate_id" in vals and any(row.estimate_id.id != vals["estimate_id"] for row in self):
            raise UserError(
                self.env._(
                    "A row of an estimate stays in it: make a new one in the other estimate."
                )
            )
        return super().write(vals)
