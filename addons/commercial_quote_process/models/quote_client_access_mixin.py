from odoo import api, models

MODULE = "commercial_quote_process"


class QuoteClientAccessMixin(models.AbstractModel):
    """Clients, and visitors, read nothing that this addon adds to a model.

    What they are to see is shown by the portal, which reads it for them. Also where they have no
    right on the model at all: a field that reads through it is searched without asking for one.
    """

    _name = "quote.client.access.mixin"
    _description = "What clients may read"

    @api.model
    def _get_client_fields(self):
        """Return the names of the fields of this addon that clients may read and search by.

        An overrider returns the union of ``super()`` and its own names.

        :rtype: frozenset
        """
        return frozenset()

    @api.model
    def _has_field_access(self, field, operation):
        if (
            not self.env.su
            and field._modules == (MODULE,)
            and not self.env.user.has_group("base.group_user")
            and field.name not in self._get_client_fields()
        ):
            return False
        return super()._has_field_access(field, operation)

    def _traverse_related_sql(self, alias, field, query):
        """Odoo sorts and groups by fields that read through another without asking who may."""
        self._check_field_access(field, "read")
        return super()._traverse_related_sql(alias, field, query)
