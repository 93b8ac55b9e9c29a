from odoo import api, fields, models
from odoo.fields import Domain

READERS = "sales_team.group_sale_salesman"


class QuoteToValidateMixin(models.AbstractModel):
    """What the list "To validate" shows of the request that waits: rules, who asked, deadline."""

    _name = "quote.to.validate.mixin"
    _description = "Quote that waits for its validation"

    validation_rules = fields.Char(
        string="Rules", compute="_compute_validation_request", compute_sudo=True, groups=READERS
    )
    validation_asked_by_id = fields.Many2one(
        "res.users",
        string="Asked by",
        compute="_compute_validation_request",
        compute_sudo=True,
        search="_search_validation_asked_by_id",
        groups=READERS,
    )
    validation_deadline = fields.Date(
        string="Decision expected on",
        compute="_compute_validation_request",
        compute_sudo=True,
        search="_search_validation_deadline",
        groups=READERS,
    )
    has_open_question = fields.Boolean(
        string="A question waits for its answer",
        compute="_compute_validation_request",
        compute_sudo=True,
        groups=READERS,
    )

    @api.depends("validation_ids.state", "question_ids.answered_on")
    def _compute_validation_request(self):
        waiting = self.filtered(lambda order: order.quote_step == "validation")
        rows_by_order = waiting._get_pending_rows_sudo().grouped("res_id")
        asked_ids = waiting._get_ids_with_open_question()
        no_row = self.env["quote.validation"].sudo()
        for order in self:
            rows = rows_by_order.get(order.id, no_row)
            deadlines = [row.deadline for row in rows if row.deadline]
            order.validation_rules = ", ".join(dict.fromkeys(rows.mapped("rule_name")))
            order.validation_asked_by_id = rows[:1].asked_by_id
            order.validation_deadline = min(deadlines, default=False)
            order.has_open_question = order.id in asked_ids

    def _get_ids_with_open_question(self):
        """Return the ids of those of these quotes of which a question waits for its answer.

        :rtype: set
        """
        if not self.ids:
            return set()
        questions_sudo = self.env["quote.validation.question"].sudo()
        domain = [("order_id", "in", self.ids), ("answered_on", "=", False)]
        return {order.id for [order] in questions_sudo._read_group(domain, ["order_id"])}

    @api.model
    def _search_validation_asked_by_id(self, operator, value):
        return self._get_pending_domain("asked_by_id", operator, value)

    @api.model
    def _search_validation_deadline(self, operator, value):
        return self._get_pending_domain("deadline", operator, value)

    @api.model
    def _get_pending_domain(self, name, operator, value):
        """Return the domain of the quotes with a pending request whose field is as asked for."""
        if operator.startswith("not"):
            return NotImplemented
        return Domain("validation_ids", "any", [("state", "=", "pending"), (name, operator, value)])
