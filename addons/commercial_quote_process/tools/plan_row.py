"""One row of a plan in memory. Plain Python, no ORM.

>>> PlanRow("new_1", kind="milestone", duration=3, after={7: 1.0}).get_task({})
Task(key='new_1', duration=0, not_before=0.0, after={7: 1.0}, parent=None)
"""

from dataclasses import dataclass, field

from .schedule import Task


@dataclass
class PlanRow:
    """One row of the plan.

    :param ref: id of the row, or key of a new one
    :param float duration: working days
    :param float not_before: working days after T0
    :param dict after: lag in working days by ref of the row to wait for
    :param parent: ref of the phase the row is in, or False
    """

    ref: object
    kind: str = "task"
    name: str = ""
    parent: object = False
    duration: float = 0.0
    not_before: float = 0.0
    not_before_date: object = False
    after: dict = field(default_factory=dict)
    description: str = ""
    acceptance_criteria: str = ""

    def get_task(self, date_offsets):
        """Return this row as ``tools.schedule`` understands it.

        :param dict date_offsets: working days from T0 to the dates before which rows may not start
        :rtype: tools.schedule.Task
        """
        return Task(
            self.ref,
            duration=self.duration if self.kind == "task" else 0,
            not_before=max(self.not_before, date_offsets.get(self.not_before_date, 0)),
            after=self.after,
            parent=self.parent or None,
        )
