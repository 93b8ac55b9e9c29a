from odoo import models


class QuoteChangePlanWordsMixin(models.AbstractModel):
    """What has changed in a quote, in the words of a person: plan and requirements."""

    _name = "quote.change.plan.words.mixin"
    _description = "Words for changes of a plan"
    _inherit = ["quote.change.words.mixin"]

    def _get_change_sentence(self, change, currency, with_figures):
        if change["aspect"] == "plan":
            sentence = (
                self._say_plan_change(change)
                or self._say_item_change(change)
                or self._say_item_link_change(change)
                or self._say_requirement_change(change)
            )
            if sentence:
                return sentence
        return super()._get_change_sentence(change, currency, with_figures)

    # === PLAN === #

    def _say_plan_change(self, change):
        match change["code"]:
            case "plan_end":
                return self.env._(
                    "The end of the plan moves from day %(before)s to day %(after)s",
                    before=self._say_number(change["before"]),
                    after=self._say_number(change["after"]),
                )
            case "plan_start":
                return self.env._("Planned start: %(change)s", change=self._say_dates(change))
            case "plan_delay":
                return self.env._(
                    "Working days between the signature and the start: %(change)s",
                    change=self._say_numbers(change),
                )
            case "plan_hours":
                return self.env._("Hours per day: %(change)s", change=self._say_numbers(change))
            case "plan_calendar":
                return self.env._("The working calendar of the plan has changed")
            case "items_moved":
                return self.env._("The order of the plan has changed")
        return ""

    def _say_item_change(self, change):
        name = {"item": change.get("name", "")}
        match change["code"]:
            case "item_added":
                return self._say_added_item(change)
            case "item_removed":
                return self._say_removed_item(change)
            case "item_renamed":
                return self.env._("“%(item)s” becomes “%(after)s”", after=change["after"], **name)
            case "item_kind":
                kinds = dict(
                    self.env["quote.estimate.item"]._fields["kind"]._description_selection(self.env)
                )
                return self.env._(
                    "“%(item)s” becomes: %(kind)s", kind=kinds[change["after"]], **name
                )
            case "item_longer" | "item_shorter":
                return self._say_duration_change(change)
            case "item_criteria":
                return self.env._("The acceptance criteria of “%(item)s” have changed", **name)
            case "item_description":
                return self.env._("The description of “%(item)s” has changed", **name)
        return ""

    def _say_duration_change(self, change):
        values = {"item": change["name"], "change": self._say_numbers(change)}
        if change["after"] > change["before"]:
            return self.env._("Task “%(item)s” is longer: %(change)s (working days)", **values)
        return self.env._("Task “%(item)s” is shorter: %(change)s (working days)", **values)

    def _say_added_item(self, change):
        values = {"item": change["name"], "days": self._say_number(change["duration"])}
        match change["kind"]:
            case "phase":
                return self.env._("Phase added: “%(item)s”", **values)
            case "milestone":
                return self.env._("Milestone added: “%(item)s”", **values)
            case "deliverable":
                return self.env._("Deliverable added: “%(item)s”", **values)
        if change["duration"] == 1:
            return self.env._("Task added: “%(item)s” (1 working day)", **values)
        return self.env._("Task added: “%(item)s” (%(days)s working days)", **values)

    def _say_removed_item(self, change):
        values = {"item": change["name"]}
        match change["kind"]:
            case "phase":
                return self.env._("Phase removed: “%(item)s”", **values)
            case "milestone":
                return self.env._("Milestone removed: “%(item)s”", **values)
            case "deliverable":
                return self.env._("Deliverable removed: “%(item)s”", **values)
        return self.env._("Task removed: “%(item)s”", **values)

    def _say_item_link_change(self, change):
        name = {"item": change.get("name", "")}
        others = ", ".join(f"“{other}”" for other in change.get("others", []))
        match change["code"]:
            case "item_parent":
                if not change["after"]:
                    return self.env._("“%(item)s” is no longer in a phase", **name)
                return self.env._(
                    "“%(item)s” moves to the phase “%(phase)s”", phase=change["after"], **name
                )
            case "item_after_added":
                return self.env._("“%(item)s” now waits for %(others)s", others=others, **name)
            case "item_after_removed":
                return self.env._(
                    "“%(item)s” no longer waits for %(others)s", others=others, **name
                )
            case "item_lag":
                return self.env._(
                    "The delay of “%(item)s” after %(others)s has changed", others=others, **name
                )
        return self._say_earliest_start(change)

    def _say_earliest_start(self, change):
        name = {"item": change.get("name", "")}
        match change["code"]:
            case "item_not_before":
                day = self._say_number(change["after"] or 0.0)
                return self.env._(
                    "“%(item)s” starts on day %(day)s at the earliest", day=day, **name
                )
            case "item_not_before_date":
                if not change["after"]:
                    return self.env._("“%(item)s” no longer waits for a date", **name)
                date = self._say_date(change["after"])
                return self.env._(
                    "“%(item)s” starts on %(date)s at the earliest", date=date, **name
                )
        return ""

    def _say_requirement_change(self, change):
        name = {"requirement": change.get("name", "")}
        match change["code"]:
            case "requirement_added":
                return self.env._("Requirement added: “%(requirement)s”", **name)
            case "requirement_removed":
                return self.env._("Requirement removed: “%(requirement)s”", **name)
            case "requirement_compliance":
                selection = self.env["quote.requirement"]._fields["compliance"]
                labels = dict(selection._description_selection(self.env))
                move = self._say_move(*(labels.get(change[key], "") for key in ("before", "after")))
                return self.env._("Requirement “%(requirement)s”: %(change)s", change=move, **name)
            case "requirement_comment":
                return self.env._("The answer to requirement “%(requirement)s” has changed", **name)
            case "requirement_items":
                return self.env._(
                    "Requirement “%(requirement)s” is covered by other parts of the plan", **name
                )
            case "requirement_text" | "requirement_priority":
                return self.env._("Requirement “%(requirement)s” has changed", **name)
        return ""
