from odoo import models
from odoo.exceptions import AccessError, UserError

from ..const import OUTLINED_TEXTS


class QuoteEstimateReuseMixin(models.AbstractModel):
    """Parts of templates and of past estimates, inserted at today's rates."""

    _name = "quote.estimate.reuse.mixin"
    _description = "Reuse of estimates"

    def action_insert(self):
        """Open the dialog that inserts a template, or a part of a past estimate.

        :rtype: dict
        """
        return self._get_insert_action("template", self.env._("Insert from a template"))

    def action_start_from_won(self):
        """Open the same dialog on the quotes that clients have accepted.

        :rtype: dict
        """
        return self._get_insert_action("won", self.env._("Start from a won quote"))

    def _get_insert_action(self, kind, name):
        self.ensure_one()
        self.check_access("write")
        self._check_plan_open()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "quote.estimate.insert",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_estimate_id": self.id, "default_source_kind": kind},
        }

    def _insert_items(self, source, items, after=None, parts=("workload", "costs")):
        """Copy items of another estimate into this one, with the rights of the current user.

        Dependencies among them stay, with their lags; what leads out of them is left behind, and
        so are dates, which were those of another project. The days get the rates of today, for
        the client of this estimate. Costs of the whole source come only with all of its items.

        :param source: the ``quote.estimate`` they belong to
        :param items: ``quote.estimate.item`` of the source
        :param after: an item of this estimate that they follow; they go to the end without it
        :param parts: what comes along: "workload", "costs"
        :return: the new items, in the order of the plan
        :rtype: quote.estimate.item
        :raise AccessError: when the source cannot be read, or belongs to another company
        :raise UserError: when the quote is closed for its technical part
        """
        self.ensure_one()
        self._check_insertion(source, items, after)
        # Read together, however the caller came by them.
        items = items.browse(items.ids)
        existing = self.item_ids._sorted_as_tree()
        originals = items._sorted_as_tree()
        copied = originals._copy_to(self)
        new = items.browse(copied[item.id] for item in originals)
        new.filtered("not_before_date").write({"not_before_date": False})
        self._order_items(self._get_order_with(existing, new, after))
        if "workload" in parts:
            items.workload_ids._copy_at_todays_rates(self, copied)
        if "costs" in parts:
            costs = source.cost_ids
            if source.item_ids - items:
                costs = costs.filtered(lambda cost: cost.item_id in items)
            costs._copy_to(self, copied)
        return new

    def _check_insertion(self, source, items, after):
        """Refuse what would bring content of others into this estimate.

        :raise AccessError: see ``_insert_items``
        """
        self.check_access("write")
        self._check_plan_open()
        source.check_access("read")
        if source.company_id != self.company_id or items.estimate_id - source:
            raise AccessError(self.env._("Only estimates of the same company can be inserted."))
        if after and after.estimate_id != self:
            raise UserError(self.env._("Choose a phase of this estimate to insert after."))

    def _get_order_with(self, existing, new, after):
        """Return all items in the order of the plan, the new ones in their place.

        :param existing: ``quote.estimate.item`` in the order of the plan
        :param new: ``quote.estimate.item`` in theirs
        :param after: the item of ``existing`` that they follow, with what is inside of it, or None
        :rtype: quote.estimate.item
        """
        if not after:
            return existing + new
        passed = existing.filtered(lambda item: item == after or after in item._get_phases())
        position = existing.ids.index(passed[-1].id) + 1
        return existing[:position] + new + existing[position:]

    def _order_items(self, items):
        """Number all items of this estimate in this order.

        :param items: ``quote.estimate.item``
        """
        # The order follows from what was inserted: neither another change nor another check.
        with self.env.protecting([items._fields["sequence"]], items):
            for rank, item in enumerate(items, start=1):
                item.sequence = 10 * rank
        self.invalidate_recordset(["item_ids"], flush=False)

    # === TEXTS === #

    def _take_texts(self, source):
        """Take over the texts of another estimate where nobody has written one yet.

        Contributors, who write rows only, leave them as they are.

        :param source: ``quote.estimate``
        """
        self.ensure_one()
        values = {
            name: source[name]
            for name in OUTLINED_TEXTS
            if source[name] and not source._is_outline(name) and self._is_outline(name)
        }
        if values and (self.is_template or self.is_responsible):
            self.write(values)

    def _is_outline(self, name):
        """Return whether a text is still what the estimate began with, or empty.

        :param str name: a name of ``const.OUTLINED_TEXTS``
        :rtype: bool
        """
        self.ensure_one()
        return self.company_id.sudo()._is_quote_outline(name, self[name])

    # === RATES === #

    def _compare_rates(self, source, rows):
        """Return what the days of another estimate cost then, and would cost in this one today.

        :param source: the ``quote.estimate`` of the rows
        :param rows: its ``quote.estimate.workload`` that would be inserted
        :return: one dict per role, in the order of their names: ``role``, ``days``, ``old`` and
            ``new`` (cost of a day, ``new`` None without a valid rate) and ``effect`` (difference
            of the cost of all days), in the company's currency
        :rtype: list(dict)
        """
        self.ensure_one()
        rates_sudo = self._get_role_rates(rows.role_id)
        result = []
        for role, role_rows in rows.grouped("role_id").items():
            days = sum(role_rows.mapped("days"))
            cost = sum(role_rows.mapped("cost"))
            rate_sudo = rates_sudo.get(role)
            new = rate_sudo.daily_cost if rate_sudo else None
            result.append(
                {
                    "role": role.sudo().name,
                    "days": days,
                    "old": cost / days if days else 0.0,
                    "new": new,
                    "effect": self.currency_id.round((new or 0.0) * days - cost),
                }
            )
        return sorted(result, key=lambda row: row["role"])
