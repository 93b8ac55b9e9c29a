#!/usr/bin/env python3
"""Print the results of other scripts of this folder, one JSON line each, beside their limits.

With --check, fail when something costs more. A subject adds its operations to LIMITS; what is not
in it is printed without a limit.
"""

import json
import sys

# What an operation may cost: SQL queries, milliseconds, and times the operation it is compared to.
LIMITS = {
    "page of a proposal of 50 lines": {"queries": 40, "times": 1.2},
    "page of a proposal of 50 lines, again": {"queries": 40},
    "schedule 1,000 items, 1,500 dependencies": {"ms": 30},
    "schedule 10,000 items, 15,000 dependencies": {"times": 15},
    "save one moved task of 500": {"queries": 25, "times": 2},
    "open 500 items: form and editors": {"queries": 40},
    "import a spreadsheet of 500 rows": {"queries": 60, "ms": 3000},
    "import 500 rows, each task with its days": {"ms": 3000},
    "price 500 items": {"queries": 60},
    "price 500 items again": {"queries": 60},
    "list of 80 quotes": {"queries": 17, "times": 1.1},
    "write a free field on 100 drafts": {"queries": 4, "times": 1.15},
    "request a quote of 50 lines": {"queries": 30},
    "approve a quote of 50 lines": {"queries": 25},
    "refuse a quote of 50 lines": {"queries": 25},
    "request a quote of 200 lines": {"queries": 30},
    "approve a quote of 200 lines": {"queries": 25},
    "refuse a quote of 200 lines": {"queries": 25},
    "request 100 quotes": {"queries": 200},
    "approve 100 quotes": {"queries": 200},
    "new version of a quote of 50": {"times": 1.6},
    "fingerprint of 50 lines and 500 items, once read": {"ms": 20},
    "accept -> project with all dates": {"queries": 150, "times": 0.45},
    "the project alone": {"queries": 150, "times": 0.45},
    "each task more": {"queries": 1},
    "PDF of the demo tender": {"times": 1.5},
}
COLUMNS = (("queries", "queries"), ("ms", "ms"), ("times", "x"))


def describe(limit):
    """Return a limit in words.

    >>> describe({"queries": 25, "times": 2})
    '25 queries, 2 x'
    """
    return ", ".join(f"{limit[name]} {unit}" for name, unit in COLUMNS if name in limit)


def find_excess(name, result):
    """Return which limits of an operation a result breaks.

    >>> find_excess("save one moved task of 500", {"queries": 26, "ms": 80.0, "times": 1.1})
    ['queries']
    """
    limit = LIMITS.get(name, {})
    return [what for what, most in limit.items() if result.get(what, 0) > most]


def main(check):
    """Print the table; return whether everything is within its limits."""
    results = {}
    for line in sys.stdin:
        results.update(json.loads(line))
    print("| operation | queries | ms | compared to | limit | |")
    print("|---|---:|---:|---|---|---|")
    broken = 0
    for name, result in results.items():
        excess = find_excess(name, result)
        broken += bool(excess)
        compared = f"{result['times']} x {result['to']}" if "times" in result else ""
        verdict = "too much: " + ", ".join(excess) if excess else "ok" if name in LIMITS else ""
        cells = [name, result.get("queries", ""), result["ms"], compared]
        print("| " + " | ".join(map(str, [*cells, describe(LIMITS.get(name, {})), verdict])) + " |")
    return not (check and broken)


if __name__ == "__main__":
    sys.exit(0 if main("--check" in sys.argv[1:]) else 1)
