from odoo import fields, models


class QuoteEstimateReady(models.TransientModel):
    """Confirm that the technical part of a tender is finished, although answers are missing."""

    _name = "quote.estimate.ready"
    _description = "Hand over with requirements unanswered"

    estimate_id = fields.Many2one("quote.estimate", required=True, readonly=True)
    unanswered_html = fields.Html(compute="_compute_unanswered_html", sanitize=False)
    unanswered_count = fields.Integer(compute="_compute_unanswered_html")

    def _compute_unanswered_html(self):
        for wizard in self:
            rows = [
                row
                for row in wizard.estimate_id._get_labelled_compliance_rows()
                if row["compliance"] == "to_answer"
            ]
            wizard.unanswered_count = len(rows)
            wizard.unanswered_html = self.env["ir.qweb"]._render(
                "commercial_quote_process.quote_unanswered_requirements", {"requirements": rows}
            )

    def action_confirm(self):
        """Hand the technical part over as it is.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        self.estimate_id.with_context(quote_unanswered_confirmed=True).action_ready()
        return {"type": "ir.actions.act_window_close"}

    def action_answer(self):
        """Go and answer instead.

        :return: the action that lists the requirements
        """
        self.ensure_one()
        return self.estimate_id.action_answer_requirements()
