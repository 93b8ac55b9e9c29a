from math import ceil

from odoo import api, fields, models
from odoo.tools import format_date

# Hours that people have written on tasks, where an addon that counts them is installed.
HOURS_SPENT = "effective_hours"


class ProjectProgressMixin(models.AbstractModel):
    """What was sold against what is now, phase by phase, in one short table."""

    _name = "project.progress.mixin"
    _description = "Sold plan against the present one"

    sold_progress = fields.Html(
        string="Sold and now",
        compute="_compute_sold_progress",
        sanitize=False,
        exportable=False,
        groups="project.group_project_user",
    )

    @api.depends("estimate_id", "sold_start", "task_ids.date_deadline", "milestone_ids.deadline")
    @api.depends_context("lang")
    def _compute_sold_progress(self):
        for project in self:
            estimate_sudo = project.estimate_id.sudo()
            start = project.sold_start or project.date_start
            rows = project._get_progress_rows(estimate_sudo, start) if estimate_sudo else []
            project.sold_progress = rows and self.env["ir.qweb"]._render(
                "commercial_quote_process.project_sold_progress",
                {"rows": rows, "has_hours": HOURS_SPENT in self.env["project.task"]._fields},
            )

    def _get_progress_rows(self, estimate_sudo, start):
        """Return the rows of the table: the outermost phases, what is in none, and the whole.

        :param estimate_sudo: the ``quote.estimate`` sold
        :param date start: T0
        :return: dicts with ``name``, ``days`` (sold), ``hours`` (spent), ``sold_end`` and ``end``
            (dates as text), ``slip`` (working days, negative when it is earlier), ``is_total``
        :rtype: list(dict)
        """
        self.ensure_one()
        if not start:
            return []
        groups = self._group_plan_rows(estimate_sudo, self._get_plan_rows(estimate_sudo, start))
        hours = self._get_hours_spent(estimate_sudo)
        rows = [
            self._prepare_progress_row(name, plan_rows, key, estimate_sudo, hours)
            for key, (name, plan_rows) in groups.items()
        ]
        everything = [row for _name, plan_rows in groups.values() for row in plan_rows]
        total = self._prepare_progress_row(
            self.env._("Whole project"), everything, None, estimate_sudo, hours
        )
        rows = [*rows, {**total, "hours": sum(hours.values()), "is_total": True}]
        self._add_dates(rows, estimate_sudo, start)
        return rows

    def _group_plan_rows(self, estimate_sudo, rows):
        """Return the rows of the plan by the outermost phase that they are in.

        :return: name and rows by id of the phase; under False what is in none
        :rtype: dict
        """
        outermost = self._get_outermost(estimate_sudo)
        names = {item.id: item.name for item in estimate_sudo.item_ids}
        groups, last = {}, False
        for row in rows:
            last = outermost.get(row["key"], last if row["level"] else False)
            if row["kind"] != "phase":
                name = names.get(last) or self.env._("Outside of phases")
                groups.setdefault(last, (name, []))[1].append(row)
        return groups

    def _get_outermost(self, estimate_sudo):
        """Return the outermost phase of each item sold, by id; False for what is in none."""
        return {
            item.id: item._get_phases()[-1:].id or (item.kind == "phase" and item.id)
            for item in estimate_sudo.item_ids
        }

    def _prepare_progress_row(self, name, rows, key, estimate_sudo, hours):
        """Return one row of the table, its ends in working days after T0."""
        items = {row["key"] for row in rows if not row.get("added")}
        sold = [
            row.get("sold", (row["start"], row["end"]))[1] for row in rows if not row.get("added")
        ]
        now = [row["end"] for row in rows if not row.get("removed")]
        return {
            "name": name,
            "days": sum(
                workload.days
                for workload in estimate_sudo.workload_ids
                if workload.item_id.id in items
            ),
            "hours": hours.get(key, 0.0),
            "sold_day": ceil(max(sold)) if sold else None,
            "day": ceil(max(now)) if now else None,
            "is_total": False,
        }

    def _add_dates(self, rows, estimate_sudo, start):
        """Complete rows with their ends as dates, and by how much they slip."""
        days = {row[name] for row in rows for name in ("sold_day", "day") if row[name] is not None}
        dates = estimate_sudo._get_slot_dates([(0, day) for day in days], start)
        for row in rows:
            sold_day, day = row["sold_day"], row["day"]
            row["sold_end"] = self._get_end_text(dates.get((0, sold_day)))
            row["end"] = self._get_end_text(dates.get((0, day)))
            row["slip"] = day - sold_day if None not in (day, sold_day) else None

    def _get_end_text(self, slot):
        """Return the last date of a pair as text, or a dash without one."""
        return format_date(self.env, slot[1], date_format="d MMM yyyy") if slot else "-"

    def _get_hours_spent(self, estimate_sudo):
        """Return the hours that people have written on the tasks, by outermost phase.

        :return: hours by id of the phase, False for what is in none; empty without timesheets
        :rtype: dict
        """
        if HOURS_SPENT not in self.env["project.task"]._fields:
            return {}
        outermost = self._get_outermost(estimate_sudo)
        hours = {}
        for task in self.sudo().tasks:
            item = task.estimate_item_id or task.parent_id.estimate_item_id
            key = outermost.get(item.id, False)
            hours[key] = hours.get(key, 0.0) + task[HOURS_SPENT]
        return hours
