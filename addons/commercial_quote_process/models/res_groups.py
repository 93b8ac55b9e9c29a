from odoo import models


class ResGroups(models.Model):
    """Members of a group that approves may come and go while something waits for them."""

    _inherit = "res.groups"

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"user_ids", "implied_ids", "implied_by_ids"}:
            self.env.registry.clear_cache()
            self.env["quote.validation"]._refresh_all_deciders()
        return result
