from odoo import api, fields, models

from .quote_pending_job_mixin import AFTER_ACCEPTANCE, BATCH_SIZE


class QuoteAfterAcceptanceMixin(models.AbstractModel):
    """What follows an acceptance without the client waiting for it.

    See ``quote.pending.job.mixin`` for the job, which does each thing exactly once.
    """

    _name = "quote.after.acceptance.mixin"
    _description = "After the acceptance of quotes"

    after_acceptance_pending = fields.Boolean(
        string="Signed copy being prepared",
        copy=False,
        readonly=True,
        help="The confirmation mail, the signed copy and the won opportunity are still to come.",
    )
    after_acceptance_failures = fields.Integer(
        string="Failures after acceptance",
        copy=False,
        readonly=True,
        help="How often the scheduled action has tried to prepare what follows the acceptance.",
    )

    _after_acceptance_pending_idx = models.Index("(id) WHERE after_acceptance_pending IS TRUE")

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {
            "after_acceptance_pending",
            "after_acceptance_failures",
        }

    def action_retry_after_acceptance(self):
        """Try again at once to prepare the signed copy, the mail and the rest.

        :return: True
        """
        return self._retry_pending(AFTER_ACCEPTANCE)

    @api.model
    def _cron_after_acceptance(self, limit=BATCH_SIZE):
        """Prepare what follows the acceptances that are waiting for it."""
        self._run_pending(AFTER_ACCEPTANCE, limit)

    def _after_acceptance(self):
        """Do what follows one acceptance. An overrider calls ``super()`` first."""
        self.ensure_one()
        acceptance = self.quote_acceptance_ids
        self.write({"after_acceptance_pending": False, "after_acceptance_failures": 0})
        self._post_acceptance_message(acceptance)
        message = self._post_confirmation()
        self._add_signed_copy(acceptance, message)
        self.opportunity_id._set_won_from_quote(self)

    def _get_after_acceptance_problem(self):
        """Return summary and note of what the salesperson is told when it failed."""
        return (
            self.env._("Signed copy not sent"),
            self.env._(
                "%(quote)s is accepted, but its signed copy could not be prepared. It is tried"
                " again every hour.",
                quote=self.name,
            ),
        )

    # === PIECES === #

    def _post_acceptance_message(self, acceptance):
        """Tell the followers who accepted, in the client's name.

        Some follow the confirmations of a team and nothing else: they are told as well.
        """
        confirmed = self.env.ref("sale.mt_order_confirmed", raise_if_not_found=False)
        followers = self.message_follower_ids.filtered(lambda f: confirmed in f.subtype_ids)
        self.with_context(mail_notify_force_send=False).message_post(
            body=self._get_acceptance_reason(acceptance),
            author_id=self.partner_id.id,
            partner_ids=followers.partner_id.filtered(lambda p: not p.partner_share).ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _post_confirmation(self):
        """Send the confirmation to the client; the mail leaves by the queue.

        :return: the message, empty when the company has no confirmation mail
        :rtype: mail.message
        """
        template = self._get_confirmation_template()
        if not template:
            return self.env["mail.message"]
        return self.with_context(mail_notify_force_send=False).message_post_with_source(
            template,
            email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature",
            subtype_xmlid="mail.mt_comment",
        )

    def _add_signed_copy(self, acceptance, message):
        """Keep the file that the client received; print it when no mail carried it."""
        printed = message.attachment_ids.filtered(lambda file: file.mimetype == "application/pdf")
        if printed:
            content = printed[0].raw
        else:
            content, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
                "sale.action_report_saleorder", self.ids
            )
        env = self.with_context(lang=self._get_lang()).env
        name = env._("%(quote)s - signed.pdf", quote=self.name)
        self.env["quote.acceptance.document"]._add(acceptance, "signed_copy", [(name, content)])

    def _get_signed_copy(self):
        """Return the signed copy of this quote, when it has been prepared.

        :rtype: quote.acceptance.document
        """
        self.ensure_one()
        return self.quote_acceptance_ids.document_ids.filtered(lambda d: d.kind == "signed_copy")
