from odoo import models


class QuotePrefetchMixin(models.AbstractModel):
    """Reading of many documents and their rows in a constant number of queries, and fast."""

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
        rows = self[name]
        rows._recompute_recordset(columns)
        rows.fetch(columns)

    def _get_stored_values(self, rows, columns):
        """Return the values of rows that were prefetched, much faster than field by field.

        :param rows: the records
        :param columns: names of stored fields, none of them an x2many
        :return: per row its ``id`` and its values by name as they are stored: an id for a record,
            None for nothing
        :rtype: list(dict)
        """
        caches = [(name, rows._fields[name]._get_cache(rows.env)) for name in columns]
        try:
            return [
                {"id": key, **{name: cache[key] for name, cache in caches}} for key in rows._ids
            ]
        except KeyError:
            # Rows that are not saved, or gone: reading them says so.
            values = [[row[name] for name in columns] for row in rows]
            return values and self._get_stored_values(rows, columns)
