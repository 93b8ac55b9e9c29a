from odoo import models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _action_send_mail(self, auto_commit=False):
        """Stop a mail that carries an offer which may not leave the company yet.

        A free message to the client stays possible at every step.
        """
        for composer in self.filtered(lambda c: c.model == "sale.order"):
            carries_offer = composer.template_id.report_template_ids or (
                self.env.context.get("mark_so_as_sent")
            )
            if carries_offer:
                res_ids = composer._evaluate_res_ids()
                self.env["sale.order"].browse(res_ids)._check_gate("send")
        return super()._action_send_mail(auto_commit=auto_commit)
