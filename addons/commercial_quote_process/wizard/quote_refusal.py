from odoo import fields, models

from ..const import REFUSAL_PARTS


class QuoteRefusal(models.TransientModel):
    """Why a quote is refused, and who has to rework it."""

    _name = "quote.refusal"
    _description = "Refusal of a quote"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True)
    parts = fields.Selection(
        REFUSAL_PARTS,
        string="Part to rework",
        required=True,
        default="commercial",
        help="The technical part goes back to the project manager, the commercial part to the"
        " salesperson.",
    )
    reason = fields.Text(string="What must change", required=True)

    def action_refuse(self):
        """Refuse the quote with this reason.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        self.order_id.action_refuse(self.reason, self.parts)
        return {"type": "ir.actions.act_window_close"}
