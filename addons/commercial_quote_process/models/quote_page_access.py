import hashlib
import secrets
from typing import NamedTuple

from odoo import api, fields, models

from ..const import OPEN_STEPS

# Begins the token of a personal link, so that other tokens cost no look at the database.
TOKEN_MARK = "pl."  # noqa: S105 - no secret
TOKEN_MAX = 128
# What is left of a person who is erased.
ERASED_VALUES = {"name": "-", "email": "-", "message": False, "given_by": "-"}
# Name of the context key that carries the personal link of the current request. Its value is told
# by its class: what a caller sends over RPC can never be one.
LINK_KEY = "quote_personal_link"


class PersonalLink(NamedTuple):
    """The personal link by which a request came."""

    order_id: int
    access_id: int
    token: str


class QuotePageAccess(models.Model):
    """A person to whom the client passed the page on, with a link of their own.

    Only the hash of the link is kept. It opens one version of the quote, until it is replaced or
    withdrawn, or until the salesperson closes the link.
    """

    _name = "quote.page.access"
    _inherit = ["quote.history.mixin"]
    _description = "Person to whom the page was passed on"
    _order = "given_on desc, id desc"

    order_id = fields.Many2one(
        "sale.order", string="Quote", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    name = fields.Char(required=True, readonly=True)
    email = fields.Char(required=True, readonly=True)
    message = fields.Text(readonly=True, help="What the client wrote to this person.")
    lang = fields.Char(string="Language", readonly=True)
    given_by = fields.Char(string="Passed on by", required=True, readonly=True)
    given_on = fields.Datetime(
        string="Passed on", required=True, readonly=True, default=fields.Datetime.now
    )
    token_hash = fields.Char(
        required=True, readonly=True, groups=fields.NO_ACCESS, export_string_translation=False
    )
    mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        ondelete="set null",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
        help="The mail with the link, until it has left: nobody else than that person reads it.",
    )
    closed_on = fields.Datetime(string="Closed", readonly=True)
    closed_by_id = fields.Many2one("res.users", string="Closed by", readonly=True)
    state = fields.Selection(
        [
            ("open", "Open"),
            ("unsent", "The mail could not be sent"),
            ("ended", "Ended with the version"),
            ("closed", "Closed"),
        ],
        compute="_compute_state",
        compute_sudo=True,
    )

    _token_uniq = models.UniqueIndex("(token_hash)")

    @api.depends("closed_on", "mail_id.state", "order_id.quote_step")
    def _compute_state(self):
        for access in self:
            if access.closed_on:
                access.state = "closed"
            elif not access._is_version_alive():
                access.state = "ended"
            else:
                access.state = "unsent" if access.mail_id.state == "exception" else "open"

    def _is_open(self):
        """Return whether this is an access whose link opens its page now.

        :rtype: bool
        """
        return bool(self) and not self.closed_on and self._is_version_alive()

    def _is_version_alive(self):
        """Return whether the version is still what the client talks about, or answered.

        :rtype: bool
        """
        self.ensure_one()
        return self.order_id.quote_step in OPEN_STEPS | {"accepted", "declined"}

    def _is_history_change_allowed(self, vals):
        """A link is given once and closed once; a person can be erased."""
        if vals == ERASED_VALUES or (set(vals) == {"mail_id"} and not any(a.mail_id for a in self)):
            return True
        return set(vals) == {"closed_on", "closed_by_id"} and not any(a.closed_on for a in self)

    # === THE LINK === #

    @api.model
    def _make_token(self):
        """Return a new secret for a personal link: the caller keeps its hash only.

        :rtype: str
        """
        return f"{TOKEN_MARK}{secrets.token_urlsafe(32)}"

    @api.model
    def _hash_token(self, token):
        return hashlib.sha256(token.encode()).hexdigest()

    @api.model
    def _is_personal(self, token):
        """Return whether a token has the form of a personal link, at no cost.

        :param token: whatever a request sends
        :rtype: bool
        """
        return (
            isinstance(token, str)
            and token.startswith(TOKEN_MARK)
            and len(token) < TOKEN_MAX
            and token.isascii()
        )

    @api.model
    def _find_sudo(self, order_id, token):
        """Return the access that a personal link of a quote belongs to, ended ones included.

        :param int order_id: id of the quote
        :param token: whatever a request sends
        :rtype: quote.page.access
        """
        if not self._is_personal(token):
            return self.sudo().browse()
        return self.sudo().search(
            [("order_id", "=", order_id), ("token_hash", "=", self._hash_token(token))], limit=1
        )

    @api.model
    def _open_order_sudo(self, order_id, token):
        """Return the quote that a personal link opens, which knows by which link it was opened.

        :param int order_id: id of the quote
        :param token: whatever a request sends
        :return: the quote in superuser mode, or an empty one
        :rtype: sale.order
        """
        access_sudo = self._find_sudo(order_id, token)
        if not access_sudo._is_open():
            return self.env["sale.order"].sudo()
        link = PersonalLink(order_id, access_sudo.id, token)
        return access_sudo.order_id.with_context(**{LINK_KEY: link})

    # === CLOSING === #

    def action_close(self):
        """Close links: whoever has them sees nothing of the quote any more.

        :return: True
        """
        self.order_id.check_access("write")
        open_sudo = self.sudo().filtered(lambda access: not access.closed_on)
        open_sudo.write({"closed_on": fields.Datetime.now(), "closed_by_id": self.env.uid})
        for access_sudo in open_sudo:
            access_sudo.order_id._message_log(
                body=self.env._("The link of %(name)s was closed.", name=access_sudo.name)
            )
        return True
