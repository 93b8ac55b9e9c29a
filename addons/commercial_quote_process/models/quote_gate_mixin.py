from odoo import models
from odoo.exceptions import UserError

from ..const import CLOSED_STEPS, OPEN_STEPS
from ..exceptions import GateClosed


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
        if door == "send" or (door == "print" and not self._is_visible_to_client()):
            return self._get_send_error()
        if door in ("portal", "print"):
            return not self._is_visible_to_client() and self.env._("This offer is being prepared.")
        return self._get_answer_error(door)

    def _get_send_error(self):
        """Return why this quote may not go to the client now, or False."""
        step = self.quote_step
        if step == "accepted":
            return False
        if step in OPEN_STEPS | {"ready"}:
            return self._get_approval_error()
        if step == "validation":
            return self.env._(
                "%(quote)s is waiting for its validation: it can be sent once approved.",
                quote=self.name,
            )
        if step in CLOSED_STEPS:
            return self.env._(
                "%(quote)s is closed. Make a new version to send an offer again.", quote=self.name
            )
        if step == "technical":
            return self.env._(
                "%(quote)s waits for its technical part (%(person)s). Then it gets its price, and"
                " its validation.",
                quote=self.name,
                person=self.project_manager_id.name or self.env._("nobody yet"),
            )
        if step == "scope":
            return self.env._(
                "%(quote)s is still being written: it needs its scope, its technical part, its"
                " price and its validation before it goes to the client.",
                quote=self.name,
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

    # === REFUSING === #

    def _check_gate(self, door):
        """Stop at a closed door.

        :param str door: see ``_get_gate_error``
        :raise UserError: with what to do, and a button to do it where there is one
        """
        for order in self:
            if error := order._get_gate_error(door):
                raise order._get_refusal(error)

    def _get_refusal(self, message):
        """Return the error that tells a person why something is refused, and what to do next.

        :param str message: why
        :rtype: UserError
        """
        self.ensure_one()
        next_step = self._get_next_step()
        return GateClosed(message, *next_step) if next_step else UserError(message)

    def _get_next_step(self):
        """Return what opens the quote's next door, for the current user.

        An overrider returns its own pair for the steps it knows, else what ``super()`` returns.

        :return: an Odoo action and the label of its button, or False
        :rtype: tuple(dict, str) | bool
        """
        self.ensure_one()
        if self.env.su or not self.has_access("write"):
            return False
        step = self.quote_step
        if step == "financial":
            action = self._get_gate_action("sale_order_action_ask_validation")
            return action, self.env._("Ask for validation")
        if step == "validation" and self.can_decide:
            return self.action_decide(), self.env._("Decide")
        if step in ("validation", "ready"):
            return self._get_gate_action("sale_order_action_withdraw"), self.env._("Withdraw")
        if step in OPEN_STEPS and self.is_expired:
            action = self._get_gate_action("quote_extend_action")
            return action, self.env._("Extend the validity")
        if step in OPEN_STEPS | CLOSED_STEPS:
            action = self._get_gate_action("quote_new_version_action")
            return action, self.env._("Make a new version")
        return False

    def _get_gate_action(self, name):
        """Return an action of the addon that runs on this quote.

        :param str name: its XML id, without the name of the addon
        :rtype: dict
        """
        action = self.env["ir.actions.actions"]._for_xml_id(f"commercial_quote_process.{name}")
        return {
            **action,
            "context": {
                "active_model": "sale.order",
                "active_id": self.id,
                "active_ids": self.ids,
                "default_order_id": self.id,
            },
        }
