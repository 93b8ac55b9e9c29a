#!/usr/bin/env python3
"""Clients sign on real servers: see benchmarks/signing.

    signing_cost.py [--check] STOCK WITH_ADDON

Prints one table. First, requests that accept an offer take turns on a server with stock Odoo and
on one with the addon. Then 20 clients sign within one second, on each kind of server.
"""

import contextlib
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
HOST = "127.0.0.1"
TURNS, WARM_UP = 10, 2
CLIENTS, SECONDS = 20, 1.0
SERVERS = {"threaded": 0, "--workers=2": 2, "--workers=6": 6}
# What the project of each signed offer must have.
SIZE = {"tasks": 50, "milestones": 10, "dependencies": 49}
LIMIT_RATIO, LIMIT_SECONDS = 0.2, 10


def run_shell(database, request):
    """Run ``signing_offers.py`` on a database, and return its result."""
    paths = [str(FOLDER), os.environ.get("PYTHONPATH", "")]
    process = subprocess.run(
        [sys.executable, "-m", "odoo", "shell", "-d", database, "--no-http", "--log-level=error"],
        input=(FOLDER / "signing_offers.py").read_text(),
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(paths),
            "BENCHMARK_REQUEST": json.dumps(request),
        },
        capture_output=True,
        text=True,
    )
    found = re.search(r"RESULT (.*)", process.stdout)
    if not found:
        raise SystemExit(process.stdout[-1000:] + process.stderr[-3000:])
    return json.loads(found[1])


class Server:
    """A server of Odoo on one database, for as long as a ``with`` block lasts."""

    def __init__(self, database, workers=0, crons=0):
        self.database, self.workers, self.crons = database, workers, crons

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.log = Path(self.folder.name, "server.log")
        self.port, gevent_port = get_free_ports(2)
        options = {
            "database": self.database,
            "http-port": self.port,
            "gevent-port": gevent_port,
            "workers": self.workers,
            "max-cron-threads": self.crons,
            "logfile": self.log,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "odoo", *(f"--{n}={value}" for n, value in options.items())],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.warm_up()
        return self

    def __exit__(self, *exception):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()

    def warm_up(self):
        """Wait until it answers, and let each worker load what it keeps between requests."""
        deadline = time.monotonic() + 120
        while not self.is_answering():
            if time.monotonic() > deadline:
                raise SystemExit(self.log.read_text()[-3000:])
            time.sleep(0.2)
        # So many at once that no worker is left out.
        offer = {"path": "/my/orders/1/accept?access_token=none", "answer": {}}
        for _round in range(3):
            in_threads(self.sign, [offer] * (2 * self.workers + 1))

    def is_answering(self):
        """Return whether the server answers by now."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        try:
            connection.request("GET", "/web/health")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def sign(self, offer):
        """Send what a browser sends; return what it gets, and the seconds it waits."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=120)
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": offer["answer"]})
        start = time.perf_counter()
        connection.request("POST", offer["path"], body, {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer.get("result", answer), time.perf_counter() - start

    def count(self, expression):
        """Return how many lines of the log match an expression."""
        return len(re.findall(expression, self.log.read_text()))

    def get_queries(self):
        """Return the queries of the requests that accepted something, as the log has them."""
        return [
            int(queries)
            for queries in re.findall(r'/accept\S* HTTP/1.1" 200 - (\d+) ', self.log.read_text())
        ]


def in_threads(function, arguments):
    """Call a function for each of these arguments, all at the same time."""
    threads = [threading.Thread(target=function, args=(each,)) for each in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def get_free_ports(count):
    """Return numbers of ports that nobody listens on."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((HOST, 0))
        return [probe.getsockname()[1] for probe in probes]


# === ONE CLIENT === #


def compare(stock_database, database, offers):
    """Let requests that accept an offer take turns; return both rows of the table."""
    stock_offers = run_shell(stock_database, {"make": TURNS + WARM_UP, "story": "stock"})
    waited = {"stock": [], "ours": []}
    with Server(stock_database) as stock, Server(database) as ours:
        for pair in zip(stock_offers, offers, strict=True):
            for name, server, offer in zip(waited, (stock, ours), pair, strict=True):
                result, seconds = server.sign(offer)
                if "sign_ok" not in result.get("redirect_url", ""):
                    raise SystemExit(f"{name}: {result}")
                waited[name].append(seconds)
        queries = {"stock": stock.get_queries(), "ours": ours.get_queries()}
    for name, where, made in (
        ("stock", stock_database, stock_offers),
        ("ours", database, offers),
    ):
        found = run_shell(where, {"check": [offer["id"] for offer in made]})
        expected = {what: number * len(made) for what, number in SIZE.items()}
        if any(found[what] != number for what, number in expected.items()):
            raise SystemExit(f"{name}: {found} instead of {expected}")
    ms = {name: 1000 * statistics.median(times[WARM_UP:]) for name, times in waited.items()}
    ratio = ms["ours"] / ms["stock"]
    what = "accept -> project of 50 tasks, 10 milestones, 49 dependencies"
    return [
        {
            "name": f"{what}, stock Odoo",
            "queries": min(queries["stock"][-TURNS:]),
            **_ms(ms["stock"]),
        },
        {
            "name": what,
            "queries": min(queries["ours"][-TURNS:]),
            **_ms(ms["ours"]),
            "compared": f"{ratio:.2f} x stock",
            "limit": f"{LIMIT_RATIO} x",
            "ok": ratio <= LIMIT_RATIO,
        },
    ]


def _ms(milliseconds):
    return {"ms": f"{milliseconds:.0f}"}


# === TWENTY CLIENTS === #


def sign_together(database, kind, offers):
    """Let 20 clients sign within one second, beside the job that prints; return the row."""
    answers = [None] * len(offers)

    def sign(rank):
        time.sleep(rank * SECONDS / len(offers))
        try:
            answers[rank] = server.sign(offers[rank])
        except (OSError, http.client.HTTPException, ValueError) as error:
            answers[rank] = ({"error": repr(error)}, 0)

    with Server(database, workers=SERVERS[kind], crons=1) as server:
        start = time.perf_counter()
        in_threads(sign, range(len(offers)))
        seconds = time.perf_counter() - start
        retries = server.count(r"tries left, try again")
        killed = server.count(r"timeout after|Worker .* (?:max|CPU|exceeded)")
    signed = sum("sign_ok" in result.get("redirect_url", "") for result, _waited in answers)
    kept = run_shell(database, {"check": [offer["id"] for offer in offers]})["signed"]
    lost = len(offers) - min(signed, kept)
    slowest = max(waited for _result, waited in answers)
    return {
        "name": f"{len(offers)} clients within one second, {kind}: all done",
        **_ms(1000 * seconds),
        "compared": f"slowest {1000 * slowest:.0f} ms, {lost} lost, {retries} retries,"
        f" {killed} workers killed",
        "limit": f"{LIMIT_SECONDS} s, 0 lost, 0 killed",
        "ok": seconds < LIMIT_SECONDS and not lost and not killed,
    }


def main(arguments):
    """Print the table; return whether everything is within its limits."""
    check = "--check" in arguments
    stock_database, database = (name for name in arguments if name != "--check")
    count = TURNS + WARM_UP + CLIENTS * len(SERVERS)
    offers = run_shell(database, {"make": count, "story": "ours"})
    rows = compare(stock_database, database, offers[: TURNS + WARM_UP])
    for rank, kind in enumerate(SERVERS):
        first = TURNS + WARM_UP + rank * CLIENTS
        rows.append(sign_together(database, kind, offers[first : first + CLIENTS]))
    print("| operation | queries | ms | | limit | |")
    print("|---|---:|---:|---|---|---|")
    for row in rows:
        verdict = {True: "ok", False: "too much"}.get(row.get("ok"), "")
        cells = [row["name"], row.get("queries", ""), row["ms"], row.get("compared", "")]
        print("| " + " | ".join(map(str, [*cells, row.get("limit", ""), verdict])) + " |")
    return not check or all(row.get("ok", True) for row in rows)


if __name__ == "__main__":
    sys.exit(not main(sys.argv[1:]))
