from odoo import models

from ..tools.estimate_workbook_reader import Problem
from ..tools.estimate_workbook_roles import match_roles
from ..tools.spreadsheet import get_letter


class QuoteEstimateTaskListMixin(models.AbstractModel):
    """Tasks from a plain list become rows of the plan, with the days of a role."""

    _name = "quote.estimate.task.list.mixin"
    _description = "Import of a list of tasks"

    def action_import_tasks(self):
        """Ask for a list of tasks to add to the plan.

        :return: the action of the wizard
        :raise UserError: when the quote is closed for its technical part
        """
        self.ensure_one()
        self.check_access("write")
        self._check_plan_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add tasks from a list"),
            "res_model": "quote.task.list",
            "view_mode": "form",
            "target": "new",
            "context": {"default_estimate_id": self.id},
        }

    def _get_task_list_problems(self, problems):
        """Return what is wrong with a list, with the letters of its columns.

        :param list problems: see ``tools.task_list.read_tasks``
        :rtype: list(tools.estimate_workbook_reader.Problem)
        """
        return [
            Problem(code, "", row, get_letter(column), values)
            for code, row, column, values in problems
        ]

    def _find_listed_roles(self, tasks, column):
        """Return the role of each task that names one, and the problems of those nobody knows.

        :param list tasks: ``tools.task_list.ListedTask``
        :param int column: where the list has its roles, from 1
        :return: id of the role by name, and problems
        :rtype: tuple
        """
        names = {task.role for task in tasks if task.role}
        roles = self._get_workbook_words().roles
        found, problems = {}, []
        for name in sorted(names):
            matched, wrong = match_roles({0: (name, None)}, roles, {})
            found.update((name, role_id) for role_id, _part in matched)
            for code, _column, values in wrong:
                rows = [task.row for task in tasks if task.role == name]
                problems += [(code, row, column, values) for row in rows]
        return found, problems

    def _prepare_task_commands(self, tasks, roles):
        """Return the commands that add tasks to the plan.

        A phase of the list is the phase of this name in the plan, or a new one.

        :param list tasks: ``tools.task_list.ListedTask``
        :param list roles: id of the role of each task, or False
        :return: see ``apply_plan``
        :rtype: list(dict)
        """
        phases = {item.name.casefold(): item.id for item in self.item_ids if item.kind == "phase"}
        commands = []
        for place, (task, role_id) in enumerate(zip(tasks, roles, strict=True)):
            name = task.phase.casefold()
            if name and name not in phases:
                key = phases[name] = f"phase_{len(phases)}"
                values = {"kind": "phase", "name": task.phase}
                commands.append({"op": "create", "key": key, "vals": values})
            values = {
                "kind": "task",
                "name": task.name,
                "parent": phases[name] if name else False,
                "duration": task.duration,
                "description": task.description,
            }
            commands.append({"op": "create", "key": f"task_{place}", "vals": values})
            days = task.duration if task.days is None else task.days
            if role_id and days:
                command = {"op": "workload", "item": f"task_{place}", "role": role_id}
                commands.append({**command, "vals": {"days": days}})
        for place, task in enumerate(tasks):
            if task.after:
                after = [[f"task_{other}", lag] for other, lag in task.after.items()]
                command = {"op": "write", "ref": f"task_{place}", "vals": {"after": after}}
                commands.append(command)
        return commands
