from odoo import api, fields, models
from odoo.tools import SQL

from .quote_page_access import ERASED_VALUES
from .quote_view import PERSONAL_FIELDS

# More views than that say nothing more in an evidence.
EVIDENCE_VIEWS_MAX = 50


class QuoteViewMixin(models.AbstractModel):
    """When the client opened the page of this version, and how often."""

    _name = "quote.view.mixin"
    _description = "Views of quotes"

    view_ids = fields.One2many(
        "quote.view", "order_id", string="Views of the page", readonly=True, copy=False
    )
    first_viewed_on = fields.Datetime(
        string="First opened by the client", readonly=True, copy=False
    )
    last_viewed_on = fields.Datetime(
        string="Last opened by the client", readonly=True, copy=False, index="btree_not_null"
    )
    view_count = fields.Integer(
        string="Opened by the client (times)",
        readonly=True,
        copy=False,
        help="How often the page of this version was visible in a browser of the client for three"
        " seconds. Mail scanners, previews and colleagues do not count.",
    )
    view_hint = fields.Char(compute="_compute_view_hint", export_string_translation=False)

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {
            "first_viewed_on",
            "last_viewed_on",
            "view_count",
            "view_ids",
        }

    @api.depends("quote_step", "view_count")
    @api.depends_context("lang")
    def _compute_view_hint(self):
        """Say in two words whether the client has opened what he has in hand."""
        for order in self:
            if order.view_count:
                order.view_hint = self.env._("Opened %(count)s times", count=order.view_count)
                if order.view_count == 1:
                    order.view_hint = self.env._("Opened once")
            else:
                order.view_hint = order.quote_step == "sent" and self.env._("Not opened yet")

    def _record_client_view(self, session_hash, fetch_key, values):
        """Note that the client has the page before his eyes. Called in superuser mode.

        :param str session_hash: see ``quote.view._record_client_view``
        :param str fetch_key: the same
        :param dict values: the same
        :return: whether this is a view more
        :rtype: bool
        """
        self.ensure_one()
        # Two tabs at the same instant are one view; the row is about to be written anyway.
        self.env.cr.execute(
            SQL("SELECT FROM sale_order WHERE id = %s FOR NO KEY UPDATE", self.id),
            log_exceptions=False,
        )
        views_sudo = self.env["quote.view"].sudo()
        if not views_sudo._record_client_view(self.id, session_hash, fetch_key, values):
            return False
        now = fields.Datetime.now()
        self.write(
            {
                "first_viewed_on": self.first_viewed_on or now,
                "last_viewed_on": now,
                "view_count": self.view_count + 1,
            }
        )
        self._on_client_view()
        return True

    def _on_client_view(self):
        """React to a view by the client. Extend it, with ``super()`` first.

        Runs in the client's browser request, in superuser mode: keep it cheap.
        """

    def _get_view_evidence(self):
        """Return when the client had the page before his eyes, for the evidence of an acceptance.

        :return: dicts with ``first`` and ``last`` (ISO, UTC), ``count``, ``kind``, ``session``
            (hash, as in the acceptance) and ``person`` (who came by a link or an account of their
            own, or "")
        :rtype: list(dict)
        """
        self.ensure_one()
        views_sudo = (
            self.env["quote.view"]
            .sudo()
            .search(
                [("order_id", "=", self.id), ("kind", "=", "client")],
                order="last_on desc, id desc",
                limit=EVIDENCE_VIEWS_MAX,
            )
        )
        return [
            {
                "first": view_sudo.first_on.isoformat(),
                "last": view_sudo.last_on.isoformat(),
                "count": view_sudo.count,
                "kind": view_sudo.kind,
                "session": view_sudo.session_hash or "",
                "person": view_sudo.access_id.name or view_sudo.partner_id.name or "",
            }
            for view_sudo in views_sudo.sorted(lambda view: (view.first_on, view.id))
        ]

    def _anonymise_client_traces(self):
        """Erase who opened the pages of these quotes, and to whom they were passed on.

        Called in superuser mode, by whoever has checked that a person may be erased.
        """
        self.view_ids.write(dict.fromkeys(PERSONAL_FIELDS, False))
        # A mail with a link that has not left, or could not.
        self.page_access_ids.mail_id.unlink()
        self.page_access_ids.write(ERASED_VALUES)
