{
    "name": "Commercial Quote Process",
    "summary": "Commercial offers of services companies, from first contact to signed project",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "Commercial Quote Process contributors",
    "website": "https://github.com/commercial-quote-process/commercial_quote_process",
    "license": "LGPL-3",
    "depends": ["sale_crm", "sale_project", "sale_margin"],
    "data": [
        # who may do what
        "security/quote_groups.xml",
        "security/ir.model.access.csv",
        "security/quote_rules.xml",
        "data/mail_activity_type_data.xml",
        # steps 0-1: identification and contact
        "data/crm_team_data.xml",
        "data/crm_lead_data.xml",
        "wizard/quote_contact_outcome_views.xml",
        "wizard/quote_requirement_import_views.xml",
        "views/quote_specification_views.xml",
        "views/crm_team_views.xml",
        "views/crm_stage_views.xml",
        "views/crm_lead_views.xml",
        # step 2: scope
        # step 3: technical part
        "wizard/quote_estimate_reason_views.xml",
        "wizard/quote_estimate_import_views.xml",
        "wizard/quote_estimate_ready_views.xml",
        "report/quote_compliance_templates.xml",
        "data/quote_outline_data.xml",
        "wizard/quote_contributor_invite_views.xml",
        "wizard/quote_rate_refresh_views.xml",
        "wizard/quote_travel_views.xml",
        "views/quote_cost_unit_views.xml",
        "views/quote_role_rate_views.xml",
        "views/quote_estimate_views.xml",
        "views/quote_estimate_plan_views.xml",
        "views/quote_estimate_workload_views.xml",
        "views/quote_estimate_cost_views.xml",
        "views/quote_estimate_specification_views.xml",
        "wizard/quote_estimate_reuse_views.xml",
        "views/quote_estimate_template_views.xml",
        "views/quote_estimate_workbook_views.xml",
        # step 4: price and validation
        "data/quote_service_product_data.xml",
        "wizard/quote_pricing_views.xml",
        "data/quote_validation_rule_data.xml",
        "views/quote_validation_rule_views.xml",
        "wizard/quote_decision_views.xml",
        # step 5: sending, answer of the client
        "data/quote_decline_reason_data.xml",
        "data/quote_followup_step_data.xml",
        "data/ir_cron_client_data.xml",
        "wizard/quote_new_version_views.xml",
        "wizard/quote_accept_views.xml",
        "wizard/quote_answer_views.xml",
        "views/quote_acceptance_views.xml",
        "views/quote_decline_reason_views.xml",
        "views/quote_followup_step_views.xml",
        "views/portal_templates.xml",
        "report/sale_order_templates.xml",
        # the quote, steps 2 to 6
        "views/sale_order_views.xml",
        "views/sale_order_specification_views.xml",
        "views/sale_order_pricing_views.xml",
        "views/sale_order_client_views.xml",
        # step 6: delivery
        "views/project_views.xml",
        "views/res_config_settings_views.xml",
        # menus last
        "views/quote_menus.xml",
    ],
    "assets": {
        "web.assets_tests": ["commercial_quote_process/static/tests/tours/**/*"],
        "web.assets_backend": [
            "commercial_quote_process/static/src/plan_item_name/**/*",
            "commercial_quote_process/static/src/quote_pricing/**/*",
            "commercial_quote_process/static/src/estimate_store/**/*",
            "commercial_quote_process/static/src/plan_editor/**/*",
        ],
        "web.assets_unit_tests": [
            "commercial_quote_process/static/tests/**/*.test.js",
        ],
        "web.assets_frontend": [
            "commercial_quote_process/static/src/portal_signature/**/*",
        ],
    },
    "demo": [
        # who takes part, and at which rates
        "demo/people_demo.xml",
        "demo/rates_demo.xml",
        "demo/cost_units_demo.xml",
        # deals that stand at the first steps, or ended there
        "demo/deals_identification_demo.xml",
        # a public tender, with all of it
        "demo/tender_bressac_scope_demo.xml",
        "demo/quote.estimate.item-bressac.csv",
        "demo/quote.estimate.workload-bressac.csv",
        "demo/quote.estimate.cost-bressac.csv",
        "demo/tender_bressac_demo.xml",
        # the other deals of the company, step by step
        "demo/deals_scope_demo.xml",
        "demo/quote.estimate.item-deals.csv",
        "demo/quote.estimate.workload-deals.csv",
        "demo/quote.estimate.cost-deals.csv",
        "demo/deals_technical_demo.xml",
        "demo/deals_financial_demo.xml",
        "demo/deals_client_demo.xml",
        # when all that took place
        "demo/history_demo.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
