from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.http import request, route

from .portal import QuotePortal


class QuoteAnswerPortal(QuotePortal):
    """The other answers of the client: decline, ask for changes."""

    def _get_client_author(self, order_sudo):
        user = request.env.user
        return order_sudo.partner_id if user._is_public() else user.partner_id

    @route()
    def portal_quote_decline(
        self,
        order_id,
        access_token=None,
        decline_message=None,
        decline_reason_id=None,
        recall_date=None,
        **kwargs,
    ):
        """Record that the client declines, with the reason chosen from the list."""
        order_sudo = self._get_answered_quote(order_id, access_token)
        if not order_sudo:
            return request.redirect("/my")
        if not order_sudo.quote_process:
            return super().portal_quote_decline(
                order_id, access_token=access_token, decline_message=decline_message, **kwargs
            )
        return self._answer_quote(
            order_sudo,
            lambda order, author: order._decline(
                decline_reason_id, decline_message, recall_date, author
            ),
            "quote_declined",
        )

    @route(
        ["/my/orders/<int:order_id>/request-changes"],
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_quote_request_changes(self, order_id, access_token=None, message=None, **kwargs):
        """Record that the client asks for changes."""
        order_sudo = self._get_answered_quote(order_id, access_token)
        if not order_sudo or not order_sudo.quote_process:
            return request.redirect("/my")
        return self._answer_quote(
            order_sudo,
            lambda order, author: order._request_changes(message, author),
            "quote_changes_asked",
        )

    def _answer_quote(self, order_sudo, answer, done):
        """Record an answer of the client and go back to the page, that says what happened.

        :param answer: function of the quote and its author
        :param str done: name of the message to show
        """
        if request.env.user._is_internal():
            return self._redirect_to_quote(order_sudo, "quote_internal")
        author = self._get_client_author(order_sudo)
        order_sudo = order_sudo.with_user(SUPERUSER_ID).with_company(order_sudo.company_id)
        try:
            with request.env.cr.savepoint():
                answer(order_sudo, author.sudo())
        except UserError:
            return self._redirect_to_quote(order_sudo, "quote_not_recorded")
        return self._redirect_to_quote(order_sudo, done)

    def _redirect_to_quote(self, order_sudo, message):
        return request.redirect(order_sudo.get_portal_url(query_string=f"&message={message}"))
