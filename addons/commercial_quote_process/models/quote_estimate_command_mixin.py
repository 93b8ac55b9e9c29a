from odoo import models
from odoo.exceptions import UserError, ValidationError

from ..tools.plan_draft import MOST_ROWS, PlanDraft
from ..tools.plan_values import LONGEST_NAME, MOST_DAYS, PlanError
from ..tools.schedule import ScheduleCycleError, schedule
from .quote_estimate_item_draft_mixin import DRAFT_FIELDS
from .quote_estimate_item_slot_mixin import SLOT_FIELDS


class QuoteEstimateCommandMixin(models.AbstractModel):
    """A batch of changes of a plan: applied in memory, checked as a whole, then written.

    All methods run after ``apply_plan`` has checked rights, step and revision. What they write
    goes by in few statements, whatever the number of rows: the plan is scheduled once, and only
    what changed is written.
    """

    _name = "quote.estimate.command.mixin"
    _description = "Changes of an estimate"

    def _apply_plan_commands(self, commands):
        """Apply commands, see ``apply_plan``.

        :raise UserError: for commands that cannot be applied, in the words of the person
        """
        items = self.item_ids._sorted_as_tree()
        draft = PlanDraft([item._prepare_draft_row() for item in items], self._get_item_roles())
        try:
            draft.apply(commands)
            slots = self._schedule_draft(draft)
            self._check_draft_roles(draft)
        except PlanError as error:
            raise UserError(self._get_plan_error_message(error.code, error.values)) from error
        with self.env.protecting(self._get_slot_fields(), items):
            ids = self._write_draft_rows(draft, items)
            days = {(ids[ref], role): v for (ref, role), v in draft.touched_days.items()}
            touched = self.workload_ids._apply_days(self, days)
            moved = self._write_draft_slots(draft, ids, slots)
        return {
            "revision": self._get_content_revision(),
            "ids": {ref: ids[ref] for ref in draft.rows if isinstance(ref, str)},
            "slots": moved,
            "workload": touched,
            "totals": self._get_editor_totals(),
        }

    def _get_item_roles(self):
        """Return the ids of the roles that work on each item, by its id."""
        roles = {}
        for row in self.workload_ids:
            roles.setdefault(row.item_id.id, []).append(row.role_id.id)
        return roles

    def _schedule_draft(self, draft):
        """Return when each row of a draft happens.

        :param tools.plan_draft.PlanDraft draft: the plan as it will be
        :return: ``tools.schedule.Slot`` by ref
        :rtype: dict
        :raise ValidationError: naming the rows that wait for each other
        """
        dates = {row.not_before_date for row in draft.rows.values() if row.not_before_date}
        offsets = self._get_date_offsets(dates, self.planned_start)
        try:
            return schedule(row.get_task(offsets) for row in draft.rows.values())
        except ScheduleCycleError as error:
            names = [draft.rows[ref].name for ref in error.keys]
            raise ValidationError(self.env["quote.estimate.item"]._get_circle_message(names)) from (
                error
            )

    def _check_draft_roles(self, draft):
        """Refuse new days of roles that are no longer there, or no longer in use."""
        known = set(self.workload_ids.role_id.ids)
        wanted = {role for _ref, role in draft.touched_days} - known
        if wanted and len(self.env["project.role"].search([("id", "in", [*wanted])])) < len(wanted):
            raise PlanError("unknown_role")

    # === ROWS === #

    def _write_draft_rows(self, draft, items):
        """Write the rows of a draft, except when they happen and who works on them.

        :param items: the ``quote.estimate.item`` of the plan as it was
        :return: id by ref
        :rtype: dict
        """
        gone = items.browse(ref for ref in draft.removed if isinstance(ref, int))
        items -= gone
        ids = {item.id: item.id for item in items}
        self._create_draft_rows(draft, ids)
        batches = {}
        for item in items:
            if values := item._get_draft_changes(draft.rows[item.id], ids):
                batches.setdefault(tuple(sorted(values.items())), []).append(item.id)
        for values, item_ids in batches.items():
            items.browse(item_ids).write(dict(values))
        self._write_draft_links(draft, ids)
        # What left a phase must have done so in the database before the phase goes.
        items.flush_model(["parent_id"])
        gone.unlink()
        return ids

    def _create_draft_rows(self, draft, ids):
        """Create new rows, phases before what is inside; their ids are added to ``ids``."""
        levels = {}
        for ref, level in draft.get_levels().items():
            if ref not in ids:
                levels.setdefault(level, []).append(draft.rows[ref])
        for level in sorted(levels):
            values = [
                {
                    "estimate_id": self.id,
                    "parent_id": ids[row.parent] if row.parent else False,
                    **{name: getattr(row, name) for name in DRAFT_FIELDS},
                }
                for row in levels[level]
            ]
            created = self.env["quote.estimate.item"].create(values)
            ids.update(zip((row.ref for row in levels[level]), created.ids, strict=True))

    def _write_draft_links(self, draft, ids):
        """Write the dependencies that changed."""
        items = self.env["quote.estimate.item"].browse(ids.values())
        new = {
            (ids[row.ref], ids[other]): lag
            for row in draft.rows.values()
            for other, lag in row.after.items()
        }
        old = {(item.id, other): lag for item in items for other, lag in item._get_lags().items()}
        if gone := old.keys() - new.keys():
            items.browse({item for item, _other in gone})._unlink_all(gone)
        changed = {pair: lag for pair, lag in new.items() if old.get(pair) != lag}
        items.browse({item for item, _other in changed})._link_all(changed)

    def _write_draft_slots(self, draft, ids, slots):
        """Write the order of the rows, and when they happen; only where it changed.

        :return: start, end, slack and whether it is critical, by id of the rows that moved
        :rtype: dict
        """
        items = self.env["quote.estimate.item"].browse(ids[row.ref] for row in draft.get_tree())
        slots = {ids[ref]: slot for ref, slot in slots.items()}
        moved = {}
        for field in self._get_slot_fields():
            self.env.remove_to_compute(field, items)
        with self.env.protecting(self._get_slot_fields(), items):
            for rank, item in enumerate(items, start=1):
                if item.sequence != 10 * rank:
                    item.sequence = 10 * rank
                if item._set_slot(slots[item.id]):
                    moved[item.id] = item._get_slot_values()
        items.browse(moved).modified(SLOT_FIELDS)
        self.invalidate_recordset(["item_ids"], flush=False)
        new_ids = {ids[ref] for ref in draft.rows if isinstance(ref, str)}
        moved.update({i: items.browse(i)._get_slot_values() for i in new_ids - moved.keys()})
        return moved

    def _get_slot_fields(self):
        """Return the fields that the schedule and the order of the plan decide, not a compute."""
        item_fields = self.env["quote.estimate.item"]._fields
        return [item_fields[name] for name in (*SLOT_FIELDS, "sequence")]

    # === ERRORS === #

    def _get_plan_error_message(self, code, values):
        """Return what is wrong with a command, in the words of the person.

        :param str code: see ``tools.plan_values.PlanError``
        :param dict values: the names and numbers that go into the text
        :rtype: str
        """
        item = self.env["quote.estimate.item"]
        name = values.get("item") or self.env._("New row")
        messages = {
            "unknown_row": self.env._(
                "A row that you changed is no longer in the plan. Reload the page."
            ),
            "unknown_role": self.env._("This role no longer exists. Reload the page."),
            "too_large": self.env._("This change of the plan is too large: make it in parts."),
            "too_many": self.env._("A plan has %(most)s rows at most.", most=MOST_ROWS),
            "no_name": self.env._("Give every row of the plan a name."),
            "long_name": self.env._(
                "The name of “%(item)s…” is too long: %(most)s letters at most.",
                item=name,
                most=LONGEST_NAME,
            ),
            "long_text": self.env._("A text of “%(item)s” is too long.", item=name),
            "number": self.env._(
                "“%(item)s”: durations, delays and days are numbers between 0 and %(most)s.",
                item=name,
                most=MOST_DAYS,
            ),
            "date": self.env._("“%(item)s”: this is not a date that a plan can have.", item=name),
            "three_point": self.env._(
                "“%(item)s”: the low estimate is not above the likely one, nor the likely one"
                " above the high one.",
                item=name,
            ),
            "parent": item._get_parent_message(name, values.get("parent")),
            "depth": item._get_depth_message(name),
            "workload": item._get_stays_task_message(name),
        }
        unreadable = self.env._("This change of the plan cannot be read. Reload the page.")
        return messages.get(code, unreadable)
