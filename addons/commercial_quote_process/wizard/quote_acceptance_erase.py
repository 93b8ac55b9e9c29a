from odoo import fields, models


class QuoteAcceptanceErase(models.TransientModel):
    """Asks why a person is erased from an acceptance, and how far."""

    _name = "quote.acceptance.erase"
    _description = "Erase the person who signed"

    acceptance_id = fields.Many2one("quote.acceptance", required=True, readonly=True)
    order_name = fields.Char(related="acceptance_id.order_name")
    signer_name = fields.Char(related="acceptance_id.signer_name")
    reason = fields.Text(help="Kept with the acceptance, for good. Name nobody here.")
    documents = fields.Selection(
        [
            ("keep", "Keep them: the law asks to keep signed contracts"),
            ("empty", "Empty them as well: only their hashes stay"),
        ],
        string="Signed copy and documents",
        required=True,
        default="keep",
        help="They name the person. Emptied, a copy in somebody's hands can still be verified.",
    )

    def action_erase(self):
        """Erase the person, for good.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        self.acceptance_id._anonymise(self.reason, with_documents=self.documents == "empty")
        return {"type": "ir.actions.act_window_close"}
