from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_list


class QuoteValidationBlockMixin(models.AbstractModel):
    """Documents that nobody is left to decide on say so, and are found."""

    _name = "quote.validation.block.mixin"
    _description = "Blocked validation"

    is_validation_blocked = fields.Boolean(
        string="Validation blocked",
        compute="_compute_validation_block",
        search="_search_is_validation_blocked",
        compute_sudo=True,
        help="Nobody is left who may decide.",
    )
    validation_block = fields.Char(
        string="Why the validation is blocked",
        compute="_compute_validation_block",
        compute_sudo=True,
    )

    @api.depends("validation_ids.is_blocked", "validation_ids.state")
    @api.depends_context("lang")
    def _compute_validation_block(self):
        blocked = self.env["quote.validation"].search(
            [*self._get_blocked_domain(), ("res_id", "in", self.ids)]
        )
        for document in self:
            rows = blocked.filtered(lambda row, document=document: row.res_id == document.id)
            document.is_validation_blocked = bool(rows)
            document.validation_block = bool(rows) and self.env._(
                "Nobody is left who may decide under: %(rules)s. A sales manager names another"
                " approver in the validation rules.",
                rules=format_list(self.env, sorted(set(rows.mapped("rule_name")))),
            )

    def _search_is_validation_blocked(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._check_field_access(self._fields["is_validation_blocked"], "read")
        rows_sudo = self.env["quote.validation"].sudo()
        domain = Domain("id", "in", rows_sudo.search(self._get_blocked_domain()).mapped("res_id"))
        return domain if True in value else ~domain

    @api.model
    def _get_blocked_domain(self):
        return [
            ("res_model", "=", self._name),
            ("is_blocked", "=", True),
            ("state", "=", "pending"),
        ]
