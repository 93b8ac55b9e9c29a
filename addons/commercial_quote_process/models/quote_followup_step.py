from odoo import api, fields, models
from odoo.exceptions import ValidationError


class QuoteFollowupStep(models.Model):
    """What to do, and after how long, while a sent quote has no answer."""

    _name = "quote.followup.step"
    _description = "Follow-up step of quotes"
    _order = "delay, id"
    _check_company_auto = True

    name = fields.Char(string="Summary", required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to use this step in all companies."
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales team",
        check_company=True,
        ondelete="cascade",
        help="Steps of a team replace those of its company, and these the general ones.",
    )
    delay = fields.Integer(
        string="Working days after sending",
        required=True,
        default=3,
        help="Counted by the working calendar of the company, public holidays left out.",
    )
    kind = fields.Selection(
        [("activity", "Activity of the salesperson"), ("email", "Mail to the client")],
        required=True,
        default="activity",
        help="Mails to clients leave only when the company has turned them on.",
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        domain="['|', ('res_model', '=', False), ('res_model', '=', 'sale.order')]",
        default=lambda self: self.env.ref("mail.mail_activity_data_call", False),
    )
    note = fields.Html(string="What to do", translate=True)
    template_id = fields.Many2one(
        "mail.template", string="Mail", domain="[('model', '=', 'sale.order')]"
    )

    _delay_positive = models.Constraint(
        "CHECK (delay > 0)", "A follow-up comes at least one working day after sending."
    )

    @api.constrains("kind", "template_id")
    def _check_template(self):
        """A mail to the client needs its text."""
        for step in self:
            if step.kind == "email" and not step.template_id:
                raise ValidationError(
                    self.env._("Choose the mail of the follow-up “%(name)s”.", name=step.name)
                )

    def _filter_for_order(self, order):
        """Return the steps that apply to a quote: of its team, else of its company, else general.

        :param sale.order order: the quote
        :rtype: quote.followup.step
        """
        usable = self.filtered(
            lambda step: not step.company_id or step.company_id == order.company_id
        )
        return (
            usable.filtered(lambda step: step.team_id and step.team_id == order.team_id)
            or usable.filtered(lambda step: not step.team_id and step.company_id)
            or usable.filtered(lambda step: not step.team_id and not step.company_id)
        )
