import json
from datetime import timedelta

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import UserError
from odoo.http import request, route

from ..models.quote_answer_mixin import RECALL_MAX_DAYS
from ..models.quote_extension_mixin import EXTENSION_MAX_DAYS
from ..tools.client_file import BEGINNINGS, FILE_MAX_BYTES, FILES_MAX
from .portal import QuotePortal

COMMENT_PREFIX = "comment_"
# The files, and what else a form sends.
REQUEST_MAX_BYTES = FILES_MAX * FILE_MAX_BYTES + 1024 * 1024


class QuoteAnswerPortal(QuotePortal):
    """The other answers of the client: decline, ask for changes or more time, pass it on."""

    # === PAGE === #

    def _prepare_quote_values(self, order_sudo):
        values = super()._prepare_quote_values(order_sudo)
        today = fields.Date.context_today(order_sudo)
        values.update(
            quote_change_sections=values["quote_sections"],
            quote_change_files={
                "accept": ",".join(BEGINNINGS),
                "bytes": FILE_MAX_BYTES,
                "count": FILES_MAX,
            },
            quote_tomorrow=today + timedelta(days=1),
            quote_recall_last=today + timedelta(days=RECALL_MAX_DAYS),
            quote_extension_first=max(today, order_sudo.validity_date or today) + timedelta(days=1),
            quote_extension_last=today + timedelta(days=EXTENSION_MAX_DAYS),
        )
        return values

    # === ANSWERS === #

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
            return self._refuse_answer()
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
        max_content_length=REQUEST_MAX_BYTES,
    )
    def portal_quote_request_changes(self, order_id, access_token=None, message=None, **kwargs):
        """Record that the client asks for changes, section by section."""
        order_sudo = self._get_answered_quote(order_id, access_token)
        if not order_sudo or not order_sudo.quote_process:
            return self._refuse_answer()
        form = request.httprequest.form
        ticked = form.getlist("section")
        comments = {key: form.get(f"{COMMENT_PREFIX}{key}") for key in ticked}
        files = self._read_files()
        return self._answer_quote(
            order_sudo,
            lambda order, author: order._request_changes(message, author, comments, files),
            "quote_changes_asked",
        )

    @route(
        ["/my/orders/<int:order_id>/ask-extension"],
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_quote_ask_extension(
        self, order_id, access_token=None, until=None, message=None, **kwargs
    ):
        """Record that the client asks for more time."""
        order_sudo = self._get_answered_quote(order_id, access_token)
        if not order_sudo or not order_sudo.quote_process:
            return self._refuse_answer()
        return self._answer_quote(
            order_sudo,
            lambda order, author: order._ask_extension(until, message, author),
            "quote_extension_asked",
        )

    @route(
        ["/my/orders/<int:order_id>/pass-on"],
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_quote_pass_on(
        self,
        order_id,
        access_token=None,
        signer_name=None,
        signer_email=None,
        message=None,
        **kwargs,
    ):
        """Send the page to the person who signs, by a link of that person's own."""
        order_sudo = self._get_answered_quote(order_id, access_token)
        if not order_sudo or not order_sudo.quote_process:
            return self._refuse_answer()
        return self._answer_quote(
            order_sudo,
            lambda order, author: order._pass_on(
                signer_name, signer_email, message, author.name or order.partner_id.name
            ),
            "quote_passed_on",
        )

    # === PIECES === #

    def _read_files(self):
        """Return the files that a form sends, as pairs of a name and the bytes.

        One byte more than is allowed is read of each: enough to see that it is too big.
        """
        sent = request.httprequest.files.getlist("file")
        # An input without a file sends one without a name.
        return [(file.filename, file.read(FILE_MAX_BYTES + 1)) for file in sent if file.filename]

    def _get_client_author(self, order_sudo):
        """Return who answers: nobody known when it is the holder of a personal link."""
        user = request.env.user
        if order_sudo._get_personal_link():
            return request.env["res.partner"]
        return order_sudo.partner_id if user._is_public() else user.partner_id

    def _answer_quote(self, order_sudo, answer, done):
        """Record an answer of the client and go back to the page, that says what happened.

        :param answer: function of the quote and its author
        :param str done: name of the message to show
        """
        if request.env.user._is_internal():
            return self._refuse_answer(
                order_sudo,
                "quote_internal",
                request.env._("You are logged in as an employee: the client answers here."),
            )
        author = self._get_client_author(order_sudo)
        order_sudo = order_sudo.with_user(SUPERUSER_ID).with_company(order_sudo.company_id)
        try:
            with request.env.cr.savepoint():
                answer(order_sudo, author.sudo())
        except UserError as error:
            return self._refuse_answer(order_sudo, "quote_not_recorded", error)
        url = order_sudo.get_portal_url(query_string=f"&message={done}")
        if self._is_asked_by_script():
            return self._make_json_answer({"redirect_url": url})
        return request.redirect(url)

    def _refuse_answer(self, order_sudo=None, message=None, error=None):
        """Say why an answer is not recorded: in the open dialog, or on the page.

        :param sale.order order_sudo: the quote, None when it cannot be reached
        :param str message: name of the message that the page shows
        :param error: the sentence for the dialog, or the exception that says it
        """
        if self._is_asked_by_script():
            gone = request.env._("This offer cannot be answered any more. Please load it again.")
            values = {"error": str(error or gone), "field": getattr(error, "field", False)}
            return self._make_json_answer(values)
        if not order_sudo:
            return request.redirect("/my")
        return self._redirect_to_quote(order_sudo, message)

    def _is_asked_by_script(self):
        """Return whether the dialog of the page waits for the answer and keeps what was typed."""
        return "application/json" in request.httprequest.headers.get("Accept", "")

    def _make_json_answer(self, values):
        headers = [("Content-Type", "application/json; charset=utf-8")]
        return request.make_response(json.dumps(values), headers)

    def _redirect_to_quote(self, order_sudo, message):
        return request.redirect(order_sudo.get_portal_url(query_string=f"&message={message}"))
