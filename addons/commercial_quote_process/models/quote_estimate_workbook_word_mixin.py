from odoo import models
from odoo.tools.translate import LazyTranslate

from ..tools.estimate_workbook import THREE_POINT
from ..tools.estimate_workbook_reader import Words

_lt = LazyTranslate(__name__)

TITLES = {
    "plan": _lt("Plan"),
    "workload": _lt("Workload"),
    "costs": _lt("Other costs"),
    "requirements": _lt("Requirements"),
}
NAMES = {
    "id": _lt("ID"),
    "number": _lt("No."),
    "level": _lt("Level"),
    "kind": _lt("Kind"),
    "duration": _lt("Duration (days)"),
    "not_before": _lt("Not before (days)"),
    "not_before_date": _lt("Not before (date)"),
    "after": _lt("After"),
    "start": _lt("From day"),
    "end": _lt("To day"),
    "start_date": _lt("Start"),
    "end_date": _lt("End"),
    "description": _lt("Description"),
    "acceptance_criteria": _lt("Acceptance criteria"),
    "days": _lt("Days"),
    "cost": _lt("Cost"),
    "price": _lt("Price"),
    "phase_days": _lt("Phase (days)"),
    "phase_cost": _lt("Phase (cost)"),
    "family": _lt("Family"),
    "item": _lt("For (No.)"),
    "quantity": _lt("Quantity"),
    "unit": _lt("Unit"),
    "unit_cost": _lt("Unit cost"),
    "is_rebilled": _lt("Rebilled"),
    "reference": _lt("Reference"),
    "priority": _lt("Priority"),
    "compliance": _lt("Compliance"),
    "comment": _lt("Comment"),
    "items": _lt("Covered by (No.)"),
    "parent": _lt("Phase"),
    # Rows and cells beside the tables
    "daily_cost": _lt("Cost per day"),
    "daily_price": _lt("Price per day"),
    "total": _lt("Total"),
    "totals": _lt("Totals"),
    "percent": _lt("Percent"),
    "amount": _lt("Amount"),
    "workload_cost": _lt("Workload"),
    "other_cost": _lt("Other costs"),
    "overhead_amount": _lt("Project management"),
    "contingency_amount": _lt("Contingency"),
    "total_cost": _lt("Cost price"),
    "low": _lt("low"),
    "likely": _lt("likely"),
    "high": _lt("high"),
}
RECORD_NAMES = {
    "plan.name": _lt("Name"),
    "workload.name": _lt("Task"),
    "costs.name": _lt("Description"),
    "requirements.name": _lt("Requirement"),
}
REBILLED = {"yes": _lt("Yes"), "no": _lt("No")}
SELECTIONS = {
    "kind": ("quote.estimate.item", "kind"),
    "family": ("quote.estimate.cost", "family"),
    "priority": ("quote.requirement", "priority"),
    "compliance": ("quote.requirement", "compliance"),
}


class QuoteEstimateWorkbookWordMixin(models.AbstractModel):
    """What sheets, columns and values of an exported estimate are called."""

    _name = "quote.estimate.workbook.word.mixin"
    _description = "Words of an exported estimate"

    def _get_workbook_titles(self):
        """Return the names of the sheets in the language of the user.

        :rtype: dict
        """
        return {name: self.env._(title) for name, title in TITLES.items()}

    def _get_workbook_labels(self):
        """Return the headers of the columns: by column, and by "sheet.column" where sheets differ.

        :rtype: dict
        """
        labels = {name: self.env._(label) for name, label in NAMES.items()}
        for sheet in TITLES:
            for name in NAMES:
                labels[f"{sheet}.{name}"] = labels[name]
        labels.update({name: self.env._(label) for name, label in RECORD_NAMES.items()})
        return labels

    def _get_workbook_choices(self):
        """Return the words of the values that are chosen from a list.

        :return: label by value, by column
        :rtype: dict
        """
        choices = {"is_rebilled": {value: self.env._(word) for value, word in REBILLED.items()}}
        for key, (model, field) in SELECTIONS.items():
            selection = self.env[model]._fields[field]._description_selection(self.env)
            choices[key] = dict(selection)
        return choices

    def _get_workbook_words(self, lang=None):
        """Return what things may be called in a file: by the user, by its author, in English.

        :param str lang: the language in which the file says it was written
        :rtype: tools.estimate_workbook_reader.Words
        """
        installed = dict(self.env["res.lang"].get_installed())
        langs = [self.env.lang or "en_US", lang, "en_US"]
        titles, labels, choices, names, parts = {}, {}, {}, [], {}
        roles_sudo = self._get_workbook_roles()
        for code in dict.fromkeys(code for code in langs if code in installed):
            estimate = self.with_context(lang=code)
            for name, title in estimate._get_workbook_titles().items():
                titles.setdefault(name, []).append(title)
            own_labels = estimate._get_workbook_labels()
            for name, label in own_labels.items():
                labels.setdefault(name, []).append(label)
            for key, words in estimate._get_workbook_choices().items():
                for value, word in words.items():
                    choices.setdefault(key, {}).setdefault(value, []).append(word)
            for part in THREE_POINT:
                parts.setdefault(part, []).append(own_labels[part])
            pairs = [(role.id, role.name) for role in roles_sudo.with_context(lang=code)]
            names += [pair for pair in pairs if pair not in names]
        return Words(titles, labels, choices, names, parts)
