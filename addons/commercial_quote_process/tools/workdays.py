"""Working days as dates: which day of the calendar is working day number n.

>>> from datetime import date
>>> days = WorkDays(date(2026, 5, 8), holidays={date(2026, 5, 8), date(2026, 5, 14)})
>>> days.date(0)  # The 8th is a holiday, the 9th a Saturday.
datetime.date(2026, 5, 11)
>>> days.date(3)  # The 14th is a holiday.
datetime.date(2026, 5, 15)

A task of three days that starts at once ends on the third working day; a part of a day is on the
day in which it falls; a milestone is on the last day of what comes before it.

>>> days.first(0.0), days.last(0.0, 3.0)
(datetime.date(2026, 5, 11), datetime.date(2026, 5, 13))
>>> days.first(2.5), days.last(2.5, 3.0)
(datetime.date(2026, 5, 13), datetime.date(2026, 5, 13))
>>> days.last(3.0, 3.0), days.last(0.0, 0.0)
(datetime.date(2026, 5, 13), datetime.date(2026, 5, 11))
>>> days.first(3.0, 3.0)
datetime.date(2026, 5, 13)

And back, the number of working days before a date:

>>> days.offset(date(2026, 5, 11)), days.offset(date(2026, 5, 18)), days.offset(date(2026, 1, 1))
(0, 4, 0)
"""

from datetime import timedelta
from math import ceil, floor

from .schedule import EPSILON

WEEKDAYS = frozenset(range(5))
ONE_DAY = timedelta(days=1)


class WorkDays:
    """Working days counted from a date.

    :param datetime.date start: T0; when it is not worked, the first working day after it
    :param weekdays: days of the week that are worked, 0 = Monday; Monday to Friday when empty
    :param holidays: dates that are not worked
    """

    def __init__(self, start, weekdays=WEEKDAYS, holidays=()):
        self.weekdays = frozenset(weekdays) or WEEKDAYS
        self.holidays = frozenset(holidays)
        self.start = start
        self._next = start
        self._dates = []

    def is_worked(self, day):
        """Return whether people work on a date.

        >>> from datetime import date
        >>> WorkDays(date(2026, 5, 4)).is_worked(date(2026, 5, 9))
        False
        """
        return day.weekday() in self.weekdays and day not in self.holidays

    def date(self, number):
        """Return the date of a working day, the first one being number 0."""
        while len(self._dates) <= number:
            if self.is_worked(self._next):
                self._dates.append(self._next)
            self._next += ONE_DAY
        return self._dates[number]

    def first(self, start, end=None):
        """Return the date on which something starts.

        :param float start: working days elapsed before it
        :param float end: working days elapsed after it; with ``end`` = ``start`` it is a
            milestone, which falls on the last day of what comes before it
        """
        if end is not None and end <= start:
            return self.last(start, end)
        return self.date(floor(start + EPSILON))

    def last(self, start, end):
        """Return the date of the last day of something.

        :param float start: working days elapsed before it
        :param float end: working days elapsed after it
        """
        return self.date(max(ceil(max(start, end) - EPSILON) - 1, 0))

    def offset(self, day):
        """Return how many working days lie between the start and a date, that date excluded."""
        number = 0
        while self.date(number) < day:
            number += 1
        return number
