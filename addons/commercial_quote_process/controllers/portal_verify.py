import re

from odoo.http import Controller, request, route

from ..models.quote_acceptance_verification_mixin import PAGE

DIGEST = re.compile(r"[0-9a-f]{64}")


class QuoteVerification(Controller):
    """A page for whoever holds a copy of an accepted offer: is this file the signed one?

    Cheap whatever is asked: a code of another form asks no query, an unknown one asks one, and no
    document is ever read. The file itself stays with the visitor.
    """

    @route(
        [PAGE + "<string:code>"],
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=True,
    )
    def quote_verify(self, code, sha256=None, **kwargs):
        """Say what the code stands for, and what a file with a given hash is to it.

        :param str code: the verification code of an acceptance
        :param str sha256: hash of the visitor's file
        """
        acceptance_sudo = request.env["quote.acceptance"]._find_by_code(code)
        values = {"page_name": "quote_verification", "acceptance": acceptance_sudo}
        if acceptance_sudo:
            values |= self._prepare_verification(acceptance_sudo, sha256)
        response = request.render("commercial_quote_process.portal_quote_verification", values)
        response.status_code = 200 if acceptance_sudo else 404
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    def _prepare_verification(self, acceptance_sudo, sha256):
        """Return what the page shows: nothing of a person, and no amount."""
        digest = sha256.strip().lower() if isinstance(sha256, str) else ""
        is_digest = bool(DIGEST.fullmatch(digest))
        kinds = set(acceptance_sudo.document_ids.mapped("kind"))
        return {
            "res_company": acceptance_sudo.company_id,
            "verification_status": acceptance_sudo._get_verification_status(),
            "has_signed_copy": "signed_copy" in kinds,
            "asked_digest": digest if is_digest else "",
            "is_digest_wrong": bool(digest) and not is_digest,
            "file_kind": acceptance_sudo._match_document(digest) if is_digest else False,
        }
