from math import ceil

from odoo import fields, models
from odoo.tools import format_date

from ..tools.gantt_pages import MARKS

CANCELLED = "1_canceled"


class ProjectPlanRowMixin(models.AbstractModel):
    """The rows of a sold plan: where they are now, and where they were sold."""

    _name = "project.plan.row.mixin"
    _description = "Rows of the sold plan of a project"

    # === ROWS === #

    def _get_plan_rows(self, estimate_sudo, start):
        """Return the rows of the drawing: where they are now, and where they were sold.

        What the client did not buy is not there; what was deleted is, and so is what was added.

        :param estimate_sudo: the ``quote.estimate`` sold
        :param date start: T0
        :rtype: list(dict)
        """
        self.ensure_one()
        left_out = set(estimate_sudo._get_options_left_out().ids)
        rows = [row for row in estimate_sudo._get_gantt_rows(start) if row["key"] not in left_out]
        records = self._get_sold_records()
        current = self._get_current_days(estimate_sudo, start)
        for row in rows:
            # The slack was the one of the plan sold: it says nothing of a plan that has moved.
            row["slack"] = 0
            record = records.get(row["key"])
            if not record and row["kind"] != "phase":
                row["removed"], row["label"] = True, ""
            elif row["kind"] != "phase":
                slot = current.get(row["key"])
                row.update(self._prepare_moved_row(row, slot, estimate_sudo, start))
                row["late"] = self._is_late(record)
        self._stretch_phases(rows, estimate_sudo)
        return self._insert_added_rows(rows, estimate_sudo, start)

    def _get_sold_records(self):
        """Return the task or the milestone that each item sold has become, by id of the item.

        Those that were cancelled are no longer planned.
        """
        tasks = self.tasks.filtered(lambda task: task.active and task.state != CANCELLED)
        records = {task.estimate_item_id.id: task for task in tasks if task.estimate_item_id}
        for milestone in self.milestone_ids:
            if milestone.estimate_item_id:
                records[milestone.estimate_item_id.id] = milestone
        return records

    def _is_late(self, record):
        """Return whether a task or a milestone should have been finished before today."""
        today = fields.Date.context_today(self)
        if record._name == "project.milestone":
            return bool(not record.is_reached and record.deadline and record.deadline < today)
        end = record.date_deadline
        return bool(not record.is_closed and end and end.date() < today)

    def _prepare_moved_row(self, row, slot, estimate_sudo, start):
        """Return what changes in a row that is no longer where it was sold.

        :param tuple slot: start and end in whole working days after T0, or None without dates
        :rtype: dict
        """
        if not slot:
            return {}
        sold = (row["start"], row["end"])
        sold_days = (int(sold[0]), max(ceil(sold[1]), 0))
        if row["kind"] in MARKS:
            slot, sold_days = (slot[1], slot[1]), (sold_days[1], sold_days[1])
        if slot == sold_days:
            return {}
        label = row["label"]
        if row["kind"] in MARKS:
            dates = estimate_sudo._get_slot_dates([slot], start)
            label = format_date(self.env, dates[slot][1], date_format="d MMM") if dates else ""
        return {"start": slot[0], "end": slot[1], "sold": sold, "label": label}

    def _stretch_phases(self, rows, estimate_sudo):
        """Let phases span what is inside, where it is now; one with nothing left is gone."""
        parents = {item.id: item.parent_id.id for item in estimate_sudo.item_ids}
        by_key = {row["key"]: row for row in rows}
        spans, removed = {}, set()
        for row in rows:
            key, seen = (parents[row["key"]] if row["kind"] != "phase" else False), set()
            while key and key not in seen and key in by_key:
                seen.add(key)
                if row.get("removed"):
                    removed.add(key)
                else:
                    start, end = spans.get(key, (row["start"], row["end"]))
                    spans[key] = (min(start, row["start"]), max(end, row["end"]))
                key = parents[key]
        for key, (start, end) in spans.items():
            row = by_key[key]
            if (row["start"], row["end"]) != (start, end):
                row.update(start=start, end=end, sold=(row["start"], row["end"]))
        for key in removed - spans.keys():
            by_key[key]["removed"] = True

    # === WHAT NOBODY SOLD === #

    def _insert_added_rows(self, rows, estimate_sudo, start):
        """Return the rows with those of tasks that were not sold, after what they belong to."""
        added = self._get_added_tasks()
        if not added:
            return rows
        slots = self._count_days(
            {
                task: (task.planned_date_begin or task.date_deadline, task.date_deadline)
                for task in added
                if task.date_deadline
            },
            estimate_sudo,
            start,
        )
        inside, others = {}, []
        for task in added:
            if task in slots:
                row = self._prepare_added_row(task, slots[task])
                key = task.parent_id.estimate_item_id.id
                inside.setdefault(key, []).append(row) if key else others.append(row)
        result, open_phases = [], []
        for row in [*rows, {"key": None, "level": 0}]:
            # What was added to a phase comes after all that was in it.
            while open_phases and open_phases[-1]["level"] >= row["level"]:
                phase = open_phases.pop()
                result += self._get_inner_rows(inside, phase)
            if row["key"] is not None:
                result.append(row)
                open_phases.append(row)
        return result + others

    def _get_inner_rows(self, inside, row):
        """Return the rows of tasks that were added to what was sold, one level below it."""
        return [{**extra, "level": row["level"] + 1} for extra in inside.get(row["key"], ())]

    def _get_added_tasks(self):
        """Return the tasks that are none of what was sold."""
        return self.tasks.filtered(
            lambda task: not task.estimate_item_id and task.active and task.state != CANCELLED
        )

    def _prepare_added_row(self, task, slot):
        return {
            "key": f"task_{task.id}",
            "name": task.name or "",
            "kind": "task",
            "level": 0,
            "start": slot[0],
            "end": slot[1],
            "slack": 0,
            "is_critical": False,
            "after": (),
            "label": "",
            "added": True,
            "late": self._is_late(task),
        }
