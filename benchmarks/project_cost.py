"""What it costs to make a project of a signed quote: run in an Odoo shell, see benchmarks/project.

Beside stock Odoo, which copies a template of the same size when an order is confirmed, by turns in
one run. Prints one JSON line; nothing is kept: both transactions are rolled back.
"""

import json
import os
from unittest.mock import patch

from alternate import Operation, alternate, compare
from signing_story import MILESTONES, TASKS, SignedStory, StockSignedStory

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

REPETITIONS = int(os.environ.get("BENCHMARK_TURNS") or 15)
MANY = 5
ACCEPTANCE = {"signer_name": "Julie Perrin", "documents": [("signed.pdf", b"%PDF-1.4 signed")]}
SIZE = f"{TASKS} tasks, {MILESTONES} milestones, {TASKS - 1} dependencies"
STOCK = f"confirm in stock Odoo -> copy of a template of {SIZE}"
ACCEPT = "accept -> project with all dates"


def accept(order):
    """Record a signed paper: the order is confirmed and its project made."""
    salesperson = order.with_user(order.user_id).sudo(False)
    return lambda: salesperson._record_acceptance("paper", **ACCEPTANCE)


def make_project(order):
    """Return the operation that makes the project of an order which is confirmed already."""

    def prepare():
        model = type(order)
        with patch.object(model, "_create_project_from_estimate", lambda orders: None):
            accept(order)()
        env.flush_all()
        env.invalidate_all()

    return Operation(env, order._create_project_from_estimate, prepare=prepare)


def main():
    with Registry(os.environ["BENCHMARK_STOCK"]).cursor() as cr:
        stock = StockSignedStory(api.Environment(cr, SUPERUSER_ID, {}))
        quotation = stock.make_sent(1)
        process = SignedStory(env)
        order = process.make_sent(1)
        process.fill = lambda estimates, size: [
            SignedStory.fill(process, estimates, size) for _ in range(MANY)
        ]
        large = process.make_sent(1)
        results = alternate(
            {
                STOCK: Operation(stock.env, quotation.with_user(stock.salesperson).action_confirm),
                ACCEPT: Operation(env, accept(order)),
                "the project alone": make_project(order),
                f"the project alone, {MANY} times as large": make_project(large),
            },
            REPETITIONS,
        )
        names = list(results)
        for name in names[1:3]:
            results[name] = compare(results[name], results[STOCK], "stock")
        growth = results[names[3]]["queries"] - results[names[2]]["queries"]
        results["each task more"] = {
            "queries": round(growth / (TASKS * (MANY - 1)), 2),
            "ms": round(
                (results[names[3]]["ms"] - results[names[2]]["ms"]) / TASKS / (MANY - 1), 2
            ),
        }
        cr.rollback()
    print("RESULT " + json.dumps(results))
    env.cr.rollback()


main()
