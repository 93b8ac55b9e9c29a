from odoo import fields, models


class QuoteChangeAnswer(models.TransientModel):
    """What became of a change that the client asked for, in a word."""

    _name = "quote.change.answer"
    _description = "Answer to a change asked by the client"

    request_id = fields.Many2one(
        "quote.change.request", string="Change", required=True, readonly=True
    )
    comment = fields.Text(related="request_id.comment", related_sudo=False, string="What was asked")
    outcome = fields.Selection(
        [("done", "Done"), ("declined", "Not done")], required=True, default="declined"
    )
    answer = fields.Char(string="How, or why not")

    def action_apply(self):
        """Note the answer.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        if self.outcome == "done":
            self.request_id.action_done(self.answer)
        else:
            self.request_id.action_decline_change(self.answer)
        return {"type": "ir.actions.act_window_close"}
