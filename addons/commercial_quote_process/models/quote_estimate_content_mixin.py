from odoo import models

from ..const import EDITABLE_STEPS

ESTIMATE_FIELDS = (
    "calendar_id",
    "compliance_matrix",
    "contingency_percent",
    "hours_per_day",
    "order_id",
    "organisation_content",
    "overhead_percent",
    "planned_start",
    "start_delay",
    "technical_content",
    "total_days",
)
ITEM_FIELDS = (
    "acceptance_criteria",
    "description",
    "duration",
    "end_day",
    "estimate_id",
    "kind",
    "name",
    "not_before",
    "not_before_date",
    "parent_id",
    "sequence",
)
DEPENDENCY_FIELDS = ("depends_on_id", "item_id", "lag")
WORKLOAD_FIELDS = (
    "daily_cost",
    "days",
    "days_high",
    "days_likely",
    "days_low",
    "estimate_id",
    "item_id",
    "role_id",
)
COST_FIELDS = (
    "estimate_id",
    "family",
    "is_rebilled",
    "item_id",
    "name",
    "quantity",
    "unit",
    "unit_cost",
)


class QuoteEstimateContentMixin(models.AbstractModel):
    """The content of an estimate as plain values: its part of the quote's fingerprint.

    All methods are called in superuser mode, on estimates that have been prefetched, or on none.
    Rows are named by their place in the plan, never by their ids.
    """

    _name = "quote.estimate.content.mixin"
    _description = "Content of an estimate"
    _inherit = ["quote.prefetch.mixin"]

    # === READING === #

    def _prefetch_content(self):
        """Read all that the content of these estimates is made of: one query per table."""
        self.fetch(ESTIMATE_FIELDS)
        self._prefetch_rows("item_ids", ITEM_FIELDS)
        self.item_ids._prefetch_rows("dependency_ids", DEPENDENCY_FIELDS)
        self._prefetch_rows("workload_ids", WORKLOAD_FIELDS)
        self._prefetch_rows("cost_ids", COST_FIELDS)

    def _get_ordered_items(self):
        """Return the items in the order of the plan, as plain values.

        :return: the values of ``ITEM_FIELDS`` and ``id``
        :rtype: list(dict)
        """
        rows = self._get_stored_values(self.item_ids, ITEM_FIELDS)
        return sorted(rows, key=lambda row: (row["sequence"] or 0, row["id"]))

    def _get_item_ranks(self):
        """Return the place of each item in the plan, by its id.

        :rtype: dict
        """
        rows = self._get_stored_values(self.item_ids, ("sequence",))
        rows.sort(key=lambda row: (row["sequence"] or 0, row["id"]))
        return {row["id"]: rank for rank, row in enumerate(rows)}

    # === PLAN === #

    def _get_plan_content(self):
        """Return the plan and the answers to the requirements.

        :rtype: dict
        """
        start = self.planned_start
        requirements = self._get_requirements_content()
        return {
            "start": start.isoformat() if start else "",
            "delay": self.start_delay,
            "hours": self.hours_per_day,
            "calendar": self.calendar_id.id,
            "items": self._get_items_content(),
            **({"requirements": requirements} if requirements else {}),
        }

    def _get_items_content(self):
        """Return what each item of the plan says; when it happens follows from that.

        :rtype: list(dict)
        """
        items = self._get_ordered_items()
        rank = {item["id"]: place for place, item in enumerate(items)}
        after = {}
        for row in self._get_stored_values(self.item_ids.dependency_ids, DEPENDENCY_FIELDS):
            waits_for = [rank.get(row["depends_on_id"], -1), row["lag"] or 0.0]
            after.setdefault(row["item_id"], []).append(waits_for)
        return [
            {
                "kind": item["kind"],
                "name": item["name"],
                "parent": rank.get(item["parent_id"], -1),
                "duration": item["duration"] or 0.0 if item["kind"] == "task" else 0.0,
                "not_before": item["not_before"] or 0.0,
                "not_before_date": str(item["not_before_date"] or ""),
                "criteria": item["acceptance_criteria"] or "",
                "description": item["description"] or "",
                "after": sorted(after.get(item["id"], [])),
            }
            for item in items
        ]

    def _get_requirements_content(self):
        """Return the answers to the requirements.

        What was handed over before answers were kept has none: requirements that came later are
        no part of it.

        :return: see ``_get_compliance_rows``
        :rtype: list(dict)
        """
        kept = self.compliance_matrix or self.order_id.quote_step in EDITABLE_STEPS["technical"]
        return self._get_compliance_rows() if self and kept else []

    # === COST === #

    def _get_cost_content(self):
        """Return the workload, the other costs and what is added to them.

        :rtype: dict
        """
        rank = self._get_item_ranks()
        workload = self._get_stored_values(self.workload_ids, WORKLOAD_FIELDS)
        costs = self._get_stored_values(self.cost_ids, COST_FIELDS)
        return {
            "overhead": self.overhead_percent,
            "contingency": self.contingency_percent,
            "workload": sorted(
                (self._get_workload_content(row, rank) for row in workload),
                key=lambda row: (row["item"], row["role"]),
            ),
            # Their order says nothing.
            "costs": sorted(
                (self._get_other_cost_content(row, rank) for row in costs),
                key=lambda row: [str(value) for value in row.values()],
            ),
        }

    def _get_workload_content(self, row, rank):
        content = {
            "item": rank.get(row["item_id"], -1),
            "role": row["role_id"],
            "days": row["days"] or 0.0,
            "cost": row["daily_cost"] or 0.0,
        }
        points = [row[name] or 0.0 for name in ("days_low", "days_likely", "days_high")]
        return {**content, "points": points} if any(points) else content

    def _get_other_cost_content(self, row, rank):
        return {
            "family": row["family"],
            "name": row["name"] or "",
            "item": rank.get(row["item_id"], -1),
            "quantity": row["quantity"] or 0.0,
            "unit": row["unit"] or "",
            "cost": row["unit_cost"] or 0.0,
            "rebilled": bool(row["is_rebilled"]),
        }

    # === FIGURES === #

    def _get_content_figures(self):
        """Return the figures that follow from the estimate: days, and length of the plan.

        :rtype: dict
        """
        rows = self._get_stored_values(self.item_ids, ("end_day",))
        ends = [row["end_day"] or 0.0 for row in rows]
        return {"days": self.total_days, "plan_length": max(ends, default=0.0)}
