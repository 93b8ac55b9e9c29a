from odoo import fields, models

from ..const import COST_GROUPS


class QuoteMassApprovalLine(models.TransientModel):
    """One quote among several to approve, and what became of it."""

    _name = "quote.mass.approval.line"
    _description = "Quote to approve with others"

    wizard_id = fields.Many2one("quote.mass.approval", required=True, ondelete="cascade")
    order_id = fields.Many2one("sale.order", string="Quote", required=True, ondelete="cascade")
    fingerprint = fields.Char(
        export_string_translation=False,
        help="Content that these figures describe; the approval is bound to it.",
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer")
    amount_untaxed = fields.Monetary(related="order_id.amount_untaxed", string="Untaxed price")
    margin_percent = fields.Float(
        related="order_id.margin_percent", related_sudo=False, string="Margin", groups=COST_GROUPS
    )
    estimated_days = fields.Float(
        related="order_id.estimated_days", related_sudo=False, string="Days", groups=COST_GROUPS
    )
    rules = fields.Char(related="order_id.validation_rules", related_sudo=False)
    state = fields.Selection(
        [("todo", "To approve"), ("approved", "Approved"), ("refused", "Not approved")],
        default="todo",
        readonly=True,
    )
    outcome = fields.Char(string="Why not", readonly=True)

    def _get_fingerprints_by_id(self):
        """Return what was on screen of each quote: fingerprint by id."""
        return {line.order_id.id: line.fingerprint for line in self}

    def _set_refused(self, error):
        """Keep why this quote was not approved.

        :param Exception error: what the decision raised
        """
        self.write({"state": "refused", "outcome": str(error.args[0])})
