from odoo import models
from odoo.exceptions import MissingError
from odoo.tools import SQL


class QuoteLockMixin(models.AbstractModel):
    """Decisions exclude each other, and notice every change of the content."""

    _name = "quote.lock.mixin"
    _description = "Lock of a quote"

    def _lock_for_decision(self):
        """Lock the quotes for a decision, and mark that one is taken.

        Whoever decides or edits at the same time waits, and is then started again by Odoo, to see
        what the first one did. The rows are written, not only locked: a decision that leaves the
        quote as it is, such as the first of two approvals, would otherwise stay unseen by the
        second one, which reads the database as it was before. What this transaction has read
        needs no second look: PostgreSQL refuses the lock when the rows have changed since.

        :raise MissingError: when one of the quotes is gone
        """
        ids = tuple(self._ids)
        if not ids:
            return
        # In the order of their ids, so that two batches never wait for each other.
        locked = SQL("SELECT id FROM sale_order WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", ids)
        self.env.cr.execute(
            SQL(
                "WITH locked AS (%s) UPDATE sale_order SET content_revision = content_revision"
                " FROM locked WHERE sale_order.id = locked.id",
                locked,
            ),
            # Two people at the same instant are no error.
            log_exceptions=False,
        )
        if self.env.cr.rowcount != len(set(ids)):
            raise MissingError(self.env._("This quote does not exist any more."))

    def _bump_content_revision(self):
        """Move the content revision of these quotes; waits for a decision under way."""
        if not self.ids:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE sale_order SET content_revision = COALESCE(content_revision, 0) + 1"
                " WHERE id IN %s",
                tuple(self.ids),
            ),
            log_exceptions=False,
        )
        self.invalidate_recordset(["content_revision"])
