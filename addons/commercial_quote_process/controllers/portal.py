from odoo import fields
from odoo.http import request, route

from ..models.quote_proposal_mixin import TEXT_SECTIONS
from .portal_access import QuoteAccessPortal

# Sections that stand before the price; Odoo's own table is the price.
BEFORE_PRICE = (
    "summary",
    "scope",
    "technical",
    "organisation",
    "team",
    "plan",
    "milestones",
    "requirements",
)


class QuotePortal(QuoteAccessPortal):
    """What the client's page of a process quote shows.

    Its answers stand in files of their own: ``portal_sign``, ``portal_answer``.
    """

    @route()
    def portal_order_page(self, order_id, access_token=None, **kwargs):
        """Show the proposal as it is now, and count its reading by our own means."""
        if not self._is_process_quote(order_id):
            return super().portal_order_page(order_id, access_token=access_token, **kwargs)
        # Odoo notes in the discussion that a browser fetched the page, once a day and session.
        request.session[f"view_quote_{order_id}"] = fields.Date.today().isoformat()
        order_sudo = self._get_answered_quote(order_id, access_token)
        if order_sudo and kwargs.get("report_type") == "pdf" and self._is_client():
            return self._download_offer(order_sudo)
        if order_sudo:
            order_sudo._prefetch_client_page(request.env.user)
        response = super().portal_order_page(order_id, access_token=access_token, **kwargs)
        # Going back after an answer shows what it has changed.
        response.headers["Cache-Control"] = "no-store"
        return response

    def _get_page_view_values(
        self, document, access_token, values, session_history, no_breadcrumbs, **kwargs
    ):
        if document._name != "sale.order" or not document.quote_process:
            return super()._get_page_view_values(
                document, access_token, values, session_history, no_breadcrumbs, **kwargs
            )
        values = super()._get_page_view_values(
            document, access_token, values, session_history, no_breadcrumbs, **kwargs
        )
        values.update(self._prepare_quote_values(document))
        values["quote_message"] = document._get_client_message(values.get("message"))
        return values

    def _prepare_quote_values(self, order_sudo):
        """Return what the page of a process quote shows besides Odoo's own.

        An overrider adds its own values to what ``super()`` returns.

        :rtype: dict
        """
        terms = order_sudo._get_quote_terms()
        answers = order_sudo._get_client_answers()
        return {
            **self._prepare_section_values(order_sudo),
            **order_sudo._prepare_version_page_values(),
            "quote_answers": answers,
            "quote_can_sign": answers["sign"],
            "quote_decline_reasons": self._get_decline_reasons(answers),
            "quote_files": self._prepare_file_values(order_sudo),
            "quote_fingerprint": order_sudo._get_shown_fingerprint(answers["sign"]),
            "quote_is_internal": not self._is_client(),
            "quote_plan": order_sudo._get_client_plan(),
            "quote_requirements": order_sudo._get_client_requirements(),
            "quote_status": order_sudo._get_client_status(),
            "quote_terms": terms,
            "quote_terms_label": self._get_terms_label(terms),
            "quote_title": order_sudo._get_client_title(),
            "quote_today": fields.Date.context_today(request.env.user),
        }

    def _prepare_section_values(self, order_sudo):
        """Return the sections of the page, each with the template that shows it."""
        module = "commercial_quote_process"
        sections = [
            {
                **section,
                "field": TEXT_SECTIONS.get(section["key"]),
                "template": (
                    f"{module}.portal_section_text"
                    if section["key"] in TEXT_SECTIONS
                    else f"{module}.portal_section_{section['key']}"
                ),
            }
            for section in order_sudo._get_proposal_sections()
        ]
        return {
            "quote_sections": sections,
            "quote_sections_before": [s for s in sections if s["key"] in BEFORE_PRICE],
            "quote_sections_after": [
                s for s in sections if s["key"] not in (*BEFORE_PRICE, "price")
            ],
        }

    def _get_decline_reasons(self, answers):
        reasons = request.env["quote.decline.reason"].sudo()
        return reasons.search_fetch([], ["name"]) if answers["decline"] else reasons

    def _get_terms_label(self, terms):
        if not terms["text"]:
            return request.env._("I accept this offer.")
        return request.env._(
            "I have read and accept the general terms (version %(version)s) and this offer.",
            version=terms["version"],
        )

    # === FILES === #

    def _is_client(self):
        return not request.env.user._is_internal()

    def _download_offer(self, order_sudo):
        """Give the client the one file of this version; nothing is printed for that.

        After the signature it is the signed copy.
        """
        if order_sudo._get_client_status() == "signed":
            return request.redirect(order_sudo.get_portal_url(suffix="/signed-copy"))
        document_sudo = order_sudo._get_sent_document()
        if not document_sudo:
            return request.redirect(order_sudo.get_portal_url())
        stream = request.env["ir.binary"]._get_stream_from(document_sudo.attachment_id)
        return stream.get_response(as_attachment=True)

    def _prepare_file_values(self, order_sudo):
        """Return which files the page offers, and which one it waits for.

        :return: ``offer`` and ``signed_copy`` (whether they are there), ``offer_url``,
            ``waits_for`` (name of the file that is to come, or False) and ``url`` (where the page
            asks whether it has come)
        :rtype: dict
        """
        files = self._get_ready_files(order_sudo)
        expected = order_sudo._get_expected_file()
        return {
            **files,
            "offer_url": order_sudo.get_portal_url(report_type="pdf", download=True),
            "url": order_sudo.get_portal_url(suffix="/files"),
            "waits_for": bool(expected) and not files[expected] and expected,
        }

    def _get_ready_files(self, order_sudo):
        """Return which files of a quote are there.

        :rtype: dict
        """
        signed = order_sudo._get_client_status() == "signed"
        return {
            "offer": not signed and bool(order_sudo._get_sent_document()),
            "signed_copy": signed and bool(order_sudo._get_signed_copy()),
        }

    @route(
        ["/my/orders/<int:order_id>/files"],
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def portal_quote_files(self, order_id, access_token=None, **kwargs):
        """Tell an open page which files have been prepared since."""
        order_sudo = self._get_answered_quote(order_id, access_token)
        if not order_sudo or not order_sudo.quote_process:
            return request.make_json_response({})
        headers = {"Cache-Control": "no-store"}
        return request.make_json_response(self._get_ready_files(order_sudo), headers=headers)
