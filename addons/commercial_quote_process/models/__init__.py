# What every step needs
from . import quote_immutable_mixin
from . import quote_history_mixin
from . import quote_prefetch_mixin
from . import quote_outline_mixin
from . import quote_cost_access_mixin
from . import res_company
from . import res_config_settings
from . import quote_content_mixin
from . import quote_activity_mixin
from . import quote_figure_mixin
from . import quote_step_log

# Steps 0-1: identification and contact
from . import crm_team
from . import crm_stage
from . import crm_lead_stage_mixin
from . import crm_lead_tender_mixin
from . import crm_lead_contact_mixin
from . import crm_lead_recall_mixin
from . import crm_lead_specification_mixin
from . import crm_lead_quote_mixin
from . import crm_lead_merge_mixin
from . import crm_lead
from . import quote_specification
from . import quote_requirement
from . import quote_specification_mixin

# Step 3: technical part
from . import quote_role_rate
from . import quote_cost_unit
from . import quote_estimate_row_mixin
from . import quote_estimate_context_mixin
from . import quote_estimate_compliance_mixin
from . import quote_estimate_requirement_mixin
from . import quote_estimate_template_mixin
from . import quote_estimate_reuse_mixin
from . import quote_estimate_step_mixin
from . import quote_estimate_desk_mixin
from . import quote_estimate_calendar_mixin
from . import quote_estimate_plan_mixin
from . import quote_estimate_drawing_mixin
from . import quote_estimate_editor_mixin
from . import quote_estimate_command_mixin
from . import quote_estimate_total_mixin
from . import quote_estimate_rate_mixin
from . import quote_estimate_other_cost_mixin
from . import quote_estimate_cost_mixin
from . import quote_estimate_three_point_mixin
from . import quote_estimate_workbook_word_mixin
from . import quote_estimate_workbook_message_mixin
from . import quote_estimate_workbook_preview_mixin
from . import quote_estimate_workbook_import_mixin
from . import quote_estimate_workbook_mixin
from . import quote_estimate_task_list_mixin
from . import quote_estimate_project_mixin
from . import quote_estimate_task_mixin
from . import quote_estimate_content_mixin
from . import quote_estimate
from . import quote_technical_mixin
from . import quote_estimate_item_slot_mixin
from . import quote_estimate_item_copy_mixin
from . import quote_estimate_item_draft_mixin
from . import quote_estimate_item_message_mixin

# Before the items, whose many2many would make its table without an id
from . import quote_estimate_dependency
from . import quote_estimate_item
from . import quote_estimate_workload_editor_mixin
from . import quote_estimate_workload
from . import quote_estimate_cost

# Step 4: price and validation
from . import quote_small_deal_mixin
from . import quote_pricing_layout_mixin
from . import quote_pricing_row_mixin
from . import quote_pricing_line_mixin
from . import quote_pricing_difference_mixin
from . import quote_pricing_option_mixin
from . import quote_pricing_mixin
from . import quote_estimate_line_mixin
from . import sale_report
from . import sale_order_line
from . import res_users
from . import res_groups
from . import quote_approver_absence
from . import quote_rule_condition_mixin
from . import quote_rule_approver_mixin
from . import quote_validation_rule
from . import quote_validation_reason_mixin
from . import quote_validation_decider_mixin
from . import quote_validation
from . import quote_validation_request_mixin
from . import quote_validation_round_mixin
from . import quote_validation_mixin

# Step 5: sending, answers of the client, follow-up
from . import quote_decline_reason
from . import quote_acceptance
from . import quote_acceptance_document
from . import quote_followup_step
from . import quote_followup
from . import quote_client_mixin
from . import quote_acceptance_mixin
from . import quote_after_acceptance_mixin
from . import quote_answer_mixin
from . import quote_followup_mixin
from . import quote_followup_job_mixin

# Step 6: delivery
from . import quote_project_mixin
from . import project_plan_mixin
from . import project_project
from . import project_milestone
from . import project_task

# Steps 2-6: the quote, one concern per file
from . import quote_reader_mixin
from . import quote_lock_mixin
from . import quote_responsible_mixin
from . import quote_step_mixin
from . import quote_last_move_mixin
from . import quote_gate_mixin
from . import quote_guard_mixin
from . import quote_offer_content_mixin
from . import quote_fingerprint_first_mixin
from . import quote_fingerprint_mixin
from . import quote_content_snapshot
from . import quote_change_value_mixin
from . import quote_change_words_mixin
from . import quote_change_plan_words_mixin
from . import quote_change_cost_words_mixin
from . import quote_change_mixin
from . import quote_change_since_mixin
from . import quote_version_mixin
from . import quote_version_content_mixin
from . import quote_version_replacement_mixin
from . import quote_version_restore_mixin
from . import quote_opt_in_mixin
from . import quote_approval_mixin
from . import quote_request_mixin
from . import quote_decision_mixin
from . import sale_order
from . import ir_http
from . import mail_template
from . import payment_transaction
