from odoo import api, fields, models
from odoo.tools import format_amount


class QuoteEstimateOtherCostMixin(models.AbstractModel):
    """The page of other costs: subtotals by family, and the helper for travel."""

    _name = "quote.estimate.other.cost.mixin"
    _description = "Other costs of an estimate"

    # Defined by the estimate, named here for the subtotals.
    currency_id = fields.Many2one("res.currency")
    cost_subtotals = fields.Html(
        compute="_compute_cost_subtotals",
        compute_sudo=True,
        sanitize=False,
        export_string_translation=False,
    )

    @api.depends("cost_ids.cost", "cost_ids.family", "cost_ids.is_rebilled")
    def _compute_cost_subtotals(self):
        for estimate in self:
            subtotals = estimate._get_cost_subtotals()
            estimate.cost_subtotals = bool(subtotals) and self.env["ir.qweb"]._render(
                "commercial_quote_process.quote_cost_subtotals", {"subtotals": subtotals}
            )

    def _get_cost_subtotals(self):
        """Return what each family of costs amounts to, then what of it is rebilled.

        :return: dicts with ``label`` and ``amount``, both as text
        :rtype: list(dict)
        """
        self.ensure_one()
        currency = self.currency_id or self.env.company.currency_id
        families = self.cost_ids.grouped("family")
        labels = self.env["quote.estimate.cost"]._fields["family"]._description_selection(self.env)
        parts = [(label, families[key]) for key, label in labels if key in families]
        rebilled = self.cost_ids.filtered("is_rebilled")
        if rebilled:
            parts.append((self.env._("of which rebilled"), rebilled))
        return [
            {"label": label, "amount": format_amount(self.env, sum(rows.mapped("cost")), currency)}
            for label, rows in parts
        ]

    def action_add_travel(self):
        """Open the helper that turns people, trips and nights into rows of costs.

        :rtype: dict
        """
        return self._get_cost_dialog("quote.travel", self.env._("Add travel"))

    def action_pick_costs(self):
        """Open the choice of reusable costs.

        :rtype: dict
        """
        return self._get_cost_dialog("quote.cost.pick", self.env._("Add from the catalogue"))

    def _get_cost_dialog(self, model, title):
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_estimate_id": self.id},
        }
