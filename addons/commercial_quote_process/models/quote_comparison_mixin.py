from babel.numbers import format_percent

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date
from odoo.tools.misc import babel_locale_parse, formatLang, get_lang

# Figures of a quote that are compared, in the order in which they are read: field, and whether
# more of it is better (1), worse (-1) or neither (0).
FIGURES = (
    ("amount_untaxed", 0),
    ("amount_total", 0),
    ("estimated_days", 0),
    ("estimated_cost", -1),
    ("margin", 1),
    ("margin_percent", 1),
)


class QuoteComparisonMixin(models.AbstractModel):
    """Two versions of a quote side by side: what the screen shows, and who may see it."""

    _name = "quote.comparison.mixin"
    _description = "Comparison of two versions"

    # === OPENING THE SCREEN === #

    def action_compare_versions(self):
        """Open two versions side by side: the two that are chosen, or this and the one before.

        :return: the action that opens the screen
        :rtype: dict
        :raise UserError: when there are no two versions of one quote to compare
        """
        older, newer = self._get_compared_versions()
        self._check_comparable(older, newer)
        return {
            "type": "ir.actions.client",
            "tag": "quote_comparison",
            "name": self.env._("Compare versions"),
            "params": {"resId": newer.id, "other": older.id},
        }

    def _get_compared_versions(self):
        """Return the two versions that the screen opens with, the older one first.

        :rtype: tuple(sale.order, sale.order)
        """
        if len(self) == 2:
            return tuple(self.sorted("quote_version"))
        if len(self) != 1:
            raise UserError(self.env._("Choose two versions of one quote to compare them."))
        others = self._get_readable_versions() - self
        older = others.filtered(lambda order: order.quote_version < self.quote_version)
        if self.previous_version_id in older:
            return self.previous_version_id, self
        if older:
            return older[:1], self
        return (self, others[-1:]) if others else (self, self)

    def _get_readable_versions(self):
        """Return the versions of the family that the user may read, the newest first.

        :rtype: sale.order
        """
        return self.version_ids._filtered_access("read")

    def _check_comparable(self, older, newer):
        """Refuse what are no two versions of one quote.

        :raise UserError: with what to choose
        :raise AccessError: when one of them is not for this user
        """
        if not self.env.user._is_internal():
            # A client who reads two versions does not read what we think of them.
            raise AccessError(self.env._("Versions are compared by people of the company."))
        (older | newer).check_access("read")
        if not older or older == newer:
            raise UserError(
                self.env._("%(quote)s has no other version to compare it with.", quote=newer.name)
            )
        if not newer.quote_root_id or older.quote_root_id != newer.quote_root_id:
            raise UserError(self.env._("Choose two versions of one quote to compare them."))

    # === DATA OF THE SCREEN === #

    def get_comparison(self, other_id):
        """Return this version beside another one of the same quote, for the screen.

        Texts are in the language of the user and formatted; figures that the user may not read
        are left out.

        :param int other_id: id of the other version, that is shown first (on the left)
        :return: ``versions`` (all that can be chosen), ``older``, ``newer`` (ids), ``figures``,
            ``lines``, ``plan``, ``costs``, ``terms``, ``texts``, ``requirements``,
            ``sees_costs``, ``can_restore``
        :rtype: dict
        :raise AccessError: when one of them is not for this user
        :raise UserError: when they are no versions of one quote
        """
        self.ensure_one()
        older = self.browse(int(other_id)).exists()
        self._check_comparable(older, self)
        return {
            "versions": [version._get_version_card() for version in self._get_readable_versions()],
            "older": older.id,
            "newer": self.id,
            "sees_costs": self._reads_figures(),
            "can_restore": older._can_be_restored(),
            "figures": self._compare_figures(older),
            **self._compare_contents(older),
        }

    def _get_version_card(self):
        """Return what is said of a version above its content.

        :rtype: dict
        """
        self.ensure_one()
        labels = {
            name: dict(self._fields[name]._description_selection(self.env)).get(self[name], "")
            for name in ("quote_step", "version_kind", "version_reason")
        }
        return {
            "id": self.id,
            "name": self.name,
            "step": self.quote_step,
            "step_label": labels["quote_step"],
            "kind": labels["version_kind"] if self.version_kind == "variant" else "",
            "reason": labels["version_reason"],
            "note": self.version_note or "",
            "date": format_date(self.env, self.sent_on or self.create_date),
            "is_sent": bool(self.sent_on),
            "user": self.user_id.sudo().name or "",
        }

    def _can_be_restored(self):
        """Return whether the user may make a new version with the content of this one.

        :rtype: bool
        """
        self.ensure_one()
        if not self.has_access("write"):
            return False
        try:
            self._check_restorable()
        except UserError:
            return False
        return True

    # === FIGURES === #

    def _compare_figures(self, older):
        """Return the figures of both versions, those that the user may read.

        :rtype: list(dict)
        """
        rows = []
        for name, better in FIGURES:
            field = self._fields[name]
            if not self._has_field_access(field, "read"):
                continue
            label = field._description_string(self.env)
            sort = {"margin_percent": "percent", "estimated_days": "days"}.get(name, "money")
            rows.append(self._compare_figure(name, label, older[name], self[name], sort, better))
        lengths = [version.sudo().estimate_id.plan_length for version in (older, self)]
        label = self.env._("Length of the plan")
        return [*rows, self._compare_figure("plan_length", label, *lengths, "days", -1)]

    def _compare_figure(self, key, label, before, after, sort, better):
        """Return one figure of both versions and its difference, in words.

        :param str sort: "money", "days" or "percent"
        :param int better: 1 when more is better, -1 when it is worse, 0 for neither
        :rtype: dict
        """
        digits = self.currency_id.decimal_places if sort == "money" else 2
        scale = 100 if sort == "percent" else 1
        difference = round(scale * (after - before), digits)
        trend = (difference > 0) - (difference < 0)
        text = self._format_figure(abs(difference) / scale, sort) if trend else ""
        return {
            "key": key,
            "label": label,
            "before": self._format_figure(before, sort),
            "after": self._format_figure(after, sort),
            "difference": f"{'+' if trend > 0 else '−'} {text}" if trend else "",
            "verdict": {1: "good", -1: "bad"}.get(trend * better, ""),
            "changed": bool(trend),
        }

    def _format_figure(self, value, sort):
        if sort == "money":
            return formatLang(self.env, value, currency_obj=self.currency_id)
        if sort == "percent":
            locale = babel_locale_parse(get_lang(self.env).code)
            return format_percent(round(value, 3), locale=locale, decimal_quantization=False)
        days = formatLang(self.env, value, digits=2).rstrip("0").rstrip(".,")
        return self.env._("%(days)s days", days=days)
