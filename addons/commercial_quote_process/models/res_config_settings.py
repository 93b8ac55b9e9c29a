from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the company"
    )
    quote_allow_self_approval = fields.Boolean(
        related="company_id.quote_allow_self_approval", readonly=False
    )
    quote_approver_mails = fields.Selection(
        related="company_id.quote_approver_mails", readonly=False
    )
    quote_tender_notice_days = fields.Integer(
        related="company_id.quote_tender_notice_days", readonly=False
    )
    quote_followup_emails = fields.Boolean(
        related="company_id.quote_followup_emails", readonly=False
    )
    quote_hidden_sections = fields.Json(related="company_id.quote_hidden_sections", readonly=False)
    proposal_outline = fields.Json(compute="_compute_proposal_outline")
    quote_terms_label = fields.Char(related="company_id.quote_terms_label", readonly=False)
    group_quote_sales_rates = fields.Boolean(
        string="Show sales rates to project managers",
        implied_group="commercial_quote_process.group_quote_sales_rates",
        group="project.group_project_user",
    )
    quote_start_delay = fields.Integer(related="company_id.quote_start_delay", readonly=False)
    quote_overhead_percent = fields.Float(
        related="company_id.quote_overhead_percent", readonly=False
    )
    quote_contingency_percent = fields.Float(
        related="company_id.quote_contingency_percent", readonly=False
    )
    quote_technical_outline = fields.Html(
        related="company_id.quote_technical_outline", readonly=False
    )
    quote_organisation_outline = fields.Html(
        related="company_id.quote_organisation_outline", readonly=False
    )
    quote_target_margin_percent = fields.Float(
        related="company_id.quote_target_margin_percent", readonly=False
    )
    quote_floor_margin_percent = fields.Float(
        related="company_id.quote_floor_margin_percent", readonly=False
    )
    quote_markup_percent = fields.Float(related="company_id.quote_markup_percent", readonly=False)
    quote_show_costs = fields.Boolean(related="company_id.quote_show_costs", readonly=False)
    quote_show_changes_to_client = fields.Boolean(
        related="company_id.quote_show_changes_to_client", readonly=False
    )
    quote_small_deal_amount = fields.Monetary(
        related="company_id.quote_small_deal_amount",
        currency_field="company_currency_id",
        readonly=False,
    )
    quote_small_deal_days = fields.Float(related="company_id.quote_small_deal_days", readonly=False)
    quote_milestone_product_id = fields.Many2one(
        related="company_id.quote_milestone_product_id", readonly=False
    )
    quote_down_payment_draft = fields.Boolean(
        related="company_id.quote_down_payment_draft", readonly=False
    )
    quote_service_product_id = fields.Many2one(
        related="company_id.quote_service_product_id", readonly=False
    )

    @api.depends_context("lang")
    def _compute_proposal_outline(self):
        """Name the sections for the widget that shows them on quotes as well."""
        self.proposal_outline = self.env["sale.order"]._get_section_outline()
