from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import CLOSED_STEPS, EDITABLE_STEPS, GATE_KEY, GATE_PASS, OPEN_STEPS, STATE_OF_STEP


class QuoteGuardMixin(models.AbstractModel):
    """What may be written on a quote, at which step: the gate's side that faces editors.

    Nothing but the step of the quote decides; no right, no superuser mode and no context key that
    a caller can send opens it.
    """

    _name = "quote.guard.mixin"
    _description = "Guard of the content of a quote"

    is_content_locked = fields.Boolean(
        compute="_compute_is_content_locked",
        help="The commercial content cannot be edited at this step.",
    )

    @api.depends("quote_step")
    def _compute_is_content_locked(self):
        for order in self:
            order.is_content_locked = order.quote_process and not order._is_content_editable(
                "commercial"
            )

    # === WHO MAY WRITE WHAT === #

    @api.model
    def _get_system_fields(self):
        """Return the names of the fields that follow from decisions: no user ever writes them.

        An overrider returns the union of ``super()`` and its own names.

        :rtype: frozenset
        """
        return frozenset(
            {
                "quote_process",
                "quote_step",
                "quote_step_since",
                "quote_turn",
                "quote_turn_user_id",
                "quote_step_log_ids",
                "content_revision",
                "estimate_id",
                "sent_on",
            }
        )

    @api.model
    def _get_commercial_fields(self):
        """Return the names of the fields that make the commercial content of a quote.

        An overrider returns the union of ``super()`` and its own names.

        :rtype: frozenset
        """
        return frozenset(
            {
                "currency_id",
                "fiscal_position_id",
                "note",
                "order_line",
                "partner_id",
                "partner_invoice_id",
                "partner_shipping_id",
                "payment_term_id",
                "prepayment_percent",
                "pricelist_id",
                "project_manager_id",
                "require_payment",
                "require_signature",
                "scope_agreed_on",
                "scope_agreed_with",
                "scope_assumptions",
                "scope_content",
                "scope_exclusions",
                "validity_date",
            }
        )

    @api.model
    def _get_signature_fields(self):
        """Return the names of Odoo's own signature fields: only an acceptance fills them."""
        return frozenset({"signature", "signed_by", "signed_on"})

    @api.model
    def _get_guarded_fields(self):
        return (
            self._get_commercial_fields()
            | self._get_signature_fields()
            | {"state", "team_id", "opportunity_id", "company_id"}
        )

    @api.model
    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su and field.name in self._get_system_fields():
            return False
        return super()._has_field_access(field, operation)

    def _gated(self):
        """Return these quotes with the pass that lets our own decisions write guarded content.

        Only for values that the caller has checked itself.
        """
        return self.with_context(**{GATE_KEY: GATE_PASS})

    def _has_gate_pass(self):
        return self.env.context.get(GATE_KEY) is GATE_PASS

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        process_orders = orders.filtered("quote_process")
        if process_orders:
            process_orders._check_created_values()
        return orders

    def write(self, vals):
        guarded = self._get_guarded_fields() & vals.keys()
        process_orders = self.filtered("quote_process") if guarded else self.browse()
        if process_orders and not self._has_gate_pass():
            process_orders._check_write_allowed(vals, guarded)
        result = super().write(vals)
        if process_orders and guarded & self._get_commercial_fields():
            process_orders._bump_content_revision()
        return result

    def unlink(self):
        for order in self:
            if order.quote_process and not order._is_deletable():
                # @api.ondelete would not do: a context key that any caller may send skips it.
                raise UserError(  # pylint: disable=no-raise-unlink
                    self.env._(
                        "Quote %(quote)s has a history and cannot be deleted. Cancel it instead.",
                        quote=order.name,
                    )
                )
        return super().unlink()

    def _is_deletable(self):
        """Return whether deleting this quote would lose nothing: a first draft nobody decided on.

        :rtype: bool
        """
        self.ensure_one()
        return self.quote_step in EDITABLE_STEPS["commercial"] and not self.sent_on

    def _check_created_values(self):
        """Refuse a process quote that is born further than a draft.

        :raise UserError: when a value, default or import tries to skip the process
        """
        for order in self:
            if order.state != "draft" or any(order[f] for f in self._get_signature_fields()):
                raise UserError(
                    self.env._(
                        "A quote of the team %(team)s starts as a draft: it is sent, signed and"
                        " confirmed through its steps.",
                        team=order.team_id.name or "",
                    )
                )

    def _check_write_allowed(self, vals, guarded):
        """Refuse values that the step of these quotes does not allow.

        :param dict vals: what is being written
        :param set guarded: the guarded names among ``vals``
        :raise UserError: with what to do instead
        """
        if "state" in vals:
            self._check_state_follows_step(vals["state"])
        if guarded & self._get_signature_fields():
            raise UserError(
                self.env._(
                    "The signature of a quote comes with its acceptance: the client signs on the"
                    " portal, or you record the signed document with “Confirm”."
                )
            )
        if guarded & {"team_id", "opportunity_id", "company_id"}:
            self._check_stays_in_process(vals)
        if guarded & self._get_commercial_fields():
            self._check_content_editable("commercial")

    def _check_state_follows_step(self, state):
        for order in self:
            if STATE_OF_STEP[order.quote_step] != state:
                door = {"sent": "send", "sale": "confirm"}.get(state)
                raise UserError(
                    (door and order._get_gate_error(door))
                    or self.env._(
                        "The status of quote %(quote)s follows its steps: use the buttons of the"
                        " quote to move it.",
                        quote=order.name,
                    )
                )

    def _check_stays_in_process(self, vals):
        """Refuse a change of team, opportunity or company that would leave the process."""
        team_sudo = self.env["crm.team"].sudo().browse(vals.get("team_id") or [])
        lead_sudo = self.env["crm.lead"].sudo().browse(vals.get("opportunity_id") or [])
        for order in self:
            if "company_id" in vals and vals["company_id"] != order.company_id.id:
                raise UserError(
                    self.env._(
                        "Quote %(quote)s cannot change its company: make a new quote in the other"
                        " company.",
                        quote=order.name,
                    )
                )
            if "team_id" in vals and not team_sudo.use_quote_process:
                raise UserError(
                    self.env._(
                        "Quote %(quote)s follows the offer process: choose a sales team that uses"
                        " the process.",
                        quote=order.name,
                    )
                )
            if (
                "opportunity_id" in vals
                and lead_sudo.team_id
                and (not lead_sudo.team_id.use_quote_process)
            ):
                raise UserError(
                    self.env._(
                        "Quote %(quote)s follows the offer process: choose an opportunity of a"
                        " sales team that uses the process.",
                        quote=order.name,
                    )
                )

    # === CONTENT === #

    def _check_content_editable(self, part):
        """Refuse a change of the content when the step of a quote has closed it.

        A confirmed order is left to Odoo's own rules.

        :param str part: "technical" or "commercial"
        :raise UserError: with what to do to open the content again
        """
        if self._has_gate_pass():
            return
        for order in self:
            if order.quote_process and not order._is_content_editable(part):
                raise UserError(order._get_content_locked_message(part))

    def _is_content_editable(self, part):
        """Return whether a part of the content may be edited at the quote's step.

        :param str part: "technical" or "commercial"
        :rtype: bool
        """
        self.ensure_one()
        if self.quote_step == "accepted":
            return part == "commercial"
        return self.quote_step in EDITABLE_STEPS[part]

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
