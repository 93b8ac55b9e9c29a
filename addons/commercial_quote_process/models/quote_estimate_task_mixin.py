import uuid

import pytz

from odoo import models
from odoo.fields import Command
from odoo.tools import SQL, plaintext2html

from ..tools.circles import without_circles
from .quote_estimate_project_mixin import QUIET


class QuoteEstimateTaskMixin(models.AbstractModel):
    """The tasks that an estimate becomes, each sold by an order line.

    All methods run in superuser mode, in the transaction that accepts the quote.
    """

    _name = "quote.estimate.task.mixin"
    _description = "Tasks of an estimate"

    def _create_tasks(self, project, plan, milestones):
        """Create phases, then what is inside, level by level, then the dependencies."""
        sold = self.order_id.order_line.filtered(lambda line: not line.display_type)
        lines = {line.estimate_item_id: line for line in sold}
        day_hours, timezone = self._get_day_hours(), pytz.timezone(self._get_tz())
        tasks = {}
        items = self.item_ids.browse(item.id for item in plan if item.kind != "milestone")
        for level in items._grouped_by_level():
            values = []
            for item in level:
                moments = self._get_moments(plan[item], day_hours, timezone)
                row = {**plan[item], "moments": moments}
                values.append(
                    self._prepare_task_values(project, item, row, tasks, lines, milestones)
                )
            created = self.env["project.task"].with_context(**QUIET).create(values)
            tasks.update(zip(level, created, strict=True))
        self._link_tasks(tasks)
        return tasks

    def _prepare_task_values(self, project, item, row, tasks, lines, milestones):
        """Return the values of the task of an item of the plan.

        :param item: ``quote.estimate.item``: phase, task or deliverable
        :param dict row: its row of ``_get_plan``, with ``moments``: see ``_get_moments``
        :param dict tasks: tasks made so far by item
        :param dict lines: order line by the phase it sells
        :param dict milestones: milestone by item
        :rtype: dict
        """
        sold = [lines[phase] for phase in (item, *item._get_phases()) if phase in lines]
        line = sold[0] if sold else self._get_default_line()
        parent = tasks.get(item.parent_id)
        # A phase carries no hours of its own: its tasks do, and Odoo adds them up.
        days = sum(item.workload_ids.mapped("days"))
        return {
            "name": item.name,
            "project_id": project.id,
            # Odoo writes on each task that is told that it has no parent.
            **({"parent_id": parent.id} if parent else {}),
            "sequence": item.sequence,
            "stage_id": project.type_ids.sorted("sequence")[:1].id,
            "company_id": project.company_id.id,
            "partner_id": project.partner_id.id,
            "user_ids": False,
            "description": plaintext2html(item.description or ""),
            "allocated_hours": days * self.hours_per_day,
            "planned_date_begin": row["moments"][0],
            "date_deadline": row["moments"][1],
            "role_ids": [Command.set(item.workload_ids.role_id.ids)],
            "sale_line_id": line.id,
            "milestone_id": self._get_milestone(item, milestones).id,
            "estimate_item_id": item.id,
            **self._prepare_token_values(project),
        }

    def _prepare_token_values(self, project):
        """Return the token of the address of a task, which Odoo would write task by task."""
        is_shared = project.privacy_visibility in ("invited_users", "portal")
        return {"access_token": str(uuid.uuid4())} if is_shared else {}

    def _create_line_tasks(self, project):
        """Create one task per service sold, for a deal without a plan.

        :rtype: project.task
        """
        lines = self._get_service_lines()
        return (
            self.env["project.task"]
            .with_context(**QUIET)
            .create([self._prepare_line_task_values(project, line) for line in lines])
        )

    def _prepare_line_task_values(self, project, line):
        """Return the values of the task of a service sold without a plan.

        :param line: the ``sale.order.line`` that sells it
        :rtype: dict
        """
        title, _newline, description = line.name.partition("\n")
        return {
            "name": title,
            "project_id": project.id,
            "sequence": line.sequence,
            "stage_id": project.type_ids.sorted("sequence")[:1].id,
            "company_id": project.company_id.id,
            "partner_id": project.partner_id.id,
            "user_ids": False,
            "description": plaintext2html(description.strip()),
            "sale_line_id": line.id,
        }

    def _get_milestone(self, item, milestones):
        """Return the milestone that an item leads to: the first that waits for it.

        A deliverable that is paid for belongs to the milestone of its payment. One that no
        milestone waits for belongs to the next one of its phase.

        :param dict milestones: milestone by item, a milestone or a deliverable that is paid for
        :rtype: project.milestone
        """
        if item in milestones:
            return milestones[item]
        milestones = {other: one for other, one in milestones.items() if other.kind == "milestone"}
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
        rank = {item: number for number, item in enumerate(self.item_ids._sorted_as_tree())}
        links = [
            (item, other)
            for item in tasks
            for other in item._get_task_predecessors()
            if other in tasks
        ]
        # In a circle it is the one that leads backwards in the plan that goes.
        links.sort(key=lambda link: rank[link[1]] > rank[link[0]])
        pairs = without_circles((tasks[item].id, tasks[other].id) for item, other in links)
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
