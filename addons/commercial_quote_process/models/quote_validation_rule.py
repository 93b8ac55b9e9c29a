from odoo import api, fields, models
from odoo.exceptions import UserError

from .quote_validation_decider_mixin import OPEN_STATES


class QuoteValidationRule(models.Model):
    """When a document needs a validation, and who may give it."""

    _name = "quote.validation.rule"
    _description = "Validation rule"
    _inherit = [
        "quote.rule.condition.mixin",
        "quote.rule.approver.mixin",
        "quote.rule.summary.mixin",
    ]
    _order = "validation_round, sequence, id"
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

    # === CRUD METHODS === #

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if not (default or {}).get("name"):
            for rule, values in zip(self, vals_list, strict=True):
                values["name"] = self.env._("%(rule)s (copy)", rule=rule.name)
        return vals_list

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def unlink(self):
        used = self.env["quote.validation"].sudo().search([("rule_id", "in", self.ids)], limit=1)
        if used:
            # @api.ondelete would not do: a context key that any caller may send skips it.
            raise UserError(  # pylint: disable=no-raise-unlink
                self.env._(
                    "Offers have been validated under the rule “%(rule)s”: archive it instead.",
                    rule=used.rule_id.name,
                )
            )
        self.env.registry.clear_cache()
        return super().unlink()

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        if vals.keys() & {"group_ids", "user_ids", "use_team_leader"}:
            rows_sudo = self.env["quote.validation"].sudo()
            rows_sudo.search(
                [("rule_id", "in", self.ids), ("state", "in", OPEN_STATES)]
            )._refresh_deciders()
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _get_reasons_by_document(self, documents):
        """Return the rules under which documents need a validation now, and why.

        :param documents: records of a model that inherits ``quote.validation.mixin``
        :return: for each document, its figures and the reasons of ``_get_reasons`` by rule
        :rtype: dict
        """
        rules_sudo = self.sudo().search_fetch([("res_model", "=", documents._name)])
        result = {}
        for document in documents:
            figures = document._get_validation_figures()
            company = document._get_validation_company()
            found = {}
            for rule_sudo in rules_sudo:
                if rule_sudo.company_id not in (company, company.browse()):
                    continue
                if reasons := rule_sudo._get_reasons(document, figures):
                    found[rule_sudo] = reasons
            result[document] = figures, found
        return result
