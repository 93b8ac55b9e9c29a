#!/usr/bin/env python3
"""Share test files out between runs that go on at the same time: prints one line of tags per run.

    share_tests.py MODULE SIZE,SIZE... FILE...

How long a file takes is guessed from what is in it; a wrong guess costs time, nothing else.
"""

import re
import sys
from pathlib import Path

CLASS = re.compile(r"^class (Test\w+)(?:\(([^)]*)\))?:$", re.MULTILINE)
TEST = re.compile(r"^    def test_", re.MULTILINE)
BROWSER = re.compile(r"^ {8,}.*\b(?:start_tour|_tour|browser_js)\(", re.MULTILINE)
# What the people of a class, and a visit in a browser, take: in tests without either.
CLASS_WEIGHT, BROWSER_WEIGHT = 2, 8
INHERITS = "allow_inherited_tests_method = True"


def weigh(text):
    """Return how long the tests of a file take, in tests without a browser.

    >>> weigh("class TestA:\\n    def test_a(self):\\n        self.start_tour('/')\\n")
    11
    >>> one = "class TestA:\\n    def test_a(self):\\n        pass\\n"
    >>> again = "class TestB(TestA):\\n    allow_inherited_tests_method = True\\n"
    >>> weigh(one + again), weigh(one + '@tagged("cqp_deep")\\n' + again)
    (6, 3)
    """
    weights = {}
    found = list(CLASS.finditer(text))
    for match, following in zip(found, [*found[1:], None], strict=True):
        body = text[match.end() : following and following.start()]
        before = text[: match.start()].rstrip().rpartition("\n")[2]
        weight = len(TEST.findall(body)) + BROWSER_WEIGHT * len(BROWSER.findall(body))
        if INHERITS in body:
            weight += weights.get(match[2], CLASS_WEIGHT) - CLASS_WEIGHT
        weights[match[1]] = 0 if "cqp_deep" in before else weight + CLASS_WEIGHT
    return sum(weights.values())


def share(weights, sizes):
    """Return the names of each run, so that each takes as long as its size says.

    >>> share({"a": 5, "b": 4, "c": 3, "d": 3}, [1, 1])
    [['a', 'd'], ['b', 'c']]
    >>> share({"a": 5, "b": 4, "c": 3, "d": 2}, [4, 1])
    [['a', 'b', 'c'], ['d']]
    """
    shares, loads = [[] for _ in sizes], [0] * len(sizes)
    for name in sorted(weights, key=lambda name: (-weights[name], name)):
        filled = [(load + weights[name]) / size for load, size in zip(loads, sizes, strict=True)]
        lightest = filled.index(min(filled))
        shares[lightest].append(name)
        loads[lightest] += weights[name]
    return shares


def main(module, sizes, *files):
    weights = {path: weigh(Path(path).read_text()) for path in files}
    for paths in share(weights, [int(size) for size in sizes.split(",")]):
        print(",".join(f"/{module}/tests/{Path(path).name}" for path in paths))


if __name__ == "__main__":
    main(*sys.argv[1:])
