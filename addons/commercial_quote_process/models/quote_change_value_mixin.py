from datetime import datetime
from decimal import Decimal

from babel.dates import format_skeleton
from babel.numbers import format_percent

from odoo import fields, models
from odoo.tools import babel_locale_parse, format_amount, formatLang, get_lang

# Of a day as text; a longer one is a moment.
DATE_LENGTH = 10

# Changes whose values are ids of records, and the keys that hold them.
MOVE = ("before", "after")
RECORDS = {
    "client": ("res.partner", MOVE),
    "currency": ("res.currency", MOVE),
    "delivery_address": ("res.partner", MOVE),
    "fiscal_position": ("account.fiscal.position", MOVE),
    "invoice_address": ("res.partner", MOVE),
    "line_product": ("product.product", MOVE),
    "line_taxes": ("account.tax", MOVE),
    "line_unit": ("uom.uom", MOVE),
    "payment_term": ("account.payment.term", MOVE),
    "points": ("project.role", ("role",)),
    "rate": ("project.role", ("role",)),
    "workload": ("project.role", ("role",)),
}


def _as_ids(value):
    """Return the ids that a change holds: one, several, or none."""
    return value if isinstance(value, list) else [value] if value else []


class QuoteChangeValueMixin(models.AbstractModel):
    """Values before and after a change, in the reader's language."""

    _name = "quote.change.value.mixin"
    _description = "Words for values that change"

    def _name_records(self, changes):
        """Return changes with the names of records, as they are called today, for their ids.

        :param list changes: see ``tools.content_changes.get_changes``
        :rtype: list(dict)
        """
        ids = {}
        for change in changes:
            model, keys = RECORDS.get(change["code"], (None, ()))
            for key in keys:
                ids.setdefault(model, set()).update(_as_ids(change[key]))
        names = {}
        for model, found in ids.items():
            records_sudo = self.env[model].sudo().browse(found).exists()
            names[model] = {record.id: record.display_name for record in records_sudo}
        named = []
        for change in changes:
            model, keys = RECORDS.get(change["code"], (None, ()))
            texts = {
                key: ", ".join(filter(None, map(names[model].get, _as_ids(change[key]))))
                for key in keys
            }
            named.append({**change, **texts})
        return named

    def _say_amounts(self, change, currency):
        """Return two amounts and, when it says something, by how much they differ."""
        before, after = change["before"] or 0.0, change["after"] or 0.0
        old_currency = change.get("before_currency", currency)
        values = {
            "before": format_amount(self.env, before, old_currency),
            "after": format_amount(self.env, after, currency),
        }
        if before <= 0 or after < 0 or old_currency != currency:
            return self._say_move(**values)
        return self.env._(
            "%(before)s → %(after)s (%(difference)s)",
            difference=self._say_difference(100 * (after - before) / before),
            **values,
        )

    def _say_difference(self, percent):
        """Return a difference in percent, with its sign."""
        size = abs(percent)
        digits = 0 if size >= 100 else 1 if size >= 0.1 else 2
        return ("−" if percent < 0 else "+") + self._say_percent(size, digits)

    def _say_percent(self, percent, digits=2):
        """Return a percentage as the reader's language writes it, with the decimals it needs.

        :param float percent: 0 to 100
        :param int digits: how many decimals at most
        :rtype: str
        """
        share = Decimal(str(round(percent, digits))) / 100
        return format_percent(share, locale=self._get_locale(), decimal_quantization=False)

    def _get_locale(self):
        return babel_locale_parse(get_lang(self.env).code)

    def _say_percents(self, change):
        return self._say_move(
            *(self._say_percent(change[key] or 0.0) for key in ("before", "after"))
        )

    def _say_numbers(self, change):
        return self._say_move(
            *(self._say_number(change[key] or 0.0) for key in ("before", "after"))
        )

    def _say_number(self, number):
        """Return a number with as many decimals as it needs, two at most."""
        digits = next((d for d in (0, 1) if abs(number - round(number, d)) < 0.005), 2)
        return formatLang(self.env, number, digits=digits)

    def _say_names(self, change):
        """Return the names of records before and after, see ``_name_records``."""
        none = self.env._("none")
        return self._say_move(change["before"] or none, change["after"] or none)

    def _say_dates(self, change):
        return self._say_move(
            *(
                self._say_date(change[key]) if change[key] else self.env._("none")
                for key in ("before", "after")
            )
        )

    def _say_date(self, value):
        """Return a day in words, on the reader's clock; its year when it is another one.

        :param value: date or datetime, or one as text
        :rtype: str
        """
        day = fields.Datetime.to_datetime(value)
        if isinstance(value, datetime) or len(str(value)) > DATE_LENGTH:
            day = fields.Datetime.context_timestamp(self, day)
        this_year = day.year == fields.Date.context_today(self).year
        return format_skeleton("MMMd" if this_year else "yMMMd", day, locale=self._get_locale())

    def _say_move(self, before, after):
        return self.env._("%(before)s → %(after)s", before=before, after=after)
