from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, MissingError
from odoo.http import request, route
from odoo.tools import consteq

from odoo.addons.sale_management.controllers.portal import CustomerPortal


class QuoteNotAvailable(AccessError):
    """A quote that exists, and that its reader may not see now."""


class QuoteAccessPortal(CustomerPortal):
    """Who may open the page of a process quote: clients once it has been sent."""

    # === ACCESS === #

    def _document_check_access(self, model_name, document_id, access_token=None):
        """Close every route of a quote that the client does not see, whatever its link.

        :raise QuoteNotAvailable: an access error, which every route already answers to
        """
        document_sudo = None
        if model_name == "sale.order":
            document_sudo = self._get_quote_of_link(document_id, access_token)
        if not document_sudo:
            document_sudo = super()._document_check_access(
                model_name, document_id, access_token=access_token
            )
        if model_name == "sale.order" and not self._may_see_quote(document_sudo):
            raise QuoteNotAvailable(request.env._("This offer is being prepared."))
        return document_sudo

    def _is_process_quote(self, order_id):
        """Return whether an id is the one of a process quote, whoever may see it."""
        try:
            return request.env["sale.order"].with_user(SUPERUSER_ID).browse(order_id).quote_process
        except MissingError:
            return False

    def _get_quote_of_link(self, order_id, access_token):
        """Return the process quote that a link opens, else None.

        Odoo first finds out, and says at length, why a visitor has no right of his own: a link
        needs none.
        """
        if not self._is_process_quote(order_id):
            return None
        order_sudo = request.env["sale.order"].with_user(SUPERUSER_ID).browse(order_id)
        token = order_sudo.access_token
        if token and isinstance(access_token, str) and consteq(token, access_token):
            return order_sudo
        return None

    def _may_see_quote(self, order_sudo):
        """Return whether the current user sees a quote: clients once sent, employees by right."""
        if order_sudo._is_visible_to_client():
            return True
        user = request.env.user
        return user._is_internal() and order_sudo.with_user(user).has_access("read")

    def _get_hidden_quote(self, order_id, access_token):
        """Return the quote whose page was refused only because it has not been sent."""
        if access_token is not None and not isinstance(access_token, str):
            return None
        try:
            # Odoo's own check, without ours: is it only not sent yet?
            order_sudo = CustomerPortal._document_check_access(
                self, "sale.order", order_id, access_token=access_token
            )
        except (AccessError, MissingError):
            return None
        return None if self._may_see_quote(order_sudo) else order_sudo

    def _get_answered_quote(self, order_id, access_token):
        """Return the quote that a client answers, or a process quote only.

        :return: the quote, or None when it cannot be reached
        :rtype: sale.order | None
        """
        if access_token is not None and not isinstance(access_token, str):
            return None
        try:
            return self._document_check_access("sale.order", order_id, access_token=access_token)
        except (AccessError, MissingError):
            return None

    def _get_dead_link_message(self):
        """Return what whoever answers by a link that opens nothing is told, in the open page."""
        return request.env._(
            "This link does not open the offer. Please ask your contact for a new one."
        )

    # === BEFORE IT IS SENT === #

    @route()
    def portal_order_page(
        self, order_id, report_type=None, access_token=None, payment_amount=None, **kwargs
    ):
        """Show the proposal, or say that it is being prepared."""
        if payment_amount:
            order_sudo = self._get_answered_quote(order_id, access_token)
            if order_sudo and order_sudo._get_gate_error("pay"):
                payment_amount = None
        response = super().portal_order_page(
            order_id,
            report_type=report_type,
            access_token=access_token,
            payment_amount=payment_amount,
            **kwargs,
        )
        if response.status_code == 303 and (
            order_sudo := self._get_hidden_quote(order_id, access_token)
        ):
            # The address of the offer answers with nothing at all; a page apart says why.
            return request.redirect(order_sudo.get_portal_url(suffix="/being-prepared"))
        return response

    @route(
        ["/my/orders/<int:order_id>/being-prepared"],
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def portal_quote_being_prepared(self, order_id, access_token=None, **kwargs):
        """Say that an offer is being prepared: nothing of the quote, not even its number."""
        order_sudo = self._get_hidden_quote(order_id, access_token)
        if not order_sudo:
            order_sudo = self._get_answered_quote(order_id, access_token)
            return request.redirect(order_sudo.get_portal_url() if order_sudo else "/my")
        values = {
            "res_company": order_sudo.company_id,
            "page_name": "quote_hidden",
            "quote_url": order_sudo.get_portal_url(),
        }
        response = request.render("commercial_quote_process.portal_quote_hidden", values)
        response.headers["Cache-Control"] = "no-store"
        return response

    # === AFTER IT IS SIGNED === #

    @route(
        ["/my/orders/<int:order_id>/signed-copy"],
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def portal_quote_signed_copy(self, order_id, access_token=None, **kwargs):
        """Give the client the signed copy, once it has been prepared."""
        order_sudo = self._get_answered_quote(order_id, access_token)
        copy_sudo = order_sudo and order_sudo._get_signed_copy()
        if not copy_sudo:
            return request.redirect(order_sudo.get_portal_url() if order_sudo else "/my")
        stream = request.env["ir.binary"]._get_stream_from(copy_sudo.attachment_id)
        return stream.get_response(as_attachment=True)
