import logging
from datetime import timedelta
from typing import NamedTuple

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

BATCH_SIZE = 50
# After as many failures the salesperson is told; from then on it is tried about once in an hour.
MAX_FAILURES = 3
# Minutes to wait before what has failed is tried again: a printer that is down comes back.
RETRY_MINUTES = 5
SLOW_RETRY_MINUTES = 50


class PendingJob(NamedTuple):
    """What a scheduled action does for a quote, by the names of what belongs to it."""

    pending: str
    """Boolean field: it is still to be done; lowered by ``work``, in its transaction."""
    failures: str
    """Integer field: the attempts so far."""
    cron: str
    """External id of the scheduled action."""
    work: str
    """Method that does it for one quote, in superuser mode."""
    problem: str
    """Method that returns summary and note of what the salesperson is told."""


AFTER_ACCEPTANCE = PendingJob(
    pending="after_acceptance_pending",
    failures="after_acceptance_failures",
    cron="commercial_quote_process.ir_cron_after_acceptance",
    work="_after_acceptance",
    problem="_get_after_acceptance_problem",
)
SENT_DOCUMENT = PendingJob(
    pending="sent_document_pending",
    failures="sent_document_failures",
    cron="commercial_quote_process.ir_cron_sent_documents",
    work="_keep_printed_document",
    problem="_get_sent_document_problem",
)


class QuotePendingJobMixin(models.AbstractModel):
    """What is done for a quote without anybody waiting: once, whatever happens to the server.

    A stored flag says that it is due. Each quote is done in one transaction that also lowers the
    flag: killed at any moment, the job does each thing exactly once. Each attempt is counted before
    it is made: a quote that takes its worker down comes after the others, and rarely.
    """

    _name = "quote.pending.job.mixin"
    _description = "Jobs that a flag of the quote asks for"

    # === WHEN IT IS DUE === #

    @api.model
    def _prepare_pending_values(self, job):
        """Return the values of a quote for which a job is due.

        :param PendingJob job: what is due
        :rtype: dict
        """
        return {job.pending: True, job.failures: 0}

    def _plan_pending(self, job):
        """Leave something to a job, which runs at once. Called in superuser mode.

        :param PendingJob job: what is due
        """
        self.write(self._prepare_pending_values(job))
        self._trigger_pending(job)

    @api.model
    def _trigger_pending(self, job, minutes=0):
        """Let a job run, now or in some minutes."""
        at = fields.Datetime.now() + timedelta(minutes=minutes) if minutes else None
        self.env.ref(job.cron).sudo()._trigger(at)

    def _retry_pending(self, job):
        """Let a person who may write on these quotes try again at once what has failed."""
        self.check_access("write")
        stuck_sudo = self.sudo().filtered(job.failures)
        if stuck_sudo:
            stuck_sudo._plan_pending(job)
        return True

    # === JOB === #

    @api.model
    def _run_pending(self, job, limit=BATCH_SIZE):
        """Do what is due, one quote after the other, what failed most at last.

        :param PendingJob job: what is due
        :param int limit: quotes per call; Odoo calls again while some are left
        """
        cron = self.env["ir.cron"]
        rarely = fields.Datetime.now() - timedelta(minutes=SLOW_RETRY_MINUTES)
        domain = Domain(job.pending, "=", True) & (
            Domain(job.failures, "<=", MAX_FAILURES) | Domain("write_date", "<", rarely)
        )
        orders = self.search(domain, order=f"{job.failures}, id", limit=limit)
        waiting = len(orders) if len(orders) < limit else self.search_count(domain)
        cron._commit_progress(remaining=waiting)
        for order in orders:
            # One by one: the cache is emptied at each commit.
            order[0]._try_pending(job)
            if not cron._commit_progress(1):
                break

    def _try_pending(self, job):
        """Do what is due for one quote, or leave it as it was for another time."""
        self.ensure_one()
        try:
            order = self._count_attempt(job)
            if order:
                getattr(order, job.work)()
                self.env.flush_all()
        except OperationalError:
            # Somebody is working on this quote: nothing of ours has failed.
            self.env.cr.rollback()
            for order in self._lock_pending(job):
                order[job.failures] -= 1
            self._trigger_pending(job, RETRY_MINUTES)
        except Exception:
            self.env.cr.rollback()
            _logger.exception("%s of quote %s", job.work, self.id)
            self._trigger_pending(job, RETRY_MINUTES)

    def _count_attempt(self, job):
        """Lock this quote, and count the attempt so that it counts even if it kills its worker.

        :return: the quote, locked again; empty when there is nothing to do now
        :rtype: sale.order
        """
        order = self._lock_pending(job)
        if not order:
            return order
        order[job.failures] += 1
        if order[job.failures] == MAX_FAILURES + 1:
            order._schedule_salesperson_activity(*getattr(order, job.problem)())
            return order.browse()
        self.env["ir.cron"]._commit_progress()
        return order._lock_pending(job)

    def _lock_pending(self, job):
        """Return this quote, locked, when a job is still to be done for it."""
        order = self.try_lock_for_update(allow_referencing=True)
        if not order and self.exists():
            self._trigger_pending(job, RETRY_MINUTES)
        return order.filtered(job.pending)
