from markupsafe import Markup

from odoo import models

from ..const import OPEN_STEPS
from ..tools.html_headings import nest_headings

# Titles of sections are headings of the second level: the ones of their texts begin below.
TEXT_LEVEL = 3


class QuoteClientPageMixin(models.AbstractModel):
    """What the client's page shows of a quote, read in few queries."""

    _name = "quote.client.page.mixin"
    _description = "The client's page"

    def _get_page_text(self, name):
        """Return a text of the proposal for the page: safe, and with its headings in order.

        :param str name: see ``_get_client_text``
        :rtype: Markup
        """
        return Markup(nest_headings(str(self._get_client_text(name)), TEXT_LEVEL))

    def _get_client_answers(self):
        """Return which answers the page offers the client now.

        An overrider changes what ``super()`` returns.

        :return: True or False by ``sign``, ``changes``, ``decline``, ``extension``, ``pass_on``
        :rtype: dict
        """
        self.ensure_one()
        is_open = self.quote_step in OPEN_STEPS
        can_sign = is_open and not self._get_gate_error("sign")
        return {
            "sign": can_sign,
            "changes": self.quote_step == "sent" and not self.is_expired,
            "decline": is_open,
            "extension": is_open and bool(self.is_expired),
            "pass_on": can_sign,
        }

    def _get_client_title(self):
        """Return the title of the proposal, as the client reads it.

        :rtype: str
        """
        self.ensure_one()
        return self.env._("Proposal %(quote)s", quote=self.name)

    def _is_offer_ready(self):
        """Return whether the file of this version has been made.

        :rtype: bool
        """
        self.ensure_one()
        return bool(self.sudo().sent_document_ids)

    # === READING === #

    def _prefetch_client_page(self, reader):
        """Read in few queries what the page shows, and what Odoo reads for it; as superuser.

        :param reader: the ``res.users`` who opens the page
        """
        self._prefetch_content()
