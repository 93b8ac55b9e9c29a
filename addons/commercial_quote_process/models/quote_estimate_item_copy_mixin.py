from odoo import models
from odoo.tools import SQL


class QuoteEstimateItemCopyMixin(models.AbstractModel):
    """Copies of items into another estimate: a new version starts from the plan of the old one."""

    _name = "quote.estimate.item.copy.mixin"
    _description = "Copies of items"

    def _copy_to(self, estimate):
        """Copy these items into another estimate, links among them included.

        :param estimate: the ``quote.estimate`` that receives them
        :return: id of each copy by id of its original
        :rtype: dict
        """
        originals = self._sorted_as_tree()
        copied = {}
        for level in originals._grouped_by_level():
            copies = self.create([item._prepare_copy_values(estimate, copied) for item in level])
            copied.update(zip(level.ids, copies.ids, strict=True))
        # Dependencies that lead out of what is copied are left behind.
        self.browse(copied.values())._link_all(
            {
                (copied[item.id], copied[other]): lag
                for item in originals
                for other, lag in item._get_lags().items()
                if other in copied
            }
        )
        return copied

    def _grouped_by_level(self):
        """Return these items in batches, each one inside of items of the batch before it.

        :rtype: list(quote.estimate.item)
        """
        levels = {}
        for item in self:
            depth = len(item._get_phases() & self)
            levels[depth] = levels.get(depth, self.browse()) | item
        return [levels[depth] for depth in sorted(levels)]

    def _link_all(self, lags):
        """Make these items wait for others, all at once; the caller knows there is no circle.

        :param dict lags: working days by pair of ids: the item that waits, and the one it waits
            for; a pair that is there already gets this lag
        """
        if not lags:
            return
        rows = [(*pair, lag) for pair, lag in sorted(lags.items())]
        self.env.cr.execute(
            SQL(
                "INSERT INTO quote_estimate_dependency (item_id, depends_on_id, lag) VALUES %s"
                " ON CONFLICT (item_id, depends_on_id) DO UPDATE SET lag = EXCLUDED.lag",
                SQL(", ").join(SQL("%s", row) for row in rows),
            )
        )
        self._forget_links()

    def _unlink_all(self, pairs):
        """Make these items wait for others no more, all at once.

        :param pairs: ids of the item that waits, and of the one it waits for
        """
        if not pairs:
            return
        self.env.cr.execute(
            SQL(
                "DELETE FROM quote_estimate_dependency WHERE (item_id, depends_on_id) IN (%s)",
                SQL(", ").join(SQL("%s", pair) for pair in sorted(pairs)),
            )
        )
        self._forget_links()

    def _forget_links(self):
        self.invalidate_recordset(["depend_on_ids", "dependency_ids"], flush=False)
        self.env["quote.estimate.dependency"].invalidate_model(["lag"], flush=False)
        self.modified(["depend_on_ids"])

    def _prepare_copy_values(self, estimate, copied):
        """Return the values of a copy of this item, without its dependencies.

        :param estimate: the ``quote.estimate`` that receives it
        :param dict copied: id of the copies made so far by id of their originals
        :rtype: dict
        """
        self.ensure_one()
        return {
            "estimate_id": estimate.id,
            "kind": self.kind,
            "name": self.name,
            "sequence": self.sequence,
            "description": self.description,
            "acceptance_criteria": self.acceptance_criteria,
            "parent_id": copied.get(self.parent_id.id, False),
            "duration": self.duration,
            "not_before": self.not_before,
            "not_before_date": self.not_before_date,
        }
