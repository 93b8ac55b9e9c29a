import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.spreadsheet_package import MAX_FILE_BYTES


class QuoteEstimateImport(models.TransientModel):
    """A spreadsheet that comes back: what is wrong with it or what it changes, then the change."""

    _name = "quote.estimate.import"
    _description = "Import of the spreadsheet of an estimate"

    estimate_id = fields.Many2one("quote.estimate", required=True, readonly=True)
    file = fields.Binary(string="Spreadsheet", attachment=False, required=True)
    filename = fields.Char()
    revision = fields.Integer(export_string_translation=False)
    is_ready = fields.Boolean()
    is_outdated = fields.Boolean()
    is_overwriting = fields.Boolean(
        string="Replace what was changed since",
        help="The estimate has been changed after this file was made: the file takes it back.",
    )
    preview = fields.Html(sanitize=False)

    @api.onchange("file")
    def _onchange_file(self):
        """Show at once what is wrong with a file, or what it would change."""
        self.update({"is_ready": False, "is_outdated": False, "is_overwriting": False})
        self.preview = False
        if not self.file or not self.estimate_id:
            return
        self.update(self._get_preview(self._get_content()))
        self.revision = self.estimate_id._get_content_revision()

    def _get_preview(self, content):
        """Return the values of the fields that show what a file would do.

        :param bytes content: the file
        :rtype: dict
        """
        estimate = self.estimate_id
        changes, problems, outdated = estimate._read_workbook(content)
        values = {
            "problems": [estimate._get_problem_values(problem) for problem in problems],
            "changes": changes,
        }
        if changes is not None:
            values.update(estimate._get_change_values(changes))
        preview = self.env["ir.qweb"]._render(
            "commercial_quote_process.estimate_import_preview", values
        )
        return {
            "preview": preview,
            "is_ready": changes is not None and not changes.is_empty(),
            "is_outdated": outdated and not changes.is_empty(),
        }

    def _get_content(self):
        """Return the file.

        :rtype: bytes
        :raise UserError: when nothing usable was sent
        """
        # A little more than allowed is let through, for the reader to say why it is too much.
        if len(self.file or b"") > 2 * MAX_FILE_BYTES:
            return b"0" * (MAX_FILE_BYTES + 1)
        try:
            return base64.b64decode(self.file or b"")
        except (binascii.Error, ValueError) as error:
            raise UserError(self.env._("The file did not arrive: choose it again.")) from error

    def action_apply(self):
        """Change the estimate into what the file says.

        :return: an action that closes the dialog, and tells what was done
        :raise UserError: with everything that is wrong, when the estimate was changed since the
            preview, or when the file would undo changes that nobody agreed to
        """
        self.ensure_one()
        estimate = self.estimate_id
        changes = estimate._apply_workbook(self._get_content(), self.revision, self.is_overwriting)
        message = self.env._("Nothing to change: the file says what the estimate says.")
        if not changes.is_empty():
            counts = estimate._get_change_counts(changes)
            message = ", ".join(f"{count['number']} {count['word']}" for count in counts)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
