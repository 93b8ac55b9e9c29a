import hashlib
import logging

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, route

from odoo.addons.sale_management.controllers.portal import CustomerPortal

from ..exceptions import AcceptanceRefused
from ..tools.signature import clean_name, clean_text, decode_signature

_logger = logging.getLogger(__name__)

REFERENCE_MAX = 64


class QuoteNotAvailable(AccessError):
    """A quote that exists, and that its reader may not see now."""


class QuotePortal(CustomerPortal):
    """The client's page of a process quote: closed until it is sent, then three answers."""

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

    def _get_client_author(self, order_sudo):
        user = request.env.user
        return order_sudo.partner_id if user._is_public() else user.partner_id

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

    # === SIGN === #

    @route()
    def portal_quote_accept(
        self,
        order_id,
        access_token=None,
        name=None,
        signature=None,
        function=None,
        fingerprint=None,
        terms_accepted=None,
        terms_version=None,
        purchase_order=None,
    ):
        """Record the signature of the client on exactly what was shown."""
        token = access_token or request.httprequest.args.get("access_token")
        order_sudo = self._get_answered_quote(order_id, token)
        if not order_sudo:
            return {"error": request.env._("Invalid order.")}
        if not order_sudo.quote_process:
            return super().portal_quote_accept(
                order_id, access_token=access_token, name=name, signature=signature
            )
        if request.env.user._is_internal():
            return {
                "error": request.env._(
                    "You are logged in as an employee: only the client signs here. Use “Record the"
                    " acceptance” on the quote for a signed document."
                )
            }
        try:
            evidence = {
                **self._prepare_signature(name, function, signature, purchase_order),
                **self._prepare_context_evidence(),
                "fingerprint": fingerprint if isinstance(fingerprint, str) else None,
                "terms_accepted": terms_accepted,
                "terms_version": terms_version,
            }
        except ValueError as error:
            return {"error": self._get_signature_error(error.args[0])}
        return self._accept_quote(order_sudo, evidence)

    def _accept_quote(self, order_sudo, evidence):
        """Record an acceptance and answer the browser.

        :param sale.order order_sudo: the quote
        :param dict evidence: see ``sale.order._record_acceptance``
        :rtype: dict
        """
        order_sudo = order_sudo.with_company(order_sudo.company_id)
        try:
            with request.env.cr.savepoint():
                order_sudo._record_acceptance("portal", **evidence)
        except AcceptanceRefused as error:
            if error.code == "terms":
                return {"error": str(error)}
            refresh = self._prepare_refresh(order_sudo, f"quote_{error.code}")
            if error.code == "closed":
                # Why it is closed may be our own business.
                return {"error": self._get_closed_message(order_sudo), **refresh}
            return {"error": str(error), **refresh}
        except UserError:
            # A problem of ours is not the client's: it is told to people who can do something.
            _logger.exception("Acceptance of quote %s", order_sudo.id)
            return {
                "error": request.env._(
                    "Your signature could not be recorded. Nothing has been signed; please write"
                    " to your contact below."
                )
            }
        return self._prepare_refresh(order_sudo, "sign_ok")

    def _get_closed_message(self, order_sudo):
        if order_sudo.is_expired:
            return request.env._("This offer has expired. Ask for an extension.")
        return request.env._("This offer can no longer be signed. Please write to your contact.")

    def _prepare_refresh(self, order_sudo, message):
        return {
            "force_refresh": True,
            "redirect_url": order_sudo.get_portal_url(query_string=f"&message={message}"),
        }

    def _prepare_signature(self, name, function, signature, purchase_order):
        """Return the checked part of the evidence that the client typed and drew.

        :raise ValueError: with a short code
        """
        return {
            "signer_name": clean_name(name),
            "signer_function": clean_name(function) if function else False,
            "signature": decode_signature(signature),
            "purchase_order_number": (
                clean_text(purchase_order, 1, REFERENCE_MAX) if purchase_order else False
            ),
        }

    def _prepare_context_evidence(self):
        """Return what the server knows by itself of who is signing."""
        user = request.env.user
        return {
            "auth_mode": "token" if user._is_public() else "portal_user",
            "user": user.sudo(),
            "ip_address": request.httprequest.remote_addr,
            "user_agent": request.httprequest.user_agent.string,
            "session_hash": hashlib.sha256(request.session.sid.encode()).hexdigest(),
        }

    def _get_signature_error(self, code):
        """Return the sentence for a code of ``tools.signature``."""
        env = request.env
        sentences = {
            "name_type": env._("Please type your name."),
            "name_length": env._("Please type your full name and your function, 2 to 128 letters."),
            "name_characters": env._("Please use letters only in your name and your function."),
            "signature_missing": env._("Signature is missing."),
            "signature_empty": env._("Please draw your signature."),
            "signature_size": env._("The drawing of your signature is too big."),
        }
        return sentences.get(code) or env._("Invalid signature data.")

    # === DECLINE, ASK FOR CHANGES === #

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
