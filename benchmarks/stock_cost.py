"""What a quote outside the process costs: run in an Odoo shell, without and with the addon.

    setup/odoo shell -d DATABASE --no-http < benchmarks/stock_cost.py

Prints one JSON line: for each operation of a stock sales team, the SQL queries on a cold cache and
the median time in milliseconds; and a digest of the records that these operations leave behind.
``benchmarks/run`` compares two such lines. Nothing is kept: the transaction is rolled back.
"""

import hashlib
import json
import statistics
import time

REPETITIONS = 5
env = env(context={**env.context, "tracking_disable": False})


def measure(function):
    """Return the queries of a first cold call, and the median time of some cold calls."""
    queries, times = None, []
    for _ in range(REPETITIONS):
        env.flush_all()
        env.invalidate_all()
        before, start = env.cr.sql_log_count, time.perf_counter()
        function()
        env.flush_all()
        times.append(1000 * (time.perf_counter() - start))
        queries = env.cr.sql_log_count - before  # the last one: registry caches are warm
    return {"queries": queries, "ms": round(statistics.median(times), 2)}


def prepare():
    team = env["crm.team"].create({"name": "Shop", "company_id": False})
    partner = env["res.partner"].create({"name": "Client", "email": "client@example.com"})
    product = env["product.product"].create({"name": "Chair", "list_price": 100.0})
    return team, partner, product


def quote_values(team, partner, product):
    lines = [(0, 0, {"product_id": product.id, "product_uom_qty": n + 1}) for n in range(10)]
    return {"partner_id": partner.id, "team_id": team.id, "order_line": lines}


team, partner, product = prepare()
values = quote_values(team, partner, product)
orders = env["sale.order"].create([values] * 80)
leads = env["crm.lead"].create(
    [
        {"name": f"Lead {n}", "type": "opportunity", "team_id": team.id, "partner_id": partner.id}
        for n in range(80)
    ]
)
list_view = env.ref("sale.view_quotation_tree_with_onboarding")
kanban_view = env.ref("crm.crm_case_kanban_view_leads")


def shown_fields(model, view):
    """Return a read specification of the fields that a view loads by default."""
    from lxml import etree

    arch = etree.fromstring(env[model].get_view(view.id)["arch"])
    specification = {}
    for node in arch.iter("field"):
        if node.get("optional") != "hide":
            field = env[model]._fields[node.get("name")]
            names = {"fields": {"display_name": {}}} if field.relational else {}
            specification[node.get("name")] = names
    return specification


order_fields = shown_fields("sale.order", list_view)
lead_fields = shown_fields("crm.lead", kanban_view)
pending = iter(env["sale.order"].create([values] * REPETITIONS * 2))
to_confirm = iter(env["sale.order"].create([values] * REPETITIONS))
results = {
    "list of 80 quotes": measure(lambda: orders.web_read(order_fields)),
    "kanban of 80 leads": measure(lambda: leads.web_read(lead_fields)),
    "create one quote of 10 lines": measure(lambda: env["sale.order"].create(values)),
    "create 20 quotes of 10 lines": measure(lambda: env["sale.order"].create([values] * 20)),
    "write a free field on 80 drafts": measure(lambda: orders.write({"client_order_ref": "A"})),
    "write the terms on 80 drafts": measure(lambda: orders.write({"note": "<p>Net 30</p>"})),
    "write a price": measure(lambda: orders[0].order_line[0].write({"price_unit": 90.0})),
    "mark as sent": measure(lambda: next(pending).action_quotation_sent()),
    "confirm": measure(lambda: next(to_confirm).action_confirm()),
}


def digest():
    """Return a digest of what one more quote leaves behind, ids and times left out."""
    order = env["sale.order"].create(values)
    order.action_quotation_sent()
    order.action_confirm()
    content = [
        (order.state, order.amount_total, order.locked, len(order.message_ids)),
        [(line.name, line.price_subtotal, line.qty_to_invoice) for line in order.order_line],
        [message.body for message in order.message_ids],
        len(order.activity_ids),
        len(order.project_ids),
    ]
    return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()[:16]


print("RESULT " + json.dumps({"operations": results, "digest": digest()}))
env.cr.rollback()
