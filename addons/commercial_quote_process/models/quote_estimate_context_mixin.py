from odoo import api, fields, models


class QuoteEstimateContextMixin(models.AbstractModel):
    """What a project manager needs to know of the quote, read for people without sales rights.

    Nothing of prices or margins is here.
    """

    _name = "quote.estimate.context.mixin"
    _description = "Quote behind an estimate"

    # Defined by the estimate, named here for the fields that read through it.
    order_id = fields.Many2one("sale.order")
    partner_id = fields.Many2one(
        related="order_id.partner_id", store=True, precompute=True, index=True
    )
    partner_name = fields.Char(
        string="Name of the customer", compute="_compute_quote_context", compute_sudo=True
    )
    salesperson_name = fields.Char(
        string="Salesperson", compute="_compute_quote_context", compute_sudo=True
    )
    # Not stored: a decision on the quote would have to search and write its estimate as well.
    quote_step = fields.Selection(related="order_id.quote_step", string="Step of the quote")
    opportunity_name = fields.Char(
        string="Opportunity", compute="_compute_quote_context", compute_sudo=True
    )
    quote_turn_text = fields.Char(related="order_id.quote_turn_text")
    scope_content = fields.Html(related="order_id.scope_content")
    scope_exclusions = fields.Html(related="order_id.scope_exclusions")
    scope_assumptions = fields.Html(related="order_id.scope_assumptions")
    specification_summary = fields.Html(related="order_id.specification_summary")
    specification_ids = fields.One2many(
        related="order_id.specification_ids", string="Specification"
    )

    # === COMPUTE METHODS === #

    @api.depends("order_id.partner_id", "order_id.user_id", "order_id.opportunity_id")
    def _compute_quote_context(self):
        for estimate in self:
            estimate.opportunity_name = estimate.order_id.opportunity_id.name
            estimate.partner_name = estimate.order_id.partner_id.display_name
            estimate.salesperson_name = estimate.order_id.user_id.name
