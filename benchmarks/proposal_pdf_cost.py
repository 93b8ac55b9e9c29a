#!/usr/bin/env python3
"""Time the PDF of the demo tender and stock Odoo's quotation of the same lines: one JSON line.

Arguments: database and port of a running server with the demo data.
"""

import json
import statistics
import sys
import time

import requests

ROUNDS = 7
REPORT = "/report/pdf/sale.report_saleorder/"


class Server:
    """A running Odoo, as its administrator sees it."""

    def __init__(self, database, port):
        self.address = f"http://127.0.0.1:{port}"
        self.session = requests.Session()
        self._wait()
        params = {"db": database, "login": "admin", "password": "admin"}
        self._post("/web/session/authenticate", params)

    def _wait(self):
        for _attempt in range(120):
            try:
                return self.session.get(self.address + "/web/health", timeout=5)
            except requests.RequestException:
                time.sleep(0.5)
        raise SystemExit("the server does not answer")

    def _post(self, path, params):
        answer = self.session.post(
            self.address + path, json={"jsonrpc": "2.0", "params": params}, timeout=120
        ).json()
        if "error" in answer:
            raise SystemExit(answer["error"]["data"]["message"])
        return answer["result"]

    def call(self, model, method, *args, **kwargs):
        """Call a method of a model."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self._post(f"/web/dataset/call_kw/{model}/{method}", params)

    def time_print(self, order_id):
        """Return the milliseconds that a PDF takes, and its bytes."""
        start = time.perf_counter()
        answer = self.session.get(f"{self.address}{REPORT}{order_id}", timeout=300)
        elapsed = 1000 * (time.perf_counter() - start)
        if not answer.content.startswith(b"%PDF"):
            raise SystemExit("no PDF came")
        return elapsed, answer.content


def copy_outside_the_process(server, order_id):
    """Return the id of a quote outside the process with the lines of another one."""
    fields = ["display_type", "name", "product_id", "product_uom_qty", "price_unit", "tax_ids"]
    lines = server.call("sale.order.line", "search_read", [["order_id", "=", order_id]], fields)
    [order] = server.call("sale.order", "read", [order_id], ["partner_id", "note"])
    values = [
        {
            **{name: line[name] for name in ("display_type", "name", "product_uom_qty")},
            "price_unit": line["price_unit"],
            "product_id": line["product_id"] and line["product_id"][0],
            "tax_ids": [[6, 0, line["tax_ids"]]],
        }
        for line in lines
    ]
    team = server.call("crm.team", "create", {"name": "Stock"})
    return server.call(
        "sale.order",
        "create",
        {
            "partner_id": order["partner_id"][0],
            "note": order["note"],
            "team_id": team,
            "order_line": [[0, 0, row] for row in values],
        },
    )


def main(database, port):
    server = Server(database, port)
    server.call("ir.config_parameter", "set_param", "report.url", server.address)
    domain = [["name", "=like", "%-V3"], ["quote_step", "=", "sent"]]
    [tender] = server.call("sale.order", "search", domain)
    stock = copy_outside_the_process(server, tender)
    for order_id in (stock, tender):
        server.time_print(order_id)  # styles and templates are read
    times = {stock: [], tender: []}
    sizes = {}
    for _round in range(ROUNDS):
        for order_id in (stock, tender):
            elapsed, content = server.time_print(order_id)
            times[order_id].append(elapsed)
            sizes[order_id] = len(content)
    one, other = (statistics.median(times[order_id]) for order_id in (stock, tender))
    print(f"{sizes[stock]} bytes in stock, {sizes[tender]} bytes", file=sys.stderr)
    results = {
        "PDF of a stock quotation of the same lines": {"ms": round(one, 1)},
        "PDF of the demo tender": {
            "ms": round(other, 1),
            "times": round(other / one, 2),
            "to": "the quotation",
        },
    }
    print(json.dumps(results))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
