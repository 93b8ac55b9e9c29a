from odoo import models
from odoo.exceptions import UserError


class QuoteMailMixin(models.AbstractModel):
    """Mails and messages: an offer that may not leave the company leaves by none of them.

    A free message to the client stays possible at every step.
    """

    _name = "quote.mail.mixin"
    _description = "Mails of a quote"

    def message_post(self, **kwargs):
        """Stop an offer that somebody attaches by hand to a message the client can read."""
        names = self._get_attached_names(kwargs)
        if names and not self._is_internal_note(kwargs):
            carried = self.filtered(lambda order: order._is_offer_file(names))
            carried._check_gate("send")
            if self._has_outside_recipient(kwargs):
                # What reaches the client has been sent, whichever way it went.
                carried.filtered(lambda order: order.quote_step == "ready")._mark_sent()
        return super().message_post(**kwargs)

    def _get_attached_names(self, values):
        """Return the names of the files that a message carries.

        :param dict values: as given to ``message_post``
        :rtype: list
        """
        attachments = self.env["ir.attachment"].browse(values.get("attachment_ids") or [])
        names = [attachment_sudo.name for attachment_sudo in attachments.sudo().exists()]
        return names + [attachment[0] for attachment in values.get("attachments") or []]

    def _is_offer_file(self, names):
        """Return whether one of these files is the printed offer, by the name it is printed under.

        :param list names: names of files
        :rtype: bool
        """
        self.ensure_one()
        return self.quote_process and any(
            self.name in name and name.lower().endswith(".pdf") for name in names if name
        )

    def _check_printed_since_ready(self, files):
        """Refuse to send a print that is older than the approval: it may say something else.

        A mail is written in a window that prints the offer when it opens, and that may stay open
        while the quote is withdrawn, changed and approved again.

        :param files: the ``ir.attachment`` records of the mail
        :raise UserError: with what to do
        """
        for order in self:
            logs_sudo = order.sudo().quote_step_log_ids.filtered(lambda log: log.step == "ready")
            ready_on = logs_sudo.sorted("id")[-1:].create_date
            prints_sudo = files.sudo().filtered(lambda file, o=order: o._is_offer_file([file.name]))
            if ready_on and any(file_sudo.create_date < ready_on for file_sudo in prints_sudo):
                raise UserError(
                    self.env._(
                        "%(quote)s has been approved again since this mail was opened: close it,"
                        " and open it again to send what is approved now.",
                        quote=order.name,
                    )
                )

    def _is_internal_note(self, values):
        """Return whether only colleagues read a message.

        :param dict values: as given to ``message_post``
        :rtype: bool
        """
        subtypes_sudo = self.env["mail.message.subtype"].sudo()
        if values.get("subtype_xmlid"):
            subtype = self.env.ref(values["subtype_xmlid"], raise_if_not_found=False)
        else:
            subtype = subtypes_sudo.browse(values.get("subtype_id") or [])
        note = not subtype or subtype.sudo().internal
        return note and not self._has_outside_recipient(values)

    def _has_outside_recipient(self, values):
        partners_sudo = self.env["res.partner"].sudo().browse(values.get("partner_ids") or [])
        return bool(values.get("outgoing_email_to")) or any(partners_sudo.mapped("partner_share"))

    def _send_order_notification_mail(self, mail_template, **options):
        """Send no mail of Odoo's own about an offer that may not leave the company: nor later."""
        if mail_template.report_template_ids and self._get_gate_error("send"):
            return None
        return super()._send_order_notification_mail(mail_template, **options)
