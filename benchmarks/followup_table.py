#!/usr/bin/env python3
"""Print the results of followup_cost.py, one JSON line each, beside what they should not exceed."""

import json
import sys

# Milliseconds and queries of each follow-up, milliseconds to find them, MB that stay behind.
LIMITS = {"ms": 0.5, "queries": 0.1, "find": 5, "mb": 10}


def judge(result):
    """Return what a result exceeds, in words.

    >>> judge({"name": "find what is due", "ms": 2.1, "plan": "Index Scan"})
    'ok'
    >>> judge({"name": "10,000 activities", "ms": 0.7, "queries": 0.05, "mb": 1})
    'ms missed'
    """
    if "plan" in result:
        return "ok" if result["ms"] <= LIMITS["find"] else "missed"
    missed = [name for name in ("ms", "queries", "mb") if result[name] > LIMITS[name]]
    return f"{', '.join(missed)} missed" if missed else "ok"


def main():
    print("| | ms each | of which in Odoo | queries each | memory (MB) | |")
    print("|---|---:|---:|---:|---:|---|")
    for line in sys.stdin:
        result = json.loads(line)
        if "plan" in result:
            name = f"{result['name']}: {result['plan']}"
            print(f"| {name} | {result['ms']} in all | | | | {judge(result)} |")
            continue
        cells = [result["ms"], result["processor"], result["queries"], f"{result['mb']:+}"]
        print(f"| {result['name']} | {' | '.join(map(str, cells))} | {judge(result)} |")


if __name__ == "__main__":
    main()
