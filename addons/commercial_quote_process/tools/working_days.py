"""From working days of a plan to dates and back. Plain Python, no ORM."""

import datetime

# Monday to Friday.
USUAL_WEEK = frozenset(range(5))


def working_day(start, offset, weekdays=USUAL_WEEK, holidays=frozenset()):
    """Return the date of the working day number ``offset`` counted from ``start``.

    :param date start: T0; when it is no working day, day 0 is the next one
    :param int offset: working days after T0, 0 or more
    :param weekdays: days of the week that are worked, Monday is 0
    :param holidays: dates that are not worked
    :rtype: date

    >>> friday = datetime.date(2026, 11, 27)
    >>> working_day(friday, 0).isoformat(), working_day(friday, 1).isoformat()
    ('2026-11-27', '2026-11-30')
    >>> working_day(friday, 1, holidays={datetime.date(2026, 11, 30)}).isoformat()
    '2026-12-01'
    """
    return working_days(start, [offset], weekdays, holidays)[offset]


def working_days(start, offsets, weekdays=USUAL_WEEK, holidays=frozenset()):
    """Return the date of each working day asked for, walking through the calendar once.

    :param offsets: whole numbers of working days after T0
    :return: date by offset
    :rtype: dict
    """
    if not weekdays:
        raise ValueError("a calendar without working days")
    wanted = sorted(set(offsets), reverse=True)
    dates, day, number = {}, start, -1
    while wanted:
        if day.weekday() in weekdays and day not in holidays:
            number += 1
            while wanted and wanted[-1] <= number:
                dates[wanted.pop()] = day
        day += datetime.timedelta(days=1)
    return dates


def count_working_days(start, end, weekdays=USUAL_WEEK, holidays=frozenset()):
    """Return how many working days lie between two dates, the second one excluded.

    :param date start: first day counted
    :param date end: first day that is not counted any more
    :param weekdays: days of the week that are worked, Monday is 0
    :param holidays: dates that are not worked, each one once
    :rtype: int

    >>> friday = datetime.date(2026, 11, 27)
    >>> count_working_days(friday, datetime.date(2026, 12, 2))
    3
    >>> count_working_days(friday, datetime.date(2026, 11, 1))
    0
    """
    if end <= start:
        return 0
    weeks, rest = divmod((end - start).days, 7)
    worked = weeks * len(weekdays)
    worked += sum((start.weekday() + day) % 7 in weekdays for day in range(rest))
    return worked - sum(start <= day < end and day.weekday() in weekdays for day in holidays)
