from odoo import fields, models
from odoo.fields import Command


class QuoteAskChanges(models.TransientModel):
    """What the client asks to change in a quote, as said to the salesperson."""

    _name = "quote.ask.changes"
    _description = "Record a request for changes to a quote"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True)
    asked_by_id = fields.Many2one(
        "res.partner",
        string="Asked by",
        default=lambda self: self._get_usual_asker(),
        help="Who said so, at the client's.",
    )
    line_ids = fields.One2many(
        "quote.ask.changes.line",
        "wizard_id",
        string="By section",
        default=lambda self: [Command.create({"section": "scope"})],
    )
    reason = fields.Text(string="In general")
    attachment_ids = fields.Many2many("ir.attachment", string="Files")

    def _get_usual_asker(self):
        """Return who usually speaks for the client of the quote."""
        order = self.env["sale.order"].browse(self.env.context.get("default_order_id"))
        return order.signer_id or order.partner_id

    def action_request_changes(self):
        """Record the request.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        self.order_id.check_access("write")
        comments = {}
        for line in self.line_ids.filtered("comment"):
            known = comments.get(line.section)
            comments[line.section] = f"{known}\n{line.comment}" if known else line.comment
        files = [(file.name, file.raw or b"") for file in self.attachment_ids]
        self.order_id._request_changes(
            self.reason,
            self.asked_by_id or self.env.user.partner_id,
            comments,
            files,
            noted_by_id=self.env.uid,
        )
        return {"type": "ir.actions.act_window_close"}
