from odoo import models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def send_mail_batch(self, res_ids, *args, **kwargs):
        """Stop a template that carries an offer which may not leave the company yet."""
        if self.model == "sale.order" and self.report_template_ids:
            self.env["sale.order"].browse(res_ids)._check_gate("send")
        return super().send_mail_batch(res_ids, *args, **kwargs)
