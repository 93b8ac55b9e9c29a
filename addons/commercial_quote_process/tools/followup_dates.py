"""On which days a sent quote is followed up. Plain Python, no ORM."""

import datetime

from .working_days import USUAL_WEEK, working_day

DAY = datetime.timedelta(days=1)


def day_after(day, delay, weekdays=USUAL_WEEK, holidays=frozenset()):
    """Return the working day number ``delay`` after a day, which itself does not count.

    :param date day: when the offer was sent, or looked at
    :param int delay: working days, at least 1
    :rtype: date

    >>> friday = datetime.date(2026, 11, 27)
    >>> day_after(friday, 1).isoformat(), day_after(friday, 3).isoformat()
    ('2026-11-30', '2026-12-02')
    >>> day_after(datetime.date(2026, 11, 28), 1).isoformat()  # sent on a Saturday
    '2026-11-30'
    >>> day_after(friday, 1, holidays={datetime.date(2026, 11, 30)}).isoformat()
    '2026-12-01'
    """
    return working_day(day + DAY, delay - 1, weekdays, holidays)


def day_before(day, delay, weekdays=USUAL_WEEK, holidays=frozenset()):
    """Return the working day number ``delay`` before a day, which itself does not count.

    :param date day: the last day on which the offer is valid
    :param int delay: working days, at least 1
    :rtype: date

    >>> day_before(datetime.date(2026, 11, 30), 1).isoformat()  # a Monday
    '2026-11-27'
    >>> day_before(datetime.date(2026, 3, 1), 3).isoformat()  # across the end of a month
    '2026-02-25'
    >>> holidays = {datetime.date(2026, 11, 27)}
    >>> day_before(datetime.date(2026, 11, 30), 1, holidays=holidays).isoformat()
    '2026-11-26'
    """
    if not weekdays:
        raise ValueError("a calendar without working days")
    while delay:
        day -= DAY
        delay -= day.weekday() in weekdays and day not in holidays
    return day


def working_day_from(day, weekdays=USUAL_WEEK, holidays=frozenset()):
    """Return a day when it is worked, or else the next one that is.

    >>> working_day_from(datetime.date(2026, 11, 28)).isoformat()
    '2026-11-30'
    >>> working_day_from(datetime.date(2026, 11, 27)).isoformat()
    '2026-11-27'
    """
    return working_day(day, 0, weekdays, holidays)


def split_due(pairs, today, paused_until=None):
    """Return what to skip, and what to do, of the follow-ups of a quote.

    After a long stop one follow-up is made, the latest: a client who gets three at once is gone.

    :param list pairs: pairs of a day and a step, the oldest first
    :param date today: the day of the company
    :param date paused_until: until when somebody had paused the follow-ups
    :return: triples of a day, a step and the reason to skip it; and the pair to do, or None
    :rtype: tuple[list, tuple | None]

    >>> first, second, third = (datetime.date(2026, 3, day) for day in (5, 11, 20))
    >>> pairs = [(first, "a"), (second, "b"), (third, "c")]
    >>> split_due(pairs, datetime.date(2026, 3, 4))
    ([], None)
    >>> missed, due = split_due(pairs, datetime.date(2026, 3, 12))
    >>> [(step, reason) for _day, step, reason in missed], due[1]
    ([('a', 'catch_up')], 'b')
    >>> missed, due = split_due(pairs, datetime.date(2026, 3, 23), datetime.date(2026, 3, 10))
    >>> [(step, reason) for _day, step, reason in missed], due[1]
    ([('a', 'paused'), ('b', 'catch_up')], 'c')
    """
    due = [pair for pair in pairs if pair[0] <= today]
    if not due:
        return [], None
    missed = [
        (day, step, "paused" if paused_until and day < paused_until else "catch_up")
        for day, step in due[:-1]
    ]
    return missed, due[-1]
