import math

from odoo import fields, models

# Answers to a requirement that an approver should know of.
UNMET = ("non_compliant", "partial", "to_answer")
DAYS_OF_A_WEEK = 5


class QuoteDecisionFiguresMixin(models.AbstractModel):
    """The figures of a quote on the decision screen, without those that the reader may not see."""

    _name = "quote.decision.figures.mixin"
    _description = "Figures of a decision on a quote"

    def _sees_figure(self, name):
        """Return whether the current user may read a figure of quotes.

        :param str name: name of the field
        :rtype: bool
        """
        return self._has_field_access(self._fields[name], "read")

    def _get_decision_figures(self):
        """Return the money of the quote, in its currency and in percent (0 to 100).

        Costs and margins are left out for people who may not read them.

        :rtype: dict
        """
        self.ensure_one()
        order_sudo = self.sudo()
        amount = order_sudo.amount_untaxed
        figures = {
            "currency_id": order_sudo.currency_id.id,
            "amount": amount,
            "total": order_sudo.amount_total,
            "discount": self._get_validation_figures()["discount_percent"],
        }
        if self._sees_figure("estimated_days"):
            figures["days"] = order_sudo.estimated_days
        if self._sees_figure("margin"):
            company = order_sudo.company_id
            figures |= {
                "cost": amount - order_sudo.margin,
                "margin": order_sudo.margin,
                "margin_percent": 100 * order_sudo.margin / amount if amount else 0.0,
                "target_percent": order_sudo.target_margin_percent
                or company.quote_target_margin_percent,
                "floor_percent": company.quote_floor_margin_percent,
                "floor": order_sudo.floor_price,
                "is_under_floor": order_sudo.is_under_floor,
                "contingency": order_sudo.estimate_id.contingency_percent,
            }
        return figures

    def _get_decision_facts(self):
        """Return what else an approver weighs: plan, payment, requirements.

        :rtype: dict
        """
        self.ensure_one()
        order_sudo = self.sudo()
        estimate_sudo = order_sudo.estimate_id
        term = order_sudo.payment_term_id
        usual_term = order_sudo.partner_id.with_company(
            order_sudo.company_id
        ).property_payment_term_id
        requirements = estimate_sudo._get_labelled_compliance_rows() if estimate_sudo else []
        length = estimate_sudo.plan_length
        return {
            "plan_days": length,
            "plan_weeks": math.ceil(length / DAYS_OF_A_WEEK),
            "plan_end": fields.Date.to_string(estimate_sudo.planned_end) or False,
            "payment_term": term.name or "",
            "is_payment_term_usual": term == usual_term,
            "requirement_count": len(requirements),
            "unmet": [
                {
                    "name": f"{row['reference']}. {row['name']}",
                    "answer": row["compliance_label"],
                    "level": row["compliance"],
                    "comment": row["comment"],
                }
                for row in requirements
                if row["compliance"] in UNMET
            ],
        }
