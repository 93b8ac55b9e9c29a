"""The time axis of a drawn plan: in weeks from T0, or in dates once T0 is known.

An axis turns working days after T0, as ``tools.schedule`` counts them, into its own days: the
ones of a week without weekends, or the days of the calendar.

>>> axis = WeekAxis(12, ["W1", "W2", "W3"], caption="Weeks from T0")
>>> axis.length, axis.start_at(2.5), axis.end_at(5), axis.get_days_off()
(15, 2.5, 5, [])
>>> axis.get_weeks()
[(0, 5, ['W1']), (5, 10, ['W2']), (10, 15, ['W3'])]
>>> axis.get_months()
[(0, 15, ['Weeks from T0'])]

In dates, what starts on working day 1 may start after a weekend, and what ends with working day 0
ends before it:

>>> friday, monday = datetime.date(2026, 11, 27), datetime.date(2026, 11, 30)
>>> axis = DateAxis([friday, monday], {datetime.date(2026, 11, 23): ["23 Nov"]},
...                 {(2026, 11): ["November", "Nov"]})
>>> axis.length, axis.start_at(1), axis.end_at(1), axis.end_at(1.5), axis.start_at(0.5)
(14, 7, 5, 7.5, 4.5)
>>> axis.get_days_off()
[(0, 4), (5, 7), (8, 14)]
>>> axis.get_weeks()[0], axis.get_months()
((0, 7, ['23 Nov']), [(0, 8, ['November', 'Nov']), (8, 14, [])])
"""

import datetime
from dataclasses import dataclass, field
from math import ceil

DAYS_PER_WEEK = 5


def count_weeks(end, days_per_week=DAYS_PER_WEEK):
    """Return how many weeks of work a number of working days fills; at least one.

    >>> count_weeks(0), count_weeks(5), count_weeks(5.5), count_weeks(9, days_per_week=4)
    (1, 1, 2, 3)
    """
    return ceil(end / days_per_week) or 1


@dataclass
class WeekAxis:
    """Weeks of work after T0, one beside the other.

    :param float end: last day of the plan
    :param list labels: text of each week
    :param str caption: what the weeks are
    """

    end: float
    labels: list
    caption: str = ""
    days_per_week: int = DAYS_PER_WEEK

    @property
    def length(self):
        """Days of the whole axis."""
        return count_weeks(self.end, self.days_per_week) * self.days_per_week

    def start_at(self, day):
        """Return where on the axis something starts."""
        return day

    def end_at(self, day):
        """Return where on the axis something ends."""
        return day

    def get_weeks(self):
        """Return start, end and possible texts of each week, the best text first."""
        size = self.days_per_week
        return [
            (rank * size, (rank + 1) * size, [label])
            for rank, label in enumerate(self.labels[: self.length // size])
        ]

    def get_months(self):
        """Return start, end and possible texts of what is above the weeks."""
        return [(0, self.length, [self.caption] if self.caption else [])]

    def get_days_off(self):
        """Return start and end of the days that are not worked."""
        return []


@dataclass
class DateAxis:
    """Days of the calendar, from the Monday before T0 to the Sunday after the end.

    :param list days: the date of each working day of the plan, from T0 on; one at least
    :param dict week_labels: possible texts of a week by its Monday, the best one first
    :param dict month_labels: the same by year and month
    """

    days: list
    week_labels: dict = field(default_factory=dict)
    month_labels: dict = field(default_factory=dict)

    def __post_init__(self):
        self.first = get_monday(self.days[0])
        last = get_monday(self.days[-1]) + datetime.timedelta(days=7)
        self.length = (last - self.first).days
        self.dates = [self.first + datetime.timedelta(days=day) for day in range(self.length)]

    def start_at(self, day):
        """Return where on the axis something starts: on the first free working day."""
        number = min(int(day), len(self.days) - 1)
        return self._place(self.days[number]) + min(day - number, 1)

    def end_at(self, day):
        """Return where on the axis something ends: with its last working day."""
        number = min(max(ceil(day) - 1, 0), len(self.days) - 1)
        return self._place(self.days[number]) + min(max(day - number, 0), 1)

    def _place(self, date):
        return (date - self.first).days

    def get_weeks(self):
        """Return start, end and possible texts of each week, the best text first."""
        return [
            (start, start + 7, self.week_labels.get(self.dates[start], []))
            for start in range(0, self.length, 7)
        ]

    def get_months(self):
        """Return start, end and possible texts of each month."""
        return [
            (start, end, self.month_labels.get(month, []))
            for month, start, end in self._group(lambda date: (date.year, date.month))
        ]

    def get_days_off(self):
        """Return start and end of the days that are not worked, weekends and holidays alike."""
        worked = set(self.days)
        return [(start, end) for off, start, end in self._group(lambda d: d not in worked) if off]

    def _group(self, key):
        """Return value, start and end of each run of days for which a function says the same."""
        groups = []
        for day, value in enumerate(map(key, self.dates)):
            start = day
            if groups and groups[-1][0] == value:
                start = groups.pop()[1]
            groups.append((value, start, day + 1))
        return groups


def get_monday(date):
    """Return the Monday of a date's week.

    >>> get_monday(datetime.date(2026, 11, 29)).isoformat()
    '2026-11-23'
    """
    return date - datetime.timedelta(days=date.weekday())
