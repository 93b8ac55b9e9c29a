"""Fingerprints of content: the same content gives the same fingerprint, whatever the machine.

>>> fingerprint({"total": 10.0, "lines": ["a", "b"]}) == fingerprint(
...     {"lines": ["a", "b"], "total": 10.00}
... )
True
>>> fingerprint({"total": 10.0}) == fingerprint({"total": 10.01})
False
"""

import datetime
import hashlib
import json

# Grows when what is hashed changes. What was made by an earlier version is compared by that one,
# which stays as it was, and so does the canonical form: the chain of acceptances rests on it.
FINGERPRINT_VERSION = 2


def canonical(value):
    """Return ``value`` in a form that does not depend on how it was stored or read.

    Numbers are rounded far below any price and far above the noise of binary floats; an empty
    text, a missing one and False are the same.

    >>> canonical(0.1 + 0.2)
    '0.3'
    >>> canonical(3) == canonical(3.0)
    True
    >>> canonical(-0.0)
    '0'
    >>> canonical({"a": datetime.date(2026, 3, 1), "b": None})
    {'a': '2026-03-01', 'b': ''}
    >>> canonical("<p>one</p>\\r\\n")
    '<p>one</p>'
    """
    # Thousands of values each time: the usual types first.
    kind = type(value)
    if kind is str:
        return value.replace("\r\n", "\n").strip()
    if kind is float or kind is int:
        text = f"{value:.6f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text
    if value is None or value is False:
        return ""
    if value is True:
        return "true"
    if isinstance(value, dict):
        return {str(key): canonical(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [canonical(item) for item in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, int | float):
        return canonical(float(value))
    return canonical(str(value))


def fingerprint(value):
    """Return the SHA-256 of the canonical form of ``value``, in hexadecimal.

    >>> len(fingerprint([]))
    64
    """
    text = json.dumps(canonical(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprints(aspects):
    """Return one fingerprint per aspect, and one of them all under the key ``all``.

    :param dict aspects: content by name of aspect
    :rtype: dict

    >>> sorted(fingerprints({"price": 1, "plan": 2}))
    ['all', 'plan', 'price']
    """
    result = {aspect: fingerprint(content) for aspect, content in aspects.items()}
    result["all"] = fingerprint(result)
    return result
