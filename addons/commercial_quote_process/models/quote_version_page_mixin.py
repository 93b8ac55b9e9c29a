from odoo import api, fields, models

from ..const import CLOSED_STEPS, EDITABLE_STEPS, OPEN_STEPS


class QuoteVersionPageMixin(models.AbstractModel):
    """The list of the versions of a quote: which one counts, and what may be done with each."""

    _name = "quote.version.page.mixin"
    _description = "List of versions"

    version_mark = fields.Char(
        string="Validity",
        compute="_compute_version_mark",
        help="Which version the client may accept, and which ones are being written.",
    )
    version_summary = fields.Char(
        string="Why and what",
        compute="_compute_version_summary",
        help="Why the version was made, and what changes in it.",
    )
    is_restorable = fields.Boolean(
        compute="_compute_version_mark",
        help="A new version may be made with the content of this one.",
    )

    @api.depends("quote_step", "quote_root_id")
    @api.depends_context("lang")
    def _compute_version_mark(self):
        families_sudo = self._get_family_sudo().grouped("quote_root_id")
        for order in self:
            family_sudo = families_sudo.get(order.sudo().quote_root_id, order.sudo())
            order.version_mark = order._get_version_mark()
            is_older = order.quote_step in CLOSED_STEPS or order.quote_version < max(
                family_sudo.mapped("quote_version")
            )
            order.is_restorable = (
                is_older
                and bool(order.quote_process)
                and order.quote_step not in EDITABLE_STEPS["commercial"]
                and not any(version.quote_step == "accepted" for version in family_sudo)
            )

    @api.depends("version_kind", "version_note", "version_reason")
    @api.depends_context("lang")
    def _compute_version_summary(self):
        kinds, reasons = (
            dict(self._fields[name]._description_selection(self.env))
            for name in ("version_kind", "version_reason")
        )
        for order in self:
            kind = kinds["variant"] if order.version_kind == "variant" else ""
            words = [kind, reasons.get(order.version_reason), order.version_note]
            order.version_summary = " - ".join(word for word in words if word)

    def _get_version_mark(self):
        """Return in a word what this version is among the others.

        :rtype: str
        """
        self.ensure_one()
        if self.quote_step == "accepted":
            return self.env._("Signed")
        if self.quote_step in OPEN_STEPS:
            return self.env._("Expired") if self.is_expired else self.env._("Current")
        if self.quote_step in CLOSED_STEPS:
            steps = dict(self._fields["quote_step"]._description_selection(self.env))
            return steps[self.quote_step]
        return self.env._("In preparation")
