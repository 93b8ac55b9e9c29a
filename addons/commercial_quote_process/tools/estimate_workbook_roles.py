"""Which role each column of a workload is about. Plain Python, no ORM.

>>> roles, parts = [(4, "Engineer"), (5, "Developer")], {"low": ["low"], "high": ["high"]}
>>> match_roles({4: ("Engineer", "role:4:Engineer"), 5: ("developer", None)}, roles, parts)
({(4, 'days'): 4, (5, 'days'): 5}, [])

The header is what a person sees, so it counts more than what is hidden; a role that nobody knows
is told with those that sound like it:

>>> match_roles({4: ("Developer", "role:4:Engineer"), 9: ("Engineer – low", None)}, roles, parts)
({(5, 'days'): 4, (4, 'low'): 9}, [])
>>> match_roles({4: ("Enginer", None)}, roles, parts)[1]
[('unknown_role', 4, {'value': 'Enginer', 'similar': 'Engineer'})]
"""

import difflib

from .estimate_workbook import THREE_POINT, fit_text


def match_roles(columns, roles, parts):
    """Return the column of each role and part of its days, and what is wrong.

    :param dict columns: header and hidden key (or None) by number of column
    :param list roles: id and name of each role
    :param dict parts: texts by part of three-point days
    :return: column by role and part; and problems as code, column, values
    :rtype: tuple(dict, list)
    """
    names = _get_names(roles, parts)
    found, problems = {}, []
    for column, (title, key) in columns.items():
        targets = _read_key(title, key, roles, parts) or names.get(title.casefold(), [])
        if not targets:
            known = [name for _role_id, name in roles]
            similar = difflib.get_close_matches(title, known, n=3, cutoff=0.5) or known[:5]
            values = {"value": title[:60], "similar": ", ".join(similar)}
            problems.append(("unknown_role", column, values))
        elif len(targets) > 1:
            problems.append(("ambiguous_role", column, {"value": title[:60]}))
        elif targets[0] in found:
            problems.append(("same_role", column, {"value": title[:60]}))
        else:
            found[targets[0]] = column
    return found, problems


def _get_names(roles, parts):
    """Return what each header means: pairs of role and part."""
    names = {}
    for role_id, name in roles:
        name = fit_text(name)
        titles = [(name, "days")]
        titles += [(f"{name} – {label}", part) for part in parts for label in parts[part]]
        for title, part in titles:
            # A role may have the same name in several languages.
            targets = names.setdefault(title.casefold(), [])
            if (role_id, part) not in targets:
                targets.append((role_id, part))
    return names


def _read_key(title, key, roles, parts):
    """Return what the hidden key of a column means, unless its header was changed."""
    start, _colon, rest = (key or "").partition(":")
    number, _colon, name = rest.partition(":")
    if start not in ("role", *THREE_POINT) or not number.isdecimal() or len(number) > 9:
        return []
    role_id = int(number)
    if role_id not in dict(roles):
        return []
    if start == "role":
        return [(role_id, "days")] if title == name else []
    labels = [f"{name} – {label}" for label in [start, *parts.get(start, [])]]
    return [(role_id, start)] if title in labels else []
