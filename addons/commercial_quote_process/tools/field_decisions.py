"""What may become of each stored field of a quote and of its parts: the one place that says so.

``content``  what the offer says: written while the step of the quote leaves it open
``ruled``    has rules of its own: a state, a team, a signature, a lock
``derived``  follows from other fields, or is Odoo's own bookkeeping: only code writes it
``system``   follows from decisions: no person ever writes it, whatever the step
``free``     says nothing of the offer: written at any step

A field that is not listed belongs to another addon. On the parts of a quote it counts as content;
on the quote itself it does for people, while code in superuser mode may keep its books there.
Each stored field of ours has its decision here: a test fails for a new one without.
"""

from functools import cache

LOG_FIELDS = frozenset({"create_date", "create_uid", "id", "write_date", "write_uid"})
DISCUSSION_FIELDS = frozenset(
    {
        "activity_ids",
        "message_follower_ids",
        "message_ids",
        "rating_ids",
        "website_message_ids",
    }
)
# Decisions that close a field to people for good.
CLOSED_DECISIONS = ("derived", "system")

ORDER = {
    "content": frozenset(
        {
            "commitment_date",
            "currency_id",
            "customizable_pdf_form_fields",
            "date_order",
            "fiscal_position_id",
            "name",
            "note",
            "order_line",
            "partner_id",
            "partner_invoice_id",
            "partner_shipping_id",
            "payment_row_ids",
            "payment_term_id",
            "prepayment_percent",
            "pricelist_id",
            "project_manager_id",
            "proposal_hidden_sections",
            "proposal_summary",
            "quotation_document_ids",
            "require_payment",
            "require_signature",
            "sale_order_template_id",
            "scope_agreed_on",
            "scope_agreed_with",
            "scope_assumptions",
            "scope_content",
            "scope_exclusions",
            "validity_date",
        }
    ),
    "ruled": frozenset(
        {
            "company_id",
            "locked",
            "opportunity_id",
            "signature",
            "signed_by",
            "signed_on",
            "state",
            "team_id",
        }
    ),
    "derived": frozenset(
        {
            "access_token",
            "amount_tax",
            "amount_total",
            "amount_untaxed",
            "currency_rate",
            "invoice_status",
            "margin",
            "margin_percent",
            "pending_email_template_id",
            "transaction_ids",
        }
    ),
    "system": frozenset(
        {
            "after_acceptance_failures",
            "after_acceptance_pending",
            "change_request_ids",
            "content_revision",
            "decline_reason_id",
            "differs_from_signed",
            "estimate_id",
            "extension_asked_on",
            "extension_message",
            "extension_until",
            "first_viewed_on",
            "followup_failures",
            "followup_ids",
            "followup_paused_until",
            "is_project_pending",
            "last_viewed_on",
            "page_access_ids",
            "project_pending_reason",
            "next_followup_on",
            "next_followup_step_id",
            "previous_version_id",
            "question_ids",
            "pricing_contingency",
            "pricing_granularity",
            "pricing_markup_percent",
            "pricing_mode",
            "pricing_overhead",
            "pricing_rounding",
            "pricing_total",
            "quote_acceptance_ids",
            "quote_family_ids",
            "quote_process",
            "quote_recipients",
            "quote_root_id",
            "quote_step",
            "quote_step_log_ids",
            "quote_step_since",
            "quote_turn",
            "quote_turn_user_id",
            "quote_version",
            "sent_document_failures",
            "sent_document_id",
            "sent_document_ids",
            "sent_document_pending",
            "sent_on",
            "target_margin_percent",
            "validation_ids",
            "version_kind",
            "version_note",
            "version_reason",
            "view_count",
            "view_ids",
        }
    ),
    "free": LOG_FIELDS
    | DISCUSSION_FIELDS
    | {
        "campaign_id",
        "client_order_ref",
        "journal_id",
        "medium_id",
        "origin",
        "preferred_payment_method_line_id",
        "project_id",
        "reference",
        "signer_id",
        "source_id",
        "tag_ids",
        "technical_deadline",
        "user_id",
    },
}

ORDER_LINE = {
    "content": frozenset(
        {
            "collapse_composition",
            "collapse_prices",
            "combo_item_id",
            "discount",
            "display_type",
            "extra_tax_data",
            "is_downpayment",
            "is_expense",
            "is_optional",
            "linked_line_id",
            "linked_line_ids",
            "linked_virtual_id",
            "name",
            "order_id",
            "price_unit",
            "product_custom_attribute_value_ids",
            "product_document_ids",
            "product_id",
            "product_no_variant_attribute_value_ids",
            "product_uom_id",
            "product_uom_qty",
            "purchase_price",
            "sequence",
            "tax_ids",
            "technical_price_unit",
            "virtual_id",
        }
    ),
    "derived": frozenset(
        {
            "company_id",
            "currency_id",
            "is_service",
            "margin",
            "margin_percent",
            "order_partner_id",
            "price_reduce_taxexcl",
            "price_reduce_taxinc",
            "price_subtotal",
            "price_tax",
            "price_total",
            "salesman_id",
            "state",
        }
    ),
    "system": frozenset(
        {
            "estimate_cost_id",
            "estimate_figures",
            "estimate_item_id",
            "estimate_role_id",
            "estimate_row_kind",
            "is_from_estimate",
        }
    ),
    # What delivery, invoicing and the client's project write on a line.
    "free": LOG_FIELDS
    | {
        "amount_invoiced",
        "amount_to_invoice",
        "analytic_distribution",
        "analytic_line_ids",
        "customer_lead",
        "invoice_lines",
        "invoice_status",
        "project_id",
        "qty_delivered",
        "qty_delivered_method",
        "qty_invoiced",
        "qty_invoiced_posted",
        "qty_to_invoice",
        "reached_milestones_ids",
        "task_id",
        "untaxed_amount_invoiced",
        "untaxed_amount_to_invoice",
    },
}

ESTIMATE = {
    "content": frozenset(
        {
            "calendar_id",
            "contingency_confidence",
            "contingency_percent",
            "cost_ids",
            "hours_per_day",
            "item_ids",
            "organisation_content",
            "overhead_percent",
            "planned_start",
            "product_ids",
            "rate_date",
            "start_delay",
            "technical_content",
            "template_name",
            "workload_ids",
        }
    ),
    "system": frozenset(
        {
            "company_id",
            "compliance_matrix",
            "content_revision",
            "contingency_amount",
            "deadline",
            "is_template",
            "name",
            "order_id",
            "other_cost",
            "overhead_amount",
            "partner_id",
            "project_manager_id",
            "question_ids",
            "quote_step",
            "state",
            "total_cost",
            "total_days",
            "workload_cost",
        }
    ),
    "free": LOG_FIELDS | DISCUSSION_FIELDS | {"contributor_ids"},
}

ITEM = {
    "content": frozenset(
        {
            "acceptance_criteria",
            "child_ids",
            "depend_on_ids",
            "description",
            "duration",
            "estimate_id",
            "kind",
            "name",
            "not_before",
            "not_before_date",
            "parent_id",
            "sequence",
            "workload_ids",
        }
    ),
    "system": frozenset(
        {"company_id", "dependency_ids", "end_day", "is_critical", "slack", "start_day"}
    ),
    "free": LOG_FIELDS,
}

WORKLOAD = {
    "content": frozenset(
        {"days", "days_high", "days_likely", "days_low", "estimate_id", "item_id", "role_id"}
    ),
    "system": frozenset(
        {"company_id", "cost", "daily_cost", "daily_price", "price", "rate_missing"}
    ),
    "free": LOG_FIELDS,
}

COST = {
    "content": frozenset(
        {
            "cost_unit_id",
            "estimate_id",
            "family",
            "is_rebilled",
            "item_id",
            "name",
            "quantity",
            "sequence",
            "unit",
            "unit_cost",
        }
    ),
    "system": frozenset({"company_id", "cost"}),
    "free": LOG_FIELDS,
}

REQUIREMENT = {
    "content": frozenset(
        {
            "comment",
            "compliance",
            "item_ids",
            "lead_id",
            "name",
            "number",
            "priority",
            "reference",
        }
    ),
    "free": LOG_FIELDS,
}

# Rows of this model come and go with ``quote.estimate.item.depend_on_ids``.
DEPENDENCY = {"system": frozenset({"depends_on_id", "item_id", "lag"}), "free": LOG_FIELDS}

PAYMENT = {
    "content": frozenset(
        {
            "delay_days",
            "due_date",
            "item_id",
            "name",
            "order_id",
            "percent",
            "sequence",
            "trigger",
        }
    ),
    "system": frozenset({"company_id"}),
    "free": LOG_FIELDS,
}

FIELD_DECISIONS = {
    "sale.order": ORDER,
    "sale.order.line": ORDER_LINE,
    "quote.estimate": ESTIMATE,
    "quote.estimate.item": ITEM,
    "quote.estimate.dependency": DEPENDENCY,
    "quote.estimate.workload": WORKLOAD,
    "quote.estimate.cost": COST,
    "quote.requirement": REQUIREMENT,
    "quote.payment.row": PAYMENT,
}


@cache
def get_fields(model, *decisions):
    """Return the names of the fields of a model that have one of these decisions.

    >>> "state" in get_fields("sale.order", "ruled")
    True
    >>> sorted(get_fields("quote.estimate.cost", "system"))
    ['company_id', 'cost']

    :param str model: name of a model of ``FIELD_DECISIONS``
    :param str decisions: keys of this model's decisions
    :rtype: frozenset
    """
    table = FIELD_DECISIONS[model]
    return frozenset().union(*(table.get(decision, ()) for decision in decisions))


def get_decision(model, name):
    """Return the decision on a field, or None when it belongs to another addon.

    >>> get_decision("sale.order.line", "price_unit"), get_decision("sale.order.line", "x_color")
    ('content', None)

    :param str model: name of a model of ``FIELD_DECISIONS``
    :param str name: name of a field
    :rtype: str | None
    """
    for decision, names in FIELD_DECISIONS[model].items():
        if name in names:
            return decision
    return None
