from odoo import models

from ..const import EDITABLE_STEPS
from ..tools.fingerprint import fingerprints

ASPECTS = ("price", "cost", "plan", "texts", "terms")


class QuoteFingerprintMixin(models.AbstractModel):
    """What a quote says, in five aspects, and the fingerprint of each.

    Approval, sending and signature are bound to these fingerprints: content that differs from
    what was decided on has another one.
    """

    _name = "quote.fingerprint.mixin"
    _description = "Fingerprint of a quote"

    def _get_fingerprint(self):
        """Return the fingerprint of each aspect of the quote, and of the whole under ``all``.

        :return: SHA-256 in hexadecimal by aspect
        :rtype: dict
        """
        self.ensure_one()
        order_sudo = self.sudo()
        return fingerprints({a: order_sudo._get_fingerprint_data(a) for a in ASPECTS})

    def _get_fingerprint_data(self, aspect):
        """Return the content of one aspect as plain values.

        An overrider adds its own content to what ``super()`` returns. Values depend neither on a
        language nor on ids of our own rows, so that a restored copy has the same fingerprint.

        :param str aspect: "price", "cost", "plan", "texts" or "terms"
        :rtype: dict | list
        """
        self.ensure_one()
        return getattr(self, f"_get_fingerprint_{aspect}")()

    def _get_fingerprint_price(self):
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

    def _get_fingerprint_cost(self):
        estimate = self.estimate_id
        overhead = estimate.overhead_percent
        return {
            # Left out when there is none, so that what was approved without it stays approved.
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

    def _get_fingerprint_plan(self):
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
                    # Plans without any lag keep the fingerprint that they have always had.
                    **({"lags": lags} if (lags := self._get_fingerprint_lags(item, rank)) else {}),
                }
                for item in items
            ],
            **self._get_fingerprint_requirements(),
        }

    def _get_fingerprint_requirements(self):
        """Return the answers to the requirements, as part of the plan.

        Left out when there are none, and of what was handed over before its answers were kept:
        what was approved without them stays approved.
        """
        estimate = self.estimate_id
        kept = estimate.compliance_matrix or self.quote_step in EDITABLE_STEPS["technical"]
        rows = estimate._get_compliance_rows() if estimate and kept else []
        return {"requirements": rows} if rows else {}

    def _get_fingerprint_lags(self, item, rank):
        return sorted(
            (rank.get(row.depends_on_id, -1), row.lag) for row in item.dependency_ids if row.lag
        )

    def _get_fingerprint_texts(self):
        return {
            "scope": self.scope_content,
            "exclusions": self.scope_exclusions,
            "assumptions": self.scope_assumptions,
            "technical": self.estimate_id.technical_content,
            "organisation": self.estimate_id.organisation_content,
        }

    def _get_fingerprint_terms(self):
        return {
            "note": self.note,
            "payment_term": self.payment_term_id.id,
            "signature": self.require_signature,
            "payment": self.require_payment,
            "prepayment": self.prepayment_percent,
            "fiscal_position": self.fiscal_position_id.id,
        }
