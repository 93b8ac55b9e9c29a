from odoo import api, fields, models

MODULE = "commercial_quote_process"


class QuoteReaderMixin(models.AbstractModel):
    """Who reads a quote beside its salesperson: see ``security/quote_reader_rules.xml``.

    Whoever leads its team; and whoever decides, or decided, on one of its versions, who needs the
    others to see what changed. Rules of other models ask for the same by the path to the quote.

    Clients read their quotes, but nothing that the process adds to them: what they are to see is
    shown by the portal, which reads it for them.
    """

    _name = "quote.reader.mixin"
    _description = "Readers of a quote"

    quote_family_ids = fields.One2many(
        "sale.order",
        "quote_root_id",
        string="Versions of the family",
        groups="base.group_user",
        copy=False,
        export_string_translation=False,
        help="On the first version: all versions, itself included.",
    )

    @api.model
    def _get_client_fields(self):
        """Return the names of the fields of this addon that clients may read and search by.

        An overrider returns the union of ``super()`` and its own names.

        :rtype: frozenset
        """
        return frozenset({"quote_process", "quote_step", "quote_version", "sent_on"})

    @api.model
    def _has_field_access(self, field, operation):
        if (
            not self.env.su
            and field._modules == (MODULE,)
            and not self.env.user._is_internal()
            and field.name not in self._get_client_fields()
        ):
            return False
        return super()._has_field_access(field, operation)
