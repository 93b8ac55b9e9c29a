"""What the client's page costs: run in an Odoo shell with the addon, see benchmarks/proposal_page.

A client without an account opens the link of a quote of 50 lines in a new session, and loads the
page again, as a browser does: by the web application of the server, in this process. Stock Odoo's
page of as many lines and the page of the proposal (texts, plan of 50 items, terms) take turns.
Stock Odoo writes into the discussion when a session opens the page for the first time. Prints one
JSON line: the SQL queries of one visit, the median time in milliseconds, and how many times as
long it takes as in stock Odoo. The quotes are written, for the server has to see them.
"""

import gc
import json
import os
import statistics
import time

from quote_story import ProcessStory, Story
from werkzeug.test import Client

from odoo import SUPERUSER_ID, api, http, sql_db
from odoo.modules.registry import Registry
from odoo.tools import config

LINES, REPETITIONS = 50, 40
# The first turns compile templates and fill what a server keeps between requests.
WARM_UP = 3
VISITS = ("", ", again")


class Page:
    """The page of a quote, opened by its link in a new session.

    :param order: the ``sale.order``
    """

    def __init__(self, order):
        self.url = order.sudo().get_portal_url()
        self.database = order.env.cr.dbname
        order.env.cr.commit()

    def measure(self):
        """Return the queries and the milliseconds of a first visit, and of a second one."""
        browser = Client(http.root)
        return [self._visit(browser) for _ in VISITS]

    def _visit(self, browser):
        # The server is the one of this database: sessions that name another are not kept.
        config["db_name"] = [self.database]
        gc.collect()
        before, start = sql_db.sql_counter, time.perf_counter()
        response = browser.get(self.url)
        spent = 1000 * (time.perf_counter() - start)
        if response.status_code != 200:
            raise RuntimeError(f"{self.url} answers {response.status}")
        return sql_db.sql_counter - before, spent


def send_proposal(story):
    """Return a proposal of 50 lines that its client has received."""
    order = story.make_priced(1, LINES)
    texts = dict.fromkeys(("scope_exclusions", "scope_assumptions", "note"), "<p>Text</p>")
    order.write(texts)
    order.action_request_validation()
    order.with_user(story.approver).action_approve("Good")
    order.action_quotation_sent()
    return order


stock_cr = Registry(os.environ["BENCHMARK_STOCK"]).cursor()
quotation = Story(api.Environment(stock_cr, SUPERUSER_ID, {})).make_quotations(1, LINES)
quotation.action_quotation_sent()
pages = {f"page of a stock quotation of {LINES} lines": Page(quotation)}
pages[f"page of a proposal of {LINES} lines"] = Page(send_proposal(ProcessStory(env)))
turns = {name: [] for name in pages}
for repetition in range(REPETITIONS + WARM_UP):
    for name, page in pages.items():
        visits = page.measure()
        if repetition >= WARM_UP:
            turns[name].append(visits)
results = {}
for rank, visit in enumerate(VISITS):
    measured = {}
    for name, rounds in turns.items():
        queries, spent = zip(*(visits[rank] for visits in rounds), strict=True)
        ms = round(statistics.median(spent), 1)
        measured[f"{name}{visit}"] = {"queries": min(queries), "ms": ms}
    stock, proposal = measured.values()
    proposal |= {"times": round(proposal["ms"] / stock["ms"], 2), "to": "stock"}
    results |= measured
print("RESULT " + json.dumps(results))
stock_cr.close()
