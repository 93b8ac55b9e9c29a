"""Reminders of opportunities and follow-ups of quotes get one job and one history."""

from odoo import SUPERUSER_ID, api
from odoo.fields import Domain

MODULE = "commercial_quote_process"
# Rules are not written again by an update, since companies change them: only as we made them.
FORMER_DOMAINS = {
    "rule_quote_followup_company": "[('company_id', 'in', company_ids)]",
    "rule_quote_followup_own": "[('order_id.user_id', 'in', [user.id, False])]",
}
DOMAINS = {
    "rule_quote_followup_company": "[('company_id', 'in', company_ids + [False])]",
    "rule_quote_followup_own": (
        "['|', '&', ('order_id', '!=', False), ('order_id.user_id', 'in', [user.id, False]),"
        " '&', ('lead_id', '!=', False), ('lead_id.user_id', 'in', [user.id, False])]"
    ),
}
STEPS = ("followup_step_first", "followup_step_second", "followup_step_third")


def migrate(cr, version):
    """Plan what is still to come, and let the steps that came with us end by themselves."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, domain in DOMAINS.items():
        rule = env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
        if rule and rule.domain_force == FORMER_DOMAINS[name]:
            rule.domain_force = domain
    call = env.ref("mail.mail_activity_data_call", raise_if_not_found=False)
    for name in STEPS:
        step = env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
        if step and step.activity_type_id == call:
            step.activity_type_id = env.ref(f"{MODULE}.activity_type_followup")
    _plan(env)


def _plan(env):
    """Find the next step of the quotes that wait, and the next reminder of opportunities."""
    orders = env["sale.order"].search([("next_followup_on", "!=", False)])
    orders._plan_next_followup()
    dated = Domain("recall_date", "!=", False) | Domain("tender_deadline", "!=", False)
    leads = env["crm.lead"].with_context(active_test=False).search(dated)
    env.add_to_compute(leads._fields["next_followup_on"], leads)
    env.flush_all()
