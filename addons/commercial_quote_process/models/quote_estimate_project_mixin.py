from datetime import datetime, time

import pytz

from odoo import fields, models
from odoo.fields import Command
from odoo.tools import SQL, plaintext2html

from ..const import GATE_KEY, GATE_PASS
from ..tools.schedule import working_day

# Start and end of a day of work, in the time zone of the working calendar.
DAY_START = time(9)
DAY_END = time(17)
# A plan of fifty tasks tells nobody anything task by task.
QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_notrack": True,
    "tracking_disable": True,
}


class QuoteEstimateProjectMixin(models.AbstractModel):
    """The project that an estimate becomes: phases, tasks, dates, milestones, dependencies.

    All methods run in superuser mode, in the company of the quote, in the transaction that
    accepts the quote. One batch per model, and nothing mailed.
    """

    _name = "quote.estimate.project.mixin"
    _description = "Project of an estimate"

    def _create_project(self):
        """Create the project of this estimate with its whole plan.

        :rtype: project.project
        """
        self.ensure_one()
        plan = {row["item"]: row for row in self._get_plan(self._get_project_start())}
        project = (
            self.env["project.project"]
            .with_context(**QUIET)
            .create(self._prepare_project_values(plan))
        )
        project.type_ids = self._create_task_stages()
        milestones = self._create_milestones(project, plan)
        self._create_tasks(project, plan, milestones)
        return project

    def _get_project_start(self):
        """Return T0: the planned start, or the day of acceptance plus the delay when it is later.

        :rtype: date
        """
        self.ensure_one()
        weekdays, holidays = self._get_working_calendar()
        accepted_on = fields.Date.context_today(self.with_context(tz=self._get_tz()))
        after_delay = working_day(accepted_on, self.start_delay, weekdays, holidays)
        return max(self.planned_start or after_delay, after_delay)

    def _get_tz(self):
        calendar = self.calendar_id or self.company_id.resource_calendar_id
        return calendar.tz or self.company_id.partner_id.tz or "UTC"

    def _to_utc(self, day, hour):
        """Return the naive UTC datetime of an hour of a day in the calendar's time zone."""
        local = pytz.timezone(self._get_tz()).localize(datetime.combine(day, hour))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    # === VALUES === #

    def _prepare_project_values(self, plan):
        """Return the values of the project.

        :param dict plan: row of ``_get_plan`` by item, with its dates
        :rtype: dict
        """
        order = self.order_id
        account = order.project_account_id or self.env["account.analytic.account"].create(
            order._prepare_analytic_account_data()
        )
        manager = self.project_manager_id.filtered("active") or order._get_responsible_user()
        return {
            "name": f"{order.partner_id.commercial_partner_id.name} - {order.name}",
            "estimate_id": self.id,
            "company_id": order.company_id.id,
            "partner_id": order.partner_id.id,
            "user_id": manager.id,
            "account_id": account.id,
            "allow_billable": True,
            "allow_milestones": True,
            "allow_task_dependencies": True,
            "sale_line_id": self._get_default_line().id,
            "reinvoiced_sale_order_id": order.id,
            "date_start": min(row["start_date"] for row in plan.values()),
            "date": max(row["end_date"] for row in plan.values()),
        }

    def _create_task_stages(self):
        """Return the stages of the tasks, the same that Odoo gives to projects of an order."""
        names = [
            (self.env._("To Do"), False),
            (self.env._("In Progress"), False),
            (self.env._("Done"), False),
            (self.env._("Cancelled"), True),
        ]
        return self.env["project.task.type"].create(
            [
                {"name": name, "fold": fold, "sequence": 5 * rank}
                for rank, (name, fold) in enumerate(names, start=1)
            ]
        )

    def _get_default_line(self):
        """Return the order line of what no phase sells: the first service of the quote."""
        lines = self.order_id.order_line.filtered(
            lambda line: not line.display_type and line.is_service and not line.is_downpayment
        )
        return lines.sorted(lambda line: (line.sequence, line.id))[:1]

    def _create_milestones(self, project, plan):
        """Return the milestone of each milestone of the plan.

        :rtype: dict
        """
        items = [item for item in plan if item.kind == "milestone"]
        milestones = (
            self.env["project.milestone"]
            .with_context(**QUIET)
            .create(
                [
                    {
                        "name": item.name,
                        "project_id": project.id,
                        "sequence": rank,
                        "deadline": plan[item]["end_date"],
                    }
                    for rank, item in enumerate(items)
                ]
            )
        )
        return dict(zip(items, milestones, strict=True))

    def _create_tasks(self, project, plan, milestones):
        """Create phases, then what is inside, then the dependencies."""
        lines = {line.estimate_item_id: line for line in self.order_id.order_line}
        tasks = {}
        items = [item for item in plan if item.kind != "milestone"]
        for level in (
            [item for item in items if not item.parent_id],
            [item for item in items if item.parent_id],
        ):
            values = [
                self._prepare_task_values(project, item, plan[item], tasks, lines, milestones)
                for item in level
            ]
            quiet = {**QUIET, GATE_KEY: GATE_PASS}
            created = self.env["project.task"].with_context(**quiet).create(values)
            tasks.update(zip(level, created, strict=True))
        self._link_tasks(tasks)
        return tasks

    def _prepare_task_values(self, project, item, row, tasks, lines, milestones):
        """Return the values of the task of an item of the plan.

        :param item: ``quote.estimate.item``: phase, task or deliverable
        :param dict row: its row of ``_get_plan``
        :param dict tasks: tasks made so far by item
        :param dict lines: order line by the phase it sells
        :param dict milestones: milestone by item
        :rtype: dict
        """
        phase = item if item.kind == "phase" else item.parent_id
        line = lines.get(phase) or self._get_default_line()
        parent = tasks.get(item.parent_id)
        # A phase carries no hours of its own: its tasks do, and Odoo adds them up.
        days = sum(item.workload_ids.mapped("days"))
        return {
            "name": item.name,
            "project_id": project.id,
            "parent_id": parent.id if parent else False,
            "sequence": item.sequence,
            "stage_id": project.type_ids.sorted("sequence")[:1].id,
            "company_id": project.company_id.id,
            "partner_id": project.partner_id.id,
            "user_ids": False,
            "description": self._get_task_description(item),
            "allocated_hours": days * self.hours_per_day,
            "planned_date_begin": self._to_utc(row["start_date"], DAY_START),
            "date_deadline": self._to_utc(row["end_date"], DAY_END),
            "role_ids": [Command.set(item.workload_ids.role_id.ids)],
            "sale_line_id": line.id,
            "milestone_id": self._get_milestone(item, milestones).id,
            "estimate_item_id": item.id,
        }

    def _get_task_description(self, item):
        """Return what the plan says of an item, as the description of its task."""
        parts = [item.description or ""]
        if item.acceptance_criteria:
            title = self.env._("Acceptance criteria")
            parts.append(f"{title}\n{item.acceptance_criteria}")
        return plaintext2html("\n\n".join(part for part in parts if part))

    def _get_milestone(self, item, milestones):
        """Return the milestone that an item leads to: the first that waits for it.

        A deliverable that no milestone waits for belongs to the next one of its phase.

        :param dict milestones: milestone by item
        :rtype: project.milestone
        """
        waiting = [other for other in milestones if item in other.depend_on_ids]
        if not waiting and item.kind == "deliverable":
            waiting = [
                other
                for other in milestones
                if other.parent_id == item.parent_id and other.end_day >= item.end_day
            ]
        waiting.sort(key=lambda other: other.end_day)
        return milestones[waiting[0]] if waiting else self.env["project.milestone"]

    # === DEPENDENCIES === #

    def _link_tasks(self, tasks):
        """Write all dependencies at once; what waits for a milestone waits for what leads to it.

        :param dict tasks: task by item
        """
        pairs = {
            (task.id, tasks[other].id)
            for item, task in tasks.items()
            for other in item._get_task_predecessors()
            if other in tasks
        }
        if not pairs:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "INSERT INTO task_dependencies_rel (task_id, depends_on_id) VALUES %s",
                SQL(", ").join(SQL("%s", pair) for pair in sorted(pairs)),
            )
        )
        linked = self.env["project.task"].browse({task_id for task_id, _other in pairs})
        linked.invalidate_recordset(["depend_on_ids", "dependent_ids"])
        linked.modified(["depend_on_ids"])
