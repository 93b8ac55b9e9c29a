import io

from odoo import models
from odoo.tools.pdf import add_banner, merge_pdf

# Thickness of the mark on drafts, in points: Odoo's own would cover the text.
BANNER = 30


class IrActionsReport(models.Model):
    _name = "ir.actions.report"
    _inherit = ["quote.print.mixin", "ir.actions.report"]

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        """Print offers of the process one by one: what has left is never printed again."""
        res_ids = [res_ids] if isinstance(res_ids, int) else res_ids
        if not res_ids or self._get_report(report_ref).model != "sale.order":
            return super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        orders = self.env["sale.order"].browse(res_ids)
        offers = orders.filtered("quote_process")
        if not offers:
            return super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        parts, kind = [], "pdf"
        for group in self._group_prints(orders, offers):
            if group <= offers:
                content, kind = self._print_offer(report_ref, group, data)
            else:
                content, kind = super()._render_qweb_pdf(report_ref, group.ids, data=data)
            if kind != "pdf" and len(orders) > 1:
                # Nothing is printed in this mode: pages of HTML are not put together.
                return super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
            parts.append(content)
        return parts[0] if len(parts) == 1 else merge_pdf(parts), kind

    def _group_prints(self, orders, offers):
        """Return what is printed in one go: each offer by itself, what is between them together.

        :rtype: list(sale.order)
        """
        groups = []
        for order in orders:
            if order not in offers and groups and not groups[-1] <= offers:
                groups[-1] += order
            else:
                groups.append(order)
        return groups

    def _print_offer(self, report_ref, order, data):
        """Return one offer of the process, as it left when it has, with a mark when it may not.

        :param order: the ``sale.order``
        :return: as ``_render_qweb_pdf``
        :rtype: tuple(bytes, str)
        """
        if self._is_sale_order_report(report_ref):
            order.check_access("read")
            if file_sudo := order._get_printed_file_sudo():
                return file_sudo.attachment_id.raw, file_sudo.name.rpartition(".")[2]
        content, kind = super()._render_qweb_pdf(  # pylint: disable=super-method-mismatch
            report_ref, res_ids=order.ids, data=data
        )
        if kind == "pdf" and order._is_draft_for_print():
            # On each page, pages that others add included.
            content = add_banner(
                io.BytesIO(content), text=self.env._("DRAFT"), thickness=BANNER
            ).getvalue()
        return content, kind
