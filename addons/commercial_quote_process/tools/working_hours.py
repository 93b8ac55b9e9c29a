"""At which hour a part of a day of work begins or ends. Plain Python, no ORM."""

# The hours of a day that its calendar says nothing of.
USUAL_DAY = ((9.0, 17.0),)


def hour_after(part, hours=USUAL_DAY):
    """Return the hour at which a part of a day of work has been done.

    :param float part: part of the day, from 0 to 1
    :param hours: start and end of each stretch of work of the day, in hours, the first one first
    :rtype: float

    >>> office = ((8, 12), (13, 17))
    >>> hour_after(0.5, office), hour_after(0.75, office), hour_after(1, office)
    (12.0, 15.0, 17.0)
    """
    left = part * sum(end - start for start, end in hours)
    for start, end in hours:
        if left <= end - start:
            return float(start + left)
        left -= end - start
    return float(hours[-1][1])


def hour_of(part, hours=USUAL_DAY):
    """Return the hour at which the work that follows a part of the day begins.

    After half a day that is the end of the break, not its beginning.

    >>> office = ((8, 12), (13, 17))
    >>> hour_of(0, office), hour_of(0.5, office), hour_of(0.25, office)
    (8.0, 13.0, 10.0)
    """
    left = part * sum(end - start for start, end in hours)
    for start, end in hours:
        if left < end - start:
            return float(start + left)
        left -= end - start
    return float(hours[-1][0])
