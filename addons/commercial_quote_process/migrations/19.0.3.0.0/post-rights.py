import logging

from odoo import SUPERUSER_ID, api

_logger = logging.getLogger(__name__)

MODULE = "commercial_quote_process"
# Approvers read what they decide on: what they no longer get with being an approver, by group.
# Whoever has it from somewhere else, directly or through another group, keeps it.
FORMER_IMPLIED_GROUPS = {
    "group_quote_approver_commercial": "sales_team.group_sale_salesman_all_leads",
    "group_quote_approver_operational": "project.group_project_manager",
}
# Rules by which operational approvers read every quote, and rules that they shared with others.
FORMER_RULES = (
    "rule_quote_specification_operational",
    "rule_quote_requirement_operational",
    "rule_sale_order_operational",
    "rule_sale_order_line_operational",
)
SHARED_RULES = (
    "rule_quote_step_log_all",
    "rule_quote_validation_all",
    "rule_quote_acceptance_all",
    "rule_quote_acceptance_document_all",
    "rule_quote_followup_all",
)
# Rules are not written again by an update, since companies change them: only as we made them.
FORMER_VALIDATION_DOMAIN = (
    "['|', ('order_id', '=', False), ('order_id.user_id', 'in', [user.id, False])]"
)
VALIDATION_DOMAIN = (
    "['|', '|', ('asked_by_id', '=', user.id), ('decided_by_id', '=', user.id),"
    " '&', ('order_id', '!=', False), ('order_id.user_id', 'in', [user.id, False])]"
)


def migrate(cr, version):
    """Let approvers read what they decide on, instead of writing everybody's quotes."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    _narrow_groups(env)
    _narrow_rules(env)


def _get(env, name):
    return env.ref(f"{MODULE}.{name}", raise_if_not_found=False)


def _narrow_groups(env):
    for name, former_name in FORMER_IMPLIED_GROUPS.items():
        group, former = _get(env, name), env.ref(former_name)
        if not group or former not in group.implied_ids:
            continue
        before = former.all_user_ids
        group.implied_ids -= former
        if narrowed := before - former.all_user_ids:
            _logger.info(
                "%s no longer comes with %s. Give it to those who need it beside: %s",
                former.full_name,
                group.full_name,
                ", ".join(narrowed.mapped("login")),
            )


def _narrow_rules(env):
    for name in FORMER_RULES:
        if rule := _get(env, name):
            rule.unlink()
    operational = _get(env, "group_quote_approver_operational")
    for name in SHARED_RULES:
        if (rule := _get(env, name)) and operational in rule.groups:
            rule.groups -= operational
    own = _get(env, "rule_quote_validation_own")
    if own and own.domain_force == FORMER_VALIDATION_DOMAIN:
        own.domain_force = VALIDATION_DOMAIN
