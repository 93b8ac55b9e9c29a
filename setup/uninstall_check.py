"""Uninstall the addon from a database with the demo story, then use what it leaves behind.

Run in an Odoo shell by setup/test; stops with an error when something is no longer usable.
"""

ADDON = "commercial_quote_process"

confirmed = env["sale.order"].search([("state", "=", "sale")])
drafts = env["sale.order"].search([("state", "=", "draft")])
leads = env["crm.lead"].with_context(active_test=False).search([])
projects = confirmed.project_id
kept = {
    model: records.ids
    for model, records in (
        ("sale.order", confirmed | drafts),
        ("crm.lead", leads),
        ("project.project", projects),
    )
}
assert drafts and confirmed and leads and projects, "the story has no records to look after"
env.flush_all()
module = env["ir.module.module"].search([("name", "=", ADDON)])
module.button_immediate_uninstall()

env.transaction.reset()
env.cr.rollback()
assert "quote.estimate" not in env.registry, "the models of the addon are still there"
for model, ids in kept.items():
    records = env[model].with_context(active_test=False).browse(ids)
    assert records.exists() == records, f"{model}: some records are gone"
    view_fields = env[model].get_view(view_type="form")["models"][model]
    records.web_read({name: {} for name in view_fields})
order = (
    env["sale.order"]
    .browse(kept["sale.order"])
    .filtered(lambda o: o.state == "draft" and o.order_line)[:1]
)
order.order_line[0].price_unit += 1
order.action_confirm()
assert order.state == "sale", "a quote can no longer be confirmed"
leads = env["crm.lead"].browse(kept["crm.lead"])
leads.filtered("active")[0].write({"name": "Renamed"})
leads.filtered(lambda lead: not lead.active)[:1].action_unarchive()
env["project.project"].browse(kept["project.project"])[0].task_ids[:1].write({"name": "Renamed"})
env.flush_all()
env.cr.commit()
print("UNINSTALLED")
