from odoo import models
from odoo.tools import format_date

from ..const import CLOSED_STEPS, OPEN_STEPS


class QuoteVersionClientMixin(models.AbstractModel):
    """What the client is told of versions: what changed, what replaced what, what else there is."""

    _name = "quote.version.client.mixin"
    _description = "Versions as the client sees them"

    def _prepare_version_page_values(self):
        """Return what the client's page of a version shows of the others. In superuser mode.

        :return: ``quote_replacing`` (``sale.order``), ``quote_variants`` (``sale.order``) and
            ``quote_changes`` (see ``_get_client_changes``)
        :rtype: dict
        """
        self.ensure_one()
        return {
            "quote_replacing": self._get_replacing_version(),
            "quote_variants": self._get_open_variants(),
            "quote_changes": self._get_client_changes(),
        }

    def _get_client_changes(self):
        """Return what has changed since the version that this client received before.

        Empty when the company keeps it for itself, and for a first offer. Nothing internal is in
        it: costs, margins, workload and working days are left out.

        :return: ``title`` (which version the client received before, and when) and ``changes``
            (list of sentences), in the language of the page; or an empty dict
        :rtype: dict
        """
        self.ensure_one()
        order_sudo = self.sudo()
        if (
            not order_sudo.company_id.quote_show_changes_to_client
            or order_sudo.quote_step not in OPEN_STEPS | {"accepted"}
        ):
            return {}
        since_sudo = order_sudo._get_version_received_before_sudo()
        if not since_sudo:
            return {}
        since_sudo._prefetch_approvals()
        # What was sent is what was approved, and that is kept in one piece.
        before = since_sudo._get_kept_content(since_sudo) or since_sudo._get_content()
        changes = order_sudo._get_changes_in_words(
            before, order_sudo._get_content(), for_client=True
        )
        return {
            "title": order_sudo.env._(
                "What has changed since %(quote)s of %(date)s",
                quote=since_sudo.name,
                date=format_date(order_sudo.env, since_sudo.sent_on),
            ),
            "changes": [change["text"] for change in changes],
        }

    def _get_version_received_before_sudo(self):
        """Return the last version that was sent to the same client before this one.

        :rtype: sale.order
        """
        self.ensure_one()
        received_sudo = self._get_versions_of_client_sudo().filtered(
            lambda order: order.sent_on and self.sent_on and order.sent_on < self.sent_on
        )
        return received_sudo.sorted("sent_on")[-1:]

    # === PRINT === #

    def _is_draft_for_print(self):
        """What left the company once is no draft, whatever became of it."""
        return super()._is_draft_for_print() and not self._is_over_for_print()

    def _is_over_for_print(self):
        """Return whether this version prints as an offer that no longer holds.

        :rtype: bool
        """
        self.ensure_one()
        if self._is_printed_as_sent():
            return False
        return bool(self.quote_process and self.sent_on and self.quote_step in CLOSED_STEPS)
