import re
from datetime import timedelta
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, formataddr

from ..exceptions import WrongValue
from ..tools.signature import clean_name
from .quote_page_access import LINK_KEY, PersonalLink

MESSAGE_MAX = 1000
EMAIL_MAX = 254
# A page of ours must not become a way to send mails to many people.
PASS_ON_PER_DAY = 3
PASS_ON_PER_VERSION = 10
TEMPLATE = "commercial_quote_process.mail_template_pass_on"
ADDRESS_PATTERN = re.compile(r"https?:|www\.|://", re.IGNORECASE)


class QuotePassOnMixin(models.AbstractModel):
    """The client passes the page on to the person who signs, with a link of that person's own."""

    _name = "quote.pass.on.mixin"
    _description = "Quotes passed on to who signs"

    page_access_ids = fields.One2many(
        "quote.page.access", "order_id", string="Passed on to", readonly=True, copy=False
    )

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {"page_access_ids"}

    # === THE LINK OF THE CURRENT REQUEST === #

    def _get_personal_link(self):
        """Return the personal link by which this request came to this quote, or None.

        :rtype: PersonalLink | None
        """
        link = self.env.context.get(LINK_KEY)
        return link if isinstance(link, PersonalLink) else None

    def _portal_ensure_token(self):
        """Give who came by a personal link no other link than that one."""
        link = self._get_personal_link()
        if not link:
            return super()._portal_ensure_token()
        return link.token if link.order_id == self.id else ""

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """The mails of other people carry their own links."""
        if self._get_personal_link():
            self = self.with_context(**{LINK_KEY: None})
        return super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)

    def message_post(self, **kwargs):
        """What the holder of a personal link says is said in that person's name."""
        person = self._get_link_person()
        if person and kwargs.get("message_type") == "comment" and not kwargs.get("author_id"):
            sender = formataddr((person["name"], person["email"]))
            kwargs.update(author_id=False, email_from=sender)
        return super().message_post(**kwargs)

    @api.model
    def _get_thread_with_access(self, thread_id, *, token=None, **kwargs):
        """The person with a personal link reads and writes in the discussion too."""
        thread = super()._get_thread_with_access(thread_id, token=token, **kwargs)
        if not thread:
            thread = self.env["quote.page.access"]._open_order_sudo(thread_id, token)
        return thread

    def _prepare_version_page_values(self):
        """A personal link opens one version: it leads to no other one."""
        values = super()._prepare_version_page_values()
        if self._get_personal_link():
            values.update(quote_replacing=self.browse(), quote_variants=self.browse())
        return values

    def _get_link_person(self):
        """Return who holds the personal link of this request.

        :return: ``name`` and ``email``; empty when the request came another way
        :rtype: dict
        """
        link = self._get_personal_link()
        if not link:
            return {}
        access_sudo = self.env["quote.page.access"].sudo().browse(link.access_id)
        return {"name": access_sudo.name, "email": access_sudo.email}

    def _get_passed_on_to(self):
        """Return to whom the client passed this page on, for the evidence of an acceptance.

        :return: ``name``, ``email``, ``by`` (who passed it on), ``on`` (ISO, UTC) and ``own_link``
            (whether this request came by that person's link); empty when nobody has it
        :rtype: dict
        """
        self.ensure_one()
        link = self._get_personal_link()
        accesses_sudo = self.sudo().page_access_ids
        if link:
            access_sudo = accesses_sudo.browse(link.access_id)
        else:
            access_sudo = accesses_sudo.filtered(lambda access: not access.closed_on)[:1]
        if not access_sudo:
            return {}
        return {
            "name": access_sudo.name,
            "email": access_sudo.email,
            "by": access_sudo.given_by,
            "on": access_sudo.given_on.isoformat(),
            "own_link": bool(link),
        }

    # === PASSING ON === #

    def _get_client_answers(self):
        """A personal link is not passed on."""
        answers = super()._get_client_answers()
        return {**answers, "pass_on": answers["pass_on"] and not self._get_personal_link()}

    def _pass_on(self, name, email, message, given_by):
        """Give a person a link of their own to the page, and send it by mail, from the queue.

        :param name: full name, as typed by the client
        :param email: address, as typed by the client
        :param message: a word to that person, as typed by the client
        :param str given_by: name of who passes it on
        :return: the new access
        :rtype: quote.page.access
        :raise UserError: with what to do
        """
        self.ensure_one()
        values = self._check_pass_on_values(name, email, message)
        self._lock_for_decision()
        self._check_client_has_it()
        self._check_pass_on(values["email"])
        # Odoo compares every link with the client's own: there has to be one.
        self._portal_ensure_token()
        accesses_sudo = self.env["quote.page.access"].sudo()
        token = accesses_sudo._make_token()
        access_sudo = accesses_sudo.create(
            {
                **values,
                "order_id": self.id,
                "lang": self._get_lang(),
                "given_by": given_by,
                "token_hash": accesses_sudo._hash_token(token),
            }
        )
        self._send_personal_link(access_sudo, token)
        self._message_log(
            body=self.env._(
                "%(by)s passed the page on to %(name)s (%(email)s).",
                by=given_by,
                name=access_sudo.name,
                email=access_sudo.email,
            )
        )
        return access_sudo

    def _check_pass_on_values(self, name, email, message):
        """Return what the client typed, as it may be stored.

        :rtype: dict
        :raise UserError: with what is wrong
        """
        try:
            name = clean_name(name)
        except ValueError:
            raise WrongValue(
                self.env._("Type the full name of the person who signs."), "signer_name"
            ) from None
        is_short = isinstance(email, str) and len(email) < EMAIL_MAX
        email = email_normalize(email) if is_short and email.strip().isprintable() else ""
        if not email or "." not in email.partition("@")[2]:
            raise WrongValue(self.env._("Type one complete mail address."), "signer_email")
        message = self._clean_message(message)
        if len(message) > MESSAGE_MAX:
            raise WrongValue(
                self.env._(
                    "Your message is too long: %(count)s letters at most.", count=MESSAGE_MAX
                ),
                "message",
            )
        if ADDRESS_PATTERN.search(message):
            raise WrongValue(self.env._("Leave web addresses out of your message."), "message")
        return {"name": name, "email": email, "message": message}

    def _check_pass_on(self, email):
        """Refuse too many links, and links to colleagues.

        :param str email: a normalized address
        :raise UserError: with what to do
        """
        if self._get_personal_link():
            raise UserError(
                self.env._("This page was passed on to you: only you can use your link.")
            )
        accesses_sudo = self.sudo().page_access_ids
        since = fields.Datetime.now() - timedelta(days=1)
        recent_sudo = accesses_sudo.filtered(lambda access: access.given_on > since)
        if email in recent_sudo.mapped("email"):
            raise WrongValue(
                self.env._("This person has already received a link today."), "signer_email"
            )
        if len(recent_sudo) >= PASS_ON_PER_DAY or len(accesses_sudo) >= PASS_ON_PER_VERSION:
            raise UserError(
                self.env._(
                    "This page has already been passed on several times. Please write to your"
                    " contact to send it to somebody else."
                )
            )
        users_sudo = self.env["res.users"].sudo()
        if users_sudo.search_count(
            [("share", "=", False), "|", ("login", "=", email), ("email_normalized", "=", email)],
            limit=1,
        ):
            raise WrongValue(self.env._("This is an address of our own company."), "signer_email")

    def _send_personal_link(self, access_sudo, token):
        """Queue the mail with the link.

        :param quote.page.access access_sudo: whom it is for
        :param str token: the secret of the link, kept nowhere else
        """
        url = f"{self.get_base_url()}{self.access_url}?access_token={quote(token)}"
        template_sudo = self.env.ref(TEMPLATE).sudo()
        mail_id = template_sudo.with_context(quote_link=url).send_mail(
            access_sudo.id,
            # Hung on no record: whoever reads the quote would read the link as well.
            email_values={
                "model": False,
                "res_id": False,
                "author_id": self.company_id.partner_id.id,
            },
        )
        access_sudo.mail_id = mail_id
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
