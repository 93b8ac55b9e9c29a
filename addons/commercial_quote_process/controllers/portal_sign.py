import hashlib
import logging

from odoo.exceptions import UserError
from odoo.http import STORED_SESSION_BYTES, request, route

from ..exceptions import AcceptanceRefused
from ..tools.signature import clean_name, clean_text, decode_signature
from .portal import QuotePortal

_logger = logging.getLogger(__name__)

REFERENCE_MAX = 64
OPTIONS_MAX = 200
# A drawing has 300 kB at most: whoever sends more than this draws nothing.
BODY_MAX = 4 * 1024 * 1024
# How the signature was made, in the words of Odoo's own form: drawn, or typed.
SIGNATURE_MODES = ("draw", "auto")


class BadAnswer(ValueError):
    """Something the client typed or drew that cannot be taken.

    :param str code: see ``tools.signature``
    :param str field: the input it is about
    """

    def __init__(self, code, field):
        super().__init__(code)
        self.code, self.field = code, field


class QuoteSignPortal(QuotePortal):
    """The client says yes: what was shown is what is signed."""

    @route(max_content_length=BODY_MAX)
    def portal_quote_accept(self, order_id, access_token=None, name=None, signature=None, **answer):
        """Record the signature of the client on exactly what was shown.

        :param dict answer: ``function``, ``fingerprint``, ``terms_accepted``, ``terms_version``,
            ``signature_mode``, ``purchase_order`` and ``options``, as the page sends them
        :return: ``error`` and the ``field`` it is about, or where to go from here; what was signed
            by the same browser before, when its answer got lost, is told as signed
        :rtype: dict
        """
        token = access_token or request.httprequest.args.get("access_token")
        order_sudo = self._get_answered_quote(order_id, token)
        if not order_sudo:
            return {"error": self._get_dead_link_message()}
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
                **self._prepare_signature(name, signature, answer),
                **self._prepare_context_evidence(),
            }
        except BadAnswer as error:
            return {"error": self._get_signature_error(error), "field": error.field}
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
                return {"error": str(error), "field": "terms"}
            if error.code == "already" and self._is_lost_answer(order_sudo, evidence):
                return self._prepare_refresh(order_sudo, "sign_ok")
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

    def _is_lost_answer(self, order_sudo, evidence):
        """Return whether this is the signature that has been recorded, sent once more.

        The browser did not get the answer, or sent it twice: whoever signed is told so.

        :param dict evidence: see ``sale.order._record_acceptance``
        :rtype: bool
        """
        acceptance_sudo = order_sudo.quote_acceptance_ids
        return acceptance_sudo.kind == "portal" and all(
            acceptance_sudo[name] == evidence[name] for name in ("session_hash", "signer_name")
        )

    def _get_closed_message(self, order_sudo):
        if order_sudo.is_expired:
            return request.env._("This offer has expired. Ask for an extension.")
        return request.env._("This offer can no longer be signed. Please write to your contact.")

    def _prepare_refresh(self, order_sudo, message):
        return {
            "force_refresh": True,
            "redirect_url": order_sudo.get_portal_url(query_string=f"&message={message}"),
        }

    def _prepare_signature(self, name, signature, answer):
        """Return the checked part of the evidence that the client typed, drew and ticked.

        :raise BadAnswer: with the input that is wrong
        """
        function, reference = answer.get("function"), answer.get("purchase_order")
        fingerprint, check = answer.get("fingerprint"), self._check_answer
        return {
            "signer_name": check("name", clean_name, name),
            "signer_function": check("function", clean_name, function) if function else False,
            "signature": check("signature", decode_signature, signature),
            "signature_mode": check("signature", self._clean_mode, answer.get("signature_mode")),
            "purchase_order_number": (
                check("purchase_order", clean_text, reference, 1, REFERENCE_MAX)
                if reference
                else False
            ),
            "options": check("options", self._clean_options, answer.get("options")),
            "fingerprint": fingerprint if isinstance(fingerprint, str) else None,
            "terms_accepted": answer.get("terms_accepted"),
            "terms_version": answer.get("terms_version"),
        }

    def _check_answer(self, field, check, *arguments):
        """Return what a check makes of what the client sent.

        :param str field: the input that is checked
        :param check: function that raises ``ValueError`` with a short code
        :raise BadAnswer: with the input
        """
        try:
            return check(*arguments)
        except ValueError as error:
            raise BadAnswer(error.args[0], field) from error

    def _clean_mode(self, mode):
        """Return how the signature was made, or False when the form does not say so."""
        if mode is not None and mode not in SIGNATURE_MODES:
            raise ValueError("signature_format")
        return mode or False

    def _clean_options(self, options):
        """Return the ids of the optional lines that the client takes, each one once."""
        if options in (None, False):
            return []
        if not isinstance(options, list) or len(options) > OPTIONS_MAX:
            raise ValueError("options_format")
        if any(type(option) is not int or option < 1 for option in options):
            raise ValueError("options_format")
        return sorted(set(options))

    def _prepare_context_evidence(self):
        """Return what the server knows by itself of who is signing."""
        user = request.env.user
        # The part of the identifier that stays, when Odoo renews the rest of it.
        session = request.session.sid[:STORED_SESSION_BYTES]
        return {
            "auth_mode": "token" if user._is_public() else "portal_user",
            "user": user.sudo(),
            "ip_address": request.httprequest.remote_addr,
            "user_agent": request.httprequest.user_agent.string,
            "accept_language": request.httprequest.headers.get("Accept-Language", ""),
            "language": request.env.lang,
            "session_hash": hashlib.sha256(session.encode()).hexdigest(),
        }

    def _get_signature_error(self, error):
        """Return the sentence for something that cannot be taken, which says what to do.

        :param BadAnswer error: which input, and a code of ``tools.signature``
        :rtype: str
        """
        env = request.env
        by_field = {
            "function": env._("Please type your function in 2 to 128 letters, or leave it empty."),
            "options": env._("Please choose your options again."),
            "purchase_order": env._(
                "Please type the number of your purchase order as it is printed, %(count)s"
                " characters at most, or leave it empty.",
                count=REFERENCE_MAX,
            ),
        }
        by_code = {
            "name_type": env._("Please type your name."),
            "name_length": env._("Please type your full name, 2 to 128 letters."),
            "name_characters": env._("Please use letters only in your name."),
            "signature_missing": env._("Please draw your signature."),
            "signature_empty": env._("Please draw your signature."),
            "signature_size": env._("Your signature is too big. Please draw it again, smaller."),
        }
        unreadable = env._("Your signature could not be read. Please draw it again.")
        return by_field.get(error.field) or by_code.get(error.code) or unreadable
