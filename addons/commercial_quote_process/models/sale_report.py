from odoo import api, models


class SaleReport(models.Model):
    """Margins in the analysis of sales, for those who may read them."""

    _name = "sale.report"
    _inherit = ["quote.cost.access.mixin", "sale.report"]

    @api.model
    def _get_cost_fields(self):
        return super()._get_cost_fields() | {"margin"}
