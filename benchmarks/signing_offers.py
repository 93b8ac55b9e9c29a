"""Make offers to sign, and say what became of them: run in an Odoo shell, see benchmarks/signing.

Reads one JSON object from BENCHMARK_REQUEST: ``make`` (number of offers, ``story`` "ours" or
"stock"), or ``check`` (ids of quotes). Prints one JSON line. What is made is kept.
"""

import json
import os

from signing_story import SignedStory, StockSignedStory

STORIES = {"ours": SignedStory, "stock": StockSignedStory}


def make(story, count):
    """Return the path and what the browser sends, for so many offers.

    No scheduled action runs but ours, which prints what has been signed.
    """
    env.cr.execute("UPDATE ir_cron SET active = false")
    env["ir.cron"].invalidate_model(["active"])
    for user in env["res.users"].search([("login", "=like", "bench_%")]):
        # Of an earlier run on this database.
        user.login = f"earlier_{user.id}"
    env.flush_all()
    people = STORIES[story](env)
    orders = people.make_sent(count)
    if story == "ours":
        env.ref("commercial_quote_process.ir_cron_after_acceptance").active = True
    return [
        {
            "id": order.id,
            "path": f"/my/orders/{order.id}/accept?access_token={order._portal_ensure_token()}",
            "answer": people.prepare_answer(order),
        }
        for order in orders
    ]


def check(ids):
    """Return how many of these quotes are signed, and the tasks, milestones and links made."""
    orders = env["sale.order"].browse(ids)
    signed = orders.filtered(lambda order: order.state == "sale" and order.signature)
    projects = env["project.project"].search([("sale_line_id.order_id", "in", ids)])
    tasks = env["project.task"].search([("project_id", "in", projects.ids)])
    return {
        "signed": len(signed),
        "tasks": len(tasks),
        "milestones": len(projects.milestone_ids),
        "dependencies": sum(len(task.depend_on_ids) for task in tasks),
    }


request = json.loads(os.environ["BENCHMARK_REQUEST"])
result = make(request["story"], request["make"]) if "make" in request else check(request["check"])
print("RESULT " + json.dumps(result))
env.cr.commit()
