from odoo import api, fields, models

from ..const import COST_GROUPS, REFUSAL_PARTS

# What may become of a request once it is made. Nothing else is ever written on a row.
NEXT_STATES = {
    "pending": {"approved", "refused", "withdrawn", "outdated"},
    "approved": {"withdrawn", "outdated"},
}


class QuoteValidation(models.Model):
    """One row per request and rule: who asked, who decided what, about which content."""

    _name = "quote.validation"
    _description = "Validation"
    _inherit = ["quote.history.mixin", "quote.cost.access.mixin"]
    _order = "asked_on desc, id desc"
    _rec_name = "rule_name"

    res_model = fields.Char(required=True, readonly=True, export_string_translation=False)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True, readonly=True
    )
    order_id = fields.Many2one(
        "sale.order",
        string="Quote",
        compute="_compute_order_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    rule_id = fields.Many2one(
        "quote.validation.rule", string="Validation rule", readonly=True, ondelete="set null"
    )
    rule_name = fields.Char(string="Rule", readonly=True)
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
            ("outdated", "Outdated"),
        ],
        required=True,
        readonly=True,
        default="pending",
    )
    asked_by_id = fields.Many2one("res.users", string="Asked by", readonly=True)
    asked_on = fields.Datetime(string="Asked on", readonly=True)
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    decided_on = fields.Datetime(string="Decided on", readonly=True)
    comment = fields.Text(readonly=True)
    refused_parts = fields.Selection(REFUSAL_PARTS, string="To rework", readonly=True)
    closed_reason = fields.Text(string="Why it no longer holds", readonly=True)
    fingerprint = fields.Json(readonly=True, export_string_translation=False)
    fingerprint_version = fields.Integer(readonly=True, export_string_translation=False)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(string="Untaxed amount", readonly=True)
    cost = fields.Monetary(string="Cost price", readonly=True, groups=COST_GROUPS)
    margin_percent = fields.Float(string="Margin (%)", readonly=True, groups=COST_GROUPS)
    days = fields.Float(readonly=True)

    _document_idx = models.Index("(res_model, res_id)")

    @api.model
    def _get_cost_fields(self):
        return super()._get_cost_fields() | {"cost", "margin_percent"}

    @api.depends("res_model", "res_id")
    def _compute_order_id(self):
        for row in self:
            row.order_id = row.res_id if row.res_model == "sale.order" else False

    def _is_history_change_allowed(self, vals):
        """A decision is never changed: a request only gets one, and may later be set aside."""
        return "state" in vals and all(
            vals["state"] in NEXT_STATES.get(row.state, ()) for row in self
        )
