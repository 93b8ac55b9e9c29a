#!/usr/bin/env python3
"""Share test files out between runs that go on at the same time: prints one line of tags per run.

    share_tests.py MODULE RUNS FILE...

How long a file takes is guessed from what is in it; a wrong guess costs time, nothing else.
"""

import re
import sys

CLASS = re.compile(r"^class (Test\w+)", re.MULTILINE)
TEST = re.compile(r"^    def test_", re.MULTILINE)
BROWSER = re.compile(r"\b(?:start_tour|_tour|browser_js)\(")
# A visit in a browser takes about as long as this many tests without one.
BROWSER_WEIGHT = 8


def weigh(text):
    """Return how long the tests of a file take, in tests without a browser.

    >>> weigh("class TestA:\\n    def test_a(self):\\n        self.start_tour('/')\\n")
    9
    """
    return len(TEST.findall(text)) + BROWSER_WEIGHT * len(BROWSER.findall(text))


def share(weights, runs):
    """Return the names of each run, so that all runs take about as long.

    >>> share({"a": 5, "b": 4, "c": 3, "d": 3}, 2)
    [['a', 'd'], ['b', 'c']]
    """
    shares, loads = [[] for _ in range(runs)], [0] * runs
    for name in sorted(weights, key=lambda name: (-weights[name], name)):
        lightest = loads.index(min(loads))
        shares[lightest].append(name)
        loads[lightest] += weights[name]
    return shares


def main(module, runs, *files):
    texts = {}
    for path in files:
        with open(path) as stream:
            texts[path] = stream.read()
    weights = {path: weigh(text) for path, text in texts.items() if CLASS.search(text)}
    for names in share(weights, int(runs)):
        classes = [name for path in names for name in CLASS.findall(texts[path])]
        print(",".join(f"/{module}:{name}" for name in classes))


if __name__ == "__main__":
    main(*sys.argv[1:])
