"""The rule of the deciders asks first whether a quote is one of the process."""

from odoo import SUPERUSER_ID, api

RULES = {"rule_sale_order_decider": "", "rule_sale_order_line_decider": "order_id."}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, path in RULES.items():
        rule = env.ref(f"commercial_quote_process.{name}", raise_if_not_found=False)
        # A rule that the company has changed stays as it is.
        if rule and rule.domain_force.startswith(f"['|', ('{path}quote_root_id."):
            rule.domain_force = (
                f"['&', ('{path}quote_process', '=', True), {rule.domain_force.strip()[1:]}"
            )
