from odoo import fields, models


class QuoteTaskListColumn(models.TransientModel):
    """A column of a list of tasks, and what it says."""

    _name = "quote.task.list.column"
    _description = "Column of a list of tasks"
    _order = "position, id"

    list_id = fields.Many2one("quote.task.list", required=True, ondelete="cascade")
    position = fields.Integer(export_string_translation=False)
    name = fields.Char(string="Column", readonly=True)
    sample = fields.Char(string="First values", readonly=True)
    target = fields.Selection(
        [
            ("name", "Name of the task"),
            ("duration", "Duration (days)"),
            ("days", "Workload (days)"),
            ("phase", "Phase"),
            ("role", "Role"),
            ("number", "Number of the task"),
            ("after", "After (numbers or names)"),
            ("description", "Description"),
        ],
        string="What it says",
        help="Leave it empty for a column that is of no use.",
    )
