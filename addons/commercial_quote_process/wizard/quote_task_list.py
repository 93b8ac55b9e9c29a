import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.spreadsheet import get_letter
from ..tools.spreadsheet_package import MAX_FILE_BYTES, SpreadsheetError
from ..tools.task_list import guess_columns, read_tasks
from ..tools.task_list_table import read_table, read_text

SAMPLES = 3
SHOWN_TASKS = 10
LONGEST_SAMPLE = 60


class QuoteTaskList(models.TransientModel):
    """A list of tasks from any spreadsheet: its columns are named, its tasks join the plan."""

    _name = "quote.task.list"
    _description = "List of tasks to add"

    estimate_id = fields.Many2one("quote.estimate", required=True, readonly=True)
    file = fields.Binary(attachment=False, help="A spreadsheet (.xlsx) or a CSV file.")
    filename = fields.Char()
    text = fields.Text(
        string="Or paste the list here", help="One task per line, or a block from a spreadsheet."
    )
    has_header = fields.Boolean(string="The first row names the columns")
    column_ids = fields.One2many("quote.task.list.column", "list_id", string="Columns")
    role_id = fields.Many2one(
        "project.role",
        string="Role at work",
        help="Gets the days of the tasks that name no role of their own. Without one, the tasks"
        " have a duration and no workload yet.",
    )
    revision = fields.Integer(export_string_translation=False)
    is_ready = fields.Boolean()
    preview = fields.Html(sanitize=False)

    # === SCREEN === #

    @api.onchange("file", "text")
    def _onchange_source(self):
        """Find out what the columns of the list seem to say."""
        self.column_ids = [Command.clear()]
        rows, _problems = self._read_rows()
        self.has_header, targets = guess_columns(rows)
        header = rows[0][1] if self.has_header else []
        body = rows[1:] if self.has_header else rows
        self.column_ids = [
            Command.create(
                {
                    "position": position,
                    "name": header[position] if header else get_letter(position + 1),
                    "sample": self._get_sample(body, position),
                    "target": target,
                }
            )
            for position, target in enumerate(targets)
        ]
        self._show_preview()

    def _get_sample(self, rows, position):
        values = [row[position] for _number, row in rows if row[position]]
        return " · ".join(values[:SAMPLES])[:LONGEST_SAMPLE]

    @api.onchange("has_header", "column_ids", "role_id")
    def _onchange_columns(self):
        """Show what the list means now."""
        self._show_preview()

    def _show_preview(self):
        self.update({"is_ready": False, "preview": False})
        if not self.estimate_id or not (self.file or self.text):
            return
        self.estimate_id.check_access("write")
        self.revision = self.estimate_id._get_content_revision()
        tasks, roles, problems = self._read_tasks()
        names = {
            role.id: role.name for role in self.env["project.role"].browse(set(roles) - {False})
        }
        values = {
            "problems": [self.estimate_id._get_problem_values(problem) for problem in problems],
            "tasks": [
                {"task": task, "role": names.get(role)}
                for task, role in zip(tasks[:SHOWN_TASKS], roles[:SHOWN_TASKS], strict=True)
            ],
            "count": len(tasks),
            "more": max(len(tasks) - SHOWN_TASKS, 0),
            "days": sum(task.duration for task in tasks),
        }
        self.preview = self.env["ir.qweb"]._render(
            "commercial_quote_process.task_list_preview", values
        )
        self.is_ready = bool(tasks) and not problems

    # === READING === #

    def _read_rows(self):
        """Return the rows of the file, or of the text, and what is wrong with it.

        :return: see ``tools.task_list_table``, and a list of problems
        :rtype: tuple
        """
        try:
            if self.file:
                return read_table(self._get_content()), []
            return (read_text(self.text), []) if self.text else ([], [])
        except SpreadsheetError as error:
            return [], [(error.code, 0, 0, error.values)]

    def _get_content(self):
        if len(self.file) > 2 * MAX_FILE_BYTES:
            raise SpreadsheetError("too_large", most=MAX_FILE_BYTES // 1024 // 1024)
        try:
            return base64.b64decode(self.file)
        except (binascii.Error, ValueError) as error:
            raise SpreadsheetError("not_table") from error

    def _read_tasks(self):
        """Return the tasks of the list, the id of the role of each, and everything wrong.

        :rtype: tuple(list, list, list)
        """
        rows, problems = self._read_rows()
        if problems:
            return [], [], self.estimate_id._get_task_list_problems(problems)
        width = len(rows[0][1]) if rows else 0
        targets = {column.position: column.target for column in self.column_ids}
        targets = [targets.get(position) or None for position in range(width)]
        tasks, problems = read_tasks(rows, targets, self.has_header)
        found = {}
        if "role" in targets:
            column = targets.index("role") + 1
            found, unknown = self.estimate_id._find_listed_roles(tasks, column)
            problems += unknown
        roles = [found.get(task.role) or self.role_id.id for task in tasks]
        return tasks, roles, self.estimate_id._get_task_list_problems(problems)

    # === ADDING === #

    def action_apply(self):
        """Add the tasks of the list at the end of the plan.

        :return: an action that closes the dialog, and tells what was done
        :raise UserError: with everything that is wrong, or when the estimate was changed since
        """
        self.ensure_one()
        estimate = self.estimate_id
        estimate.check_access("write")
        tasks, roles, problems = self._read_tasks()
        if problems:
            messages = [estimate._get_problem_message(problem) for problem in problems]
            raise UserError("\n".join(messages))
        commands = estimate._prepare_task_commands(tasks, roles)
        if estimate.apply_plan(commands, self.revision).get("stale"):
            raise UserError(
                self.env._("Somebody has changed this estimate meanwhile. Choose the list again.")
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%(count)s tasks added.", count=len(tasks)),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
