import re

from odoo.exceptions import AccessError
from odoo.http import request, route

from .portal import QuotePortal

# What a personal link opens: the page of the proposal, its answers and its files. What another
# route of an order does (pay, export, order again, what other addons bring) is the client's own.
LINK_PAGES = frozenset(
    {
        "",
        "accept",
        "ask-extension",
        "being-prepared",
        "decline",
        "document",
        "files",
        "options",
        "pass-on",
        "request-changes",
        "signed-copy",
        "viewed",
    }
)
PAGE_PATTERN = re.compile(r"/my/orders/\d+/?([^/]*)")


class QuoteLinkPortal(QuotePortal):
    """The person to whom the client passed the page on comes by a link of that person's own."""

    def _document_check_access(self, model_name, document_id, access_token=None):
        """Let a personal link open its quote, on every route that asks for access.

        :raise AccessError: when the link has ended, whatever other right the visitor has not
        """
        accesses = request.env["quote.page.access"]
        access_token = self._read_token(access_token)
        if model_name != "sale.order" or not accesses._is_personal(access_token):
            return super()._document_check_access(
                model_name, document_id, access_token=access_token
            )
        order_sudo = self._is_link_page() and accesses._open_order_sudo(document_id, access_token)
        if not order_sudo:
            raise AccessError(request.env._("This link has ended."))
        return order_sudo

    def _is_link_page(self):
        """Return whether this request asks for something that a personal link may open.

        :rtype: bool
        """
        page = PAGE_PATTERN.search(request.httprequest.path)
        return bool(page) and page[1] in LINK_PAGES

    def _read_token(self, access_token):
        """Return what a request sends as its link; nothing when no link could look like that.

        Odoo cannot even compare other letters with a link of its own.
        """
        return access_token if str(access_token).isascii() else None

    def _get_hidden_quote(self, order_id, access_token):
        return super()._get_hidden_quote(order_id, self._read_token(access_token))

    @route()
    def portal_order_page(self, order_id, access_token=None, **kwargs):
        """Show the proposal, or say that the personal link has ended."""
        accesses = request.env["quote.page.access"]
        if accesses._is_personal(access_token):
            kwargs.pop("payment_amount", None)
        response = super().portal_order_page(order_id, access_token=access_token, **kwargs)
        if response.status_code == 303 and accesses._is_personal(access_token):
            access_sudo = accesses._find_sudo(order_id, access_token)
            if access_sudo and not access_sudo._is_open():
                return self._render_dead_link(
                    "portal_quote_link_ended",
                    given_by=access_sudo.given_by,
                    quote_link_closed=access_sudo.state == "closed",
                    res_company=access_sudo.company_id,
                )
        if response.status_code == 303 and self._is_dead_link(order_id, access_token):
            return request.redirect("/my/orders/link-unknown")
        return response

    @route(
        ["/my/orders/link-unknown"],
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def portal_quote_link_unknown(self, **kwargs):
        """Say that a link opens nothing, and what to do: its holder may have no account."""
        return self._render_dead_link("portal_quote_link_unknown")

    def _is_dead_link(self, order_id, access_token):
        """Return whether a visitor without an account came by a link that opens nothing.

        The answer is the same for offers that do not exist: it tells nobody which ones do. Links
        of stock quotations are left to Odoo.
        """
        if not access_token or not request.env.user._is_public():
            return False
        order_sudo = request.env["sale.order"].sudo().browse(order_id).exists()
        if order_sudo and not order_sudo.quote_process:
            return False
        return not self._get_answered_quote(order_id, access_token) and not self._get_hidden_quote(
            order_id, access_token
        )

    def _render_dead_link(self, template, **values):
        values["page_name"] = "quote_dead_link"
        response = request.render(f"commercial_quote_process.{template}", values)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _prepare_quote_values(self, order_sudo):
        values = super()._prepare_quote_values(order_sudo)
        values["quote_link_person"] = order_sudo._get_link_person()
        return values
