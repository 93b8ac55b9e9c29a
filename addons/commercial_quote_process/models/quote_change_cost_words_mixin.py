from odoo import models
from odoo.tools import format_amount


class QuoteChangeCostWordsMixin(models.AbstractModel):
    """What has changed in a quote, in the words of a person: costs, margin, days of work.

    Two wordings of each: with the figures for people who may read them, without any for the
    others and for what is stored.
    """

    _name = "quote.change.cost.words.mixin"
    _description = "Words for changes of costs"
    _inherit = ["quote.change.words.mixin"]

    def _get_change_sentence(self, change, currency, with_figures):
        if change["aspect"] != "cost":
            return super()._get_change_sentence(change, currency, with_figures)
        sentence = ""
        if with_figures:
            # Estimates are in the company's currency, lines in the quote's.
            money = (self.sudo().company_id or self.env.company).currency_id
            sentence = (
                self._say_cost_figure(change, currency)
                or self._say_workload_change(change, money)
                or self._say_other_cost_change(change, money)
            )
        sentence = sentence or self._say_cost_without_figures(change)
        return sentence or super()._get_change_sentence(change, currency, with_figures)

    # === WITH FIGURES === #

    def _say_cost_figure(self, change, currency):
        match change["code"]:
            case "cost_total":
                amounts = self._say_amounts(change, currency)
                return self.env._("Cost price: %(change)s", change=amounts)
            case "margin":
                return self.env._("Margin: %(change)s", change=self._say_percents(change))
            case "days":
                return self.env._("Days of work: %(change)s", change=self._say_numbers(change))
            case "contingency":
                return self.env._("Contingency: %(change)s", change=self._say_percents(change))
            case "overhead":
                percents = self._say_percents(change)
                return self.env._("Project management: %(change)s", change=percents)
            case "target":
                return self.env._("Target margin: %(change)s", change=self._say_percents(change))
            case "line_cost":
                amounts = self._say_amounts(change, currency)
                return self.env._(
                    "Cost of “%(line)s”: %(change)s", line=change["name"], change=amounts
                )
        return ""

    def _say_workload_change(self, change, money):
        match change["code"]:
            case "workload":
                return self.env._(
                    "Days of %(role)s on “%(task)s”: %(change)s",
                    role=self._say_role(change),
                    task=change["name"],
                    change=self._say_numbers(change),
                )
            case "rate":
                return self.env._(
                    "Cost of a day of %(role)s: %(change)s",
                    role=self._say_role(change),
                    change=self._say_amounts(change, money),
                )
        return ""

    def _say_role(self, change):
        return change["role"] or self.env._("a role that no longer exists")

    def _say_other_cost_change(self, change, money):
        name = {"cost": change.get("name", "")}
        match change["code"]:
            case "other_cost_added":
                amount = format_amount(self.env, change["amount"], money)
                return self.env._("Cost added: “%(cost)s”, %(amount)s", amount=amount, **name)
            case "other_cost_removed":
                amount = format_amount(self.env, change["amount"], money)
                return self.env._("Cost removed: “%(cost)s”, %(amount)s", amount=amount, **name)
            case "other_cost":
                amounts = self._say_amounts(change, money)
                return self.env._("Cost “%(cost)s”: %(change)s", change=amounts, **name)
        return ""

    # === WITHOUT === #

    def _say_cost_without_figures(self, change):
        """Return a sentence that says what has changed, and no figure."""
        match change["code"]:
            case "contingency":
                return self.env._("The contingency has changed")
            case "overhead":
                return self.env._("The share of project management has changed")
            case "target":
                return self.env._("The target margin has changed")
            case "line_cost":
                return self.env._("The cost of “%(line)s” has changed", line=change["name"])
            case "workload" | "points":
                return self.env._("The workload of “%(task)s” has changed", task=change["name"])
            case "rate":
                role = self._say_role(change)
                return self.env._("The cost of a day of %(role)s has changed", role=role)
            case "other_cost_added":
                return self.env._("Cost added: “%(cost)s”", cost=change["name"])
            case "other_cost_removed":
                return self.env._("Cost removed: “%(cost)s”", cost=change["name"])
            case "other_cost" | "other_cost_detail":
                return self.env._("The cost “%(cost)s” has changed", cost=change["name"])
        return ""
