from odoo import models
from odoo.exceptions import UserError


class QuoteImmutableMixin(models.AbstractModel):
    """Rows that are evidence: added once, never changed, never deleted.

    No context key and no superuser mode opens ``write`` and ``unlink``; an uninstallation drops
    the tables without them.
    """

    _name = "quote.immutable.mixin"
    _description = "Evidence"

    def write(self, vals):
        raise UserError(
            self.env._(
                "%(document)s is evidence: it can be neither changed nor replaced.",
                document=self.env._(self._description),
            )
        )

    def unlink(self):
        raise UserError(
            self.env._(
                "%(document)s is evidence: it cannot be deleted.",
                document=self.env._(self._description),
            )
        )
