"""The chain of acceptances: each row carries the hash of its content and of the row before it.

A changed, removed or inserted row breaks the chain from there on. What identifies a person enters
the hash as a salted digest, so that the person can be erased later and the chain still verifies.

>>> salt = "00" * 16
>>> first = row_hash({"order": "S00001", "signer": digest("Ann Lee", salt)}, "")
>>> second = row_hash({"order": "S00001-V2", "signer": digest("Ann Lee", salt)}, first)
>>> find_break([("", first, first), (first, second, second)])
>>> find_break([("", first, first), (first, second, "0" * 64)])
1
>>> find_break([("", first, first), ("0" * 64, second, second)])
1
"""

import hashlib
import json
import secrets

from .fingerprint import canonical, fingerprint

# Without letters and digits that people take for one another.
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 20


def new_salt():
    """Return a new random salt, in hexadecimal.

    >>> len(new_salt()), new_salt() == new_salt()
    (32, False)
    """
    return secrets.token_hex(16)


def new_code():
    """Return a new code for the verification page: a hundred bits that nobody guesses.

    >>> is_code(new_code()), new_code() == new_code()
    (True, False)
    """
    return "".join(secrets.choice(CODE_ALPHABET) for _position in range(CODE_LENGTH))


def is_code(value):
    """Return whether a text has the form of a code.

    >>> is_code("A" * 20), is_code("a" * 20), is_code("A" * 19), is_code(None)
    (True, False, False, False)
    """
    return (
        isinstance(value, str)
        and len(value) == CODE_LENGTH
        and all(character in CODE_ALPHABET for character in value)
    )


def digest(value, salt):
    """Return the salted SHA-256 of a personal value, or an empty text when there is none.

    >>> digest("Ann Lee", "aa") == digest("Ann Lee", "bb")
    False
    >>> digest(False, "aa")
    ''
    >>> digest({"b": 1, "a": 2}, "aa") == digest({"a": 2.0, "b": 1}, "aa")
    True
    """
    if not value:
        return ""
    if isinstance(value, dict | list):
        value = json.dumps(
            canonical(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True
        )
    return hashlib.sha256(f"{salt}:{value}".encode()).hexdigest()


def row_hash(payload, previous_hash):
    """Return the hash of one row of the chain.

    :param dict payload: what the row says, as plain values
    :param str previous_hash: hash of the row before it; empty for the first of its family
    :rtype: str

    >>> row_hash({"a": 1}, "") == row_hash({"a": 1.0}, "")
    True
    >>> row_hash({"a": 1}, "") == row_hash({"a": 1}, "f")
    False
    """
    return fingerprint({"previous": previous_hash or "", "payload": payload})


def find_break(rows):
    """Return the position of the first row that does not fit in its chain, or None.

    :param list rows: (previous hash, hash computed from the content, stored hash), in order

    >>> find_break([])
    """
    expected = ""
    for position, (previous_hash, computed, stored) in enumerate(rows):
        if (previous_hash or "") != expected or computed != stored:
            return position
        expected = stored
    return None
