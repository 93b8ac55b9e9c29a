from odoo import fields
from odoo.exceptions import AccessError, MissingError
from odoo.http import request, route

from odoo.addons.sale_management.controllers.portal import CustomerPortal


class QuoteNotAvailable(AccessError):
    """A quote that exists, and that its reader may not see now."""


class QuotePortal(CustomerPortal):
    """The client's page of a process quote: closed until it is sent.

    Its answers stand in files of their own: ``portal_sign`` and ``portal_answer``.
    """

    # === ACCESS === #

    def _document_check_access(self, model_name, document_id, access_token=None):
        """Close every route of a quote that the client does not see, whatever its link.

        :raise QuoteNotAvailable: an access error, which every route already answers to
        """
        document_sudo = super()._document_check_access(
            model_name, document_id, access_token=access_token
        )
        if model_name == "sale.order" and not self._may_see_quote(document_sudo):
            raise QuoteNotAvailable(request.env._("This offer is being prepared."))
        return document_sudo

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

    # === PAGE === #

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
            return self._render_hidden_quote(order_sudo)
        return response

    def _render_hidden_quote(self, order_sudo):
        """Say that an offer is being prepared: nothing of the quote, not even its number."""
        values = {"res_company": order_sudo.company_id, "page_name": "quote_hidden"}
        return request.render("commercial_quote_process.portal_quote_hidden", values)

    def _get_page_view_values(
        self, document, access_token, values, session_history, no_breadcrumbs, **kwargs
    ):
        values = super()._get_page_view_values(
            document, access_token, values, session_history, no_breadcrumbs, **kwargs
        )
        if document._name == "sale.order" and document.quote_process:
            values.update(self._prepare_quote_values(document))
        return values

    def _prepare_quote_values(self, order_sudo):
        """Return what the page of a process quote shows besides Odoo's own.

        :rtype: dict
        """
        terms = order_sudo._get_quote_terms()
        return {
            "quote_terms": terms,
            "quote_terms_label": self._get_terms_label(terms),
            "quote_fingerprint": order_sudo._get_fingerprint()["all"],
            "quote_can_sign": not order_sudo._get_gate_error("sign"),
            "quote_decline_reasons": request.env["quote.decline.reason"].sudo().search([]),
            **order_sudo._prepare_version_page_values(),
            "quote_signed_copy": order_sudo._get_signed_copy(),
            "quote_is_internal": request.env.user._is_internal(),
            "quote_today": fields.Date.context_today(order_sudo),
        }

    def _get_terms_label(self, terms):
        if not terms["text"]:
            return request.env._("I accept this offer.")
        return request.env._(
            "I have read and accept the general terms (version %(version)s) and this offer.",
            version=terms["version"],
        )

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
