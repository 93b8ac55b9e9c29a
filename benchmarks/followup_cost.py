"""What it costs to follow up 10,000 quotes of 100,000: for an Odoo shell, see benchmarks/followup.

Prints one JSON line per kind of follow-up. The quotes are copies, in SQL, of one that was sent by
the people of the process, each with an opportunity, a client of its own among 5,000, and three
messages. The job runs as the server runs it, commits included: the database is a scratch one.
"""

import json
import os
import resource
import time
from contextlib import closing

from quote_story import ProcessStory

from odoo.sql_db import db_connect

from odoo.addons.commercial_quote_process.models.quote_due_job_mixin import RUN_SIZE

QUOTES = int(os.environ.get("BENCHMARK_QUOTES", "100000"))
DUE = QUOTES // 10
MAIL_DUE = min(200, DUE)
CLIENTS, SELLERS = QUOTES // 20, 40
# Where copies differ from the quote that they are made of.
ORDER_VALUES = {
    "name": "'B' || n",
    "access_token": "md5(n::text)",
    "partner_id": "(SELECT ids[1 + n % cardinality(ids)] FROM clients)",
    "partner_invoice_id": "(SELECT ids[1 + n % cardinality(ids)] FROM clients)",
    "partner_shipping_id": "(SELECT ids[1 + n % cardinality(ids)] FROM clients)",
    "user_id": "(SELECT ids[1 + n % cardinality(ids)] FROM sellers)",
    "opportunity_id": "(SELECT min_id + n FROM leads)",
    "quote_root_id": "NULL",
    "estimate_id": "NULL",
    # A tenth of them is due today, the others within a year.
    "sent_on": "now() AT TIME ZONE 'UTC' - interval '1 day' * (6 + n % 3)",
    "next_followup_on": "current_date + CASE WHEN n % 10 = 0 THEN 0 ELSE 1 + n % 250 END",
    "validity_date": "current_date + 300",
}


def copy_rows(table, source_id, count, values):
    """Insert copies of a row of a table, with other values in some columns."""
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND column_name != 'id' AND is_generated = 'NEVER'",
        [table],
    )
    names = [name for (name,) in env.cr.fetchall()]
    chosen = ", ".join(values.get(name, f'source."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    env.cr.execute(
        f"INSERT INTO {table} ({columns}) SELECT {chosen} FROM {table} source,"  # noqa: S608
        f" generate_series(1, {count}) n WHERE source.id = {source_id}"
    )


def generate():
    """Fill the database; return the quote that the others are copies of."""
    story = ProcessStory(env)
    story.team.company_id = False
    order = story.make_quotations(1, 1)
    order.action_start_technical()
    story.fill(order.sudo().estimate_id, 2)
    order.sudo().estimate_id.with_user(story.manager).action_ready()
    wizard = order.env["quote.pricing"].create({"order_id": order.id, "mode": "margin"})
    wizard.target_margin_percent = 30.0
    wizard.action_apply()
    order.action_request_validation()
    order.with_user(story.approver).action_approve()
    order.action_quotation_sent()
    env.flush_all()
    seller = story.salesperson
    sellers = seller | seller.browse()
    for number in range(SELLERS - 1):
        sellers |= seller.sudo().copy({"login": f"bench_seller_{number}"})
    env.flush_all()
    for statement in (
        f"CREATE TEMP TABLE sellers AS SELECT ARRAY{sellers.ids} AS ids",
        f"CREATE TEMP TABLE first_client AS SELECT {story.client.id} AS id",
    ):
        env.cr.execute(statement)
    copy_rows("res_partner", story.client.id, CLIENTS, {"email_normalized": "'c@example.com'"})
    env.cr.execute(
        "CREATE TEMP TABLE clients AS SELECT array_agg(p.id) AS ids FROM res_partner p,"
        " first_client WHERE p.id > first_client.id AND p.name = 'Client'"
    )
    env.cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id"
        " WHERE id = ANY((SELECT ids FROM clients)::int[])"
    )
    lead = order.opportunity_id
    env.cr.execute("CREATE TEMP TABLE leads AS SELECT max(id) AS min_id FROM crm_lead")
    copy_rows("crm_lead", lead.id, QUOTES, {})
    copy_rows("sale_order", order.id, QUOTES, ORDER_VALUES)
    env.cr.execute(
        "INSERT INTO mail_message (model, res_id, message_type, author_id, date, body, is_internal)"
        " SELECT 'sale.order', id, 'comment', %s, sent_on, '<p>Sent</p>', false"
        " FROM sale_order, generate_series(1, 3) WHERE name LIKE 'B%%'",
        [env.user.partner_id.id],
    )
    # Of rows that are not on the disk yet, PostgreSQL cannot note that everybody sees them.
    env.cr.execute("SET LOCAL synchronous_commit = on")
    env.cr.commit()
    vacuum("sale_order", "crm_lead", "res_partner", "mail_message", "mail_activity")
    return order


def vacuum(*tables):
    """Do what autovacuum does by itself within a minute of so many new rows."""
    with closing(db_connect(env.cr.dbname).cursor()) as cursor:
        cursor._cnx.autocommit = True
        for table in tables:
            cursor.execute(f"VACUUM (ANALYZE) {table}")


def find(name, limit):
    """Return how long PostgreSQL takes to find what is due, and how it does so."""
    domain = env["sale.order"]._get_due_domain()
    query = env["sale.order"]._search(domain, order="next_followup_on, id", limit=limit)
    sql = query.select()
    times = []
    for _turn in range(5):
        env.cr.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql.code}", sql.params)
        plan = env.cr.fetchone()[0][0]
        times.append(plan["Execution Time"])
    node, names = plan["Plan"], []
    while True:
        names.append(node.get("Index Name") or node["Node Type"])
        if "Plans" not in node:
            break
        node = node["Plans"][0]
    return {"name": name, "ms": round(min(times), 2), "plan": " < ".join(names)}


def follow_up(name, count, model="sale.order", job="_cron_follow_up"):
    """Return what it costs to run the job as the scheduler does, until nothing is due."""
    rows, records = env["quote.followup"], env[model]
    before, made = env.cr.sql_log_count, rows.search_count([])
    memory = read_memory()
    start, processor = time.perf_counter(), time.process_time()
    while records.search_count(records._get_due_domain(), limit=1):
        getattr(records, job)()
    spent, processor = time.perf_counter() - start, time.process_time() - processor
    queries = env.cr.sql_log_count - before
    made = rows.search_count([]) - made
    assert made >= count, (made, count)  # noqa: S101
    return {
        "name": f"{made:,} {name}",
        "ms": round(1000 * spent / made, 3),
        "processor": round(1000 * processor / made, 3),
        "queries": round(queries / made, 3),
        "mb": round(read_memory() - memory, 1),
    }


def read_memory():
    """Return the memory that this process holds, in MB."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20


def make_due(count):
    """Let the first step of some quotes be due that has not been made yet."""
    env.cr.execute(
        "UPDATE sale_order SET next_followup_on = current_date WHERE id IN (SELECT id FROM"
        " sale_order o WHERE name LIKE 'B%%' AND next_followup_on > current_date"
        " AND NOT EXISTS (SELECT 1 FROM quote_followup f WHERE f.order_id = o.id) LIMIT %s)",
        [count],
    )
    env.cr.commit()
    env.invalidate_all()


def print_result(result):
    print("RESULT", json.dumps(result), flush=True)


def use_mails():
    """Let the steps be mails to the client."""
    env.company.quote_followup_emails = True
    steps = env["quote.followup.step"].search([])
    template = env.ref("commercial_quote_process.mail_template_followup")
    steps.write({"kind": "email", "template_id": template.id})
    env.cr.commit()


def use_leads(lead):
    """Let the clients of some opportunities have to be called back today."""
    env.cr.execute(
        "UPDATE crm_lead SET contact_outcome = 'later', recall_date = current_date,"
        " next_followup_on = current_date WHERE id IN (SELECT id FROM crm_lead WHERE id > %s"
        " ORDER BY id LIMIT %s)",
        [lead.id, DUE // 10],
    )
    env.cr.commit()
    env.invalidate_all()


order = generate()
print_result(find("find what the job takes at a time", RUN_SIZE + 1))
print_result(find(f"find all {DUE:,}", DUE))
print_result(follow_up("follow-ups: an activity each", DUE))
make_due(DUE)
print_result(follow_up("more in the same process", DUE))
use_leads(order.opportunity_id)
print_result(follow_up("clients called back", DUE // 10, "crm.lead", "_cron_recall"))
use_mails()
make_due(MAIL_DUE)
print_result(follow_up("mails to clients", MAIL_DUE))
