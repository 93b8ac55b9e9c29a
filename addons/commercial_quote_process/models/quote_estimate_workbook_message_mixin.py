from odoo import models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# What is wrong with a file as a whole.
FILE_MESSAGES = {
    "empty": _lt("The file is empty: choose another one."),
    "too_large": _lt("The file is larger than %(most)s MB: remove what does not belong to it."),
    "encrypted": _lt("The file is protected by a password: save it without one."),
    "old_format": _lt(
        "This is a file of an old spreadsheet (.xls): save it as an Excel workbook (.xlsx)."
    ),
    "other_format": _lt(
        "This is another kind of spreadsheet: save it as an Excel workbook (.xlsx)."
    ),
    "macros": _lt("The file contains macros: save it as an Excel workbook without them (.xlsx)."),
    "not_spreadsheet": _lt("This is no Excel workbook (.xlsx): choose another file."),
    "broken": _lt("The file is damaged: open it in a spreadsheet, save it and try again."),
    "unsafe": _lt("The file contains declarations that no spreadsheet needs, and is not read."),
    "too_much": _lt("The file grows beyond %(most)s MB when it is opened, and is not read."),
    "too_much_text": _lt("The file contains more than %(most)s characters of text."),
    "too_far": _lt(
        "Cell %(cell)s is too far from the table: delete the rows and columns beyond it."
    ),
    "too_many_cells": _lt("The file has more than %(most)s cells: remove what is not needed."),
    "other_estimate": _lt(
        "This file is the spreadsheet of another estimate. To take its rows over as new ones,"
        " clear the columns “ID” first."
    ),
}
# What is wrong with a list of tasks.
LIST_MESSAGES = {
    "not_table": _lt("This is no spreadsheet (.xlsx) and no CSV file: choose another file."),
    "no_name_column": _lt("Choose the column with the names of the tasks."),
    "same_target": _lt("Another column says this already: choose one of them."),
    "unknown_task": _lt("The list has no task “%(value)s” to wait for."),
}
# What is wrong with a sheet or one of its columns.
SHEET_MESSAGES = {
    "missing_sheet": _lt("The sheet “%(title)s” is missing."),
    "missing_column": _lt("The column “%(title)s” is missing."),
    "too_many_rows": _lt("There are more than %(most)s rows."),
    "unknown_role": _lt("There is no role “%(value)s”. Similar roles: %(similar)s."),
    "ambiguous_role": _lt("Several roles are called “%(value)s”: give them different names."),
    "same_role": _lt("The role “%(value)s” has another column already."),
    "no_removed_requirement": _lt(
        "Requirements are missing (%(numbers)s): only the salesperson removes them."
    ),
}
# What is wrong with a cell.
CELL_MESSAGES = {
    "error_value": _lt("The cell shows the error %(value)s."),
    "formula": _lt("There is a formula here: type the value instead."),
    "merged": _lt("Cells are merged here: unmerge them, so that each row has its own."),
    "not_number": _lt("“%(value)s” is no number."),
    "not_whole": _lt("“%(value)s” is no whole number from 1 on."),
    "negative": _lt("%(value)s is negative: type zero or more."),
    "too_big": _lt("%(value)s is more than %(most)s."),
    "not_date": _lt("“%(value)s” is no date: type one such as 2031-12-31."),
    "not_choice": _lt("“%(value)s” is not possible here. Choose one of: %(choices)s."),
    "not_text": _lt("“%(value)s” is no text."),
    "rows_date": _lt(
        "The spreadsheet has made a date of what was typed: format the cell as text first."
    ),
    "not_after": _lt("“%(value)s” cannot be read: type numbers of rows, such as 3; 5+2."),
    "not_rows": _lt("“%(value)s” cannot be read: type numbers of rows, such as 3; 5."),
    "same_id": _lt(
        "The ID %(value)s is in row %(first)s already: clear it, for a copied row to be new."
    ),
    "foreign_row": _lt(
        "The ID %(value)s is of no row of this estimate: clear it, for the row to be new."
    ),
    "same_number": _lt("The number %(value)s is in row %(first)s already."),
    "unknown_number": _lt("No row of the plan has the number %(value)s."),
    "no_name": _lt("The name is missing."),
    "no_kind": _lt("The kind is missing."),
    "long_text": _lt("The text has %(length)s characters; at most %(most)s fit."),
    "duration_kind": _lt("Only tasks have a duration: clear the cell, or make the row a task."),
    "too_deep": _lt("Phases go at most %(most)s levels deep."),
    "level_jump": _lt("Level %(value)s is too deep after the row above: at most %(most)s."),
    "level_parent": _lt("Level %(value)s would be inside “%(parent)s”, which is no phase."),
    "cycle": _lt("These rows wait for each other in a circle: %(items)s."),
    "not_task": _lt("“%(name)s” is no task: put the days on a task."),
    "no_task": _lt("The number of the task is missing."),
    "same_task": _lt("This task has its days in row %(first)s already."),
    "three_point": _lt("Type all of low, likely and high, none greater than the next one."),
    "two_days": _lt(
        "%(days)s days were typed, but low, likely and high give %(mean)s: clear either of them."
    ),
    "no_new_requirement": _lt("You may not add requirements here."),
}
MESSAGES = {**FILE_MESSAGES, **LIST_MESSAGES, **SHEET_MESSAGES, **CELL_MESSAGES}


class QuoteEstimateWorkbookMessageMixin(models.AbstractModel):
    """What is wrong with a spreadsheet, in the words of the person who made it."""

    _name = "quote.estimate.workbook.message.mixin"
    _description = "Messages about a spreadsheet"

    def _get_problem_text(self, problem):
        """Return what is wrong, without where.

        :param tools.estimate_workbook_reader.Problem problem: from a reader
        :rtype: str
        """
        text = self.env._(MESSAGES[problem.code])
        return text % problem.values

    def _get_problem_message(self, problem):
        """Return what is wrong and where: sheet, row and column as the spreadsheet shows them.

        :param tools.estimate_workbook_reader.Problem problem: from a reader
        :rtype: str
        """
        text = self._get_problem_text(problem)
        values = {"sheet": problem.sheet, "row": problem.row, "column": problem.column}
        if problem.row and not problem.sheet:
            place = self.env._("Row %(row)s, column %(column)s", **values)
        elif problem.row and problem.column:
            place = self.env._("%(sheet)s, row %(row)s, column %(column)s", **values)
        elif problem.row:
            place = self.env._("%(sheet)s, row %(row)s", **values)
        else:
            place = problem.sheet
        return f"{place}: {text}" if place else text

    def _get_problem_values(self, problem):
        """Return a problem for a table: ``sheet``, ``row``, ``column`` and ``text``.

        :param tools.estimate_workbook_reader.Problem problem: from a reader
        :rtype: dict
        """
        values = problem._asdict()
        return {
            **{name: values[name] for name in ("sheet", "row", "column")},
            "text": self._get_problem_text(problem),
        }
