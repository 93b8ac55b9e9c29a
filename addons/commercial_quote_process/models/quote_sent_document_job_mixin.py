import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

BATCH_SIZE = 50
# After as many failures its salesperson is told, and the job goes on at its usual pace.
MAX_FAILURES = 3
JOB = "commercial_quote_process.ir_cron_sent_documents"


class QuoteSentDocumentJobMixin(models.AbstractModel):
    """The file of a version that left without one, or whose validity was extended: made by a job.

    A stored flag says that it is due, and is lowered in the transaction that keeps the file:
    killed at any moment, the job makes each file once.
    """

    _name = "quote.sent.document.job.mixin"
    _description = "Job that makes the offers as they were sent"

    sent_document_pending = fields.Boolean(
        string="File of the offer being made",
        copy=False,
        readonly=True,
        help="The version left without its file, which is about to be made and kept.",
    )
    sent_document_failures = fields.Integer(
        string="Failures to make the file", copy=False, readonly=True
    )

    _sent_document_pending_idx = models.Index("(id) WHERE sent_document_pending IS TRUE")

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {"sent_document_failures", "sent_document_pending"}

    # === WHEN IT IS DUE === #

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

    def action_extend(self, date):
        """A longer validity is part of what the client has in hand: the file says it, too."""
        result = super().action_extend(date)
        left_sudo = self.sudo().filtered("sent_on")
        if left_sudo:
            left_sudo.write({"sent_document_pending": True, "sent_document_failures": 0})
            self.env.ref(JOB).sudo()._trigger()
        return result

    # === JOB === #

    @api.model
    def _cron_sent_documents(self, limit=BATCH_SIZE):
        """Make the files of the versions that left without one; what failed most comes last."""
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
                _logger.exception("File of the offer %s", order.id)
                order._sent_document_failed()
            if not cron._commit_progress(1):
                break

    def _keep_printed_document(self):
        """Make the file of this version as it was sent, and say that the client has it."""
        self.ensure_one()
        order_sudo = self.sudo()
        order_sudo._set_sent_document(order_sudo._make_sent_document("printed"))

    def _sent_document_failed(self):
        """Count the failure: try again at once a few times, then tell the salesperson once."""
        order_sudo = self.sudo().exists()
        if not order_sudo:
            return
        order_sudo.sent_document_failures += 1
        if order_sudo.sent_document_failures < MAX_FAILURES:
            self.env.ref(JOB).sudo()._trigger()
        elif order_sudo.sent_document_failures == MAX_FAILURES:
            order_sudo._schedule_salesperson_activity(
                self.env._("File of the offer not made"),
                self.env._(
                    "The PDF of %(quote)s could not be made, and its client cannot download it."
                    " It is tried again every hour; look for very large images in the texts.",
                    quote=order_sudo.name,
                ),
            )
