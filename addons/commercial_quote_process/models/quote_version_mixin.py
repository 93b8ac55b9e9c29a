from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import EDITABLE_STEPS, VERSION_STEPS

# What tells versions apart, read with them.
FAMILY_FIELDS = (
    "access_token",
    "name",
    "partner_id",
    "previous_version_id",
    "quote_root_id",
    "quote_step",
    "quote_version",
    "sent_on",
    "state",
    "validity_date",
)


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
            ("restored", "Restored"),
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

    _quote_version_uniq = models.UniqueIndex(
        "(quote_root_id, quote_version) WHERE quote_root_id IS NOT NULL",
        "Each version of a quote has a number of its own.",
    )

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
        domain = [("quote_root_id", "in", self.sudo().quote_root_id.ids)]
        return self.sudo().search_fetch(domain, FAMILY_FIELDS)

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

        This version keeps its step: an abandoned draft changes nothing.

        :param str reason: a key of ``version_reason``
        :param str note: what changes
        :param str restart_step: step at which work on the new version starts
        :param str kind: a key of ``version_kind``
        :return: the new version
        :rtype: sale.order
        """
        self.ensure_one()
        self.check_access("write")
        self._lock_family()
        self._check_new_version(reason, restart_step, kind)
        return self._create_version(reason, note, restart_step, kind)

    def _lock_family(self):
        """Lock these quotes with their families; whoever decides meanwhile starts again.

        A lock alone lets a transaction that began before this one read the family as it was: the
        rows are touched as well, so that the database makes it start again.
        """
        family_sudo = self.sudo() | self.sudo().quote_root_id
        family_sudo._lock_for_decision()
        self.env.cr.execute(
            SQL(
                "UPDATE sale_order SET quote_version = quote_version WHERE id IN %s",
                tuple(family_sudo.ids),
            )
        )

    def _create_version(self, reason, note, restart_step, kind):
        """Make the next version, the caller having locked the family and checked everything.

        :return: the new version, with the rights of the current user
        :rtype: sale.order
        """
        order_sudo = self.sudo()
        # First, so that its stage follows the new version.
        order_sudo.opportunity_id._reopen_from_quote(order_sudo)
        new_sudo = order_sudo.copy(order_sudo._prepare_version_values(reason, note, kind))
        if restart_step != "scope":
            new_sudo.with_env(self.env)._move_to_step(restart_step, note)
        if restart_step == "technical":
            new_sudo._schedule_technical_activity(note)
        message = self.env._("Version %(quote)s was made from this one.", quote=new_sudo.name)
        order_sudo._log_notes({order_sudo.id: Markup("<p>%s</p>") % message})
        return self.browse(new_sudo.id)

    def _check_new_version(self, reason, restart_step, kind):
        """Refuse a version that the process does not know.

        :raise UserError: with what to do
        """
        reasons = self.env["sale.order"]._get_version_reasons()
        kinds = dict(self._fields["version_kind"].selection)
        if (
            reason not in dict(reasons)
            or kind not in kinds
            or (restart_step not in EDITABLE_STEPS["commercial"])
        ):
            raise UserError(
                self.env._("Choose why the version is made and the step at which it starts again.")
            )
        if self.quote_step not in VERSION_STEPS:
            raise UserError(self._get_version_step_error())
        self._check_no_acceptance()
        if restart_step == "technical" and not self.project_manager_id:
            raise UserError(self.env._("Choose a project manager before this step starts again."))

    @api.model
    def _get_version_reasons(self):
        """Return the reasons that a person may give for a new version.

        :return: pairs of a key and a label in the language of the user
        :rtype: list(tuple(str, str))
        """
        reasons = self._fields["version_reason"]._description_selection(self.env)
        # That one is said by ``action_restore_version``.
        return [(key, label) for key, label in reasons if key != "restored"]

    def _get_version_step_error(self):
        """Return why no version is made from this quote at its step, and what to do instead."""
        step = self.quote_step
        if step in EDITABLE_STEPS["commercial"]:
            return self.env._(
                "%(quote)s cannot have a new version at its step: change it directly while it is"
                " being written.",
                quote=self.name,
            )
        if step in ("superseded", "cancelled"):
            return self.env._(
                "%(quote)s is closed: restore it, which makes a new version with its content.",
                quote=self.name,
            )
        return self._get_accepted_error(self)

    def _check_no_acceptance(self):
        """Refuse to go on with a family of which the client has accepted a version.

        :raise UserError: with what to do instead
        """
        family_sudo = self._get_family_sudo()
        accepted_sudo = family_sudo.filtered(
            lambda order: order.quote_step == "accepted" or order.quote_acceptance_ids
        )
        if accepted_sudo:
            raise UserError(self._get_accepted_error(accepted_sudo[0]))

    def _get_accepted_error(self, accepted):
        return self.env._(
            "%(quote)s has been accepted: duplicate it to start a new deal.", quote=accepted.name
        )

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.id,
            "views": [(False, "form")],
        }
