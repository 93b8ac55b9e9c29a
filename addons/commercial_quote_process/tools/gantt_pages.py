"""Which rows and which explanations go on which page of a drawn plan."""

MARKS = ("milestone", "deliverable")
# What rows of a project at work may be.
AT_WORK = ("late", "added", "removed")


def split(rows, most):
    """Return the rows in parts of some rows at most, each from a phase on where there is one.

    >>> rows = [{"kind": kind, "level": 0} for kind in ("phase", "task", "task", "phase", "task")]
    >>> [len(part) for part in split(rows, 4)], [len(part) for part in split(rows[1:3] * 5, 4)]
    ([3, 2], [4, 4, 2])
    """
    parts, first = [], 0
    while first < len(rows):
        end = min(first + most, len(rows))
        if end < len(rows):
            starts = (i for i in range(end, first + most // 2, -1) if _starts_part(rows[i]))
            end = next(starts, end)
        parts.append(rows[first:end])
        first = end
    return parts


def _starts_part(row):
    return row["kind"] == "phase" and not row["level"]


def get_legend(rows, days_off, texts):
    """Return the shapes that a plan has, with their texts.

    >>> get_legend([{"kind": "task"}], [], {"task": "Task", "sold": "As sold"})
    [('task', 'Task')]
    """
    tasks = [row for row in rows if row["kind"] == "task"]
    shown = {"critical" if row.get("is_critical") else "task" for row in tasks}
    shown |= {row["kind"] for row in rows if row["kind"] in MARKS}
    shown |= {"slack"} if any(row.get("slack") for row in rows) else set()
    shown |= {"sold"} if any(row.get("sold") for row in rows) else set()
    shown |= {key for key in AT_WORK if any(row.get(key) for row in rows)}
    shown |= {"off"} if days_off else set()
    return [(shape, text) for shape, text in (texts or {}).items() if shape in shown]
