from datetime import timedelta

import pytz

from odoo import api, fields, models

from ..tools.working_days import count_working_days

# As wide as the page of a project beside its discussion; narrower ones scroll.
DRAWING_WIDTH = 800
# Short enough for bars beside them on a phone.
NAMES_PART = 0.3
# Of a larger plan only phases, milestones and deliverables are drawn.
MOST_ROWS = 400


class ProjectPlanMixin(models.AbstractModel):
    """The plan that a project was sold with, and what its tasks have made of it since."""

    _name = "project.plan.mixin"
    _description = "Sold plan of a project"
    _inherit = ["project.plan.row.mixin"]

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
        "estimate_id",
        "sold_start",
        "task_ids.planned_date_begin",
        "task_ids.date_deadline",
        "task_ids.state",
        "milestone_ids.deadline",
        "milestone_ids.is_reached",
    )
    @api.depends_context("lang")
    def _compute_sold_plan_svg(self):
        for project in self:
            # Whoever works on the project sees its plan; nothing of the costs is in the drawing.
            estimate_sudo = project.estimate_id.sudo()
            start = project.sold_start or project.date_start
            if estimate_sudo and start:
                project.sold_plan_svg = project._draw_sold_plan(estimate_sudo, start)
            else:
                project.sold_plan_svg = False

    def _draw_sold_plan(self, estimate_sudo, start):
        rows = self._get_plan_rows(estimate_sudo, start)
        if len(rows) > MOST_ROWS:
            rows = [row for row in rows if row["kind"] != "task"]
        options = {"rows": rows, "width": DRAWING_WIDTH, "names": NAMES_PART}
        today = fields.Date.context_today(self)
        first = start - timedelta(days=start.weekday())
        if rows and today >= first:
            options["today"] = ((today - first).days + 0.5, self.env._("Today"))
        return estimate_sudo._draw_plan(start=start, **options)

    # === DAYS === #

    def _get_current_days(self, estimate_sudo, start):
        """Return where the tasks and milestones of this project are now.

        :return: start and end, in whole working days after T0, by id of the item sold
        :rtype: dict
        """
        spans = {
            task.estimate_item_id.id: (task.planned_date_begin, task.date_deadline)
            for task in self.tasks
            if task.estimate_item_id and task.planned_date_begin and task.date_deadline
        }
        spans |= {
            milestone.estimate_item_id.id: (milestone.deadline, milestone.deadline)
            for milestone in self.milestone_ids
            if milestone.estimate_item_id and milestone.deadline
        }
        return self._count_days(spans, estimate_sudo, start)

    def _count_days(self, spans, estimate_sudo, start):
        """Return moments and dates as whole working days after T0.

        :param dict spans: start and end by key, each a date or a datetime in UTC
        :return: pairs of days by key
        :rtype: dict
        """
        tz = pytz.timezone(estimate_sudo._get_tz())
        calendar = estimate_sudo._get_working_calendar()
        days = {}

        def count(moment, after):
            if hasattr(moment, "hour"):
                moment = pytz.utc.localize(moment).astimezone(tz).date()
            if (moment, after) not in days:
                end = moment + timedelta(days=after)
                days[moment, after] = count_working_days(start, end, *calendar)
            return days[moment, after]

        return {key: (count(first, 0), count(last, 1)) for key, (first, last) in spans.items()}
