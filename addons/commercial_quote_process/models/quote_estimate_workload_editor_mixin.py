from odoo import models


class QuoteEstimateWorkloadEditorMixin(models.AbstractModel):
    """Cells of the workload matrix: one row per item and role, there while it has days."""

    _name = "quote.estimate.workload.editor.mixin"
    _description = "Workload in the editor"

    def _get_editor_rows(self):
        """Return these rows as the editor shows them; prices only to people who may read them.

        :rtype: list(dict)
        """
        names, hidden = self._get_editor_fields(), self._get_hidden_names()
        return [
            {
                "item_id": row.item_id.id,
                "role_id": row.role_id.id,
                **{name: 0.0 if name in hidden else row[name] for name in names},
            }
            for row in self
        ]

    def _get_editor_fields(self):
        points = ["days_low", "days_likely", "days_high"]
        names = ["days", *points, "daily_cost", "rate_missing"]
        price = self._fields["daily_price"]
        return [*names, "daily_price"] if self._has_field_access(price, "read") else names

    def _apply_days(self, estimate, days):
        """Give these rows, the workload of an estimate, other days; zero removes a row.

        :param estimate: the ``quote.estimate``
        :param dict days: values by ids of an item and a role, see ``tools.plan_values.read_days``
        :return: the rows that were touched, see ``_get_editor_rows``; removed ones have no days
        :rtype: list(dict)
        """
        rows = {(row.item_id.id, row.role_id.id): row for row in self} if days else {}
        gone = self.browse(
            rows[cell].id for cell in days if cell in rows and not any(days[cell].values())
        )
        empty = [
            {**row, **self._prepare_days_values({"days": 0.0})} for row in gone._get_editor_rows()
        ]
        gone.unlink()
        batches, new = {}, []
        for cell, values in days.items():
            if not any(values.values()):
                continue
            values = self._prepare_days_values(values)
            if cell in rows:
                batches.setdefault(tuple(values.items()), []).append(rows[cell].id)
            else:
                item_id, role_id = cell
                new.append(
                    {"estimate_id": estimate.id, "item_id": item_id, "role_id": role_id, **values}
                )
        kept = self.create(new)
        for values, ids in batches.items():
            batch = self.browse(ids)
            batch.write(dict(values))
            kept |= batch
        return [*kept._get_editor_rows(), *empty]

    def _prepare_days_values(self, values):
        """Return what a row keeps of the days that were typed.

        :param dict values: ``days``, or ``days_low``, ``days_likely`` and ``days_high``
        :rtype: dict
        """
        return values
