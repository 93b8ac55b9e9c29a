from odoo import api, models

from ..const import CLOSED_STEPS, OPEN_STEPS

# What the page says has just happened, and the steps in which that can be true.
MESSAGE_STEPS = {
    "sign_ok": {"accepted"},
    "quote_already": {"accepted"},
    "quote_changed": OPEN_STEPS,
    "quote_closed": OPEN_STEPS | CLOSED_STEPS,
    "quote_declined": {"declined"},
    "quote_changes_asked": {"revision"},
    "quote_extension_asked": OPEN_STEPS,
    "quote_passed_on": OPEN_STEPS,
    "quote_internal": OPEN_STEPS | CLOSED_STEPS | {"accepted"},
    "quote_not_recorded": OPEN_STEPS | CLOSED_STEPS | {"accepted"},
}


class QuoteClientStatusMixin(models.AbstractModel):
    """Where a quote stands, in the words of the client: on its page and in lists."""

    _name = "quote.client.status.mixin"
    _description = "Status of quotes for the client"

    @api.model
    def _get_client_messages(self):
        """Return the steps in which the page may say that something has just happened.

        The address of a page is anybody's to write: it never makes the page say what is not so.
        An overrider adds its own messages to what ``super()`` returns; the sentence of each stands
        in the template ``portal_quote_status``.

        :return: set of steps by the name of the message
        :rtype: dict
        """
        return dict(MESSAGE_STEPS)

    def _get_client_message(self, message):
        """Return what the page says has just happened, when it can be true, else False.

        :param message: as the address of the page gives it
        :rtype: str | bool
        """
        self.ensure_one()
        steps = self._get_client_messages().get(message) if isinstance(message, str) else None
        return message if steps and self.quote_step in steps else False

    def _get_client_status(self):
        """Return where this quote stands for the client.

        :return: ``draft`` (never sent), ``sent``, ``expired``, ``revision``, ``signed``,
            ``declined``, ``replaced`` or ``cancelled``
        :rtype: str
        """
        self.ensure_one()
        if self.quote_step == "accepted":
            return "signed"
        if self.quote_step in OPEN_STEPS:
            if self.is_expired:
                return "expired"
            return self.quote_step
        if self.quote_step in CLOSED_STEPS and self.sent_on:
            return "replaced" if self.quote_step == "superseded" else self.quote_step
        return "draft"

    def _get_client_status_label(self):
        """Return the status in a word, in the language of the reader.

        :rtype: str
        """
        self.ensure_one()
        labels = {
            "draft": self.env._("Draft"),
            "sent": self.env._("Awaiting your answer"),
            "expired": self.env._("Expired"),
            "revision": self.env._("Changes asked"),
            "signed": self.env._("Signed"),
            "declined": self.env._("Declined"),
            "replaced": self.env._("Replaced"),
            "cancelled": self.env._("Withdrawn"),
        }
        return labels[self._get_client_status()]
