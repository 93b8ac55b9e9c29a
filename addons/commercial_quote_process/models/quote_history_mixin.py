from odoo import models
from odoo.exceptions import UserError


class QuoteHistoryMixin(models.AbstractModel):
    """Rows that tell what happened: some values may still be completed, nothing is rewritten.

    No context key and no superuser mode opens ``write`` and ``unlink``; an uninstallation drops
    the tables without them.
    """

    _name = "quote.history.mixin"
    _description = "History"

    def _is_history_change_allowed(self, vals):
        """Return whether these values complete the rows rather than rewrite them.

        :param dict vals: what is being written
        :rtype: bool
        """
        return False

    def write(self, vals):
        if not self._is_history_change_allowed(vals):
            raise UserError(self.env._("What has happened is kept: it cannot be changed."))
        return super().write(vals)

    def unlink(self):  # pylint: disable=method-required-super
        # @api.ondelete would not do: a context key that any caller may send skips it.
        raise UserError(  # pylint: disable=no-raise-unlink
            self.env._("What has happened is kept: it cannot be deleted.")
        )
