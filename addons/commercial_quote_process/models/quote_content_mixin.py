from odoo import api, models

from ..const import PLAN_KEY, PLAN_PASS


class QuoteContentMixin(models.AbstractModel):
    """Rows that are part of what a quote says: estimate, plan, workload, costs, requirements.

    They may be changed only while the quote is open for that part, and every change moves the
    quote's content revision, so that a decision taken at the same time notices it.
    """

    _name = "quote.content.mixin"
    _description = "Content of a quote"

    # Which part of the quote these rows belong to: a key of const.EDITABLE_STEPS.
    _content_part = "technical"
    # Names of the fields that say nothing to an approver or a client (working state, followers).
    _content_free_fields = frozenset()

    def _get_content_orders(self):
        """Return the quotes whose content these records are.

        An overrider returns a ``sale.order`` recordset, in superuser mode when the people who
        edit these rows have no right on quotes.

        :rtype: sale.order
        """
        raise NotImplementedError

    def _guard_content(self):
        """Refuse the change when the quotes are closed for this part, else move their revision.

        :raise UserError: when a quote may not be edited at its step
        """
        if self._has_plan_pass():
            return
        orders_sudo = self._get_content_orders().sudo().filtered("quote_process")
        if orders_sudo:
            orders_sudo._check_content_editable(self._content_part)
            orders_sudo._bump_content_revision()

    def _has_plan_pass(self):
        """Return whether a batch that guarded the whole estimate before writes these rows."""
        return self.env.context.get(PLAN_KEY) is PLAN_PASS

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._guard_content()
        return records

    def write(self, vals):
        if vals.keys() <= self._content_free_fields:
            return super().write(vals)
        self._guard_content()
        orders_sudo = self._get_content_orders().sudo()
        result = super().write(vals)
        if self._get_content_orders().sudo() - orders_sudo:
            # The rows were moved: the quote that receives them must be open as well.
            self._guard_content()
        return result

    def unlink(self):
        self._guard_content()
        return super().unlink()
