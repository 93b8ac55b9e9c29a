import io

from odoo import models
from odoo.tools.pdf import add_banner, merge_pdf


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        """Mark each page of an offer that may not leave the company, pages of others included."""
        res_ids = [res_ids] if isinstance(res_ids, int) else res_ids
        drafts = self._get_printed_drafts(report_ref, res_ids)
        if not drafts:
            return super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        others = [res_id for res_id in res_ids if res_id not in drafts.ids]
        content, kind = super()._render_qweb_pdf(report_ref, res_ids=drafts.ids, data=data)
        if kind != "pdf":
            return super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        marked = add_banner(io.BytesIO(content), text=self.env._("DRAFT")).getvalue()
        if not others:
            return marked, kind
        rest, _kind = super()._render_qweb_pdf(report_ref, res_ids=others, data=data)
        return merge_pdf([marked, rest]), kind

    def _get_printed_drafts(self, report_ref, res_ids):
        """Return the offers among what is printed that may not leave the company.

        :param report_ref: see ``_get_report``
        :param list res_ids: ids of the records of the report's model
        :rtype: sale.order
        """
        orders = self.env["sale.order"]
        if not res_ids or self._get_report(report_ref).model != "sale.order":
            return orders
        return orders.browse(res_ids).filtered(lambda order: order._is_draft_for_print())
