from odoo import api, models
from odoo.exceptions import UserError

from ..const import EDITABLE_STEPS, STATE_OF_STEP
from ..tools.field_decisions import get_decision, get_fields


class QuoteGuardMixin(models.AbstractModel):
    """What may be written on a quote, at which step: the gate's side that faces editors.

    Nothing but the step of the quote decides; no right, no superuser mode and no context key that
    a caller can send opens it.
    """

    _name = "quote.guard.mixin"
    _description = "Guard of the content of a quote"
    _inherit = ["quote.content.lock.mixin", "quote.team.mixin"]

    # === WHO MAY WRITE WHAT === #

    @api.model
    def _get_system_fields(self):
        """Return the names of the fields that follow from decisions: no user ever writes them.

        An overrider returns the union of ``super()`` and its own names.

        :rtype: frozenset
        """
        return get_fields("sale.order", "system")

    @api.model
    def _get_commercial_fields(self):
        """Return the names of the fields that make the commercial content of a quote.

        An overrider returns the union of ``super()`` and its own names.

        :rtype: frozenset
        """
        return get_fields("sale.order", "content")

    @api.model
    def _get_signature_fields(self):
        """Return the names of Odoo's own signature fields: only an acceptance fills them."""
        return frozenset({"signature", "signed_by", "signed_on"})

    @api.model
    def _get_guarded_fields(self):
        """Return the names of the fields that ``write`` checks before it writes them.

        :rtype: frozenset
        """
        return self._get_commercial_fields() | get_fields("sale.order", "ruled", "derived")

    @api.model
    def _get_names_to_check(self, names):
        """Return which of these fields are checked before they are written.

        What another addon stores on a quote counts as content for people; its own code, in
        superuser mode, may keep its books there.

        :param names: names of fields
        :rtype: set
        """
        guarded = self._get_guarded_fields()
        return {
            name
            for name in names
            if name in guarded or (not self.env.su and self._is_foreign_content(name))
        }

    @api.model
    def _is_foreign_content(self, name):
        field = self._fields.get(name)
        return (
            field is not None
            and field.store
            and not get_decision("sale.order", name)
            and name not in self._get_system_fields()
        )

    @api.model
    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su and field.name in self._get_system_fields():
            return False
        return super()._has_field_access(field, operation)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        process_orders = orders.filtered("quote_process")
        if process_orders and not self.env.su:
            process_orders._check_no_derived_value(self._get_given_names(vals_list))
        if process_orders:
            process_orders._check_created_values()
        return orders

    @api.model
    def _get_given_names(self, vals_list):
        """Return the names of the fields that a caller gives, by value or by default.

        :rtype: set
        """
        return {
            name
            for vals in (self._get_context_defaults(), *vals_list)
            for name, value in vals.items()
            if value
        }

    @api.model
    def _get_context_defaults(self):
        prefix = "default_"
        return {
            key.removeprefix(prefix): value
            for key, value in self.env.context.items()
            if key.startswith(prefix)
        }

    def write(self, vals):
        checked = self._get_names_to_check(vals)
        process_orders = self.filtered("quote_process") if checked else self.browse()
        other = get_fields("sale.order", "ruled", "derived") - self._get_commercial_fields()
        content = checked - other
        if process_orders and not self._has_gate_pass():
            process_orders._check_write_allowed(vals, checked, content)
            if content:
                process_orders._tell_signed_fields(content)
        result = super().write(vals)
        if process_orders and content:
            process_orders._bump_content_revision()
        return result

    def _tell_signed_fields(self, names):
        """Tell which fields of signed quotes are being changed."""
        labels = sorted(self._fields[name]._description_string(self.env) for name in names)
        self._tell_signed_change(
            self.env._("Changed after the acceptance: %(fields)s", fields=", ".join(labels))
        )

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
            decided = self._get_signature_fields() | {"locked"}
            if order.state != "draft" or any(order[name] for name in decided):
                raise UserError(
                    self.env._(
                        "A quote of the team %(team)s starts as a draft: it is sent, signed and"
                        " confirmed through its steps.",
                        team=order.team_id.name or "",
                    )
                )

    def _check_write_allowed(self, vals, names, content):
        """Refuse values that the step of these quotes does not allow.

        :param dict vals: what is being written
        :param set names: the checked names among ``vals``
        :param set content: those of them that are content
        :raise UserError: with what to do instead
        """
        if "state" in vals:
            self._check_state_follows_step(vals["state"])
        if "locked" in vals:
            self._check_lock(vals["locked"])
        if names & self._get_signature_fields():
            raise UserError(
                self.env._(
                    "The signature of a quote comes with its acceptance: the client signs on the"
                    " portal, or you record the signed document with “Confirm”."
                )
            )
        if not self.env.su:
            self._check_no_derived_value(names)
        if names & {"team_id", "opportunity_id", "company_id"}:
            self._check_stays_in_process(vals)
        if content:
            self._check_content_editable("commercial")

    def _check_no_derived_value(self, names):
        """Refuse values that follow from others: an approver relies on them.

        :param set names: names of fields that a person writes
        """
        if derived := names & get_fields("sale.order", "derived"):
            self._refuse_derived_values(self._name, derived)

    @api.model
    def _refuse_derived_values(self, model, names):
        """Say which values nobody writes.

        :param str model: name of the model that has the fields
        :param set names: names of the fields
        :raise UserError: always
        """
        labels = sorted(
            self.env[model]._fields[name]._description_string(self.env) for name in names
        )
        raise UserError(
            self.env._(
                "%(fields)s: these values follow from the content of the quote and cannot be"
                " written.",
                fields=", ".join(labels),
            )
        )

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
