from odoo import api, fields, models

from .quote_pending_job_mixin import BATCH_SIZE, SENT_DOCUMENT


class QuoteSentDocumentJobMixin(models.AbstractModel):
    """The file of a version that left without one, or whose validity was extended: made by a job.

    See ``quote.pending.job.mixin`` for the job, which makes each file once.
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
            values.update(self._prepare_pending_values(SENT_DOCUMENT))
        return values

    def _on_step_changed(self, previous_steps, step):
        result = super()._on_step_changed(previous_steps, step)
        if step == "sent":
            self._trigger_pending(SENT_DOCUMENT)
        return result

    def action_extend(self, date):
        """A longer validity is part of what the client has in hand: the file says it, too."""
        result = super().action_extend(date)
        left_sudo = self.sudo().filtered("sent_on")
        if left_sudo:
            left_sudo._plan_pending(SENT_DOCUMENT)
        return result

    def action_retry_sent_document(self):
        """Try again at once to make the file.

        :return: True
        """
        return self._retry_pending(SENT_DOCUMENT)

    # === JOB === #

    @api.model
    def _cron_sent_documents(self, limit=BATCH_SIZE):
        """Make the files of the versions that left without one."""
        self._run_pending(SENT_DOCUMENT, limit)

    def _keep_printed_document(self):
        """Make the file of this version as it was sent, and say that the client has it."""
        self.ensure_one()
        order_sudo = self.sudo()
        order_sudo._set_sent_document(order_sudo._make_sent_document("printed"))

    def _get_sent_document_problem(self):
        """Return summary and note of what the salesperson is told when it failed."""
        return (
            self.env._("File of the offer not made"),
            self.env._(
                "The PDF of %(quote)s could not be made, and its client cannot download it."
                " It is tried again every hour; look for very large images in the texts.",
                quote=self.name,
            ),
        )
