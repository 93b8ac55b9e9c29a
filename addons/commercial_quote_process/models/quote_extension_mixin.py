from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..const import OPEN_STEPS
from ..exceptions import WrongValue

# So many days before the end of its validity, the page offers to ask for more time.
ABOUT_TO_EXPIRE_DAYS = 7
# What is proposed when neither the client nor the company says how long.
USUAL_DAYS = 30
EXTENSION_MAX_DAYS = 366


class QuoteExtensionMixin(models.AbstractModel):
    """An offer that ends too early: the client asks for more time, the salesperson gives it."""

    _name = "quote.extension.mixin"
    _description = "Validity of sent quotes"

    extension_asked_on = fields.Datetime(string="Extension asked on", readonly=True, copy=False)
    extension_until = fields.Date(
        string="Extension until",
        readonly=True,
        copy=False,
        help="The day that the client wishes; empty when none was given.",
    )
    extension_message = fields.Text(
        string="Why an extension", readonly=True, copy=False, help="In the words of the client."
    )
    is_ending_soon = fields.Boolean(
        string="Ends soon",
        compute="_compute_is_ending_soon",
        exportable=False,
        help="The offer that the client has in hand has expired, or is about to.",
    )

    @api.depends("quote_step", "validity_date")
    def _compute_is_ending_soon(self):
        soon = fields.Date.context_today(self) + timedelta(days=ABOUT_TO_EXPIRE_DAYS)
        for order in self:
            order.is_ending_soon = bool(
                order.quote_step in OPEN_STEPS
                and order.validity_date
                and order.validity_date <= soon
            )

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {
            "extension_asked_on",
            "extension_message",
            "extension_until",
        }

    # === THE CLIENT ASKS === #

    def _get_client_answers(self):
        """More time is asked for once, when the offer has ended or is about to."""
        return {**super()._get_client_answers(), "extension": self._may_ask_extension()}

    def _may_ask_extension(self):
        """Return whether the client may ask for more time now: it ends soon, and not asked yet.

        :rtype: bool
        """
        self.ensure_one()
        return self.is_ending_soon and not self.extension_asked_on

    def _ask_extension(self, until, message, author):
        """Record that the client asks for more time: the salesperson is told.

        :param until: the day that the client wishes, as typed; may be empty
        :param message: why, as typed
        :param res.partner author: who asks
        :raise UserError: when it was asked before, or cannot be asked
        """
        self.ensure_one()
        until = self._check_extension_wish(until)
        message = self._clean_message(message)
        self._lock_for_decision()
        self._check_client_has_it()
        if self.extension_asked_on:
            raise UserError(
                self.env._(
                    "You already asked for an extension on %(date)s.",
                    date=format_date(self.env, self.extension_asked_on),
                )
            )
        if not self._may_ask_extension():
            raise UserError(
                self.env._("This offer is still valid: an extension can be asked for at its end.")
            )
        self.sudo().write(
            {
                "extension_asked_on": fields.Datetime.now(),
                "extension_until": until,
                "extension_message": message,
            }
        )
        title = self.env._("Extension asked for")
        if until:
            title = self.env._(
                "Extension asked for, until %(date)s", date=format_date(self.env, until)
            )
        self._post_answer(title, message, author)
        self._schedule_salesperson_activity(
            self.env._("The client asks for an extension"), message or title
        )

    def _check_extension_wish(self, value):
        """Return the day that the client wishes, or False.

        :raise UserError: when it is not a day to come
        """
        if not value:
            return False
        day = self._read_day(value)
        today = fields.Date.context_today(self)
        if not day or not today <= day <= today + timedelta(days=EXTENSION_MAX_DAYS):
            raise WrongValue(self.env._("Choose a day to come, within a year."), "until")
        if self.validity_date and day <= self.validity_date:
            raise WrongValue(
                self.env._("This offer is valid until then already: choose a later day."), "until"
            )
        return day

    @api.model
    def _read_day(self, value):
        """Return a day from whatever was typed, or None.

        :rtype: datetime.date | None
        """
        try:
            return fields.Date.to_date(value) or None
        except (AttributeError, TypeError, ValueError):
            return None

    # === THE SALESPERSON GIVES === #

    def action_extend(self, date):
        """Extend the validity of quotes that the client has in hand, while their rates hold.

        A client who asked for it is told by mail.

        :param date: new last day of validity
        :return: True
        :raise UserError: when a rate ends before that day, or the day is none to choose
        """
        self.check_access("write")
        day = self._read_day(date)
        if not day or day < fields.Date.context_today(self):
            raise UserError(self.env._("Choose a day to come as the new end of validity."))
        self._lock_for_decision()
        self._check_client_has_it()
        for order in self:
            order._check_extension(day)
            order._extend(day)
        self.sudo()._plan_next_followup()
        return True

    def action_extend_as_asked(self):
        """Extend the validity until the day that the client wishes, or for the usual time.

        :return: True
        """
        for order in self:
            order.action_extend(order._get_usual_extension())
        return True

    def _get_usual_extension(self):
        """Return the day until which an offer is extended when nobody chooses another one.

        :rtype: datetime.date
        """
        self.ensure_one()
        days = self.company_id.quotation_validity_days or USUAL_DAYS
        today = fields.Date.context_today(self)
        wish = self.extension_until
        return wish if wish and wish >= today else today + timedelta(days=days)

    def _extend(self, day):
        """Write the new end of validity, say so, and tell the client who asked for it."""
        self.ensure_one()
        previous, asked = self.validity_date, bool(self.extension_asked_on)
        self.sudo()._gated().write(
            {
                "validity_date": day,
                "extension_asked_on": False,
                "extension_until": False,
                "extension_message": False,
            }
        )
        self.message_post(
            body=self.env._(
                "Validity extended from %(previous)s to %(date)s.",
                previous=previous and format_date(self.env, previous) or "-",
                date=format_date(self.env, day),
            )
        )
        if asked:
            self._tell_extension(day)

    def _tell_extension(self, day):
        """Tell the client, in his language, until when the offer is valid now."""
        order = self.with_context(lang=self._get_lang(), mail_notify_force_send=False)
        order.message_post(
            body=order.env._(
                "Your offer %(quote)s is now valid until %(date)s.",
                quote=order.name,
                date=format_date(order.env, day),
            ),
            partner_ids=self.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _check_extension(self, day):
        """Refuse a day that is no extension, or that outlasts the rates.

        :param date day: the new last day of validity
        :raise UserError: with what to do
        """
        self.ensure_one()
        previous = self.validity_date
        if previous and day <= previous:
            raise UserError(
                self.env._(
                    "%(quote)s is already valid until %(date)s: choose a later day.",
                    quote=self.name,
                    date=format_date(self.env, previous),
                )
            )
        self._check_rates_hold(day)

    def _check_rates_hold(self, day):
        """Refuse a validity that outlasts the rates of the quote: it needs a new price.

        :param date day: the new last day of validity
        :raise UserError: with until when the rates hold
        """
        estimate_sudo = self.sudo().estimate_id
        end = estimate_sudo and estimate_sudo._get_rates_end()
        if end and end < day:
            raise UserError(
                self.env._(
                    "The rates of %(quote)s hold until %(date)s: choose a day until then, or make a"
                    " new version at the new rates.",
                    quote=self.name,
                    date=format_date(self.env, end),
                )
            )
