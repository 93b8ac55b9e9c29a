import logging

from odoo import api, fields, models

from ..const import OPEN_STEPS

_logger = logging.getLogger(__name__)

BATCH_SIZE = 50
# After as many failures the file is left to its salesperson, who still can print the quote.
MAX_FAILURES = 3
JOB = "commercial_quote_process.ir_cron_sent_documents"


class QuoteSentDocumentMixin(models.AbstractModel):
    """What left is kept with the version: the files of the mail, or a print made by a job."""

    _name = "quote.sent.document.mixin"
    _description = "Offers as they were sent"

    sent_document_ids = fields.One2many(
        "quote.sent.document", "order_id", string="As sent", readonly=True, copy=False
    )
    sent_document_pending = fields.Boolean(
        string="Copy of what was sent being made",
        copy=False,
        readonly=True,
        help="The offer left without a file: a copy of it is about to be printed and kept.",
    )
    sent_document_failures = fields.Integer(
        string="Failures to keep what was sent", copy=False, readonly=True
    )

    _sent_document_pending_idx = models.Index("(id) WHERE sent_document_pending IS TRUE")

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {
            "sent_document_failures",
            "sent_document_ids",
            "sent_document_pending",
        }

    def action_open_sent_document(self):
        """Download the offer as it was sent with this version.

        :return: the action that downloads the newest file, False when there is none
        :rtype: dict | bool
        """
        self.ensure_one()
        document = self.sent_document_ids[-1:]
        return document and {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{document.attachment_id.id}?download=true",
            "target": "download",
        }

    # === WHEN A QUOTE LEAVES === #

    def _prepare_step_values(self, step):
        values = super()._prepare_step_values(step)
        if step == "sent":
            values.update(sent_document_pending=True, sent_document_failures=0)
        return values

    def _on_step_changed(self, previous_steps, step):
        result = super()._on_step_changed(previous_steps, step)
        if step == "sent":
            self.env.ref(JOB).sudo()._trigger()
        return result

    def message_post(self, **kwargs):
        """The files of the mail that carries the offer are kept with the version."""
        message = super().message_post(**kwargs)
        if self.env.context.get("mark_so_as_sent"):
            self._keep_mailed_documents(message)
        return message

    def _keep_mailed_documents(self, message):
        """Keep the files that went to the client with a message; no print is needed then.

        :param message: the ``mail.message`` that carries the offer
        """
        orders_sudo = self.sudo().filtered(lambda order: order.quote_step in OPEN_STEPS)
        files_sudo = message.sudo().attachment_ids.filtered(
            lambda file: file.mimetype == "application/pdf"
        )
        if not orders_sudo or not files_sudo:
            return
        for order_sudo in orders_sudo:
            files = [(file_sudo.name, file_sudo.raw) for file_sudo in files_sudo]
            self.env["quote.sent.document"]._add(order_sudo, "mail", files)
        orders_sudo.sent_document_pending = False

    # === JOB === #

    @api.model
    def _cron_sent_documents(self, limit=BATCH_SIZE):
        """Print and keep the offers that left without a file."""
        cron = self.env["ir.cron"]
        domain = [("sent_document_pending", "=", True)]
        orders = self.search(domain, order="sent_document_failures, id", limit=limit)
        waiting = len(orders) if len(orders) < limit else self.search_count(domain)
        cron._commit_progress(remaining=waiting)
        for order in orders:
            order = order[0]  # the cache is emptied at each commit: no reading ahead
            try:
                order = order.try_lock_for_update(allow_referencing=True).filtered_domain(domain)
                if order:
                    order._keep_printed_document()
            except Exception:
                self.env.cr.rollback()
                _logger.exception("Copy of what was sent of quote %s", order.id)
                order._sent_document_failed()
            if not cron._commit_progress(1):
                break

    def _keep_printed_document(self):
        """Print this version as it was sent, and keep the file."""
        self.ensure_one()
        order_sudo = self.sudo().with_company(self.company_id)
        content, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
            "sale.action_report_saleorder", order_sudo.ids
        )
        self.env["quote.sent.document"]._add(
            order_sudo, "printed", [(f"{order_sudo.name}.pdf", content)]
        )
        order_sudo.write({"sent_document_pending": False, "sent_document_failures": 0})

    def _sent_document_failed(self):
        """Count the failure; give up after a few, and say so in the log."""
        order_sudo = self.sudo().exists()
        order_sudo.sent_document_failures += 1
        if order_sudo.sent_document_failures >= MAX_FAILURES:
            order_sudo.sent_document_pending = False
            order_sudo._message_log(
                body=self.env._("The copy of what was sent could not be made: print it yourself.")
            )
        elif order_sudo:
            self.env.ref(JOB).sudo()._trigger()
