from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date


class QuoteSignedDifferenceMixin(models.AbstractModel):
    """Tells when an accepted quote is no longer what the client signed.

    The flag is stored: each change of the content marks it to be computed again, once per
    transaction. Lists and filters read a column.
    """

    _name = "quote.signed.difference.mixin"
    _description = "Difference from what was signed"

    differs_from_signed = fields.Boolean(
        string="Differs from what was signed",
        compute="_compute_differs_from_signed",
        store=True,
        precompute=True,
        readonly=True,
        help="The content was changed after the client accepted it.",
    )
    signed_changes = fields.Html(
        string="What changed since", compute="_compute_signed_changes", sanitize=False
    )

    acceptance_note = fields.Char(
        string="How it was accepted",
        compute="_compute_acceptance_note",
        compute_sudo=True,
        help="Says so when the client did not sign on the web page.",
    )

    _differs_from_signed_idx = models.Index("(id) WHERE differs_from_signed IS TRUE")

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {"differs_from_signed"}

    # Without dependency: ``_bump_content_revision`` says when.
    def _compute_differs_from_signed(self):
        for order in self:
            order.differs_from_signed = bool(order.id and order._is_other_than_signed())

    def _is_other_than_signed(self):
        """Return whether the content is not the one that the acceptance is about.

        :rtype: bool
        """
        self.ensure_one()
        acceptance_sudo = self.sudo().quote_acceptance_ids if self.quote_process else None
        if not acceptance_sudo:
            return False
        current = self._get_fingerprint(acceptance_sudo.fingerprint_version)
        return acceptance_sudo._get_json_dict("fingerprints").get("all") != current.get("all")

    def _get_content_lines(self):
        """Lines that keep an account of down payments are nothing that was signed."""
        lines = super()._get_content_lines()
        if not self._is_signed():
            return lines
        return lines.filtered(lambda line: not line._is_invoicing_line())

    def _bump_content_revision(self):
        result = super()._bump_content_revision()
        signed_sudo = self.sudo().filtered(lambda order: order._is_signed())
        if signed_sudo:
            self.env.add_to_compute(self._fields["differs_from_signed"], signed_sudo)
        return result

    def _check_lock(self, locked):
        """What the client signed is kept before it may change, to say later what did."""
        result = super()._check_lock(locked)
        if not locked:
            unlocked_sudo = self.sudo().filtered(
                lambda order: (
                    order.locked and order._is_signed() and not order._is_other_than_signed()
                )
            )
            if unlocked_sudo:
                self.env["quote.content.snapshot"]._keep(unlocked_sudo)
        return result

    # === IN WORDS === #

    @api.depends("quote_acceptance_ids")
    def _compute_acceptance_note(self):
        for order in self:
            acceptance = order.quote_acceptance_ids
            outside = bool(acceptance) and acceptance.kind != "portal"
            order.acceptance_note = outside and self.env._(
                "Not signed on the web page. %(kind)s, recorded by %(person)s on %(date)s with the"
                " document received.",
                kind=acceptance._get_label("kind"),
                person=acceptance.user_id.name or acceptance.user_login or "",
                date=format_date(self.env, acceptance.signed_at),
            )

    def _get_signed_changes(self):
        """Return what has changed since the acceptance, see ``_get_changes_in_words``.

        :return: empty when nothing did, or when what was signed is not known in words
        :rtype: list(dict)
        """
        self.ensure_one()
        content = self._get_signed_content()
        return content and self._get_changes_in_words(content, self._get_content()) or []

    def _get_signed_content(self):
        """Return what the quote said when it was accepted; empty when it is not known.

        :rtype: dict
        """
        acceptance_sudo = self.sudo().quote_acceptance_ids
        if not acceptance_sudo:
            return {}
        signed = acceptance_sudo._get_json_dict("fingerprints").get("all")
        snapshots_sudo = (
            self.env["quote.content.snapshot"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "=", self.id)])
        )
        for snapshot_sudo in snapshots_sudo:
            if (snapshot_sudo.fingerprint or {}).get("all") == signed:
                return snapshot_sudo.data
        return {}

    def _compute_signed_changes(self):
        for order in self:
            changes = order._get_signed_changes() if order.differs_from_signed else []
            order.signed_changes = bool(changes) and Markup("<ul class='mb-0'>%s</ul>") % Markup(
                ""
            ).join(Markup("<li>%s</li>") % change["text"] for change in changes)
