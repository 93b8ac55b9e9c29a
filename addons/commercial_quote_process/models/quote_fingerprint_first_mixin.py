from odoo import models

from ..const import EDITABLE_STEPS
from ..tools.fingerprint import fingerprints


class QuoteFingerprintFirstMixin(models.AbstractModel):
    """The first version of the fingerprint, for what was approved with it.

    Frozen: a change here would void approvals that stand. New content goes into the version in
    use, see ``quote.fingerprint.mixin``.
    """

    _name = "quote.fingerprint.first.mixin"
    _description = "First version of the fingerprint of a quote"

    def _get_first_fingerprint(self):
        """Return the fingerprint of each aspect as the first version computed it.

        Called in superuser mode.

        :return: SHA-256 in hexadecimal by aspect, and of the whole under ``all``
        :rtype: dict
        """
        self.ensure_one()
        return fingerprints(
            {
                "price": self._get_first_price(),
                "cost": self._get_first_cost(),
                "plan": self._get_first_plan(),
                "texts": self._get_first_texts(),
                "terms": self._get_first_terms(),
            }
        )

    def _get_first_price(self):
        return {
            "client": self.partner_id.id,
            "currency": self.currency_id.name,
            "untaxed": self.amount_untaxed,
            "tax": self.amount_tax,
            "total": self.amount_total,
            "lines": [
                {
                    "kind": line.display_type,
                    "text": line.name,
                    "product": line.product_id.id,
                    "quantity": line.product_uom_qty,
                    "unit": line.product_uom_id.id,
                    "price": line.price_unit,
                    "discount": line.discount,
                    "taxes": sorted(line.tax_ids.ids),
                    "subtotal": line.price_subtotal,
                }
                for line in self.order_line.sorted(lambda line: (line.sequence, line.id))
            ],
        }

    def _get_first_cost(self):
        estimate = self.estimate_id
        overhead = estimate.overhead_percent
        return {
            **({"overhead": overhead} if overhead else {}),
            "lines": [
                line.purchase_price
                for line in self.order_line.sorted(lambda line: (line.sequence, line.id))
            ],
            "contingency": estimate.contingency_percent,
            "workload": sorted(
                (row.item_id.name or "", row.role_id.id, row.days, row.daily_cost)
                for row in estimate.workload_ids
            ),
            "costs": sorted(
                (row.family, row.name or "", row.quantity, row.unit_cost, row.is_rebilled)
                + ((row.unit,) if row.unit else ())
                for row in estimate.cost_ids
            ),
        }

    def _get_first_plan(self):
        estimate = self.estimate_id
        items = estimate.item_ids.sorted(lambda item: (item.sequence, item.id))
        rank = {item: position for position, item in enumerate(items)}
        return {
            "start": estimate.planned_start,
            "delay": estimate.start_delay,
            "hours": estimate.hours_per_day,
            "items": [
                {
                    "kind": item.kind,
                    "name": item.name,
                    "parent": rank.get(item.parent_id, -1),
                    "duration": item.duration,
                    "not_before": item.not_before,
                    "not_before_date": item.not_before_date,
                    "after": sorted(rank.get(other, -1) for other in item.depend_on_ids),
                    "criteria": item.acceptance_criteria,
                    "description": item.description,
                    **({"lags": lags} if (lags := self._get_first_lags(item, rank)) else {}),
                }
                for item in items
            ],
            **self._get_first_requirements(),
        }

    def _get_first_requirements(self):
        estimate = self.estimate_id
        kept = estimate.compliance_matrix or self.quote_step in EDITABLE_STEPS["technical"]
        rows = estimate._get_compliance_rows() if estimate and kept else []
        return {"requirements": rows} if rows else {}

    def _get_first_lags(self, item, rank):
        return sorted(
            (rank.get(row.depends_on_id, -1), row.lag) for row in item.dependency_ids if row.lag
        )

    def _get_first_texts(self):
        return {
            "scope": self.scope_content,
            "exclusions": self.scope_exclusions,
            "assumptions": self.scope_assumptions,
            "technical": self.estimate_id.technical_content,
            "organisation": self.estimate_id.organisation_content,
        }

    def _get_first_terms(self):
        return {
            "note": self.note,
            "payment_term": self.payment_term_id.id,
            "signature": self.require_signature,
            "payment": self.require_payment,
            "prepayment": self.prepayment_percent,
            "fiscal_position": self.fiscal_position_id.id,
        }
