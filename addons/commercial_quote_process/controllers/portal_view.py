import hashlib
import json
import time

from odoo import SUPERUSER_ID, fields
from odoo.http import STORED_SESSION_BYTES, request, route
from odoo.tools import consteq, hmac

from ..tools.visitor import is_machine, shorten_address, shorten_agent
from .portal import QuotePortal

SCOPE = "commercial_quote_process.view"
KEY_MAX = 256
# Programs that run the page may let its clock run faster; ours does not.
VISIBLE_SECONDS = 3


class QuoteViewPortal(QuotePortal):
    """Who opens the client's page: noted when it is fetched, counted when it is before his eyes."""

    # === FETCHED === #

    def _prepare_quote_values(self, order_sudo):
        values = super()._prepare_quote_values(order_sudo)
        values["quote_view_key"] = self._record_fetch(order_sudo)
        return values

    def _record_fetch(self, order_sudo):
        """Note that the page is fetched.

        :return: what the browser sends back once the page was visible; empty for those who are
            not the client
        :rtype: str
        """
        kind = self._get_visitor_kind()
        visitor_key = self._get_visitor_key(kind)
        request.env["quote.view"].sudo()._record_fetch(
            {
                **self._prepare_visitor_values(order_sudo),
                "kind": kind,
                "order_id": order_sudo.id,
                "visitor_key": visitor_key,
            }
        )
        if kind != "fetch":
            return ""
        return self._sign_view(order_sudo, visitor_key, str(int(time.time())))

    def _get_visitor_kind(self):
        """Return what a fetch of the page is until a browser says that it is read."""
        if request.env.user._is_internal():
            return "colleague"
        headers = request.httprequest.headers
        if headers.get("Odoo-Link-Preview") == "True" or is_machine(headers.get("User-Agent")):
            return "machine"
        return "fetch"

    def _get_visitor_key(self, kind):
        """Return a key for all fetches of one visitor on one day; it names nobody."""
        user, httprequest = request.env.user, request.httprequest
        who = [user.id] if kind == "colleague" else [httprequest.remote_addr]
        if kind != "colleague":
            who += [user.id, httprequest.user_agent.string, fields.Date.today().isoformat()]
        return self._sign(json.dumps([kind, *who]))

    def _prepare_visitor_values(self, order_sudo):
        """Return what is kept of a visitor, for ``quote.view``."""
        user, httprequest = request.env.user, request.httprequest
        link = order_sudo._get_personal_link()
        return {
            "company_id": order_sudo.company_id.id,
            "network": shorten_address(httprequest.remote_addr),
            "agent": shorten_agent(httprequest.user_agent.string),
            "access_id": link.access_id if link else None,
            "partner_id": None if user._is_public() or link else user.partner_id.id,
        }

    # === READ === #

    @route(
        ["/my/orders/<int:order_id>/viewed"],
        type="jsonrpc",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_quote_viewed(self, order_id, access_token=None, key=None, **kwargs):
        """Count a view: the browser says that the page has been visible for three seconds.

        Only the browser that fetched the page can say so, about that quote.

        :return: whether it was a view more
        :rtype: bool
        """
        # The address of the page's own routes carries the link.
        token = access_token or request.httprequest.args.get("access_token")
        order_sudo = self._get_answered_quote(order_id, token)
        if not order_sudo or not order_sudo.quote_process:
            return False
        fetch_key = self._read_view_key(order_sudo, key)
        if not fetch_key or self._get_visitor_kind() != "fetch":
            return False
        order_sudo = order_sudo.with_user(SUPERUSER_ID).with_company(order_sudo.company_id)
        return order_sudo._record_client_view(
            self._get_session_hash(), fetch_key, self._prepare_visitor_values(order_sudo)
        )

    def _get_session_hash(self):
        """Return the hash under which the acceptance names the session as well.

        The end of its identifier is renewed every few hours.
        """
        session = request.session.sid[:STORED_SESSION_BYTES]
        return hashlib.sha256(session.encode()).hexdigest()

    def _sign(self, text):
        return hmac(request.env(su=True), SCOPE, text)

    def _sign_view(self, order_sudo, visitor_key, fetched):
        """Bind the key of a fetch to its quote, to its second and to the session that fetched it.

        :param str fetched: when the page was fetched, in seconds
        """
        session = request.session.sid[:STORED_SESSION_BYTES]
        signature = self._sign(f"{order_sudo.id} {session} {visitor_key} {fetched}")
        return f"{visitor_key}.{fetched}.{signature}"

    def _read_view_key(self, order_sudo, key):
        """Return the key of the fetch that a browser sends back.

        :param key: whatever the request sends
        :return: the key; None when it is forged, or comes sooner than anybody can have looked
        :rtype: str | None
        """
        if not isinstance(key, str) or len(key) > KEY_MAX or not key.isascii():
            return None
        visitor_key, fetched, *_signature = [*key.split("."), ""]
        if not consteq(key, self._sign_view(order_sudo, visitor_key, fetched)):
            return None
        return visitor_key if time.time() >= int(fetched) + VISIBLE_SECONDS else None
