from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import EDITABLE_STEPS

# What another file would be shown by.
FILE_FIELDS = frozenset({"checksum", "datas", "db_datas", "mimetype", "raw", "store_fname", "url"})


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        if FILE_FIELDS & vals.keys():
            self._check_not_in_closed_offer()
        return super().write(vals)

    def unlink(self):
        self._check_not_in_closed_offer()
        return super().unlink()

    def _check_not_in_closed_offer(self):
        """Refuse another picture in the texts of an offer that is approved, or that left.

        :raise UserError: with the name of the quote
        """
        pictures_sudo = self.sudo().filtered(
            lambda attachment: (
                not attachment.res_field and (attachment.mimetype or "").startswith("image/")
            )
        )
        order_sudo = self.env["sale.order"].sudo().browse(pictures_sudo._find_closed_offer())
        if order_sudo:
            raise UserError(
                self.env._(
                    "This picture is part of %(quote)s, which is approved or already left: it"
                    " cannot change.",
                    quote=order_sudo.name,
                )
            )

    def _find_closed_offer(self):
        """Return the id of a closed quote with one of these pictures in a text, if there is one.

        :rtype: list(int)
        """
        if not self:
            return []
        self.env["sale.order"].flush_model()
        self.env["quote.estimate"].flush_model(["technical_content", "organisation_content"])
        ids = "|".join(map(str, self.ids))
        self.env.cr.execute(
            SQL(
                """
                SELECT quote.id
                  FROM sale_order AS quote
             LEFT JOIN quote_estimate AS estimate ON estimate.id = quote.estimate_id
                 WHERE quote.quote_process
                   AND quote.quote_step NOT IN %s
                   AND concat_ws(' ', quote.proposal_summary, quote.scope_content,
                                 quote.scope_exclusions, quote.scope_assumptions, quote.note,
                                 estimate.technical_content, estimate.organisation_content)
                       ~ %s
                 LIMIT 1
                """,
                tuple(sorted(EDITABLE_STEPS["commercial"])),
                f"/web/(image|content)/({ids})[^0-9]",
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]
