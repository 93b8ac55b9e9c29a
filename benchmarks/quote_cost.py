"""What the process costs a quote: run in an Odoo shell with the addon, see benchmarks/quote.

Prints one JSON line: per operation the SQL queries on a cold cache, the median time in
milliseconds and, where there is something to compare to, how many times as long it takes as in
stock Odoo, in the same run and by turns. Everybody acts with the rights of their part. Nothing is
kept: both transactions are rolled back.
"""

import json
import os

from alternate import Operation, alternate, compare
from quote_story import ProcessStory, Story

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

REPETITIONS = 30
ONLY = os.environ.get("BENCHMARK_ONLY", "")
# What a salesperson sees in the list of quotations, and what the process adds to it.
STOCK_COLUMNS = (
    "name create_date partner_id user_id activity_ids team_id company_id amount_total tag_ids"
    " state invoice_status validity_date currency_id"
).split()
# Where each quote stands, who has the ball, who asked for which validation until when.
PROCESS_COLUMNS = (
    "quote_step quote_turn quote_turn_user_id quote_step_since validation_rules"
    " validation_asked_by_id validation_deadline has_open_question"
).split()


def make_specification(model, names):
    """Return what the web client asks for, to show these columns."""
    return {
        name: {"fields": {"display_name": {}}} if model._fields[name].relational else {}
        for name in names
    }


def read_list(story, count):
    """Return the request of a list of quotes of a team, with what the process adds to it."""
    model = story.env["sale.order"].with_user(story.salesperson)
    names = STOCK_COLUMNS + [n for n in PROCESS_COLUMNS if n in model._fields]
    specification = make_specification(model, names)
    domain = [("team_id", "=", story.team.id), ("user_id", "=", story.salesperson.id)]
    return lambda: model.web_search_read(domain, specification, limit=count)


def compare_with_stock(name, ours, other, theirs):
    """Measure an operation beside its like in stock Odoo, by turns."""
    results = alternate({name: ours, other: theirs}, REPETITIONS)
    return {other: results[other], name: compare(results[name], results[other], "stock")}


# === OPERATIONS === #


def measure_list(name):
    """Measure the list of 80 quotes, each of which waits for its validation."""
    # What waits has an activity: so have the quotations that it is compared to.
    quotations = stock.make_quotations(80, 10)
    quotations.activity_schedule("mail.mail_activity_data_todo", user_id=stock.salesperson.id)
    process.make_priced(80, 10).action_request_validation()
    return compare_with_stock(
        name,
        Operation(env, read_list(process, 80)),
        "list of 80 quotations in stock Odoo",
        Operation(stock.env, read_list(stock, 80)),
    )


def measure_writing(name):
    """Measure one field that no step guards, on 100 drafts."""
    drafts, quotations = process.make_quotations(100, 1), stock.make_quotations(100, 1)
    return compare_with_stock(
        name,
        Operation(env, lambda: drafts.write({"client_order_ref": "A"})),
        "a field on 100 drafts in stock Odoo",
        Operation(stock.env, lambda: quotations.write({"client_order_ref": "A"})),
    )


def measure_version(name):
    """Measure a new version, and Odoo's copy of a quotation of as many lines."""
    order, quotation = process.make_priced(1, 50), stock.make_quotations(1, 50)
    order.action_request_validation()
    return compare_with_stock(
        name,
        Operation(env, lambda: order._new_version("price", restart_step="financial")),
        "copy of a quotation of 50 lines in stock Odoo",
        Operation(stock.env, quotation.copy),
    )


def measure_fingerprint(name):
    """Measure the fingerprint of 50 lines and 500 items that have been read."""
    order = process.make_quotations(1, 50)
    process.fill(order.sudo().estimate_id, 500)
    operation = Operation(env, order._get_fingerprint, prepare=order._get_fingerprint)
    return alternate({name: operation}, REPETITIONS)


def measure_decisions(count, size):
    """Return what measures asking for the validation of quotes, and each decision on them.

    :param int count: number of quotes
    :param int size: number of lines, and of items of the estimate, of each
    """

    def measure(what):
        orders = process.make_priced(count, size)
        repetitions = REPETITIONS if count == 1 else 3
        orders_of_approver = orders.with_user(process.approver)
        # What was on the approver's screen: each decision is bound to it.
        seen = orders_of_approver[0]._get_fingerprint()["all"] if count == 1 else None
        request = Operation(env, orders.action_request_validation)
        results = alternate({f"request {what}": request}, repetitions)
        orders.action_request_validation()
        decisions = {
            f"approve {what}": lambda: orders_of_approver.action_approve("Good", seen),
            f"refuse {what}": lambda: orders_of_approver.action_refuse(
                "Too cheap", "commercial", seen
            ),
            f"refuse both parts of {what}": lambda: orders_of_approver.action_refuse(
                "Too long", "both", seen
            ),
        }
        operations = {name: Operation(env, run) for name, run in decisions.items()}
        return {**results, **alternate(operations, repetitions)}

    return measure


OPERATIONS = {
    "list of 80 quotes": measure_list,
    "write a free field on 100 drafts": measure_writing,
    "a quote of 50 lines": measure_decisions(1, 50),
    "a quote of 200 lines": measure_decisions(1, 200),
    "100 quotes": measure_decisions(100, 10),
    "new version of a quote of 50": measure_version,
    "fingerprint of 50 lines and 500 items, once read": measure_fingerprint,
}

stock_cr = Registry(os.environ["BENCHMARK_STOCK"]).cursor()
stock = Story(api.Environment(stock_cr, SUPERUSER_ID, {}))
process = ProcessStory(env)
results = {}
for name, measure in OPERATIONS.items():
    if ONLY in name:
        results.update(measure(name))
print("RESULT " + json.dumps(results))
env.cr.rollback()
stock_cr.close()
