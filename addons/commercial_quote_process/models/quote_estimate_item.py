from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.schedule import Task

# Values that move the schedule when they change.
SCHEDULE_FIELDS = {
    "kind",
    "parent_id",
    "duration",
    "not_before",
    "not_before_date",
    "depend_on_ids",
    "estimate_id",
}
SLOT_FIELDS = frozenset({"start_day", "end_day", "slack", "is_critical"})


class QuoteEstimateItem(models.Model):
    """A row of the plan: phase, task, milestone or deliverable."""

    _name = "quote.estimate.item"
    _description = "Item of the plan"
    _inherit = ["quote.estimate.row.mixin"]
    _order = "sequence, id"

    _content_free_fields = SLOT_FIELDS

    kind = fields.Selection(
        [
            ("phase", "Phase"),
            ("task", "Task"),
            ("milestone", "Milestone"),
            ("deliverable", "Deliverable"),
        ],
        required=True,
        default="task",
    )
    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    description = fields.Text()
    acceptance_criteria = fields.Text(
        string="Acceptance criteria", help="What makes the client accept this deliverable."
    )
    parent_id = fields.Many2one(
        "quote.estimate.item",
        string="Phase",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('estimate_id', '=', estimate_id), ('kind', '=', 'phase')]",
    )
    child_ids = fields.One2many("quote.estimate.item", "parent_id", string="Items of the phase")
    duration = fields.Float(
        string="Duration (working days)",
        help="Working days that the task takes; milestones and deliverables take none.",
    )
    not_before = fields.Float(
        string="Not before (working days)", help="Earliest start, in working days after T0."
    )
    not_before_date = fields.Date(
        string="Not before (date)", help="Earliest start, for a plan with a planned start."
    )
    depend_on_ids = fields.Many2many(
        "quote.estimate.item",
        "quote_estimate_item_dependency",
        "item_id",
        "depends_on_id",
        string="After",
        domain="[('estimate_id', '=', estimate_id), ('id', '!=', id)]",
        help="Items that must be finished before this one starts.",
    )
    workload_ids = fields.One2many("quote.estimate.workload", "item_id", string="Workload")
    # Result of the schedule
    start_day = fields.Float(string="Start (day)", readonly=True)
    end_day = fields.Float(string="End (day)", readonly=True)
    slack = fields.Float(
        string="Slack (working days)",
        readonly=True,
        help="How long the item may be late without moving the end of the plan.",
    )
    is_critical = fields.Boolean(
        string="Critical", readonly=True, help="A delay of this item moves the end of the plan."
    )
    start_date = fields.Date(string="Start", compute="_compute_dates")
    end_date = fields.Date(string="End", compute="_compute_dates")
    days = fields.Float(string="Workload (days)", compute="_compute_days")

    _durations = models.Constraint(
        "CHECK (duration >= 0 AND not_before >= 0)", "Durations and delays cannot be negative."
    )

    # === COMPUTE METHODS === #

    @api.depends("start_day", "end_day", "estimate_id.planned_start", "estimate_id.calendar_id")
    def _compute_dates(self):
        for estimate, items in self.grouped("estimate_id").items():
            days = {day for item in items for day in (item.start_day, item.end_day)}
            dates = estimate._get_plan_dates(days)
            unknown = (False, False)
            for item in items:
                item.start_date = dates.get(item.start_day, unknown)[0]
                item.end_date = dates.get(item.end_day, unknown)[1]

    @api.depends("workload_ids.days", "child_ids.workload_ids.days")
    def _compute_days(self):
        for item in self:
            rows = item.workload_ids | item.child_ids.workload_ids
            item.days = sum(rows.mapped("days"))

    # === CONSTRAINTS === #

    @api.constrains("parent_id", "kind", "depend_on_ids", "estimate_id")
    def _check_links(self):
        for item in self:
            if item.parent_id and (item.parent_id.kind != "phase" or item.kind == "phase"):
                raise ValidationError(
                    self.env._(
                        "“%(item)s” cannot be inside “%(parent)s”: tasks, milestones and"
                        " deliverables go into phases, and phases into nothing.",
                        item=item.name,
                        parent=item.parent_id.name,
                    )
                )
            if (item.parent_id | item.depend_on_ids).estimate_id - item.estimate_id:
                raise ValidationError(
                    self.env._("“%(item)s” is linked to another estimate.", item=item.name)
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items.estimate_id._recompute_schedule()
        return items

    def write(self, vals):
        moves = bool(SCHEDULE_FIELDS & vals.keys())
        before = self.estimate_id if moves else self.estimate_id.browse()
        result = super().write(vals)
        if moves:
            (before | self.estimate_id)._recompute_schedule()
        return result

    def unlink(self):
        estimates = self.estimate_id
        result = super().unlink()
        estimates._recompute_schedule()
        return result

    @api.model
    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su and field.name in SLOT_FIELDS:
            return False
        return super()._has_field_access(field, operation)

    # === BUSINESS METHODS === #

    def _sorted_as_tree(self):
        """Return the items in the order of the plan: each phase, then what is inside.

        :rtype: quote.estimate.item
        """
        ordered = self.sorted(lambda item: (item.sequence, item.id))
        result = self.browse()
        for item in ordered:
            if item.parent_id not in self:
                result |= item
                result |= ordered.filtered(lambda child, parent=item: child.parent_id == parent)
        return result

    def _get_schedule_task(self):
        """Return this item as ``tools.schedule`` understands it.

        :rtype: tools.schedule.Task
        """
        self.ensure_one()
        return Task(
            key=self.id,
            duration=self.duration if self.kind == "task" else 0,
            not_before=self.estimate_id._get_not_before_day(self),
            after=dict.fromkeys(self.depend_on_ids.ids, 0),
            parent=self.parent_id.id or None,
        )

    def _get_task_predecessors(self):
        """Return the items with work of their own that this one waits for.

        Milestones become no task: what they wait for stands in for them.

        :rtype: quote.estimate.item
        """
        self.ensure_one()
        found, todo = self.browse(), self.depend_on_ids
        while todo:
            milestones = todo.filtered(lambda item: item.kind == "milestone")
            found |= todo - milestones
            todo = milestones.depend_on_ids - found
        return found

    def _write_slot(self, slot):
        """Keep when this item happens, if that has changed.

        :param tools.schedule.Slot slot: result of the schedule
        """
        values = {
            "start_day": slot.start,
            "end_day": slot.end,
            "slack": slot.slack,
            "is_critical": slot.is_critical,
        }
        if any(self[name] != value for name, value in values.items()):
            item_sudo = self.sudo()
            item_sudo.write(values)

    def _copy_to(self, estimate):
        """Copy these items into another estimate, links among them included.

        :param estimate: the ``quote.estimate`` that receives them
        :return: id of each copy by id of its original
        :rtype: dict
        """
        originals = self.sorted(lambda item: (bool(item.parent_id), item.sequence, item.id))
        phases = originals.filtered(lambda item: not item.parent_id)
        copied = {}
        for level in (phases, originals - phases):
            copies = self.create([item._prepare_copy_values(estimate, copied) for item in level])
            copied.update(zip(level.ids, copies.ids, strict=True))
        for item in originals.filtered("depend_on_ids"):
            # Dependencies that lead out of what is copied are left behind.
            self.browse(copied[item.id]).depend_on_ids = [
                copied[other] for other in item.depend_on_ids.ids if other in copied
            ]
        return copied

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
