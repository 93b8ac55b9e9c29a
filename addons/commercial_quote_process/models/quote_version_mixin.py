from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..const import EDITABLE_STEPS, LIVE_STEPS, OPEN_STEPS, VERSION_STEPS

# Steps of an older version that stands until the newer one is sent.
REPLACEABLE_STEPS = OPEN_STEPS | {"validation", "ready"}


class QuoteVersionMixin(models.AbstractModel):
    """Versions of a quote: each one a full copy, none ever overwritten."""

    _name = "quote.version.mixin"
    _description = "Versions of a quote"

    quote_version = fields.Integer(string="Version", copy=False, default=1)
    quote_root_id = fields.Many2one(
        "sale.order",
        string="First version",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The quote that this family of versions started with.",
    )
    previous_version_id = fields.Many2one(
        "sale.order", string="Made from", copy=False, index="btree_not_null", ondelete="restrict"
    )
    version_ids = fields.One2many(
        "sale.order",
        compute="_compute_version_ids",
        string="Versions",
        help="All versions of this quote, the newest first.",
    )
    version_count = fields.Integer(string="Number of versions", compute="_compute_version_ids")
    version_reason = fields.Selection(
        [
            ("client", "Asked by the client"),
            ("price", "Price"),
            ("scope", "Scope"),
            ("technical", "Technical part"),
            ("expired", "Expired"),
            ("other", "Other"),
        ],
        string="Reason of this version",
        copy=False,
    )
    version_kind = fields.Selection(
        [("replacement", "Replacement"), ("variant", "Variant")],
        string="Kind of version",
        copy=False,
        default="replacement",
        help="A replacement ends the version it was made from when it is sent. A variant stands"
        " beside it until one of them is accepted.",
    )
    version_note = fields.Text(string="What changes", copy=False)

    @api.depends("quote_root_id")
    def _compute_version_ids(self):
        roots = self.quote_root_id
        grouped = self.env["sale.order"]._read_group(
            [("quote_root_id", "in", roots.ids)], ["quote_root_id"], ["id:recordset"]
        )
        families = dict(grouped)
        for order in self:
            family = families.get(order.quote_root_id, self.env["sale.order"])
            order.version_ids = family.sorted("quote_version", reverse=True)
            order.version_count = len(family)

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {
            "quote_version",
            "quote_root_id",
            "previous_version_id",
            "version_reason",
            "version_kind",
            "version_note",
        }

    def _is_deletable(self):
        return super()._is_deletable() and self.quote_version == 1 and self.version_count <= 1

    def _get_family_sudo(self):
        """Return all versions of these quotes, whoever they belong to."""
        return self.sudo().search([("quote_root_id", "in", self.sudo().quote_root_id.ids)])

    # === MAKING A VERSION === #

    def action_new_version(self, reason, note=None, restart_step="scope"):
        """Make a new version of this quote and open it.

        :param str reason: a key of ``version_reason``
        :param str note: what changes, in the words of the person who makes the version
        :param str restart_step: "scope", "technical" or "financial"
        :return: the action that opens the new version
        :rtype: dict
        :raise UserError: when this quote is at a step from which no version is made
        """
        return self._new_version(reason, note=note, restart_step=restart_step)._get_form_action()

    def _new_version(self, reason, note=None, restart_step="scope", kind="replacement"):
        """Copy this quote, with its costs, its estimate and its texts, as its next version.

        :param str reason: a key of ``version_reason``
        :param str note: what changes
        :param str restart_step: step at which work on the new version starts
        :param str kind: a key of ``version_kind``
        :return: the new version
        :rtype: sale.order
        """
        self.ensure_one()
        self.check_access("write")
        (self | self.quote_root_id)._lock_for_decision()
        self._check_new_version(reason, restart_step, kind)
        order_sudo = self.sudo()
        new_sudo = order_sudo.copy(order_sudo._prepare_version_values(reason, note, kind))
        if restart_step != "scope":
            new_sudo.with_env(self.env)._move_to_step(restart_step, note)
        if restart_step == "technical":
            new_sudo._schedule_technical_activity(note)
        message = self.env._("Version %(quote)s was made from this one.", quote=new_sudo.name)
        order_sudo.message_post(body=message, author_id=self.env.user.partner_id.id)
        return self.browse(new_sudo.id)

    def _check_new_version(self, reason, restart_step, kind):
        """Refuse a version that the process does not know.

        :raise UserError: with what to do
        """
        reasons = dict(self._fields["version_reason"].selection)
        kinds = dict(self._fields["version_kind"].selection)
        if (
            reason not in reasons
            or kind not in kinds
            or (restart_step not in EDITABLE_STEPS["commercial"])
        ):
            raise UserError(
                self.env._("Choose why the version is made and the step at which it starts again.")
            )
        if self.quote_step not in VERSION_STEPS:
            raise UserError(
                self.env._(
                    "%(quote)s cannot have a new version at its step: change it directly while it"
                    " is being written.",
                    quote=self.name,
                )
                if self.quote_step in EDITABLE_STEPS["commercial"]
                else self.env._(
                    "%(quote)s is finished: make a new version from the last one that was sent.",
                    quote=self.name,
                )
            )
        if restart_step == "technical" and not self.project_manager_id:
            raise UserError(self.env._("Choose a project manager before this step starts again."))

    def _prepare_version_values(self, reason, note, kind):
        """Return what a new version does not copy by itself.

        Called in superuser mode. An overrider adds the values of its own fields that belong to
        the content of a quote but that a duplicate, which is a new deal, must not inherit.

        :rtype: dict
        """
        self.ensure_one()
        version = max(self._get_family_sudo().mapped("quote_version")) + 1
        return {
            "name": f"{self.quote_root_id.name}-V{version}",
            "quote_process": True,
            "quote_step": "scope",
            "quote_step_since": fields.Datetime.now(),
            "quote_version": version,
            "quote_root_id": self.quote_root_id.id,
            "previous_version_id": self.id,
            "version_reason": reason,
            "version_kind": kind,
            "version_note": note,
            "project_manager_id": self.project_manager_id.id,
            "signer_id": self.signer_id.id,
            "scope_agreed_on": self.scope_agreed_on,
            "scope_agreed_with": self.scope_agreed_with.id,
            "client_order_ref": self.client_order_ref,
            "order_line": [
                Command.create({**line.copy_data()[0], **line._prepare_version_values()})
                for line in self._get_copiable_order_lines()
            ],
        }

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # === WHAT A VERSION CHANGES FOR THE OTHERS === #

    def _get_send_error(self):
        accepted = (
            self.quote_process
            and self.quote_version > 1
            and (self._get_family_sudo().filtered(lambda o: o.quote_step == "accepted") - self)
        )
        if accepted:
            return self.env._(
                "%(accepted)s has been accepted: %(quote)s can no longer be sent.",
                accepted=accepted[0].name,
                quote=self.name,
            )
        return super()._get_send_error()

    def _on_step_changed(self, previous_steps, step):
        super()._on_step_changed(previous_steps, step)
        if step not in ("sent", "accepted"):
            return
        for order in self:
            if previous_steps[order.id] in OPEN_STEPS and step == "sent":
                continue
            replaced = order._get_replaced_versions(step)
            if replaced:
                replaced._move_to_step(
                    "superseded", self.env._("Replaced by %(quote)s", quote=order.name)
                )

    def _get_replaced_versions(self, step):
        """Return the versions that end when this one enters a step.

        :param str step: "sent" or "accepted"
        :rtype: sale.order
        """
        self.ensure_one()
        if step == "accepted":
            family = self._get_family_sudo() - self
            return family.filtered(lambda order: order.quote_step in LIVE_STEPS)
        older = self.browse()
        version = self.sudo()
        while version.version_kind == "replacement" and version.previous_version_id:
            version = version.previous_version_id
            older |= version
        return older.filtered(lambda order: order.quote_step in REPLACEABLE_STEPS)
