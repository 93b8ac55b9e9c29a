from odoo import models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _action_send_mail(self, auto_commit=False):
        """Stop a mail that carries an offer which may not leave the company yet.

        A free message to the client stays possible at every step.
        """
        for composer in self.filtered(lambda composer: composer.model == "sale.order"):
            orders = composer._get_composed_records().filtered("quote_process")
            if not composer._carries_offer():
                names = composer.attachment_ids.sudo().mapped("name")
                orders = orders.filtered(lambda order, names=names: order._is_offer_file(names))
            orders._check_gate("send")
            orders._check_printed_since_ready(composer.attachment_ids)
        return super()._action_send_mail(auto_commit=auto_commit)

    def _carries_offer(self):
        """Return whether this mail is an offer by itself: its template prints it, or it says so.

        :rtype: bool
        """
        self.ensure_one()
        template_sudo = self.template_id.sudo()
        return bool(template_sudo.report_template_ids or self.env.context.get("mark_so_as_sent"))

    def _get_composed_records(self):
        """Return the records that this mail is about, as Odoo finds them when it sends.

        :rtype: recordset
        """
        self.ensure_one()
        records = self.env[self.model]
        if self.res_domain:
            return records.search(self._evaluate_res_domain())
        return records.browse(self._evaluate_res_ids())
