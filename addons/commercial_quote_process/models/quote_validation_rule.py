from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class QuoteValidationRule(models.Model):
    """When a document needs a validation, and who may give it."""

    _name = "quote.validation.rule"
    _description = "Validation rule"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    res_model = fields.Char(
        string="Document model",
        required=True,
        default="sale.order",
        export_string_translation=False,
    )
    company_id = fields.Many2one("res.company", help="Leave empty for all companies.")
    team_ids = fields.Many2many(
        "crm.team", string="Sales teams", help="Leave empty for all sales teams."
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
    domain = fields.Char(
        string="Other condition", default="[]", help="The rule applies to documents that match."
    )
    group_ids = fields.Many2many(
        "res.groups", string="Approver groups", help="One member of one of these groups decides."
    )
    user_ids = fields.Many2many("res.users", string="Approvers")
    use_team_leader = fields.Boolean(string="Team leader", help="The sales team's leader decides.")

    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.constrains("group_ids", "user_ids", "use_team_leader")
    def _check_approvers(self):
        for rule in self:
            if not (rule.group_ids or rule.user_ids or rule.use_team_leader):
                raise ValidationError(
                    self.env._("Choose who may approve under the rule “%(rule)s”.", rule=rule.name)
                )

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

    # === BUSINESS METHODS === #

    @api.model
    def _get_rules_domain(self, document):
        """Return the domain of the rules that may concern a document, before its amounts.

        :param document: a record of a model that inherits ``quote.validation.mixin``
        :rtype: Domain
        """
        company = document._get_validation_company()
        team = document._get_validation_team()
        return (
            Domain("res_model", "=", document._name)
            & Domain("company_id", "in", [False, company.id])
            & (Domain("team_ids", "=", False) | Domain("team_ids", "in", team.ids))
        )

    @api.model
    def _get_rules_for(self, document):
        """Return the rules under which a document needs a validation now.

        :param document: a record of a model that inherits ``quote.validation.mixin``
        :rtype: quote.validation.rule
        """
        figures = document._get_validation_figures()
        rules_sudo = self.sudo().search(self._get_rules_domain(document))
        return rules_sudo.filtered(lambda rule: rule._applies_to(document, figures))

    def _applies_to(self, document, figures):
        """Return whether this rule's conditions hold.

        :param document: the document, in superuser mode or not
        :param dict figures: see ``quote.validation.mixin._get_validation_figures``
        :rtype: bool
        """
        self.ensure_one()
        return (
            figures["amount"] >= self.amount_from
            and (not self.use_margin or figures["margin_percent"] < self.margin_below)
            and (not self.use_discount or figures["discount_percent"] > self.discount_above)
            and figures["days"] >= self.days_from
            and bool(document.sudo().filtered_domain(literal_eval(self.domain or "[]")))
        )

    def _get_approvers(self, document):
        """Return the people who may decide under these rules, the asking person included.

        :param document: the document to decide on
        :rtype: res.users
        """
        company = document._get_validation_company()
        users_sudo = self.user_ids | self.group_ids.all_user_ids
        if any(rule.use_team_leader for rule in self):
            users_sudo |= document._get_validation_team().user_id
        return users_sudo.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
