from markupsafe import Markup

from odoo import models

from ..tools.gantt_axis import DAYS_PER_WEEK, count_weeks


class QuoteClientPlanMixin(models.AbstractModel):
    """The plan as the client sees it: when what happens, and nothing of what it costs."""

    _name = "quote.client.plan.mixin"
    _description = "Plan as the client sees it"

    def _get_client_plan(self):
        """Return the plan as the client sees it: a drawing, and what it says in words.

        Nothing of the workload or of the costs is in it.

        :return: ``drawing`` (Markup), ``start`` and ``end`` (dates or False), ``weeks`` (int),
            ``phases`` (see ``_get_client_phases``) and ``milestones``, dicts with ``kind``,
            ``name``, ``criteria``, ``day`` and ``date``
        :rtype: dict
        """
        self.ensure_one()
        estimate_sudo = self.sudo().estimate_id
        rows = estimate_sudo._get_plan() if estimate_sudo else []
        if not rows:
            return {
                "drawing": Markup(),
                "start": False,
                "end": False,
                "weeks": 0,
                "phases": [],
                "milestones": [],
            }
        color = self.sudo().company_id.primary_color or "#5f5e97"
        return {
            # As wide as a printed page, which it fills; the portal makes it smaller.
            "drawing": estimate_sudo._draw_plan(color=color, width=940, rows_per_drawing=42),
            "start": estimate_sudo.planned_start,
            "end": max((row["end_date"] for row in rows if row["end_date"]), default=False),
            "weeks": count_weeks(max(row["end_day"] for row in rows)),
            "phases": self._get_client_phases(rows),
            "milestones": [
                {
                    "kind": row["kind"],
                    "name": row["name"],
                    "criteria": row["item"].acceptance_criteria,
                    "day": row["end_day"],
                    "date": row["end_date"],
                }
                for row in rows
                if row["kind"] in ("milestone", "deliverable")
            ],
        }

    def _get_client_phases(self, rows):
        """Return the phases of the plan, or its tasks when it has none, for narrow screens.

        :param list rows: see ``quote.estimate._get_plan``
        :return: dicts with ``name``, ``first`` and ``last`` (dates or False), ``first_week`` and
            ``last_week`` (counted from the start of the work, 1 is the first), and the place of
            the bar in percent of the whole plan: ``left`` and ``width``
        :rtype: list(dict)
        """
        top = [row for row in rows if not row["item"].parent_id]
        bars = [row for row in top if row["kind"] == "phase"] or [
            row for row in rows if row["kind"] == "task"
        ]
        length = max((row["end_day"] for row in rows), default=0) or 1
        return [
            {
                "name": row["name"],
                "first": row["start_date"],
                "last": row["end_date"],
                "first_week": int(row["start_day"] // DAYS_PER_WEEK) + 1,
                "last_week": count_weeks(row["end_day"]),
                "left": round(100 * row["start_day"] / length, 1),
                "width": round(100 * (row["end_day"] - row["start_day"]) / length, 1),
            }
            for row in bars
        ]
