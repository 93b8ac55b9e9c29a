from odoo import models

from ..const import EDITABLE_STEPS


class QuoteTaxTotalMixin(models.AbstractModel):
    """The totals that a client reads under the lines are those that were approved.

    Odoo computes them again from the taxes of today each time they are shown. A tax whose rate
    changes after the approval would show another total than the one that is approved and signed.
    """

    _name = "quote.tax.total.mixin"
    _description = "Totals with taxes of a quote"

    def _compute_tax_totals(self):
        result = super()._compute_tax_totals()
        for order in self:
            closed = order.quote_process and order.quote_step not in EDITABLE_STEPS["commercial"]
            if closed and order.tax_totals and order._has_other_tax_totals():
                order.tax_totals = order._get_agreed_tax_totals()
        return result

    def _has_other_tax_totals(self):
        """Return whether the taxes of today give other amounts than those of the quote.

        :rtype: bool
        """
        self.ensure_one()
        totals = self.tax_totals
        return bool(
            self.currency_id.compare_amounts(totals["tax_amount_currency"], self.amount_tax)
            or self.currency_id.compare_amounts(totals["base_amount_currency"], self.amount_untaxed)
        )

    def _get_agreed_tax_totals(self):
        """Return the totals of the quote in the form of today's, along today's groups of taxes.

        :return: see ``account.tax._get_tax_totals_summary``
        :rtype: dict
        """
        self.ensure_one()
        totals = dict(self.tax_totals)
        subtotals = [
            {**subtotal, "tax_groups": [dict(group) for group in subtotal["tax_groups"]]}
            for subtotal in totals["subtotals"]
        ]
        groups = [group for subtotal in subtotals for group in subtotal["tax_groups"]]
        self._spread_agreed_amount(groups, "tax_amount", self.amount_tax)
        base = self.amount_untaxed
        for subtotal in subtotals:
            tax = sum(group["tax_amount_currency"] for group in subtotal["tax_groups"])
            self._set_agreed_amount(subtotal, "base_amount", base)
            self._set_agreed_amount(subtotal, "tax_amount", tax)
            base += tax
        for name, amount in (
            ("base_amount", self.amount_untaxed),
            ("tax_amount", self.amount_tax),
            ("total_amount", self.amount_total),
        ):
            self._set_agreed_amount(totals, name, amount)
        return {**totals, "subtotals": subtotals}

    def _spread_agreed_amount(self, rows, name, amount):
        """Share an amount among rows along what they have; the last one takes what is left."""
        today = sum(row[f"{name}_currency"] for row in rows)
        left = amount
        for row in rows[:-1]:
            share = row[f"{name}_currency"] * amount / today if today else 0.0
            self._set_agreed_amount(row, name, self.currency_id.round(share))
            left -= row[f"{name}_currency"]
        if rows:
            self._set_agreed_amount(rows[-1], name, self.currency_id.round(left))

    def _set_agreed_amount(self, row, name, amount):
        """Set an amount in the quote's currency, and in the company's at the quote's rate."""
        row[f"{name}_currency"] = amount
        if name in row:
            row[name] = self.company_id.currency_id.round(amount / (self.currency_rate or 1.0))
