from odoo import api, fields, models


class QuoteReaderMixin(models.AbstractModel):
    """Who reads a quote beside its salesperson: see ``security/quote_reader_rules.xml``.

    Whoever leads its team; and whoever decides, or decided, on one of its versions, who needs the
    others to see what changed. Rules of other models ask for the same by the path to the quote.
    """

    _name = "quote.reader.mixin"
    _description = "Readers of a quote"
    _inherit = ["quote.client.access.mixin"]

    quote_family_ids = fields.One2many(
        "sale.order",
        "quote_root_id",
        string="Versions of the family",
        groups="base.group_user",
        copy=False,
        export_string_translation=False,
        help="On the first version: all versions, itself included.",
    )
    can_write_quote = fields.Boolean(
        string="May be changed by the reader",
        compute="_compute_can_write_quote",
        exportable=False,
        help="Approvers read the quotes that they decide on, without changing them: what changes"
        " a quote is not offered to them.",
    )

    @api.depends_context("uid")
    def _compute_can_write_quote(self):
        saved = self.filtered("id")
        writable = saved._filtered_access("write")
        for order in self:
            order.can_write_quote = not order.id or order._origin in writable

    def _track_prepare(self, fields_iter):
        """Read what is tracked without asking for each value whether the user may read it.

        It is kept for the history, which asks so of whoever reads it.
        """
        orders_sudo = self.sudo()
        return super(QuoteReaderMixin, orders_sudo)._track_prepare(fields_iter)

    @api.model
    def _get_client_fields(self):
        """Clients tell offers apart, and the portal lists those that they have received."""
        return super()._get_client_fields() | {
            "quote_process",
            "quote_step",
            "quote_version",
            "sent_on",
        }
