from odoo import models

from ..const import CLOSED_STEPS, OPEN_STEPS


class QuoteGateMixin(models.AbstractModel):
    """The one gate: whether a quote may be sent, shown, signed, paid, confirmed.

    Buttons, mail composer, portal, payment, RPC, import and scheduled jobs all ask here. Nothing
    but the step of the quote decides; no right and no superuser mode opens a door.
    """

    _name = "quote.gate.mixin"
    _description = "Gate of a quote"

    def _get_gate_error(self, door):
        """Return why a door is closed for this quote, or False when it is open.

        :param str door: "send", "print", "portal", "sign", "pay" or "confirm"
        :return: a sentence for the person at the door, that says what to do, or False
        :rtype: str | bool
        """
        self.ensure_one()
        if not self.quote_process:
            return False
        if door in ("send", "print"):
            return self._get_send_error()
        if door == "portal":
            return not self._is_visible_to_client() and self.env._("This offer is being prepared.")
        return self._get_answer_error(door)

    def _get_send_error(self):
        if self.quote_step in OPEN_STEPS | {"accepted"}:
            return False
        if self.quote_step == "ready":
            return self._get_approval_error()
        if self.quote_step == "validation":
            return self.env._(
                "%(quote)s is waiting for its validation: it can be sent once approved.",
                quote=self.name,
            )
        if self.quote_step in CLOSED_STEPS:
            return self.env._(
                "%(quote)s is closed. Make a new version to send an offer again.", quote=self.name
            )
        return self.env._(
            "%(quote)s has not been approved yet. Finish its price and ask for its validation"
            " before it goes to the client.",
            quote=self.name,
        )

    def _get_answer_error(self, door):
        """Return why the client's answer, or its record, is not possible now, or False."""
        if self.quote_step == "accepted":
            already_done = self.env._("%(quote)s has already been accepted.", quote=self.name)
            return door == "sign" and already_done
        if self.quote_step in OPEN_STEPS:
            if self.is_expired:
                return self.env._(
                    "%(quote)s has expired. Its validity must be extended before it can be"
                    " accepted.",
                    quote=self.name,
                )
            return self._get_approval_error()
        return self._get_send_error() or self.env._(
            "%(quote)s is approved but not sent yet. Send it to the client first.", quote=self.name
        )

    def _is_visible_to_client(self):
        """Return whether the client may see this quote at all.

        :rtype: bool
        """
        self.ensure_one()
        if not self.quote_process or self.quote_step in OPEN_STEPS | {"accepted"}:
            return True
        return self.quote_step in CLOSED_STEPS and bool(self.sent_on)
