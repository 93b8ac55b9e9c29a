from odoo import models
from odoo.exceptions import UserError


class QuoteImmutableMixin(models.AbstractModel):
    """Rows that are evidence: added once, never changed, never deleted.

    No context key and no superuser mode opens ``write`` and ``unlink``; an uninstallation drops
    the tables without them.
    """

    _name = "quote.immutable.mixin"
    _description = "Evidence"

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "%(document)s is evidence: it can be neither changed nor replaced.",
                document=self.env["ir.model"]._get(self._name).name,
            )
        )

    def unlink(self):  # pylint: disable=method-required-super
        raise UserError(  # pylint: disable=no-raise-unlink
            self.env._(
                "%(document)s is evidence: it cannot be deleted.",
                document=self.env["ir.model"]._get(self._name).name,
            )
        )
