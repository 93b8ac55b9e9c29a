#!/usr/bin/env python3
"""Count the tests of an Odoo log: prints "PASSED FAILED".

Odoo closes every run with one line: 0 failed, 0 error(s) of 12 tests when loading database 'x'.

>>> count("i tests.result: 1 failed, 2 error(s) of 12 tests when loading database 'x'")
(9, 3)
>>> count("nothing was run")
(0, 0)
"""

import re
import sys

CLOSING = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading")


def count(text):
    """Return how many tests passed and failed; the last closing line counts."""
    found = CLOSING.findall(text)
    if not found:
        return 0, 0
    failed, errors, total = map(int, found[-1])
    return max(total - failed - errors, 0), failed + errors


if __name__ == "__main__":
    with open(sys.argv[1], errors="replace") as stream:
        print(*count(stream.read()))
