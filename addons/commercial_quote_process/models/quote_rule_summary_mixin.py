from odoo import api, fields, models
from odoo.tools import format_amount, format_list

# What is read of a rule to say it in words.
WORDED_FIELDS = (
    "team_ids",
    "country_ids",
    "partner_category_ids",
    "amount_from",
    "use_margin",
    "margin_below",
    "use_discount",
    "discount_above",
    "days_from",
    "use_contingency",
    "contingency_below",
    "use_payment_terms",
    "domain",
    "company_id",
)
APPROVER_FIELDS = (
    "group_ids",
    "user_ids",
    "use_team_leader",
    "approval_mode",
    "validation_round",
    "deadline_days",
)


class QuoteRuleSummaryMixin(models.AbstractModel):
    """What a rule does, as a sentence, and what it would do to the documents of today."""

    _name = "quote.rule.summary.mixin"
    _description = "Validation rule in words"

    when_text = fields.Char(
        string="When it applies", compute="_compute_when_text", help="The conditions, in words."
    )
    who_text = fields.Char(
        string="Whose approval it takes",
        compute="_compute_who_text",
        help="The approvers, in words.",
    )

    @api.depends(*WORDED_FIELDS)
    @api.depends_context("lang")
    def _compute_when_text(self):
        for rule in self:
            texts = rule._get_condition_texts()
            rule.when_text = (
                self.env._("When %(conditions)s", conditions=format_list(self.env, texts))
                if texts
                else self.env._("Always")
            )

    def _get_condition_texts(self):
        """Return the conditions of the rule, each as a part of a sentence.

        An overrider returns what ``super()`` does with the texts of its own conditions.

        :rtype: list[str]
        """
        self.ensure_one()
        texts = self._get_figure_texts()
        if self.use_payment_terms:
            texts.append(self.env._("the payment terms are unusual"))
        if self.country_ids:
            names = self._join(self.country_ids)
            texts.append(self.env._("the customer is in %(countries)s", countries=names))
        if self.partner_category_ids:
            names = self._join(self.partner_category_ids)
            texts.append(self.env._("the customer has the tag %(tags)s", tags=names))
        if self.team_ids:
            names = self._join(self.team_ids)
            texts.append(self.env._("the sales team is %(teams)s", teams=names))
        if self.domain and self.domain.strip() != "[]":
            texts.append(self.env._("the other condition holds"))
        return texts

    def _get_figure_texts(self):
        orders = self.env["sale.order"]
        texts = []
        if self.amount_from:
            amount = format_amount(
                self.env, self.amount_from, self.currency_id, trailing_zeroes=False
            )
            texts.append(self.env._("the amount is at least %(amount)s", amount=amount))
        if self.use_margin:
            limit = orders._say_percent(self.margin_below)
            texts.append(self.env._("the margin is below %(limit)s", limit=limit))
        if self.use_discount:
            limit = orders._say_percent(self.discount_above)
            texts.append(self.env._("a line has a discount above %(limit)s", limit=limit))
        if self.days_from:
            days = orders._say_number(self.days_from)
            texts.append(self.env._("it takes at least %(days)s days", days=days))
        if self.use_contingency:
            limit = orders._say_percent(self.contingency_below)
            texts.append(self.env._("the contingency is below %(limit)s", limit=limit))
        return texts

    @api.depends(*APPROVER_FIELDS)
    @api.depends_context("lang")
    def _compute_who_text(self):
        for rule in self:
            parts = [rule._get_approver_text()]
            if rule.deadline_days == 1:
                parts.append(self.env._("within 1 working day"))
            elif rule.deadline_days:
                parts.append(self.env._("within %(days)s working days", days=rule.deadline_days))
            if rule.validation_round > 1:
                parts.append(self.env._("in round %(round)s", round=rule.validation_round))
            rule.who_text = ", ".join(parts)

    def _get_approver_text(self):
        self.ensure_one()
        names = [*self.user_ids.mapped("name"), *self.sudo().group_ids.mapped("name")]
        if self.use_team_leader and not names:
            return self.env._("The team's leader approves")
        if self.use_team_leader:
            names.append(self.env._("the team's leader"))
        if len(names) < 2 and not self.group_ids:
            return self.env._("%(person)s approves", person="".join(names))
        if self.approval_mode == "all":
            people = format_list(self.env, names)
            return self.env._("Each of these approves: %(people)s", people=people)
        people = format_list(self.env, names, style="or")
        return self.env._("One of these approves: %(people)s", people=people)

    def _join(self, records):
        return format_list(self.env, records.mapped("display_name"), style="or")

    # === WHAT IT WOULD DO === #

    def action_show_documents(self):
        """Open the documents of today to which this rule would apply.

        :return: an action
        :rtype: dict
        :raise AccessError: for whoever may not change the rule: the answer tells margins
        """
        self.ensure_one()
        self.check_access("write")
        documents = self.env[self.res_model]._search_validation_candidates()
        found = documents.filtered(lambda document: self._covers(document))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Under the rule “%(rule)s”", rule=self.name),
            "res_model": self.res_model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", found.ids)],
            "help": self.env._("The rule applies to none of the current documents."),
        }

    def _covers(self, document):
        """Return whether this rule applies to a document, archived or not.

        :param document: a record of a model that inherits ``quote.validation.mixin``
        :rtype: bool
        """
        company = document._get_validation_company()
        if self.company_id and self.company_id != company:
            return False
        return bool(self.sudo()._get_reasons(document, document._get_validation_figures()))
