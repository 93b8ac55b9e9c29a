import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# Records per transaction, and per call of the job.
BATCH_SIZE = 500
RUN_SIZE = 2000
# What failed this often is left to a person, with a row that says so.
MAX_FAILURES = 3


class QuoteDueJobMixin(models.AbstractModel):
    """Records with something to do on a day, done by a job: exactly once, whatever happens to it.

    The date that the job searches moves in the transaction that does the work, behind a lock and
    with a unique index of what was done: killed at any moment, run twice at the same time or with
    a clock that goes back, the job does each thing once. To be inherited by the models whose
    records are followed up; they say how in ``_follow_up`` and ``_give_up_followup``.
    """

    _name = "quote.due.job.mixin"
    _description = "What is due on a day"

    next_followup_on = fields.Date(string="Next follow-up", copy=False, readonly=True)
    followup_failures = fields.Integer(
        string="Failures of the follow-up",
        copy=False,
        readonly=True,
        help="How often the scheduled action could not make what is due.",
    )

    # In the order in which the job looks: it reads no more than it takes.
    _next_followup_on_idx = models.Index(
        "(next_followup_on, id) WHERE next_followup_on IS NOT NULL"
    )

    # === TO BE WRITTEN BY EACH MODEL === #

    def _follow_up(self):
        """Do what is due on these records, which are locked, and set when the next thing is.

        Called in superuser mode, for as many records as a transaction takes.
        """
        raise NotImplementedError

    def _give_up_followup(self):
        """Write down that what is due on this record failed, and set when the next thing is."""
        raise NotImplementedError

    # === WHAT IS DUE === #

    def _get_followup_company(self):
        """Return the company whose day counts for this record.

        :rtype: res.company
        """
        return self.company_id or self.env.company

    @api.model
    def _get_due_domain(self):
        """Return the domain of what is due by now, by the day of each company.

        :rtype: Domain
        """
        # Each company has its own day, and there are few.
        companies_sudo = self.env["res.company"].sudo().search([])  # pylint: disable=no-search-all
        by_day = companies_sudo.grouped(lambda company: company._quote_today())
        # The range is asked for by itself, for the index.
        domain = Domain("next_followup_on", "<=", max(by_day))
        if len(by_day) > 1:
            own_day = self.env.company._quote_today()
            domain &= Domain.OR(
                Domain("company_id", "in", companies.ids + ([False] if day == own_day else []))
                & Domain("next_followup_on", "<=", day)
                for day, companies in by_day.items()
            )
        return domain

    # === THE JOB === #

    @api.model
    def _run_due_job(self, batch_size=BATCH_SIZE, limit=RUN_SIZE):
        """Do all that is due, the oldest first, a transaction for each batch.

        :param int batch_size: records per transaction
        :param int limit: records per call; Odoo calls again while some are left
        """
        cron = self.env["ir.cron"]
        everything = self.with_context(active_test=False)
        domain = self._get_due_domain()
        # One more than the call takes: Odoo only asks whether some are left.
        due = everything.search(domain, order="next_followup_on, id", limit=limit + 1)
        cron._commit_progress(remaining=len(due))
        due = due[:limit]
        for start in range(0, len(due), batch_size):
            # Only its own ids: what is read of a batch is not read ahead for the others.
            batch = self.browse(due.ids[start : start + batch_size])
            batch._follow_up_safely(domain)
            self.env.invalidate_all()
            if not cron._commit_progress():
                return

    def _follow_up_safely(self, domain):
        """Do what is due in one transaction, or by halves until the one that fails stands alone.

        :param Domain domain: what must still hold once the records are locked
        """
        waiting = [self]
        while waiting:
            batch = waiting.pop()
            if batch._try_follow_up(domain):
                continue
            if len(batch) == 1:
                batch._count_followup_failure()
                continue
            half = len(batch) // 2
            waiting += [self.browse(batch.ids[half:]), self.browse(batch.ids[:half])]

    def _try_follow_up(self, domain):
        """Do what is due on those of these records that nobody else is working on.

        :return: False when it failed and everything was undone
        :rtype: bool
        """
        try:
            locked = self.try_lock_for_update(allow_referencing=True)
            everything = locked.with_context(active_test=False)
            due = everything.search(Domain("id", "in", locked.ids) & domain, order="id")
            if due:
                self.browse(due.ids)._follow_up()
            # With what was done: Odoo puts off a job that was killed three times without progress.
            # What somebody else is working on is still to do, and soon.
            self.env["ir.cron"]._commit_progress(len(locked))
            return True
        except OperationalError:
            # Somebody changed one of them meanwhile: it stays due, and did not fail.
            self.env.cr.rollback()
            return len(self) == 1
        except Exception:
            self.env.cr.rollback()
            if len(self) == 1:
                _logger.exception("Follow-up of %s failed", self)
            return False

    def _count_followup_failure(self):
        """Try again tomorrow; after some days, write down that it failed and go on."""
        tomorrow = self._get_followup_company()._quote_today() + timedelta(days=1)
        query = SQL(
            "UPDATE %s SET followup_failures = COALESCE(followup_failures, 0) + 1,"
            " next_followup_on = %s WHERE id = %s RETURNING followup_failures",
            SQL.identifier(self._table),
            tomorrow,
            self.id,
        )
        rows = self.env.execute_query(query)
        self.env["ir.cron"]._commit_progress(1)
        self.invalidate_recordset()
        if not rows or rows[0][0] < MAX_FAILURES:
            return
        try:
            self._give_up_followup()
            self.env["ir.cron"]._commit_progress()
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Follow-up of %s cannot even be given up", self)
            query = SQL(
                "UPDATE %s SET next_followup_on = NULL WHERE id = %s",
                SQL.identifier(self._table),
                self.id,
            )
            self.env.cr.execute(query)
            self.env["ir.cron"]._commit_progress()
        self.invalidate_recordset()
