from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from ..const import RULE_CONDITIONS


class QuoteRuleConditionMixin(models.AbstractModel):
    """When a rule applies: every condition that it sets must hold."""

    _name = "quote.rule.condition.mixin"
    _description = "Conditions of a validation rule"

    team_ids = fields.Many2many(
        "crm.team", string="Sales teams", help="Leave empty for all sales teams."
    )
    country_ids = fields.Many2many(
        "res.country",
        string="Customer's countries",
        help="The rule applies to customers of these countries; leave empty for all countries.",
    )
    partner_category_ids = fields.Many2many(
        "res.partner.category",
        string="Customer's tags",
        help="The rule applies to customers, or contacts of companies, with one of these tags.",
    )
    amount_from = fields.Monetary(
        string="Amount from",
        help="The rule applies from this untaxed amount; 0 means whatever the amount.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    use_margin = fields.Boolean(string="Depends on the margin")
    margin_below = fields.Float(
        string="Margin below (%)", help="The rule applies when the margin is lower than this."
    )
    use_discount = fields.Boolean(string="Depends on the discount")
    discount_above = fields.Float(
        string="Discount above (%)",
        help="The rule applies when the discount of a line is higher than this.",
    )
    days_from = fields.Float(
        string="Days from",
        help="The rule applies from this number of estimated days; 0 means whatever the workload.",
    )
    use_contingency = fields.Boolean(string="Depends on the contingency")
    contingency_below = fields.Float(
        string="Contingency below (%)",
        help="The rule applies when the provision for risks is lower than this.",
    )
    use_payment_terms = fields.Boolean(
        string="Unusual payment terms",
        help="The rule applies when the payment terms are neither the customer's usual ones nor"
        " those of the last approved version. They say when an invoice is paid; what is invoiced"
        " when, the payment schedule, does not count.",
    )
    domain = fields.Char(
        string="Other condition", default="[]", help="The rule applies to documents that match."
    )

    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.constrains("domain", "res_model")
    def _check_domain(self):
        for rule in self:
            try:
                Domain(literal_eval(rule.domain or "[]")).validate(self.env[rule.res_model])
            except (KeyError, SyntaxError, TypeError, ValueError) as error:
                raise ValidationError(
                    self.env._(
                        "The other condition of the rule “%(rule)s” cannot be used: %(error)s",
                        rule=rule.name,
                        error=error,
                    )
                ) from error

    # === WHY A RULE APPLIES === #

    def _get_reasons(self, document, figures):
        """Return why this rule applies to a document, or nothing when it does not.

        :param document: the document, in superuser mode or not
        :param dict figures: see ``quote.validation.mixin._get_validation_figures``
        :return: one pair of a condition and its figures per condition that the rule sets, as
            stored in ``quote.validation.reason_data``; ``always`` for a rule without conditions
        :rtype: list[tuple[str, dict]]
        """
        self.ensure_one()
        reasons = []
        for condition in RULE_CONDITIONS:
            reason = getattr(self, f"_get_reason_{condition}")(document, figures)
            if reason is False:
                return []
            if reason is not None:
                reasons.append((condition, reason))
        return reasons or [("always", {})]

    @ormcache("self.id")
    def _get_linked_ids(self):
        """Return the teams, countries and tags of this rule, as sets of ids by name of field.

        Three tables that every request would read again.

        :rtype: dict
        """
        names = ("team_ids", "country_ids", "partner_category_ids")
        return {name: frozenset(self.sudo()[name].ids) for name in names}

    # Each of these returns None when the rule does not set the condition, False when the condition
    # does not hold, and else what to say about it.

    def _get_reason_team(self, document, figures):
        team_ids = self._get_linked_ids()["team_ids"]
        if not team_ids:
            return None
        team = document._get_validation_team()
        return team.id in team_ids and {"id": team.id}

    def _get_reason_country(self, document, figures):
        country_ids = self._get_linked_ids()["country_ids"]
        if not country_ids:
            return None
        partner_sudo = document._get_validation_partner().sudo()
        country = partner_sudo.country_id or partner_sudo.commercial_partner_id.country_id
        return country.id in country_ids and {"id": country.id}

    def _get_reason_tag(self, document, figures):
        tag_ids = self._get_linked_ids()["partner_category_ids"]
        if not tag_ids:
            return None
        partner_sudo = document._get_validation_partner().sudo()
        tags = partner_sudo.category_id | partner_sudo.commercial_partner_id.category_id
        found = [tag.id for tag in tags if tag.id in tag_ids]
        return bool(found) and {"id": found[0]}

    def _get_reason_amount(self, document, figures):
        if not self.amount_from:
            return None
        # Options that the client may add count: they are approved with the rest.
        amount = max(figures["amount"], figures.get("highest_amount", 0.0))
        return amount >= self.amount_from and {
            "value": amount,
            "limit": self.amount_from,
            "currency": figures["currency"].id,
        }

    def _get_reason_margin(self, document, figures):
        if not self.use_margin:
            return None
        value = figures["margin_percent"]
        return value < self.margin_below and {"value": value, "limit": self.margin_below}

    def _get_reason_discount(self, document, figures):
        if not self.use_discount:
            return None
        value = figures["discount_percent"]
        return value > self.discount_above and {"value": value, "limit": self.discount_above}

    def _get_reason_days(self, document, figures):
        if not self.days_from:
            return None
        value = figures["days"]
        return value >= self.days_from and {"value": value, "limit": self.days_from}

    def _get_reason_contingency(self, document, figures):
        if not self.use_contingency:
            return None
        value = figures["contingency_percent"]
        return value < self.contingency_below and {"value": value, "limit": self.contingency_below}

    def _get_reason_terms(self, document, figures):
        if not self.use_payment_terms:
            return None
        now = figures["payment_term_id"]
        return now not in figures["usual_payment_term_ids"] and {"id": now}

    def _get_reason_other(self, document, figures):
        domain = literal_eval(self.domain or "[]")
        if not domain:
            return None
        return bool(document.sudo().filtered_domain(domain)) and {}
