"""What a spreadsheet of 500 rows costs to write and to import: run in an Odoo shell.

    setup/odoo shell -d DATABASE --no-http < benchmarks/estimate_import.py

Prints one JSON line: per operation the SQL queries on a cold cache, and the median time in
milliseconds, reading the file included. The project manager acts. Nothing is kept: the transaction
is rolled back.
"""

import gc
import io
import json
import statistics
import time

from openpyxl import load_workbook

REPETITIONS = 5
ROWS, ROWS_PER_PHASE = 500, 25


def make_estimate():
    """Return an empty estimate at its technical step, as its project manager, and two roles."""
    groups = [(4, env.ref(name).id) for name in ("project.group_project_user", "base.group_user")]
    values = {"name": "importer", "login": "importer", "group_ids": groups}
    manager = env["res.users"].create(values)
    roles = env["project.role"].create([{"name": "Role A"}, {"name": "Role B"}])
    env["quote.role.rate"].create(
        [
            {"role_id": role.id, "date_from": "2020-01-01", "daily_cost": 400, "daily_price": 700}
            for role in roles
        ]
    )
    team = env.ref("commercial_quote_process.team_services")
    partner = env["res.partner"].create({"name": "Client of the importer"})
    values = {"partner_id": partner.id, "team_id": team.id, "project_manager_id": manager.id}
    order = env["sale.order"].create(values)
    order.action_start_technical()
    return env["quote.estimate"].browse(order.estimate_id.id).with_user(manager), roles


def make_file(content, with_days):
    """Return a file of 500 rows: phases, and tasks that each wait for the one before.

    :param bytes content: the spreadsheet of the empty estimate
    :param bool with_days: whether each task has days too, in a row of the workload
    """
    workbook = load_workbook(io.BytesIO(content))
    plan, workload = workbook["Plan"], workbook["Workload"]
    column = next(cell.column for cell in workload[3] if cell.value == "Role A")
    for number in range(1, ROWS + 1):
        row, is_phase = 3 + number, number % ROWS_PER_PHASE == 1
        kind, level = ("Phase", 1) if is_phase else ("Task", 2)
        for letter, value in zip("BCDE", (number, level, kind, f"Row {number}"), strict=True):
            plan[f"{letter}{row}"] = value
        if is_phase:
            continue
        plan[f"F{row}"] = 1 + number % 7
        plan[f"I{row}"] = str(number - 1) if number % ROWS_PER_PHASE > 2 else None
        if with_days:
            workload.cell(6 + number, 2, number)
            workload.cell(6 + number, column + number % 2, 1 + number % 4)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def measure(function):
    """Return the queries of the last of several calls, and the median of their times."""
    times = []
    for _repetition in range(REPETITIONS):
        savepoint = env.cr.savepoint()
        env.flush_all()
        env.invalidate_all()
        gc.collect()
        before, start = env.cr.sql_log_count, time.perf_counter()
        function()
        env.flush_all()
        queries = env.cr.sql_log_count - before
        times.append(1000 * (time.perf_counter() - start))
        savepoint.close(rollback=True)
        env.invalidate_all()
    return {"queries": queries, "ms": round(statistics.median(times), 1)}


estimate, _roles = make_estimate()
empty = estimate._export_workbook()
plain, full = (make_file(empty, with_days) for with_days in (False, True))


def import_file(content):
    """Return a function that imports a file into the estimate."""

    def apply():
        estimate._apply_workbook(content, estimate._get_content_revision())

    return apply


results = {
    "import a spreadsheet of 500 rows": measure(import_file(plain)),
    "import 500 rows, each task with its days": measure(import_file(full)),
}
import_file(full)()
assert len(estimate.item_ids) == ROWS and len(estimate.workload_ids) == 480
results["export 500 items to a spreadsheet"] = measure(estimate._export_workbook)
exported = estimate._export_workbook()
results["import it back unchanged"] = measure(import_file(exported))
print("RESULT " + json.dumps(results))
env.cr.rollback()
