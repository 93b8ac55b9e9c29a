from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import format_date

from ..tools.gantt_pages import MARKS
from ..tools.working_days import count_working_days


class ProjectPlanMixin(models.AbstractModel):
    """The plan that a project was sold with, and what its tasks have made of it since."""

    _name = "project.plan.mixin"
    _description = "Sold plan of a project"

    sold_start = fields.Date(
        string="Sold start",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="The day from which the plan counts.",
    )
    sold_plan_svg = fields.Html(
        string="Sold plan",
        compute="_compute_sold_plan_svg",
        sanitize=False,
        exportable=False,
        groups="project.group_project_user",
    )

    @api.depends(
        "estimate_id", "sold_start", "task_ids.planned_date_begin", "task_ids.date_deadline"
    )
    @api.depends_context("lang")
    def _compute_sold_plan_svg(self):
        for project in self:
            # Whoever works on the project sees its plan; nothing of the costs is in the drawing.
            estimate_sudo = project.estimate_id.sudo()
            start = project.sold_start or project.date_start
            if estimate_sudo and start:
                rows = project._get_plan_rows(estimate_sudo, start)
                project.sold_plan_svg = estimate_sudo._draw_plan(start=start, rows=rows)
            else:
                project.sold_plan_svg = False

    def _get_plan_rows(self, estimate_sudo, start):
        """Return the rows of the drawing: where they are now, and where they were sold.

        :param estimate_sudo: the ``quote.estimate`` sold
        :param date start: T0
        :rtype: list(dict)
        """
        self.ensure_one()
        rows = estimate_sudo._get_gantt_rows(start)
        current = self._get_current_days(estimate_sudo, start)
        for row in rows:
            slot = current.get(row["key"])
            # The slack was the one of the plan sold: it says nothing of a plan that has moved.
            row["slack"] = 0
            if slot and row["kind"] != "phase":
                row.update(self._prepare_moved_row(row, slot, estimate_sudo, start))
        self._stretch_phases(rows, estimate_sudo)
        return rows

    def _prepare_moved_row(self, row, slot, estimate_sudo, start):
        """Return what changes in a row that is no longer where it was sold.

        :param tuple slot: start and end in whole working days after T0
        :rtype: dict
        """
        sold = (row["start"], row["end"])
        sold_days = (int(sold[0]), max(-int(-sold[1] // 1), 0))
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
        """Let phases span what is inside, where it is now."""
        parents = {item.id: item.parent_id.id for item in estimate_sudo.item_ids}
        by_key = {row["key"]: row for row in rows}
        spans = {}
        for row in rows:
            key = parents[row["key"]] if row["kind"] != "phase" else False
            while key:
                start, end = spans.get(key, (row["start"], row["end"]))
                spans[key] = (min(start, row["start"]), max(end, row["end"]))
                key = parents[key]
        for key, (start, end) in spans.items():
            by_key[key].update(start=start, end=end)

    def _get_current_days(self, estimate_sudo, start):
        """Return where the tasks and milestones of this project are now.

        :return: start and end, in whole working days after T0, by id of the item sold
        :rtype: dict
        """
        tz = pytz.timezone(estimate_sudo._get_tz())
        spans = {
            task.estimate_item_id.id: (task.planned_date_begin, task.date_deadline)
            for task in self.task_ids
            if task.estimate_item_id and task.planned_date_begin and task.date_deadline
        }
        dates = {
            key: tuple(pytz.utc.localize(moment).astimezone(tz).date() for moment in span)
            for key, span in spans.items()
        }
        dates |= {
            milestone.estimate_item_id.id: (milestone.deadline, milestone.deadline)
            for milestone in self.milestone_ids
            if milestone.estimate_item_id and milestone.deadline
        }
        calendar = estimate_sudo._get_working_calendar()
        return {
            key: (
                count_working_days(start, first, *calendar),
                count_working_days(start, last + timedelta(days=1), *calendar),
            )
            for key, (first, last) in dates.items()
        }
