from odoo import models

from ..tools.content_changes import get_changes

# Figures that follow from other changes: without the right to read them there is nothing to say.
INTERNAL_FIGURES = frozenset({"cost_total", "margin", "days"})
# Changes that a client has nothing to do with, besides those of the costs.
INTERNAL_CODES = frozenset(
    {
        "detail",
        "item_description",
        "line_product",
        "plan_calendar",
        "plan_hours",
        "requirement_priority",
    }
)
# Changes of amounts in the currency of the quote.
CURRENCY_CODES = frozenset({"total", "tax", "line_price", "cost_total", "line_cost"})
# Rows of which many may change at once, by the beginning of the code of their changes.
COUNTED_ROWS = ("line_", "item_", "requirement_", "workload", "rate", "other_cost")
# How many changes of one sort are said before the rest is counted.
MOST_OF_A_SORT = 6


class QuoteChangeMixin(models.AbstractModel):
    """What has changed in a quote since something happened to it."""

    _name = "quote.change.mixin"
    _description = "Changes of a quote"
    _inherit = ["quote.change.plan.words.mixin", "quote.change.cost.words.mixin"]

    # === CONTENT OF A DECISION === #

    def _get_validation_fingerprints(self, contents=None):
        if contents is None:
            return self._get_fingerprints()
        return {key: self._fingerprint_content(content) for key, content in contents.items()}

    def _get_validation_fingerprint_as(self, version):
        return self._get_fingerprint(version)

    def _get_validation_content(self):
        return self._get_content()

    def _get_validation_contents(self):
        return self._get_contents()

    # === IN WORDS === #

    def _reads_figures(self):
        """Return whether the user may read costs, margins and days of work of quotes.

        :rtype: bool
        """
        return self._has_field_access(self._fields["margin"], "read")

    def _get_changes_in_words(self, before, after, with_figures=True, for_client=False):
        """Return what differs between two contents, as sentences in the user's language.

        :param dict before: the earlier content, see ``_get_content``; nothing differs from none
        :param dict after: the later content
        :param bool with_figures: say costs, margins and days of work; whoever may not read them
            gets the sentences without them in any case
        :param bool for_client: leave out costs, workload and everything else that is internal
        :return: dicts with ``aspect``, ``code`` and ``text``, what matters most first
        :rtype: list(dict)
        """
        with_figures = with_figures and not for_client and self._reads_figures()
        changes = get_changes(before, after)
        if for_client:
            changes = [change for change in changes if self._is_for_client(change)]
        if not with_figures:
            changes = [change for change in changes if change["code"] not in INTERNAL_FIGURES]
        old_currency, currency = (self._get_content_currency(part) for part in (before, after))
        if old_currency != currency:
            changes = [
                {**change, "before_currency": old_currency}
                if change["code"] in CURRENCY_CODES
                else change
                for change in changes
            ]
        return self._say_changes(changes, currency, with_figures)

    def _get_content_currency(self, content):
        """Return the currency of the amounts of a content.

        :rtype: res.currency
        """
        currency_id = ((content or {}).get("price") or {}).get("currency")
        currency_sudo = self.env["res.currency"].sudo().browse(currency_id or [])
        return currency_sudo.exists() or self.currency_id

    def _is_for_client(self, change):
        """Return whether a client may read of a change.

        An overrider leaves out more than ``super()``.

        :param dict change: see ``tools.content_changes.get_changes``
        :rtype: bool
        """
        return change["aspect"] != "cost" and change["code"] not in INTERNAL_CODES

    def _say_changes(self, changes, currency, with_figures):
        """Return one sentence per change, and one for the rest of many of a sort."""
        groups = {}
        for change in self._name_records(changes):
            text = self._get_change_sentence(change, currency, with_figures)
            sort = next((row for row in COUNTED_ROWS if change["code"].startswith(row)), text)
            sentence = {"aspect": change["aspect"], "code": change["code"], "text": text}
            # Without their figures two changes may read the same: said once.
            groups.setdefault((change["aspect"], sort), {})[text] = sentence
        result = []
        for (aspect, sort), sentences in groups.items():
            rows = list(sentences.values())
            shown = rows if len(rows) <= MOST_OF_A_SORT else rows[: MOST_OF_A_SORT - 1]
            result += shown
            if rest := len(rows) - len(shown):
                text = self._say_rest(sort, rest)
                result.append({"aspect": aspect, "code": f"{sort}more", "text": text})
        return result

    def _say_rest(self, sort, count):
        """Return the sentence for the changes of a sort that are not said one by one.

        :param str sort: one of ``COUNTED_ROWS``
        :param int count: how many they are; more than one
        """
        match sort:
            case "line_":
                return self.env._("%(count)s other changes of lines", count=count)
            case "item_":
                return self.env._("%(count)s other changes of the plan", count=count)
            case "requirement_":
                return self.env._("%(count)s other changes of requirements", count=count)
            case "rate":
                return self.env._("%(count)s other changes of rates", count=count)
            case "other_cost":
                return self.env._("%(count)s other changes of costs", count=count)
        return self.env._("%(count)s other changes of the workload", count=count)
