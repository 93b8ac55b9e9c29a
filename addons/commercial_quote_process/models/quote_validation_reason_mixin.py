from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_amount

from ..const import COST_GROUPS

# What the number stored with a condition names.
MODEL_OF_CONDITION = {
    "team": "crm.team",
    "country": "res.country",
    "tag": "res.partner.category",
    "terms": "account.payment.term",
}


class QuoteValidationReasonMixin(models.AbstractModel):
    """Why a rule applied when the validation was asked for, in the words of whoever reads it."""

    _name = "quote.validation.reason.mixin"
    _description = "Reason of a validation"

    # Figures of the margin are inside: nobody reads it but the two fields below.
    reason_data = fields.Json(
        readonly=True, groups=fields.NO_ACCESS, export_string_translation=False
    )
    reason = fields.Text(
        string="Why",
        compute="_compute_reason",
        compute_sudo=True,
        help="Why the rule asked for a validation, without costs and margins.",
    )
    reason_internal = fields.Text(
        string="Why, in figures",
        compute="_compute_reason",
        compute_sudo=True,
        groups=COST_GROUPS,
        help="Why the rule asked for a validation.",
    )

    @api.depends("reason_data")
    @api.depends_context("lang")
    def _compute_reason(self):
        names = self._get_reason_names()
        for row in self:
            row.reason = "\n".join(row._get_reason_texts(names, with_figures=False))
            row.reason_internal = "\n".join(row._get_reason_texts(names, with_figures=True))

    def _get_reason_names(self):
        """Return the names of the records that the reasons of these rows speak of.

        :return: name by condition and id
        :rtype: dict
        """
        ids = defaultdict(set)
        for row in self:
            for condition, params in row.reason_data or ():
                if condition in MODEL_OF_CONDITION:
                    ids[condition].add(params["id"])
        return {
            (condition, record.id): record.display_name
            for condition, found in ids.items()
            for record in self.env[MODEL_OF_CONDITION[condition]].browse(found - {False}).exists()
        }

    def _get_reason_texts(self, names, with_figures):
        """Return one sentence for each condition that made the rule apply.

        :param dict names: see ``_get_reason_names``
        :param bool with_figures: whether costs and margins may be told
        :rtype: list[str]
        """
        self.ensure_one()
        return [
            text
            for condition, params in self.reason_data or ()
            if (text := self._get_reason_text(condition, params, names, with_figures))
        ]

    def _get_reason_text(self, condition, params, names, with_figures):
        if condition in MODEL_OF_CONDITION:
            name = names.get((condition, params["id"]), "")
            return {
                "team": self.env._("Sales team: %(name)s", name=name),
                "country": self.env._("Customer's country: %(name)s", name=name),
                "tag": self.env._("Customer's tag: %(name)s", name=name),
                "terms": self.env._(
                    "Unusual payment terms: %(name)s", name=name or self.env._("none")
                ),
            }[condition]
        if condition == "always":
            return self.env._("Every offer")
        if condition == "other":
            return self.env._("The condition of the rule holds")
        if condition in ("margin", "contingency") and not with_figures:
            return {
                "margin": self.env._("The margin is below the limit of the rule"),
                "contingency": self.env._("The contingency is below the limit of the rule"),
            }[condition]
        return self._get_figure_text(condition, params)

    def _get_figure_text(self, condition, params):
        value, limit = params["value"], params["limit"]
        if condition == "amount":
            currency = self.env["res.currency"].browse(params["currency"])
            return self.env._(
                "Amount of %(value)s, from %(limit)s",
                value=format_amount(self.env, value, currency),
                limit=format_amount(self.env, limit, currency, trailing_zeroes=False),
            )
        orders = self.env["sale.order"]
        if condition == "days":
            days = {"value": orders._say_number(value), "limit": orders._say_number(limit)}
            return self.env._("%(value)s days, from %(limit)s", **days)
        percents = {
            "value": orders._say_percent(value, digits=1),
            "limit": orders._say_percent(limit, digits=1),
        }
        return {
            "margin": self.env._("Margin of %(value)s, below %(limit)s", **percents),
            "discount": self.env._("Discount of %(value)s, above %(limit)s", **percents),
            "contingency": self.env._("Contingency of %(value)s, below %(limit)s", **percents),
        }[condition]
