#!/usr/bin/env python3
"""Print two results of stock_cost.py side by side: queries, and time as a ratio.

With --check, fail when a quote outside the process costs more than allowed, or leaves something
else behind than stock Odoo does.
"""

import json
import sys

# Extra queries that an operation may cost; what is not named may cost none.
ALLOWED = {
    "create one quote of 10 lines": 2,
    "write the terms on 80 drafts": 2,
    "write a price": 2,
    "mark as sent": 2,
    "confirm": 2,
}


def compare(stock, ours):
    """Return the lines of the table, and what is not allowed.

    >>> before = {"operations": {"confirm": {"queries": 10, "ms": 5.0}}, "digest": "a"}
    >>> after = {"operations": {"confirm": {"queries": 13, "ms": 6.0}}, "digest": "b"}
    >>> compare(before, after)[1]
    ['confirm: 3 queries more, 2 allowed', 'the records left behind differ']
    """
    lines, problems = [f"{'':36}{'stock':>8}{'ours':>8}{'time':>8}"], []
    for name, cost in stock["operations"].items():
        other = ours["operations"][name]
        more = other["queries"] - cost["queries"]
        ratio = other["ms"] / cost["ms"] if cost["ms"] else 1.0
        lines.append(f"{name:36}{cost['queries']:>8}{other['queries']:>8}{ratio:>7.2f}x")
        if more > ALLOWED.get(name, 0):
            problems.append(f"{name}: {more} queries more, {ALLOWED.get(name, 0)} allowed")
    if stock["digest"] != ours["digest"]:
        problems.append("the records left behind differ")
    return lines, problems


def main(arguments):
    check = arguments[:1] == ["--check"]
    results = arguments[1:] if check else arguments
    if not all(results):
        print("a measurement failed")
        return 1
    lines, problems = compare(*map(json.loads, results))
    print(*lines, *problems, sep="\n")
    return int(check and bool(problems))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
