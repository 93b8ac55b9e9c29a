from math import ceil

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

from ..tools.gantt import draw_gantt
from ..tools.gantt_axis import DateAxis, WeekAxis, count_weeks
from ..tools.gantt_pages import MARKS
from ..tools.schedule import Slot
from ..tools.working_days import working_days
from .quote_estimate_calendar_mixin import LONGEST_PLAN

NO_COLOR = "#5f5e97"


class QuoteEstimateDrawingMixin(models.AbstractModel):
    """The plan as a drawing, for screens without an editor, the portal and print.

    No cost and no days of work are in it.
    """

    _name = "quote.estimate.drawing.mixin"
    _description = "Drawing of a plan"

    gantt_svg = fields.Html(
        string="Gantt", compute="_compute_gantt_svg", sanitize=False, exportable=False
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "item_ids.name",
        "item_ids.kind",
        "item_ids.parent_id",
        "item_ids.sequence",
        "item_ids.start_day",
        "item_ids.end_day",
        "item_ids.slack",
        "item_ids.depend_on_ids",
        "planned_start",
        "calendar_id",
    )
    @api.depends_context("lang")
    def _compute_gantt_svg(self):
        for estimate in self:
            estimate.gantt_svg = estimate._draw_plan()

    # === DRAWING === #

    def _draw_plan(self, start=None, rows=None, **options):
        """Return the plan as drawings.

        :param date start: T0; the planned start when it is None
        :param list rows: see ``tools.gantt.draw_gantt``; the ones of the plan when it is None
        :param options: see ``tools.gantt.draw_gantt``
        :rtype: Markup
        """
        self.ensure_one()
        start = start or self.planned_start
        rows = self._get_gantt_rows(start) if rows is None else rows
        company_sudo = self.company_id.sudo()
        options = {
            "color": company_sudo.primary_color or NO_COLOR,
            "legend": self._get_gantt_legend(),
            **options,
        }
        axis = self._get_gantt_axis(rows, start)
        return Markup().join(Markup(drawing) for drawing in draw_gantt(rows, axis, **options))

    def _get_gantt_rows(self, start):
        """Return the rows that ``tools.gantt`` draws, in the order of the plan.

        :param date start: T0, or False
        :rtype: list(dict)
        """
        items = self.item_ids._sorted_as_tree()
        slots = self._get_drawn_slots(items, start)
        dates = self._get_slot_dates([(s.start, s.end) for s in slots.values()], start)
        return [
            {
                "key": item.id,
                "name": item.name or "",
                "kind": item.kind,
                "level": len(item._get_phases()),
                "start": slots[item.id].start,
                "end": slots[item.id].end,
                "slack": slots[item.id].slack,
                "is_critical": slots[item.id].is_critical,
                "after": item.depend_on_ids._ids,
                "label": self._get_mark_label(item, dates, slots[item.id]),
            }
            for item in items
        ]

    def _get_drawn_slots(self, items, start):
        """Return when each item happens: as stored, or again when T0 is another one.

        :rtype: dict
        """
        if start and start != self.planned_start and any(items.mapped("not_before_date")):
            return self._get_slots(start=start)
        return {
            item.id: Slot(item.start_day, item.end_day, item.slack, item.is_critical)
            for item in items
        }

    def _get_mark_label(self, item, dates, slot):
        """Return the text beside a milestone or a deliverable: its date, when it has one."""
        if item.kind not in MARKS or (slot.start, slot.end) not in dates:
            return ""
        _first, last = dates[slot.start, slot.end]
        return format_date(self.env, last, date_format="d MMM")

    def _get_gantt_legend(self):
        """Return what the shapes of the drawing mean, see ``tools.gantt.draw_gantt``."""
        return {
            "task": self.env._("Task"),
            "critical": self.env._("Critical path"),
            "slack": self.env._("Slack"),
            "sold": self.env._("As sold"),
            "late": self.env._("Late"),
            "added": self.env._("Added"),
            "removed": self.env._("No longer planned"),
            "milestone": self.env._("Milestone"),
            "deliverable": self.env._("Deliverable"),
            "off": self.env._("Not worked"),
        }

    # === AXIS === #

    def _get_gantt_axis(self, rows, start):
        """Return the time axis of rows: in dates when T0 is known, else in weeks after T0.

        :param date start: T0, or False
        :rtype: tools.gantt_axis.DateAxis | tools.gantt_axis.WeekAxis
        """
        end = max((row["end"] + row.get("slack", 0) for row in rows), default=0)
        if not start or end > LONGEST_PLAN:
            return WeekAxis(
                end, self._get_week_labels(count_weeks(end)), self.env._("Weeks of work from T0")
            )
        numbers = range(ceil(end) + 1)
        dates = working_days(start, numbers, *self._get_working_calendar())
        axis = DateAxis([dates[number] for number in numbers])
        axis.week_labels = {
            day: self._get_date_labels(day, "d MMM", "d") for day in axis.dates[::7]
        }
        axis.month_labels = {
            (day.year, day.month): self._get_date_labels(day, "MMMM yyyy", "MMM yyyy", "MMM")
            for day in axis.dates
        }
        return axis

    def _get_week_labels(self, weeks):
        """Return the text of each week after T0.

        :param int weeks: how many there are
        :rtype: list(str)
        """
        return [self.env._("W%(week)s", week=week) for week in range(1, weeks + 1)]

    def _get_date_labels(self, day, *formats):
        """Return a date in several formats, the best one first."""
        return [format_date(self.env, day, date_format=text) for text in formats]
