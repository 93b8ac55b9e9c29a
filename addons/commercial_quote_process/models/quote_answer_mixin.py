from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..const import OPEN_STEPS
from ..exceptions import WrongValue

RECALL_MAX_DAYS = 5 * 365
# What the database takes as the id of a record.
ID_MAX = 2**31


class QuoteAnswerMixin(models.AbstractModel):
    """The answers of the client other than yes, and what keeps a sent quote alive."""

    _name = "quote.answer.mixin"
    _description = "Answers of the client"

    decline_reason_id = fields.Many2one(
        "quote.decline.reason",
        string="Reason of the refusal",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {"decline_reason_id"}

    # === DECLINE === #

    def action_decline(self, reason_id, message=None, recall_date=None):
        """Record that the client refuses for good: the opportunity is lost, with the reason.

        :param int reason_id: id of a ``quote.decline.reason``
        :param str message: what the client said
        :param recall_date: day on which the client may be contacted again
        :return: True
        """
        self.check_access("write")
        self._decline(reason_id, message, recall_date, self.env.user.partner_id)
        return True

    def _decline(self, reason_id, message, recall_date, author):
        """Move quotes to declined and close their opportunities.

        :param res.partner author: who says so
        :raise UserError: when the quotes are not in the client's hands, or a value is wrong
        """
        reason = self._get_decline_reason(reason_id)
        message = self._clean_message(message)
        recall_date = self._check_recall_date(recall_date)
        self._lock_for_decision()
        self._check_client_has_it()
        self.sudo().decline_reason_id = reason
        self._move_to_step("declined", reason.name)
        for order in self:
            order._post_answer(
                self.env._("Offer declined: %(reason)s", reason=reason.name),
                message,
                author,
                recall_date=recall_date,
            )
            order.sudo().opportunity_id._set_lost_from_quote(
                order, reason.sudo().lost_reason_id, message, recall_date
            )

    def _get_decline_reason(self, reason_id):
        reason = self.env["quote.decline.reason"]
        try:
            number = int(reason_id or 0)
        except (TypeError, ValueError):
            number = 0
        if 0 < number < ID_MAX:
            reason = reason.browse(number).exists()
        if not reason.active:
            raise WrongValue(self.env._("Choose a reason of the list."), "decline_reason_id")
        return reason

    def _check_recall_date(self, value):
        """Return the day to contact the client again, or False.

        :raise UserError: when it is not a day to come
        """
        if not value:
            return False
        day = self._read_day(value)
        today = fields.Date.context_today(self)
        if not day or not today < day <= today + timedelta(days=RECALL_MAX_DAYS):
            raise WrongValue(self.env._("Choose a day to come, within five years."), "recall_date")
        return day

    # === DEPOSIT === #

    def action_mark_submitted(self, date, attachment_id=None):
        """Mark an approved answer to a tender as deposited: sent, without a mail.

        :param date: when it was deposited
        :param int attachment_id: the receipt of the platform
        :return: True
        """
        self.ensure_one()
        self.check_access("write")
        try:
            deposited = fields.Datetime.to_datetime(date)
        except (TypeError, ValueError):
            deposited = None
        if not deposited or deposited.date() > fields.Date.context_today(self):
            raise UserError(self.env._("Give the day of the deposit; it cannot be in the future."))
        attachment = self.env["ir.attachment"].browse(int(attachment_id or 0)).exists()
        if attachment:
            attachment.check_access("read")
        if self.quote_step in OPEN_STEPS:
            raise UserError(self.env._("%(quote)s has already been sent.", quote=self.name))
        self.action_quotation_sent()
        self.sudo().sent_on = deposited
        self.sudo()._plan_next_followup()
        receipt = attachment.copy({"res_model": self._name, "res_id": self.id})
        self.message_post(
            body=self.env._("Deposited on %(date)s.", date=format_date(self.env, deposited)),
            attachment_ids=receipt.ids,
        )
        return True

    # === PIECES === #

    def _check_client_has_it(self):
        """Refuse an answer to a quote that is not in the client's hands.

        :raise UserError: with the state of the quote, in words for the client and for us
        """
        for order in self:
            if not order.quote_process or order.quote_step not in OPEN_STEPS:
                raise UserError(order._get_answered_error())

    def _get_answered_error(self):
        """Return why this quote takes no answer: the client may have given one in another tab.

        :rtype: str
        """
        self.ensure_one()
        match self._get_client_status():
            case "signed":
                return self.env._("%(quote)s has already been signed.", quote=self.name)
            case "declined":
                return self.env._("%(quote)s has already been declined.", quote=self.name)
            case "replaced":
                return self.env._("%(quote)s has been replaced by a new version.", quote=self.name)
            case "cancelled":
                return self.env._("%(quote)s is no longer valid.", quote=self.name)
        return self.env._(
            "%(quote)s is not in the client's hands: there is nothing to answer.", quote=self.name
        )

    def _post_answer(self, title, message, author, recall_date=None):
        """Write an answer of the client in the discussion."""
        self.ensure_one()
        body = Markup("<p><b>%s</b></p>") % title
        if message:
            body += Markup("<p>%s</p>") % Markup("<br/>").join(message.splitlines())
        if recall_date:
            body += Markup("<p>%s</p>") % self.env._(
                "Contact again on %(date)s.", date=format_date(self.env, recall_date)
            )
        self.with_context(mail_notify_force_send=False).message_post(
            body=body,
            author_id=author.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
