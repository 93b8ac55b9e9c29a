from odoo import models

from ..tools.costing import distribute

# What a row adds to the cost price, each to the cent: what it is made of, and its shares of what
# belongs to the whole estimate.
COST_PARTS = ("cost", "overhead", "contingency")


class QuoteEstimateCostMixin(models.AbstractModel):
    """What an estimate sells, row by row, and what each row costs."""

    _name = "quote.estimate.cost.mixin"
    _description = "Rows to sell"

    # === ROWS === #

    def _get_sale_rows(self, granularity="phase"):
        """Return what is sold; the parts of the cost add up to the estimate's total exactly.

        Costs of a phase or of one of its items are the phase's; costs of no item are shared among
        all rows along what they cost, and so are overhead and contingency. A rebilled cost is a
        row of its own, after the others, and bears no share while something else can. Called in
        superuser mode, since it reads prices, and in the client's language.

        :param str granularity: "one" row, or one by "phase", "task" or "role"
        :return: see ``_prepare_sale_row``, in the order of the quote, in the company's currency
        :rtype: list(dict)
        """
        self.ensure_one()
        rows = self._prepare_sale_rows(granularity)
        by_source = {row["source"]: row for row in rows}
        self._add_workload(by_source, granularity)
        loose = self._add_costs(by_source, granularity)
        filled = [row for row in rows if row["cost"] or row["price"] or row["days"]]
        rebilled = [self._prepare_rebilled_row(cost) for cost in self.cost_ids if cost.is_rebilled]
        # An estimate of shared costs only still has something to bear them.
        bearers = filled or (rebilled if not loose else rows[-1:])
        if bearers:
            self._share(bearers, "cost", loose)
            self._share(bearers, "overhead", self.overhead_amount)
            self._share(bearers, "contingency", self.contingency_amount)
        return (filled or ([] if bearers is rebilled else bearers)) + rebilled

    def _prepare_sale_rows(self, granularity):
        """Return the rows that an estimate may have, still empty, in the order of the quote.

        :param str granularity: see ``_get_sale_rows``
        :rtype: list(dict)
        """
        items = self.item_ids._sorted_as_tree()
        phases = items.filtered(lambda item: item.kind == "phase")
        if granularity == "role":
            roles = self.workload_ids.role_id
            return [self._prepare_sale_row(role, role.name, role=role) for role in roles] or [
                self._prepare_sale_row(None, self.env._("Services"))
            ]
        if granularity == "one":
            return [self._prepare_sale_row(None, self.env._("Services"))]
        rest_name = self.env._("Other tasks") if phases else self.env._("Services")
        rest = self._prepare_sale_row(None, rest_name)
        if granularity == "phase":
            outermost = phases.filtered(lambda phase: not phase.parent_id)
            return [*(self._prepare_sale_row(item, item.name, item) for item in outermost), rest]
        inside = items.filtered(lambda item: item in phases or item.parent_id)
        return [
            *(self._prepare_sale_row(item, item.name, item) for item in inside),
            *(self._prepare_sale_row(item, item.name, item) for item in items - inside),
            rest,
        ]

    def _prepare_sale_row(self, source, name, item=None, role=None, kind="service"):
        """Return an empty row.

        :param source: what is sold in it: an item of the plan, a role, or None for the rest
        :param str name: what the client reads
        :param item: the ``quote.estimate.item``, if the row sells one
        :param role: the ``project.role``, if the row sells one
        :param str kind: a key of ``sale.order.line.estimate_row_kind``
        :return: ``source``, ``name``, ``item``, ``phase`` (the item's own or the one it is in),
            ``role``, ``rebilled_cost`` (``quote.estimate.cost``), ``kind``, ``roles`` (everyone
            who works on it), ``days``, and in the company's currency ``cost``, ``overhead``,
            ``contingency`` and ``price`` (days at the rate card, costs at cost)
        :rtype: dict
        """
        item = item if item is not None else self.env["quote.estimate.item"]
        role = role if role is not None else self.env["project.role"]
        return {
            "source": source,
            "name": name,
            "item": item,
            "phase": item if item.kind == "phase" else item.parent_id,
            "role": role,
            "rebilled_cost": self.env["quote.estimate.cost"],
            "kind": kind,
            "roles": role,
            "days": 0.0,
            "price": 0.0,
            **dict.fromkeys(COST_PARTS, 0.0),
        }

    def _prepare_rebilled_row(self, cost):
        """Return the row of a cost that the client pays on top.

        :param cost: the ``quote.estimate.cost``
        :rtype: dict
        """
        row = self._prepare_sale_row(cost, cost.name, kind="rebilled")
        return {**row, "rebilled_cost": cost, "cost": cost.cost, "price": cost.cost}

    def _get_row_source(self, item, granularity):
        """Return the source of the row in which an item is sold; None stands for the rest.

        :param item: the ``quote.estimate.item``, may be empty
        :param str granularity: see ``_get_sale_rows``
        """
        if not item or granularity in ("one", "role"):
            return None
        if granularity == "task":
            return item
        outermost = self._get_branch(item)[-1]
        return outermost if outermost.kind == "phase" else None

    def _get_branch(self, item):
        """Return an item and the phases that it is in, from the nearest to the outermost one.

        :param item: a ``quote.estimate.item``
        :rtype: list(quote.estimate.item)
        """
        branch = [item]
        while branch[-1].parent_id:
            branch.append(branch[-1].parent_id)
        return branch

    # === WHAT GOES INTO THEM === #

    def _add_workload(self, by_source, granularity):
        """Add days, their cost and their price to the rows that sell them."""
        for workload in self.workload_ids:
            source = self._get_row_source(workload.item_id, granularity)
            row = by_source[workload.role_id if granularity == "role" else source]
            row["days"] += workload.days
            row["cost"] += workload.cost
            row["price"] += workload.price
            row["roles"] |= workload.role_id

    def _add_costs(self, by_source, granularity):
        """Add the costs that are not rebilled to the rows of their items.

        :return: the costs that belong to no row
        :rtype: float
        """
        loose, of_phases = 0.0, {}
        for cost in self.cost_ids:
            if cost.is_rebilled:
                continue
            source = self._get_row_source(cost.item_id, granularity)
            if source is None:
                loose += cost.cost
            elif granularity == "task" and source.kind == "phase":
                of_phases[source] = of_phases.get(source, 0.0) + cost.cost
            else:
                by_source[source]["cost"] += cost.cost
                by_source[source]["price"] += cost.cost
        for phase, amount in of_phases.items():
            tasks = [
                row
                for row in by_source.values()
                if row["cost"] and phase in self._get_branch(row["item"])
            ]
            self._share(tasks or [by_source[phase]], "cost", amount)
        return loose

    def _share(self, rows, part, amount):
        """Add an amount to one part of the cost of rows, along what they cost; to the cent.

        :param list rows: see ``_get_sale_rows``
        :param str part: one of ``COST_PARTS``
        :param float amount: in the company's currency
        """
        currency = self.currency_id
        shares = distribute(amount, [row["cost"] for row in rows], currency.rounding)
        for row, share in zip(rows, shares, strict=True):
            row[part] = currency.round(row[part] + share)
            if part == "cost":
                row["price"] = currency.round(row["price"] + share)
