from odoo import api, fields, models

from ..const import COST_GROUPS, REFUSAL_PARTS

# What may become of a request once it is made, and what is written with it. Nothing else is ever
# written on a row.
NEXT_STATES = {
    "queued": {"pending", "withdrawn", "outdated"},
    "pending": {"approved", "refused", "withdrawn", "outdated"},
    "approved": {"withdrawn", "outdated"},
    # An approval that was given up says later what has changed since.
    "withdrawn": {"outdated"},
}
DECISION_FIELDS = {"state", "decided_by_id", "decided_on", "comment", "on_behalf_of_id"}
FIELDS_OF_STATE = {
    "pending": {"state", "deadline", "remind_on", "decider_ids", "is_blocked"},
    "approved": DECISION_FIELDS,
    "refused": DECISION_FIELDS | {"refused_parts"},
    "withdrawn": {"state", "closed_reason"},
    "outdated": {"state", "closed_reason"},
}
# What a decision reads of the rows of a document.
ROW_FIELDS = (
    "res_model",
    "res_id",
    "company_id",
    "rule_id",
    "rule_name",
    "validation_round",
    "state",
    "asked_by_id",
    "approver_id",
    "deadline",
    "is_blocked",
    "decided_by_id",
    "decided_on",
    "comment",
    "kept_from_id",
    "on_behalf_of_id",
    "closed_reason",
    "fingerprint",
    "fingerprint_version",
)
# What the engine and its jobs note on a request that waits.
WAITING_FIELDS = {"decider_ids", "is_blocked", "notified_on", "reminded_on"}


class QuoteValidation(models.Model):
    """One row per request and rule: who asked, who decided what, about which content."""

    _name = "quote.validation"
    _description = "Validation"
    _inherit = [
        "quote.validation.reason.mixin",
        "quote.validation.decider.mixin",
        "quote.history.mixin",
        "quote.cost.access.mixin",
    ]
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
        "quote.validation.rule",
        string="Validation rule",
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    rule_name = fields.Char(string="Rule", readonly=True)
    validation_round = fields.Integer(string="Round", readonly=True, default=1)
    state = fields.Selection(
        [
            ("queued", "Later"),
            ("pending", "Waiting"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
            ("outdated", "Outdated"),
        ],
        required=True,
        readonly=True,
        default="pending",
        help="Later: the rules of an earlier round are not satisfied yet.",
    )
    asked_by_id = fields.Many2one("res.users", string="Asked by", readonly=True)
    asked_on = fields.Datetime(string="Asked on", readonly=True)
    deadline = fields.Date(string="To decide by", readonly=True)
    remind_on = fields.Date(readonly=True, export_string_translation=False)
    notified_on = fields.Datetime(readonly=True, export_string_translation=False)
    reminded_on = fields.Datetime(string="Reminded on", readonly=True)
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    decided_on = fields.Datetime(string="Decided on", readonly=True)
    on_behalf_of_id = fields.Many2one(
        "res.users",
        string="On behalf of",
        readonly=True,
        help="The absent approver whose substitute decided.",
    )
    kept_from_id = fields.Many2one(
        "quote.validation",
        string="Kept approval",
        readonly=True,
        index="btree_not_null",
        help="The earlier approval that still holds: nothing that its rule watches has changed.",
    )
    comment = fields.Text(readonly=True)
    refused_parts = fields.Selection(REFUSAL_PARTS, string="To rework", readonly=True)
    closed_reason = fields.Text(string="Why it no longer holds", readonly=True)
    snapshot_id = fields.Many2one(
        "quote.content.snapshot",
        readonly=True,
        index="btree_not_null",
        groups=fields.NO_ACCESS,
        help="What the document said when the validation was asked for.",
    )
    fingerprint = fields.Json(readonly=True, export_string_translation=False)
    fingerprint_version = fields.Integer(readonly=True, export_string_translation=False)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(string="Untaxed amount", readonly=True)
    cost = fields.Monetary(string="Cost price", readonly=True, groups=COST_GROUPS)
    margin_percent = fields.Float(string="Margin (%)", readonly=True, groups=COST_GROUPS)
    days = fields.Float(readonly=True)

    _document_idx = models.Index("(res_model, res_id)")
    _blocked_idx = models.Index("(res_model, res_id) WHERE is_blocked")
    _waiting_idx = models.Index("(deadline, remind_on) WHERE state = 'pending'")

    @api.model
    def _get_cost_fields(self):
        return super()._get_cost_fields() | {"cost", "margin_percent", "reason_internal"}

    @api.depends("res_model", "res_id")
    def _compute_order_id(self):
        for row in self:
            row.order_id = row.res_id if row.res_model == "sale.order" else False

    def _is_history_change_allowed(self, vals):
        """A decision is never changed: a request only gets one, and may later be set aside."""
        state = vals.get("state")
        if not state:
            waiting = all(row.state in ("queued", "pending") for row in self)
            return waiting and vals.keys() <= WAITING_FIELDS
        return vals.keys() <= FIELDS_OF_STATE.get(state, set()) and all(
            row._is_next_state(state, vals) for row in self
        )

    def _is_next_state(self, state, vals):
        self.ensure_one()
        if state not in NEXT_STATES.get(self.state, ()):
            return False
        if self.state != "withdrawn":
            return True
        # Why it was given up is kept; only an approval can be outdated.
        reason = vals.get("closed_reason") or ""
        return bool(self.decided_on) and reason.startswith(self.closed_reason or "")

    def _set_aside(self, reason, state="withdrawn"):
        """Say of requests and approvals that they no longer count.

        :param str reason: why
        :param str state: "withdrawn" or "outdated"
        """
        if self:
            self.write({"state": state, "closed_reason": reason})

    @api.model
    def _search_rows(self, documents, states):
        """Return the rows of documents in some states, the oldest first, in one query.

        :param documents: records of one model that inherits ``quote.validation.mixin``
        :param states: iterable of states
        :rtype: quote.validation
        """
        domain = [
            ("res_model", "=", documents._name),
            ("res_id", "in", documents.ids),
            ("state", "in", list(states)),
        ]
        return self.search_fetch(domain, ROW_FIELDS, order="id")

    @api.model
    def _get_overdue_domain(self):
        """Return the domain of the requests that should have been decided on by now.

        :rtype: Domain
        """
        today = fields.Date.context_today(self)
        return fields.Domain([("state", "=", "pending"), ("deadline", "<", today)])

    @api.model
    def _get_reminder_domain(self):
        """Return the domain of the requests whose approvers are to be reminded now.

        :rtype: Domain
        """
        today = fields.Date.context_today(self)
        return fields.Domain(
            [("state", "=", "pending"), ("remind_on", "<=", today), ("reminded_on", "=", False)]
        )
