#!/usr/bin/env python3
"""Read logs of Odoo: nothing above INFO may be in them, but what the allow-list names.

    check_log.py ALLOWLIST [--partial] NAME=LOG ...

Each line of the allow-list is: where (the NAME of a log, or * for all), an expression that the
message must contain, and the reason, separated by tabs. An entry that matches nothing in a log that
was made is an error too, unless --partial says that the log tells of some of the tests only.
"""

import re
import sys

LINE = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) \S+ (?P<rest>.*)$")
BAD = {"WARNING", "ERROR", "CRITICAL"}


def read_allowlist(text):
    """Return the entries of an allow-list.

    >>> read_allowlist("# where, expression, reason\\ntests\\tbad thing\\\\d+\\tit is expected\\n")
    [('tests', 'bad thing\\\\d+')]
    >>> read_allowlist("tests\\tno reason\\n")
    Traceback (most recent call last):
        ...
    ValueError: line 1: where, expression and reason, separated by tabs
    """
    entries = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split("\t")
        if len(parts) != 3 or not all(part.strip() for part in parts):
            raise ValueError(f"line {number}: where, expression and reason, separated by tabs")
        entries.append((parts[0], parts[1]))
    return entries


def bad_messages(text):
    """Return the messages above INFO of a log, each with the lines that belong to it.

    >>> day = "2026-01-01 10:00:00,000 1"
    >>> log = f"{day} INFO db a: fine\\n{day} ERROR db b: bad\\nTraceback\\n{day} INFO db c: fine"
    >>> bad_messages(log)
    ['ERROR b: bad\\nTraceback']
    """
    messages, current = [], None
    for line in text.splitlines():
        match = LINE.match(line)
        if match:
            current = None
            if match["level"] in BAD:
                current = [f"{match['level']} {match['rest']}"]
                messages.append(current)
        elif current is not None:
            current.append(line)
    return ["\n".join(lines) for lines in messages]


def check(logs, entries, partial=False):
    """Return what is wrong with these logs.

    >>> line = "2026-01-01 10:00:00,000 1 WARNING db a: bad 42"
    >>> check({"tests": line}, [("tests", "bad .*")])
    []
    >>> check({"demo": line}, [("demo", "worse"), ("deep", "bad")])
    ['demo: WARNING a: bad 42', 'allow-list: nothing matched "worse" in demo']
    """
    problems, used = [], set()
    for name, text in logs.items():
        for message in bad_messages(text):
            matches = {
                entry
                for entry in entries
                if entry[0] in (name, "*") and re.search(entry[1], message)
            }
            used |= matches
            if not matches:
                problems.append(f"{name}: {message}")
    if not partial:
        unused = [e for e in entries if e not in used and e[0] in (*logs, "*")]
        problems += [f'allow-list: nothing matched "{rule}" in {where}' for where, rule in unused]
    return problems


def main(arguments):
    partial = "--partial" in arguments
    allowlist, *pairs = [argument for argument in arguments if argument != "--partial"]
    logs = {}
    for pair in pairs:
        name, _sep, path = pair.partition("=")
        with open(path, errors="replace") as stream:
            logs[name] = stream.read()
    with open(allowlist) as stream:
        problems = check(logs, read_allowlist(stream.read()), partial)
    for problem in problems:
        print(problem)
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
