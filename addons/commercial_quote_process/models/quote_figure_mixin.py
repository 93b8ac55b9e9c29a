from odoo import api, models


class QuoteFigureMixin(models.AbstractModel):
    """Figures that follow from the content: what somebody types instead is computed again.

    Odoo lets anybody write its stored amounts through RPC; approvers and rules rely on them.
    """

    _name = "quote.figure.mixin"
    _description = "Figures of a quote"

    # Names of the stored fields that Odoo computes from the content.
    _computed_figures = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if any(self._computed_figures & vals.keys() for vals in vals_list):
            records._get_process_records()._recompute_figures()
        return records

    def write(self, vals):
        result = super().write(vals)
        if self._computed_figures & vals.keys():
            self._get_process_records()._recompute_figures()
        return result

    def _get_process_records(self):
        """Return those of these records that belong to quotes of the process."""
        return self.filtered("quote_process")

    def _recompute_figures(self):
        """Compute the figures again, whatever was written on them."""
        for name in self._computed_figures:
            self.env.add_to_compute(self._fields[name], self.sudo())
