"""What a plan of 500 items costs to schedule, to open and to save: run in an Odoo shell.

    setup/odoo shell -d DATABASE --no-http < benchmarks/estimate_plan.py

Prints one JSON line: per operation the SQL queries on a cold cache, the median time in
milliseconds and, where there is something to compare to, how many times as long it takes. Saving
is compared to one line of a quotation of 500 lines in stock Odoo, in the same run. Everybody acts
with the rights of their part. Nothing is kept: the transaction is rolled back.
"""

import gc
import json
import random
import statistics
import time

from lxml import etree

from odoo.addons.commercial_quote_process.tools.schedule import Task, schedule

REPETITIONS = 9
PHASES, TASKS = 20, 24


# === SCHEDULE === #


def make_tasks(size):
    """Return a plan of phases of 20 rows, with one and a half dependencies per row."""
    rng = random.Random(1)
    tasks = [
        Task(
            row,
            duration=rng.choice([1, 2, 3.5, 5]),
            not_before=rng.choice([0, 0, 0, 10]),
            parent=row - row % 20 if row % 20 else None,
        )
        for row in range(size)
    ]
    count = 0
    while count < size * 3 // 2:
        row = rng.randrange(1, size)
        other = rng.randrange(max(0, row - 60), row)
        if row % 20 and other % 20 and other not in tasks[row].after:
            tasks[row].after[other] = rng.choice([0, 0, 1, -0.5])
            count += 1
    return tasks


def time_schedule(size):
    """Return the median time that scheduling a plan keeps the processor busy, in milliseconds."""
    tasks, times = make_tasks(size), []
    for _ in range(REPETITIONS):
        gc.collect()
        start = time.process_time()
        schedule(tasks)
        times.append(1000 * (time.process_time() - start))
    return statistics.median(times)


# === ESTIMATE AND QUOTATION === #


def new_user(name, group):
    """Return a user with the rights of one part."""
    groups = [(4, env.ref(group).id), (4, env.ref("base.group_user").id)]
    return env["res.users"].create({"name": name, "login": name, "group_ids": groups})


def make_estimate(phases, manager, roles):
    """Return an estimate of phases of 25 rows in a chain, and the ids of its rows by key."""
    team = env.ref("commercial_quote_process.team_services")
    partner = env["res.partner"].create({"name": "Client"})
    values = {"partner_id": partner.id, "team_id": team.id, "project_manager_id": manager.id}
    order = env["sale.order"].create(values)
    order.action_start_technical()
    estimate = env["quote.estimate"].browse(order.estimate_id.id).with_user(manager)
    commands, before = [], None
    for phase in range(phases):
        values = {"kind": "phase", "name": f"Phase {phase}"}
        commands.append({"op": "create", "key": f"p{phase}", "vals": values})
        for task in range(TASKS):
            key, values = f"t{phase}_{task}", {"parent": f"p{phase}", "duration": 2}
            after = [[before, 0]] if before else []
            values = {**values, "name": f"Task {key}", "after": after}
            commands.append({"op": "create", "key": key, "vals": values})
            cell = {"op": "workload", "item": key, "role": roles[task % 3].id}
            commands.append({**cell, "vals": {"days": 2}})
            before = key
    answer = estimate.apply_plan(commands, estimate.get_editor_data()["revision"])
    return estimate, answer["ids"]


def make_quotation(salesperson):
    """Return a quotation of 500 lines of a sales team outside of the process."""
    team = env["crm.team"].create({"name": "Shop", "company_id": False})
    partner = env["res.partner"].create({"name": "Client"})
    product = env["product.product"].create({"name": "Chair", "list_price": 100.0})
    lines = [(0, 0, {"product_id": product.id, "product_uom_qty": n % 9 + 1}) for n in range(500)]
    values = {"partner_id": partner.id, "team_id": team.id, "user_id": salesperson.id}
    order = env["sale.order"].create({**values, "order_line": lines})
    return env["sale.order"].browse(order.id).with_user(salesperson)


def get_form_specification(estimate):
    """Return what the web client reads when it opens the form of an estimate."""
    view = estimate.get_views([(False, "form")])
    described = view["models"]["quote.estimate"]["fields"]
    specification = {}
    for node in etree.fromstring(view["views"]["form"]["arch"]).iter("field"):
        if not any(parent.tag == "field" for parent in node.iterancestors()):
            name = node.get("name")
            lists = [child for child in node if child.tag in ("list", "kanban")]
            columns = {field.get("name"): {} for field in lists[0].iter("field")} if lists else {}
            relational = described[name]["type"] in ("many2one", "many2many", "one2many")
            specification[name] = {"fields": columns or {"display_name": {}}} if relational else {}
    return specification


def measure(*operations):
    """Return the queries of each operation on a cold cache, and the median of its times.

    The operations take turns, so that whatever else the machine does slows all of them down.

    :param operations: lists of functions; an operation is all of its functions, one by one
    """
    times, queries = [[] for _ in operations], [0] * len(operations)
    for repetition in range(REPETITIONS):
        for number, functions in enumerate(operations):
            results = [run(function, repetition) for function in functions]
            times[number].append(sum(milliseconds for _queries, milliseconds in results))
            queries[number] = sum(count for count, _milliseconds in results)
    return [
        {"queries": count, "ms": round(statistics.median(spent), 1)}
        for count, spent in zip(queries, times, strict=True)
    ]


def run(function, repetition):
    """Return the queries and the milliseconds of one call, everything written."""
    env.flush_all()
    env.invalidate_all()
    gc.collect()
    before, start = env.cr.sql_log_count, time.perf_counter()
    function(repetition)
    env.flush_all()
    return env.cr.sql_log_count - before, 1000 * (time.perf_counter() - start)


def compare(result, other, name):
    """Add to a result how many times as long as another one it takes."""
    return {**result, "times": round(result["ms"] / other["ms"], 2), "to": name}


manager = new_user("manager", "project.group_project_user")
salesperson = new_user("salesperson", "sales_team.group_sale_salesman")
roles = env["project.role"].create([{"name": f"Role {n}"} for n in range(3)])
env["quote.role.rate"].create(
    [
        {"role_id": role.id, "date_from": "2020-01-01", "daily_cost": 400, "daily_price": 700}
        for role in roles
    ]
)
quotation = make_quotation(salesperson)
small, _ids = make_estimate(2, manager, roles)
estimate, ids = make_estimate(PHASES, manager, roles)
form = get_form_specification(estimate)


def move(key):
    """Return a function that saves a task moved, as the browser does."""

    def save(repetition):
        command = {"op": "write", "ref": ids[key], "vals": {"not_before": 100 + repetition}}
        revision = estimate.sudo().order_id.content_revision
        answer = estimate.apply_plan([command], revision)
        assert "stale" not in answer

    return save


def save_line(repetition):
    """Save the quantity of one line, as the form of a quotation does."""
    line = (1, quotation.order_line.ids[0], {"product_uom_qty": 20 + repetition})
    quotation.write({"order_line": [line]})


def open_estimate(record):
    """Return the two requests that open an estimate."""
    return [lambda _: record.web_read(form), lambda _: record.get_editor_data()]


small_schedule, large_schedule = time_schedule(1000), time_schedule(10000)
stock, first, last = measure([save_line], [move("t0_0")], [move("t19_23")])
opened_small, opened = measure(open_estimate(small), open_estimate(estimate))
results = {
    "schedule 1,000 items, 1,500 dependencies": {"ms": round(small_schedule, 1)},
    "schedule 10,000 items, 15,000 dependencies": compare(
        {"ms": round(large_schedule, 1)}, {"ms": small_schedule}, "1,000 items"
    ),
    "save one line of a stock quotation of 500": stock,
    "save one moved task of 500": compare(first, stock, "the quotation line"),
    "save the last task of 500": compare(last, stock, "the quotation line"),
    "open 50 items: form and editors": opened_small,
    "open 500 items: form and editors": opened,
}
print("RESULT " + json.dumps(results))
env.cr.rollback()
