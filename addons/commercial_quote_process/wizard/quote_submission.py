from odoo import fields, models


class QuoteSubmission(models.TransientModel):
    """When, and with which receipt, an answer to a tender was deposited."""

    _name = "quote.submission"
    _description = "Deposit of a quote on a platform"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True)
    date = fields.Datetime(
        string="Deposited on", required=True, default=lambda self: fields.Datetime.now()
    )
    receipt = fields.Binary(attachment=False, help="What the platform gave as a proof.")
    receipt_name = fields.Char()

    def action_submit(self):
        """Mark the quote as deposited.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        attachment = self.env["ir.attachment"]
        content = self.with_context(bin_size=False).receipt
        if content:
            attachment = attachment.create(
                {"name": self.receipt_name or self.env._("Receipt"), "datas": content}
            )
        self.order_id.action_mark_submitted(self.date, attachment.id)
        return {"type": "ir.actions.act_window_close"}
