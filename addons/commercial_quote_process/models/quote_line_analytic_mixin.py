import json

from odoo import models


class QuoteLineAnalyticMixin(models.AbstractModel):
    """Analytic accounts of the lines of a quote: asked once for all lines that get the same.

    Odoo asks for each line anew. A quote of the process sells one product on fifty lines, and all
    of them get the account of its project while the client signs.
    """

    _name = "quote.line.analytic.mixin"
    _description = "Analytic accounts of lines of a quote"

    def _compute_analytic_distribution(self):
        lines = self.filtered(lambda line: line.order_id.quote_process and not line.display_type)
        groups = {}
        for line in lines:
            key = line._get_analytic_key()
            groups[key] = groups.get(key, line.browse()) | line
        firsts = lines.browse().union(*(group[0] for group in groups.values()))
        result = super(
            QuoteLineAnalyticMixin, self - lines | firsts
        )._compute_analytic_distribution()
        for group in groups.values():
            group[1:].analytic_distribution = group[0].analytic_distribution
        return result

    def _get_analytic_key(self):
        """Return what the analytic accounts of this line depend on.

        :rtype: tuple
        """
        self.ensure_one()
        present = json.dumps(self.analytic_distribution or {}, sort_keys=True)
        return self.order_id, self.product_id, present
