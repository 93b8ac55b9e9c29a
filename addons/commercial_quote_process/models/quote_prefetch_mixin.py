from collections import defaultdict

from odoo import models
from odoo.tools import SQL


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
        missing = self.browse(filter(None, field._cache_missing_ids(self)))
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

    def _prefetch_links(self, links):
        """Read several many2many fields in one query, where no record has more than one link.

        Odoo takes one query per field, and sorts: fields of records with several links are left
        to it.

        :param list links: pairs (records, name of the field)
        """
        missing = []
        for records, name in links:
            field = records._fields[name]
            if found := records.browse(filter(None, field._cache_missing_ids(records))):
                missing.append((found, field))
        if len(missing) < 2:
            return
        queries = [
            SQL(
                "SELECT %s, %s, %s FROM %s WHERE %s IN %s",
                rank,
                SQL.identifier(field.column1),
                SQL.identifier(field.column2),
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                records._ids,
            )
            for rank, (records, field) in enumerate(missing)
        ]
        linked = [defaultdict(tuple) for _ in missing]
        for rank, key, other in self.env.execute_query(SQL(" UNION ALL ").join(queries)):
            linked[rank][key] += (other,)
        for (records, field), by_id in zip(missing, linked, strict=True):
            if all(len(others) < 2 for others in by_id.values()):
                field._insert_cache(records, [by_id[key] for key in records._ids])

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
