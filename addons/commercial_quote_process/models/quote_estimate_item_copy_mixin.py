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
        originals = self.sorted(lambda item: (item.sequence, item.id))
        roots = originals.filtered(lambda item: item.parent_id not in originals)
        copied = {}
        for level in (roots, originals - roots):
            copies = self.create([item._prepare_copy_values(estimate, copied) for item in level])
            copied.update(zip(level.ids, copies.ids, strict=True))
        # Dependencies that lead out of what is copied are left behind.
        self.browse(copied.values())._link_all(
            {
                (copied[item.id], copied[other])
                for item in originals
                for other in item.depend_on_ids.ids
                if other in copied
            }
        )
        return copied

    def _link_all(self, pairs):
        """Make these new items wait for others, all at once; the caller knows there is no circle.

        :param set pairs: ids of the item that waits and of the item it waits for
        """
        if not pairs:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO quote_estimate_item_dependency (item_id, depends_on_id) VALUES %s",
                SQL(", ").join(SQL("%s", pair) for pair in sorted(pairs)),
            )
        )
        self.invalidate_recordset(["depend_on_ids"], flush=False)
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
