"""What it costs to price an estimate of 500 items: run in an Odoo shell with the addon.

    setup/odoo shell -d DATABASE --no-http < benchmarks/estimate_pricing.py

Prints one JSON line: for the first pricing (one line per task, a section per phase), for pricing
again, and for one keystroke in the preview, the SQL queries and the median time in milliseconds.
Nothing is kept: the transaction is rolled back.
"""

import json
import statistics
import time

PHASES, TASKS, REPETITIONS = 25, 475, 3


def prepare():
    """Return a quote of the process whose estimate of 500 items is ready to be priced."""
    team = env.ref("commercial_quote_process.team_services")
    partner = env["res.partner"].create({"name": "Client"})
    lead = env["crm.lead"].create(
        {"name": "Deal", "type": "opportunity", "team_id": team.id, "partner_id": partner.id}
    )
    order = env["sale.order"].create(
        {
            "partner_id": partner.id,
            "team_id": team.id,
            "opportunity_id": lead.id,
            "project_manager_id": env.uid,
        }
    )
    order.action_start_technical()
    fill(order.estimate_id)
    order.estimate_id.action_ready()
    return order


def fill(estimate):
    """Write 25 phases of 19 tasks, each with the days of one role in three."""
    roles = env["project.role"].create([{"name": f"Role {n}"} for n in range(3)])
    env["quote.role.rate"].create(
        [
            {"role_id": role.id, "date_from": "2020-01-01", "daily_cost": 400, "daily_price": 700}
            for role in roles
        ]
    )
    model, values = env["quote.estimate.item"], {"estimate_id": estimate.id}
    phases = model.create(
        [{**values, "kind": "phase", "name": f"Phase {n}"} for n in range(PHASES)]
    )
    tasks = model.create(
        [
            {**values, "name": f"Task {n}", "duration": 1, "parent_id": phases[n % PHASES].id}
            for n in range(TASKS)
        ]
    )
    env["quote.estimate.workload"].create(
        [
            {**values, "item_id": task.id, "role_id": roles[n % 3].id, "days": 1 + n % 7}
            for n, task in enumerate(tasks)
        ]
    )
    texts = ("technical_content", "organisation_content")
    estimate.write(dict.fromkeys(texts, "<p>Text</p>"))


def measure(function):
    """Return the queries of the last call on a cold cache, and the median time of all calls."""
    times, queries = [], None
    for repetition in range(REPETITIONS):
        env.flush_all()
        env.invalidate_all()
        before, start = env.cr.sql_log_count, time.perf_counter()
        function(repetition)
        env.flush_all()
        times.append(1000 * (time.perf_counter() - start))
        queries = env.cr.sql_log_count - before
    return {"queries": queries, "ms": round(statistics.median(times), 1)}


def apply(order, margin):
    values = {"order_id": order.id, "mode": "margin", "granularity": "task"}
    env["quote.pricing"].create({**values, "target_margin_percent": margin}).action_apply()


order = prepare()
fresh = [order] + [prepare() for _ in range(REPETITIONS - 1)]
values = {
    "order_id": order.id,
    "mode": "margin",
    "granularity": "task",
    "overhead_split": "spread",
    "contingency_split": "spread",
    "rounding": "none",
    "target_margin_percent": 25.0,
}
results = {
    "price 500 items": measure(lambda repetition: apply(fresh[repetition], 30.0)),
    "price 500 items again": measure(lambda repetition: apply(order, 31.0 + repetition)),
    "one keystroke in the preview": measure(
        lambda _: env["quote.pricing"].onchange(
            values, ["target_margin_percent"], {"preview": {}, **{name: {} for name in values}}
        )
    ),
}
print("RESULT " + json.dumps(results))
env.cr.rollback()
