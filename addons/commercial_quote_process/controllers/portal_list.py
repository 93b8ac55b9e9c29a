from odoo.fields import Domain
from odoo.http import request

from .portal import QuotePortal


class QuoteListPortal(QuotePortal):
    """The client's lists: what was sent, and where it stands."""

    def _prepare_quotations_domain(self, partner):
        """Keep the proposals that ended in the list, next to the ones that wait."""
        ended = Domain("quote_step", "in", ("declined", "superseded", "cancelled"))
        return list(
            Domain(super()._prepare_quotations_domain(partner))
            | Domain("partner_id", "child_of", [partner.commercial_partner_id.id])
            & Domain("quote_process", "=", True)
            & Domain("sent_on", "!=", False)
            & ended
        )

    def _prepare_home_portal_values(self, counters):
        """Count as quotations to review only the ones that wait for an answer."""
        values = super()._prepare_home_portal_values(
            [counter for counter in counters if counter != "quotation_count"]
        )
        if "quotation_count" in counters:
            orders = request.env["sale.order"]
            # The list shows more than what waits.
            domain = super()._prepare_quotations_domain(  # pylint: disable=super-method-mismatch
                request.env.user.partner_id
            )
            values["quotation_count"] = (
                orders.search_count(domain) if orders.has_access("read") else 0
            )
        return values
