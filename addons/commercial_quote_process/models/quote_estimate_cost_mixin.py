from odoo import models

from ..tools.costing import distribute


class QuoteEstimateCostMixin(models.AbstractModel):
    """What each phase of an estimate costs, contingency and shared costs included."""

    _name = "quote.estimate.cost.mixin"
    _description = "Costs by phase"

    def _get_phase_costs(self):
        """Return what is sold, phase by phase; the costs add up to the estimate's total exactly.

        Costs of a phase or of one of its items are the phase's; costs of no item, and the
        contingency, are shared among all rows along what they cost. A rebilled cost is a row of
        its own, after the phases. Called in superuser mode: it reads prices.

        :return: dicts with ``item`` (``quote.estimate.item``; empty for tasks outside of phases
            and for rebilled costs), ``name``, ``days``, ``cost`` and ``price`` (days at the rate
            card, everything else at cost), in the company's currency
        :rtype: list(dict)
        """
        self.ensure_one()
        rows = self._prepare_phase_rows()
        by_item = {row["item"]: row for row in rows}
        shared = 0.0
        for workload in self.workload_ids:
            row = by_item[self._get_selling_item(workload.item_id)]
            row["days"] += workload.days
            row["cost"] += workload.cost
            row["price"] += workload.price
        for cost in self.cost_ids:
            if cost.is_rebilled:
                rows.append(self._prepare_rebilled_row(cost))
                continue
            row = by_item.get(self._get_selling_item(cost.item_id)) if cost.item_id else None
            if row is None:
                shared += cost.cost
            else:
                row["cost"] += cost.cost
                row["price"] += cost.cost
        filled = [row for row in rows if row["cost"] or row["price"] or row["days"]]
        # An estimate of shared costs only still has something to bear them.
        rows = filled or rows[-1:]
        return self._share_costs(rows, shared + self.contingency_amount)

    def _get_selling_item(self, item):
        """Return the item under which an item is sold: its outermost phase, or nothing at all."""
        outermost = item._get_phases()[-1:] or item
        return outermost if outermost.kind == "phase" else item.browse()

    def _prepare_phase_rows(self):
        """Return one empty row per outermost phase in the order of the plan, one for the rest."""
        phases = self.item_ids._sorted_as_tree().filtered(
            lambda item: item.kind == "phase" and not item.parent_id
        )
        empty = {"days": 0.0, "cost": 0.0, "price": 0.0}
        rows = [{"item": phase, "name": phase.name, **empty} for phase in phases]
        rest_name = self.env._("Services") if not phases else self.env._("Other tasks")
        return [*rows, {"item": phases.browse(), "name": rest_name, **empty}]

    def _prepare_rebilled_row(self, cost):
        return {
            "item": self.env["quote.estimate.item"],
            "name": cost.name,
            "days": 0.0,
            "cost": cost.cost,
            "price": cost.cost,
        }

    def _share_costs(self, rows, amount):
        """Add an amount to rows along what they cost; to the cent.

        :param list rows: see ``_get_phase_costs``
        :param float amount: in the company's currency
        :rtype: list(dict)
        """
        if not rows:
            return []
        step = self.currency_id.rounding
        shares = distribute(amount, [row["cost"] for row in rows], step)
        for row, share in zip(rows, shares, strict=True):
            row["cost"] = self.currency_id.round(row["cost"] + share)
            row["price"] = self.currency_id.round(row["price"] + share)
        return rows
