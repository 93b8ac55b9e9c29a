"""Which dependencies of a plan may stay when some of them go round in a circle. Plain Python."""


def without_circles(pairs):
    """Return pairs of what waits and what it waits for, without those that close a circle.

    The earlier a pair comes the surer it stays. The order of the others is kept.

    :param pairs: iterable of (what waits, what it waits for)
    :rtype: list(tuple)

    >>> without_circles([(2, 1), (3, 2), (1, 3), (4, 3), (4, 4)])
    [(2, 1), (3, 2), (4, 3)]
    """
    pairs = list(dict.fromkeys(pairs))
    if not _has_circle(pairs):
        return pairs
    kept, waits_for = [], {}
    for one, other in pairs:
        if one != other and not _reaches(waits_for, other, one):
            waits_for.setdefault(one, []).append(other)
            kept.append((one, other))
    return kept


def _has_circle(pairs):
    """Return whether some of the pairs go round in a circle, in one pass over all of them."""
    waiting, followers = {}, {}
    for one, other in pairs:
        waiting[one] = waiting.get(one, 0) + 1
        waiting.setdefault(other, 0)
        followers.setdefault(other, []).append(one)
    free = [point for point, count in waiting.items() if not count]
    for point in free:
        for follower in followers.get(point, ()):
            waiting[follower] -= 1
            if not waiting[follower]:
                free.append(follower)
    return len(free) < len(waiting)


def _reaches(waits_for, start, goal):
    todo, seen = [start], {start}
    while todo:
        point = todo.pop()
        if point == goal:
            return True
        new = [other for other in waits_for.get(point, ()) if other not in seen]
        seen.update(new)
        todo += new
    return False
