from odoo import api, fields, models
from odoo.tools import format_date

# The kind of the item of the plan that each trigger waits for.
ITEM_TRIGGERS = {"milestone": "milestone", "deliverable": "deliverable"}


class QuotePaymentRow(models.Model):
    """One payment that a quote asks for: content, that the client reads and signs."""

    _name = "quote.payment.row"
    _inherit = ["quote.payment.mixin", "quote.content.mixin"]
    _description = "Payment of a quote"
    _order = "sequence, id"

    _content_part = "commercial"

    order_id = fields.Many2one(
        "sale.order", string="Quote", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    estimate_id = fields.Many2one(related="order_id.estimate_id")
    name = fields.Char(
        string="Payment",
        compute="_compute_name",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="What the client reads.",
    )
    item_id = fields.Many2one(
        "quote.estimate.item",
        string="Milestone or deliverable",
        index="btree_not_null",
        ondelete="set null",
        help="The milestone or deliverable of the plan with which the payment becomes due.",
    )
    due_date = fields.Date(string="Date")
    amount = fields.Monetary(
        compute="_compute_amount",
        readonly=False,
        help="With taxes. Typed here, it sets the share.",
    )
    due = fields.Char(string="Due when", compute="_compute_due")

    # === COMPUTE METHODS === #

    @api.depends("trigger", "item_id")
    def _compute_name(self):
        for row in self:
            row.name = row._get_usual_name()

    @api.depends("percent", "order_id.amount_total", "order_id.payment_row_ids.percent")
    def _compute_amount(self):
        for order, rows in self.grouped("order_id").items():
            amounts = order._get_payment_amounts()
            for row in rows:
                row.amount = amounts.get(row, 0.0)

    @api.depends("trigger", "item_id", "due_date", "delay_days")
    @api.depends_context("lang")
    def _compute_due(self):
        for row in self:
            row.due = row._get_due()

    @api.onchange("amount")
    def _onchange_amount(self):
        """An amount that a person types becomes a share of the total."""
        total = self.order_id.amount_total
        same = self.currency_id.compare_amounts(self.amount, total * self.percent / 100)
        if total and same:
            self.percent = 100 * self.amount / total

    @api.onchange("trigger")
    def _onchange_trigger(self):
        if self.item_id and self.item_id.kind != ITEM_TRIGGERS.get(self.trigger):
            self.item_id = False

    # === CONTENT === #

    def _get_content_orders(self):
        return self.order_id

    def _guard_content(self):
        result = super()._guard_content()
        if not self.order_id._has_gate_pass():
            self.order_id._tell_signed_change(
                self.env._("The payment schedule is changed after the acceptance")
            )
        return result

    # === WORDS === #

    def _get_usual_name(self):
        """Return what a payment is called as long as nobody names it, in the client's language.

        :rtype: str
        """
        self.ensure_one()
        env = self.with_context(lang=self.order_id._get_lang()).env
        item_sudo = self.item_id.sudo()
        if item_sudo and self.trigger in ITEM_TRIGGERS:
            return item_sudo.name
        if self.trigger == "acceptance":
            return env._("Down payment")
        if self.trigger == "end":
            return env._("Balance")
        return env._("Interim payment")

    def _get_due(self):
        """Return when this payment is due, in words, in the language of the context.

        :rtype: str
        """
        self.ensure_one()
        env = self.env
        name = self.item_id.sudo().name or ""
        if self.trigger in ITEM_TRIGGERS and not name:
            return dict(self._fields["trigger"]._description_selection(env))[self.trigger]
        match self.trigger:
            case "acceptance":
                return env._("On acceptance")
            case "milestone":
                return env._("When the milestone “%(name)s” is reached", name=name)
            case "deliverable":
                return env._("On acceptance of the deliverable “%(name)s”", name=name)
            case "date":
                return env._("On %(date)s", date=format_date(env, self.due_date) or "")
            case "delay":
                return env._("%(days)s days after acceptance", days=self.delay_days)
        return env._("At the end of the project")
