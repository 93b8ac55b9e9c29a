"""Values that come from outside into a plan: read strictly, or refused. Plain Python, no ORM.

>>> read_number(2.505, "Survey"), read_name("  Data   model ", ""), read_key("new_1")
(2.5, 'Data model', 'new_1')
>>> read_number(float("nan"), "Survey")
Traceback (most recent call last):
    ...
commercial_quote_process.tools.plan_values.PlanError: ('number', {'item': 'Survey'})
"""

import datetime
import math
import re

LONGEST_KEY = 64
LONGEST_NAME = 250
LONGEST_TEXT = 50000
MOST_DAYS = 9999
MOST_WORK = 99999
FIRST_YEAR, LAST_YEAR = 2000, 2199
# What no keyboard types and no printer shows; line ends and tabs apart.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class PlanError(ValueError):
    """What is wrong with a command.

    :param str code: what it is; the caller has the words for it
    :param values: the names and numbers that belong into these words
    """

    def __init__(self, code, **values):
        super().__init__(code, values)
        self.code = code
        self.values = values


def is_id(value):
    """Return whether a value may be the id of a record.

    >>> is_id(3), is_id(True), is_id("3"), is_id(0), is_id(2**40)
    (True, False, False, False, False)
    """
    return type(value) is int and 0 < value < 2**31


def read_key(value):
    """Return the key of a new row: some letters."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_KEY or CONTROL.search(value):
        raise PlanError("malformed")
    return value


def read_ref(value):
    """Return what names a row: an id or a key.

    >>> read_ref(3), read_ref("new_1")
    (3, 'new_1')
    >>> read_ref([3])
    Traceback (most recent call last):
        ...
    commercial_quote_process.tools.plan_values.PlanError: ('malformed', {})
    """
    return value if is_id(value) else read_key(value)


def read_number(value, item, least=0, most=MOST_DAYS):
    """Return a number of days, to the hundredth."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PlanError("number", item=item)
    # A number too large for a float would overflow below.
    if isinstance(value, float) and not math.isfinite(value) or not least <= value <= most:
        raise PlanError("number", item=item)
    return round(float(value), 2) or 0.0


def read_lag(value, item):
    """Return the days between the end of a row and the start of the next one.

    >>> read_lag(-2, "Survey")
    -2.0
    """
    return read_number(value, item, least=-MOST_DAYS)


def read_name(value, item):
    """Return a name: one line with something in it."""
    if not isinstance(value, str):
        raise PlanError("malformed")
    name = " ".join(CONTROL.sub(" ", value).split())
    if not name:
        raise PlanError("no_name")
    if len(name) > LONGEST_NAME:
        raise PlanError("long_name", item=name[:40], most=LONGEST_NAME)
    return name


def read_text(value, item):
    """Return a text, empty when there is none.

    >>> read_text(False, ""), read_text("a\\r\\nb", "")
    ('', 'a\\nb')
    """
    if value is False or value is None:
        return ""
    if not isinstance(value, str):
        raise PlanError("malformed")
    if len(value) > LONGEST_TEXT:
        raise PlanError("long_text", item=item, most=LONGEST_TEXT)
    return CONTROL.sub("", value.replace("\r\n", "\n")).strip()


def read_date(value, item):
    """Return a date, or False.

    >>> read_date("2026-11-30", ""), read_date(None, "")
    (datetime.date(2026, 11, 30), False)
    """
    if value is False or value is None or value == "":
        return False
    try:
        day = datetime.date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise PlanError("date", item=item) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise PlanError("date", item=item)
    return day


def read_days(values, item):
    """Return the days of a role on a row: as one number, or as low, likely and high.

    >>> read_days({"days": 2}, ""), read_days({"days_low": 1, "days_likely": 2, "days_high": 4}, "")
    ({'days': 2.0}, {'days_low': 1.0, 'days_likely': 2.0, 'days_high': 4.0})
    >>> read_days({"days_low": 3, "days_likely": 2, "days_high": 4}, "Survey")
    Traceback (most recent call last):
        ...
    commercial_quote_process.tools.plan_values.PlanError: ('three_point', {'item': 'Survey'})
    """
    three = ("days_low", "days_likely", "days_high")
    if not isinstance(values, dict) or tuple(values) != ("days",) and set(values) != set(three):
        raise PlanError("malformed")
    names = ("days",) if "days" in values else three
    days = {name: read_number(values[name], item, most=MOST_WORK) for name in names}
    if "days" not in days and not days["days_low"] <= days["days_likely"] <= days["days_high"]:
        raise PlanError("three_point", item=item)
    return days


# How each plain value of a row is read: from what is sent, and the name of the row for errors.
READERS = {
    "name": read_name,
    "duration": read_number,
    "not_before": read_number,
    "not_before_date": read_date,
    "description": read_text,
    "acceptance_criteria": read_text,
}
