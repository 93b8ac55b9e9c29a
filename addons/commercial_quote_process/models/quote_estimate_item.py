from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.plan_draft import MOST_LEVELS
from ..tools.schedule import ScheduleCycleError, schedule
from .quote_estimate_item_slot_mixin import SLOT_FIELDS


class QuoteEstimateItem(models.Model):
    """A row of the plan: phase, task, milestone or deliverable."""

    _name = "quote.estimate.item"
    _description = "Item of the plan"
    _inherit = [
        "quote.estimate.item.slot.mixin",
        "quote.estimate.item.copy.mixin",
        "quote.estimate.item.draft.mixin",
        "quote.estimate.item.message.mixin",
        "quote.prefetch.mixin",
        "quote.estimate.row.mixin",
    ]
    _order = "sequence, id"

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
        digits=(16, 2),
        help="Working days that the task takes; milestones and deliverables take none.",
    )
    not_before = fields.Float(
        string="Not before (working days)",
        digits=(16, 2),
        help="Earliest start, in working days after T0.",
    )
    not_before_date = fields.Date(
        string="Not before (date)", help="Earliest start, for a plan with a planned start."
    )
    depend_on_ids = fields.Many2many(
        "quote.estimate.item",
        "quote_estimate_dependency",
        "item_id",
        "depends_on_id",
        string="After",
        depends=["dependency_ids"],
        copy=False,
        domain="[('estimate_id', '=', estimate_id), ('id', '!=', id)]",
        help="Items that must be finished before this one starts.",
    )
    dependency_ids = fields.One2many(
        "quote.estimate.dependency",
        "item_id",
        string="Dependencies",
        depends=["depend_on_ids"],
        readonly=True,
        copy=False,
    )
    workload_ids = fields.One2many("quote.estimate.workload", "item_id")
    days = fields.Float(
        string="Workload (days)", digits=(16, 2), compute="_compute_days", recursive=True
    )

    _durations = models.Constraint(
        "CHECK (duration BETWEEN 0 AND 9999 AND not_before BETWEEN 0 AND 9999)",
        "Durations and delays are between 0 and 9999 working days.",
    )

    # === COMPUTE METHODS === #

    @api.depends("workload_ids.days", "child_ids.days")
    def _compute_days(self):
        for item in self:
            item.days = sum(item.workload_ids.mapped("days")) + sum(item.child_ids.mapped("days"))

    # === CONSTRAINT METHODS === #

    @api.constrains("parent_id", "kind", "depend_on_ids", "estimate_id")
    def _check_links(self):
        if self._has_plan_pass():
            return
        for item in self:
            if item.parent_id and item.parent_id.kind != "phase":
                raise ValidationError(item._get_parent_message())
            if len(item._get_phases()) >= MOST_LEVELS:
                raise ValidationError(item._get_depth_message())
            if (item.parent_id | item.depend_on_ids).estimate_id - item.estimate_id:
                raise ValidationError(
                    self.env._("“%(item)s” is linked to another estimate.", item=item.name)
                )

    @api.constrains("kind")
    def _check_kind(self):
        if self._has_plan_pass():
            return
        for item in self:
            if item.kind != "phase" and item.child_ids:
                raise ValidationError(item._get_stays_phase_message(item.child_ids[0].name))
            if item.kind != "task" and item.workload_ids:
                raise ValidationError(item._get_stays_task_message())

    @api.constrains("parent_id", "depend_on_ids")
    def _check_no_circle(self):
        """Refuse a plan in which items wait for each other, and name them."""
        if self._has_plan_pass():
            return
        for estimate in self.estimate_id:
            items = estimate.item_ids
            try:
                schedule(item._get_schedule_task({}) for item in items)
            except ScheduleCycleError as error:
                names = items.browse(error.keys).mapped("name")
                raise ValidationError(items._get_circle_message(names)) from error

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        if not self._has_plan_pass():
            items.estimate_id._keep_plan_order()
        return items

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"parent_id", "sequence"} and not self._has_plan_pass():
            self.estimate_id._keep_plan_order()
        return result

    def unlink(self):
        """A phase goes with what is inside, and an item with its days, so that totals follow."""
        items, inside = self, self.child_ids - self
        while inside:
            items |= inside
            inside = inside.child_ids - items
        items.workload_ids.unlink()
        return super(QuoteEstimateItem, items).unlink()

    @api.model
    def _get_computed_fields(self):
        return super()._get_computed_fields() | SLOT_FIELDS

    # === BUSINESS METHODS === #

    def _get_phases(self):
        """Return the phases that an item is in, from the nearest to the outermost one.

        :rtype: quote.estimate.item
        """
        self.ensure_one()
        phases, parent = self.browse(), self.parent_id
        # A phase inside itself is refused elsewhere; here it only must not be followed for ever.
        while parent and parent not in phases:
            phases |= parent
            parent = parent.parent_id
        return phases

    def _sorted_as_tree(self):
        """Return the items in the order of the plan: each phase, then what is inside.

        :rtype: quote.estimate.item
        """
        ordered = self.sorted(lambda item: (item.sequence, item._origin.id or 0))
        inside, roots = {}, []
        for item in ordered:
            parent = item.parent_id
            (inside.setdefault(parent, []) if parent in self else roots).append(item)
        tree, stack = [], roots[::-1]
        while stack:
            item = stack.pop()
            tree.append(item)
            stack += inside.get(item, [])[::-1]
        # Rows of a form that are inside each other in a circle are shown where they can be.
        return self.browse().concat(*tree, *(ordered - self.browse().concat(*tree)))

    def _get_task_predecessors(self):
        """Return the items with work of their own that this one waits for.

        Milestones become no task: what they wait for stands in for them.

        :rtype: quote.estimate.item
        """
        self.ensure_one()
        seen = todo = self.depend_on_ids
        while todo:
            # What waits for itself is refused elsewhere; here it must not be followed for ever.
            todo = todo.filtered(lambda item: item.kind == "milestone").depend_on_ids - seen
            seen |= todo
        return seen.filtered(lambda item: item.kind != "milestone")
