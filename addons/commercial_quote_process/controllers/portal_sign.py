import hashlib
import logging

from odoo.exceptions import UserError
from odoo.http import request, route

from ..exceptions import AcceptanceRefused
from ..tools.signature import clean_name, clean_text, decode_signature
from .portal import QuotePortal

_logger = logging.getLogger(__name__)

REFERENCE_MAX = 64


class QuoteSignPortal(QuotePortal):
    """The client says yes: what was shown is what is signed."""

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
