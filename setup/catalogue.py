#!/usr/bin/env python3
"""Bring catalogues up to date with a fresh export, or check that they are.

Usage: catalogue.py [--check] NEW.pot CURRENT.pot LANGUAGE.po ...
"""

import os
import re
import sys

import polib

# What changes with every export and says nothing.
VOLATILE = ("POT-Creation-Date", "PO-Revision-Date")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def texts(catalogue):
    """Return what a catalogue says of each text, whatever the order of its entries."""
    return {
        entry.msgid: (sorted(entry.occurrences), entry.comment)
        for entry in catalogue
        if not entry.obsolete
    }


def merge(catalogue, template):
    """Bring a translated catalogue in line with the template, in the template's order."""
    known = {entry.msgid: entry.msgstr for entry in catalogue if not entry.obsolete}
    catalogue.clear()
    for entry in template:
        catalogue.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=known.get(entry.msgid, ""),
                occurrences=entry.occurrences,
                comment=entry.comment,
                flags=entry.flags,
            )
        )
    for name in VOLATILE:
        catalogue.metadata.pop(name, None)


def problems_of(catalogue, template, name):
    """Return what is wrong with a translated catalogue.

    >>> new, done = polib.POFile(), polib.POFile()
    >>> new.append(polib.POEntry(msgid="Quote %(name)s"))
    >>> problems_of(done, new, "fr.po")
    ['fr.po: not in the catalogue: Quote %(name)s']
    >>> done.append(polib.POEntry(msgid="Quote %(name)s", msgstr="Devis %(nom)s"))
    >>> problems_of(done, new, "fr.po")
    ['fr.po: other placeholders: Quote %(name)s']
    """
    wanted = {entry.msgid for entry in template}
    entries = {entry.msgid: entry for entry in catalogue if not entry.obsolete}
    found = [f"not in the catalogue: {text}" for text in sorted(wanted - entries.keys())]
    found += [f"no longer used: {text}" for text in sorted(entries.keys() - wanted)]
    for text, entry in entries.items():
        if not entry.msgstr or "fuzzy" in entry.flags:
            found.append(f"not translated: {text}")
        elif sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(entry.msgstr)):
            found.append(f"other placeholders: {text}")
    return [f"{name}: {problem}" for problem in found]


def main(arguments):
    check = arguments[:1] == ["--check"]
    new_path, current_path, *languages = arguments[1:] if check else arguments
    new = polib.pofile(new_path)
    for name in VOLATILE:
        new.metadata.pop(name, None)
    problems = []
    if check:
        current = polib.pofile(current_path) if os.path.exists(current_path) else polib.POFile()
        if texts(current) != texts(new):
            problems.append(f"{os.path.basename(current_path)} is not current: run setup/i18n")
    else:
        new.save(current_path)
    for path in languages:
        catalogue = polib.pofile(path) if os.path.exists(path) else polib.POFile()
        if not check:
            merge(catalogue, new)
            catalogue.save(path)
        problems += problems_of(catalogue, new, os.path.basename(path))
    print(*problems[:40], sep="\n")
    if len(problems) > 40:
        print(f"... and {len(problems) - 40} more")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
