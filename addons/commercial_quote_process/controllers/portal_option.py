from odoo.http import request, route
from odoo.tools import format_amount

from .portal import QuotePortal


class QuoteOptionPortal(QuotePortal):
    """What the offer comes to with the options that the client ticks. Nothing is written."""

    @route(["/my/orders/<int:order_id>/options"], type="jsonrpc", auth="public", website=True)
    def portal_quote_options(self, order_id, line_ids=None, access_token=None):
        """Return the total with some options, as the server would sign it.

        :param int order_id: id of the quote
        :param list line_ids: ids of the ticked options
        :param str access_token: of the link
        :return: ``total`` (formatted, with taxes), or ``error``
        :rtype: dict
        """
        order_sudo = self._get_answered_quote(order_id, access_token)
        if not order_sudo or not order_sudo.quote_process:
            return {"error": self._get_dead_link_message()}
        order_sudo = order_sudo.with_company(order_sudo.company_id)
        if error := order_sudo._get_options_error(line_ids or []):
            return {"error": error}
        amounts = order_sudo._get_amounts_with_options(line_ids or [])
        return {"total": format_amount(request.env, amounts["total"], order_sudo.currency_id)}
