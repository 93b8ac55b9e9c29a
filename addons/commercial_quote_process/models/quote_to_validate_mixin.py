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
        for order in self:
            rows = order.validation_ids.filtered(lambda row: row.state == "pending")
            deadlines = [row.deadline for row in rows if row.deadline]
            order.validation_rules = ", ".join(dict.fromkeys(rows.mapped("rule_name")))
            order.validation_asked_by_id = rows[:1].asked_by_id
            order.validation_deadline = min(deadlines, default=False)
            order.has_open_question = order.quote_step == "validation" and not all(
                order.question_ids.mapped("answered_on")
            )

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
