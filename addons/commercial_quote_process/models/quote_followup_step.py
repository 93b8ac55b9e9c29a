from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, ormcache

from ..tools.followup_dates import day_after, day_before
from .quote_followup_mixin import ACTIVITY_FOLLOWUP

MAIL_FOLLOWUP = "commercial_quote_process.mail_template_followup"
# What changes when a quote is followed up, or which quotes.
PLAN_FIELDS = {"active", "company_id", "team_id", "moment", "delay"}


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
    moment = fields.Selection(
        [
            ("after_sending", "after the offer was sent"),
            ("after_view", "after the client last looked at it"),
            ("before_expiry", "before the offer expires"),
        ],
        string="Counted from",
        required=True,
        default="after_sending",
        help="A step that counts from the client's last look waits until there is one, and moves"
        " when the client looks again. One that counts back from the end of validity moves when"
        " it is extended.",
    )
    delay = fields.Integer(
        string="Working days",
        required=True,
        default=3,
        help="Counted by the working calendar of the company, public holidays left out.",
    )
    kind = fields.Selection(
        [("activity", "Activity"), ("email", "Mail to the client")],
        required=True,
        default="activity",
        help="An activity of the salesperson, or a mail to the client. Mails leave only when the"
        " company has turned them on.",
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        domain="['|', ('res_model', '=', False), ('res_model', '=', 'sale.order')]",
        default=lambda self: self.env.ref(ACTIVITY_FOLLOWUP, raise_if_not_found=False),
        help="Activities of the type “Follow-up of a quote” end by themselves when the client"
        " answers; others stay until somebody marks them done.",
    )
    note = fields.Html(string="What to do", translate=True)
    template_id = fields.Many2one(
        "mail.template",
        string="Mail",
        domain="[('model', '=', 'sale.order')]",
        compute="_compute_template_id",
        store=True,
        readonly=False,
    )

    is_mail_off = fields.Boolean(
        string="Mails turned off",
        compute="_compute_is_mail_off",
        help="The company sends no follow-up mails to clients.",
    )

    _delay_positive = models.Constraint(
        "CHECK (delay > 0)", "A follow-up comes at least one working day before or after."
    )

    # === COMPUTE METHODS === #

    @api.depends("kind")
    def _compute_template_id(self):
        """Propose our own mail; whatever is chosen stays."""
        usual = self.env.ref(MAIL_FOLLOWUP, raise_if_not_found=False)
        for step in self.filtered(lambda step: step.kind == "email" and not step.template_id):
            step.template_id = usual

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_is_mail_off(self):
        for step in self:
            company = step.company_id or self.env.company
            step.is_mail_off = not company.quote_followup_emails

    @api.constrains("kind", "template_id")
    def _check_template(self):
        """A mail to the client needs its text."""
        for step in self:
            if step.kind == "email" and not step.template_id:
                raise ValidationError(
                    self.env._("Choose the mail of the follow-up “%(name)s”.", name=step.name)
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._replan_quotes()
        return steps

    def write(self, vals):
        result = super().write(vals)
        if PLAN_FIELDS & vals.keys():
            self._replan_quotes()
        return result

    def unlink(self):
        self._replan_quotes()
        return super().unlink()

    @api.model
    def _replan_quotes(self):
        """Have the job look at the quotes in the clients' hands: the dates of some have changed.

        One statement, however many they are: the job makes what is due and plans the others.
        """
        self.env.registry.clear_cache()
        if not self.env.registry.ready:
            return
        query = "UPDATE sale_order SET next_followup_on = %s WHERE quote_step = 'sent'"
        self.env.cr.execute(SQL(query, fields.Date.today()))
        self.env["sale.order"].invalidate_model(["next_followup_on"])
        self.env.ref("commercial_quote_process.ir_cron_follow_up").sudo()._trigger()

    # === WHICH STEPS === #

    @api.model
    @ormcache()
    def _has_view_steps(self):
        """Return whether some step counts from the client's last look at the offer.

        :rtype: bool
        """
        return bool(self.sudo().search_count([("moment", "=", "after_view")], limit=1))

    def _get_days(self, anchors, working_days):
        """Return pairs of a day and a step, the oldest first.

        :param dict anchors: the day from which steps count, or None, by ``moment``
        :param tuple working_days: days of the week that are worked, and holidays
        :rtype: list[tuple[date, quote.followup.step]]
        """
        pairs = []
        for step in self:
            if anchors[step.moment]:
                count = day_before if step.moment == "before_expiry" else day_after
                pairs.append((count(anchors[step.moment], step.delay, *working_days), step))
        return sorted(pairs, key=lambda pair: (pair[0], pair[1].delay, pair[1].id))

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
