from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import CLOSED_STEPS, EDITABLE_STEPS, GATE_KEY, GATE_PASS, OPEN_STEPS

UNLOCK_GROUP = "sales_team.group_sale_manager"


class QuoteContentLockMixin(models.AbstractModel):
    """At which step the content of a quote is open, why it is not, and what opens it again.

    An accepted quote is locked: what the client signed stays as it is. A sales manager may unlock
    it, with Odoo's own button, and every change made then is told in the history.
    """

    _name = "quote.content.lock.mixin"
    _description = "Lock of the content of a quote"

    is_content_locked = fields.Boolean(
        compute="_compute_is_content_locked",
        help="The commercial content cannot be edited at this step.",
    )

    @api.depends("quote_step", "state", "locked")
    def _compute_is_content_locked(self):
        for order in self:
            order.is_content_locked = order.quote_process and not order._is_content_editable(
                "commercial"
            )

    # === FORM === #

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Close on the form what its step has closed, instead of refusing it when it is saved."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form" and arch.xpath("//field[@name='is_content_locked']"):
            for node in arch.xpath("//form//field[not(ancestor::field)]"):
                self._close_with_content(node)
        return arch, view

    @api.model
    def _close_with_content(self, node):
        """Make a field of the content of a quote read-only wherever the content is closed.

        :param node: the etree node of the field
        """
        name, readonly = node.get("name"), node.get("readonly")
        if name not in self._get_commercial_fields() or "is_content_locked" in (readonly or ""):
            return
        if readonly or not self._fields[name].readonly:
            node.set("readonly", f"({readonly or 'False'}) or is_content_locked")

    # === PASS === #

    def _gated(self):
        """Return these quotes with the pass that lets our own decisions write guarded content.

        Only for values that the caller has checked itself.
        """
        return self.with_context(**{GATE_KEY: GATE_PASS})

    def _has_gate_pass(self):
        return self.env.context.get(GATE_KEY) is GATE_PASS

    # === OPEN OR CLOSED === #

    def _check_content_editable(self, part):
        """Refuse a change of the content when the step of a quote has closed it.

        :param str part: "technical" or "commercial"
        :raise UserError: with what to do to open the content again
        """
        if self._has_gate_pass():
            return
        for order in self:
            if order.quote_process and not order._is_content_editable(part):
                message = order._get_content_locked_message(part)
                # At the financial step, the technical part is reopened on its own document.
                is_open_step = order.quote_step in EDITABLE_STEPS["commercial"]
                raise UserError(message) if is_open_step else order._get_refusal(message)

    def _is_content_editable(self, part):
        """Return whether a part of the content may be edited at the quote's step.

        :param str part: "technical" or "commercial"
        :rtype: bool
        """
        self.ensure_one()
        if self.quote_step == "accepted":
            return part == "commercial" and not self._is_signed_content_locked()
        return self.quote_step in EDITABLE_STEPS[part]

    def _is_signed(self):
        """Return whether this is an order that a client accepted, its confirmation being over.

        :rtype: bool
        """
        self.ensure_one()
        return self.quote_step == "accepted" and self.state == "sale"

    def _is_signed_content_locked(self):
        return self._is_signed() and self.locked

    def _get_content_locked_message(self, part):
        """Return why the content is closed and how to open it, in the user's words.

        :param str part: "technical" or "commercial"
        :rtype: str
        """
        self.ensure_one()
        step = self.quote_step
        if step == "financial":
            return self.env._(
                "The technical part of %(quote)s is finished. Reopen the estimate to change it.",
                quote=self.name,
            )
        if step in ("validation", "ready"):
            return self.env._(
                "%(quote)s is under validation or approved: its content cannot change. Withdraw"
                " the request first.",
                quote=self.name,
            )
        if step in OPEN_STEPS:
            return self.env._(
                "%(quote)s is in the client's hands: its content cannot change. Make a new"
                " version.",
                quote=self.name,
            )
        if step in CLOSED_STEPS:
            return self.env._(
                "%(quote)s is closed: its content cannot change. Make a new version.",
                quote=self.name,
            )
        return self.env._(
            "%(quote)s has been accepted: what the client signed cannot change.", quote=self.name
        )

    # === WHAT WAS SIGNED === #

    def _should_be_locked(self):
        """What the client signed is locked, whatever the settings of Odoo's orders say."""
        return self.quote_process or super()._should_be_locked()

    def _check_lock(self, locked):
        """Refuse a change of the lock by somebody who may not decide on it, and tell the others.

        :param bool locked: what is being written
        :raise AccessError: when the user is no sales manager
        :raise UserError: when the quote is no order yet
        """
        for order in self.filtered(lambda order: order.locked != bool(locked)):
            if not order._is_signed():
                raise UserError(
                    self.env._(
                        "%(quote)s is no order yet: its steps say what may change.",
                        quote=order.name,
                    )
                )
            if not locked:
                if not self.env.su and not self.env.user.has_group(UNLOCK_GROUP):
                    raise AccessError(
                        self.env._(
                            "%(quote)s has been signed: only a sales manager unlocks it.",
                            quote=order.name,
                        )
                    )
                order._tell_signed_change(self.env._("Unlocked after its acceptance"))

    def _tell_signed_change(self, change):
        """Keep a change of what the client signed in the history, which nobody can rewrite.

        :param str change: what changes, as plain text
        """
        signed = self.filtered(lambda order: order.quote_process and order._is_signed())
        if not signed:
            return
        signed.sudo()._log_step("accepted", change)
        for order_sudo in signed.sudo():
            order_sudo.message_post(
                body=Markup("<p>%s</p>") % change, author_id=self.env.user.partner_id.id
            )
