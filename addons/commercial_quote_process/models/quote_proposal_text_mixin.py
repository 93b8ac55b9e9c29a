from odoo import api, models
from odoo.tools import is_html_empty

from ..tools.client_html import clean_client_html

TEXTS = frozenset({"proposal_summary", "scope_assumptions", "scope_content", "scope_exclusions"})
# Odoo's own text, which quotes outside the process keep as it is written.
TERMS = "note"


class QuoteProposalTextMixin(models.AbstractModel):
    """Texts that a client reads are cleaned when they are written, whoever writes them.

    Nothing in them fetches a foreign address or leaves its place on the page. They are cleaned
    again when they are shown: for what was written before, and for the general terms.
    """

    _name = "quote.proposal.text.mixin"
    _description = "Texts of a proposal"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create([self._clean_proposal_texts(vals) for vals in vals_list])
        for order, vals in zip(orders, vals_list, strict=True):
            if order.quote_process and not is_html_empty(vals.get(TERMS)):
                cleaned = clean_client_html(vals[TERMS])
                if cleaned != str(vals[TERMS]):
                    order.note = cleaned
        return orders

    def write(self, vals):
        vals = self._clean_proposal_texts(vals)
        if is_html_empty(vals.get(TERMS)):
            return super().write(vals)
        offers = self.filtered("quote_process")
        others = self - offers
        if others:
            super(QuoteProposalTextMixin, others).write(vals)
        if offers:
            cleaned = {**vals, TERMS: clean_client_html(vals[TERMS])}
            super(QuoteProposalTextMixin, offers).write(cleaned)
        return True

    @api.model
    def _clean_proposal_texts(self, vals):
        """Return the values with texts that fetch nothing from elsewhere.

        :param dict vals: as given to ``create`` or ``write``
        :rtype: dict
        """
        texts = TEXTS & vals.keys()
        if not texts:
            return vals
        cleaned = {
            name: False if is_html_empty(vals[name]) else clean_client_html(vals[name])
            for name in texts
        }
        return {**vals, **cleaned}
