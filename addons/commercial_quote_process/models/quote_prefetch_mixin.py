from odoo import models


class QuotePrefetchMixin(models.AbstractModel):
    """Reading of many documents and their rows in a constant number of queries."""

    _name = "quote.prefetch.mixin"
    _description = "Reading of rows in batch"

    def _prefetch_rows(self, name, columns):
        """Read the rows of a one2many field with their columns, in one query.

        Odoo itself takes two: one for the ids of the rows, one for the columns.

        :param str name: name of the one2many field
        :param columns: names of the fields of the rows, the one that leads back here included
        """
        field = self._fields[name]
        missing = self.browse(field._cache_missing_ids(self))
        if missing:
            inverse = field.inverse_name
            rows = self.env[field.comodel_name].search_fetch(
                [(inverse, "in", missing.ids)], columns
            )
            by_parent = rows.grouped(inverse)
            values = [by_parent.get(parent, rows.browse())._ids for parent in missing]
            field._insert_cache(missing, values)
        self[name].fetch(columns)
