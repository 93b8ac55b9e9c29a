import pytz

from odoo import api, fields, models

from ..const import COMPANY_FIGURE_GROUPS, COMPANY_FIGURE_READERS

# What the prices of a company are made of: with a price they would tell its costs.
FIGURE_FIELDS = frozenset(
    {
        "quote_contingency_percent",
        "quote_floor_margin_percent",
        "quote_markup_percent",
        "quote_overhead_percent",
        "quote_target_margin_percent",
    }
)


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = [
        "quote.outline.mixin",
        "quote.client.access.mixin",
        "quote.cost.access.mixin",
        "quote.company.calendar.mixin",
        "res.company",
    ]
    _cost_reader_groups = COMPANY_FIGURE_READERS

    # Clients read companies as well: how offers are made is not for them, hence the groups.

    quote_allow_self_approval = fields.Boolean(
        string="Approve one's own quotes",
        help="Lets an approver decide on a quote whose validation the same person asked for.",
        groups="base.group_user",
    )
    quote_approver_mails = fields.Selection(
        [
            ("preference", "Approvers who receive notifications by mail"),
            ("always", "Every approver"),
            ("never", "Nobody"),
        ],
        string="Mails to approvers",
        # Not required: companies are also created while the addon is not loaded yet.
        default="preference",
        help="Who gets a mail when offers begin to wait for a decision, and when one is late.",
        groups="base.group_user",
    )
    quote_tender_notice_days = fields.Integer(
        string="Notice before a tender's deadline",
        default=5,
        help="How many days before the submission deadline of a tender its salesperson is"
        " reminded.",
        groups="base.group_user",
    )

    quote_followup_emails = fields.Boolean(
        string="Mail follow-ups to clients",
        help="Follow-up steps may write to the client. Without it, they are tasks of the"
        " salesperson only.",
        groups="base.group_user",
    )
    quote_terms_label = fields.Char(
        string="Version of the general terms",
        help="Shown to the client with the general terms, and kept with each acceptance.",
        groups="base.group_user",
    )
    quote_hidden_sections = fields.Json(
        string="Sections usually left out",
        help="Keys of the sections that new proposals do not show; each may show them again.",
        groups="base.group_user",
    )
    quote_start_delay = fields.Integer(
        string="Start after signature",
        default=5,
        help="Working days between the signature and the start of a project.",
        groups="base.group_user",
    )
    quote_overhead_percent = fields.Float(
        string="Usual project management (%)",
        help="Percentage of the workload that new estimates start with.",
        groups=COMPANY_FIGURE_GROUPS,
    )
    quote_contingency_percent = fields.Float(
        string="Usual contingency (%)",
        help="Provision for risks that new estimates start with.",
        groups=COMPANY_FIGURE_GROUPS,
    )
    quote_target_margin_percent = fields.Float(
        string="Target margin (%)",
        default=30.0,
        help="Margin that new prices aim at.",
        groups=COMPANY_FIGURE_GROUPS,
    )
    quote_floor_margin_percent = fields.Float(
        string="Minimum margin (%)",
        help="Prices that leave a smaller margin are under the floor price.",
        groups=COMPANY_FIGURE_GROUPS,
    )
    quote_markup_percent = fields.Float(
        string="Markup of rebilled costs (%)",
        help="What clients pay on top of costs that are rebilled to them, in percent of the cost.",
        groups=COMPANY_FIGURE_GROUPS,
    )
    quote_show_costs = fields.Boolean(
        string="Salespeople see costs and margins",
        default=True,
        help="Without it, only sales managers and approvers read costs and margins of quotes;"
        " salespeople set prices by the rate card or as a fixed price. Project managers still read"
        " the costs of estimates.",
        groups="base.group_user",
    )
    quote_show_changes_to_client = fields.Boolean(
        string="Clients see what changed",
        help="The client's page of a new version says in words what has changed since the version"
        " that the client received before; nothing internal is in it.",
    )
    quote_small_deal_amount = fields.Monetary(
        string="Small deals up to",
        help="Up to this untaxed amount a quote may skip its technical part; 0 means never.",
        groups="base.group_user",
    )
    quote_small_deal_days = fields.Float(
        string="Small deals up to (days)",
        help="The same in estimated days; 0 means no limit.",
        groups="base.group_user",
    )
    quote_service_product_id = fields.Many2one(
        "product.product",
        string="Service of estimate lines",
        check_company=True,
        domain=[("type", "=", "service")],
        default=lambda self: self.env.ref(
            "commercial_quote_process.product_consulting_service", raise_if_not_found=False
        ),
        help="The product of lines made from an estimate, when their role has none.",
        groups="base.group_user",
    )

    quote_milestone_product_id = fields.Many2one(
        "product.product",
        string="Service invoiced at milestones",
        check_company=True,
        domain=[("type", "=", "service"), ("service_type", "=", "milestones")],
        default=lambda self: self.env.ref(
            "commercial_quote_process.product_milestone_service", raise_if_not_found=False
        ),
        help="The product of lines made from an estimate, when the quote has a payment schedule.",
        groups="base.group_user",
    )
    quote_down_payment_draft = fields.Boolean(
        string="Prepare down payments",
        default=True,
        help="Once a quote is signed, what its payment schedule asks for on acceptance is prepared"
        " as a draft invoice.",
        groups="base.group_user",
    )

    @api.model
    def _get_cost_fields(self):
        return super()._get_cost_fields() | FIGURE_FIELDS

    @api.model
    def _set_default_service_product(self):
        """Give the service that comes with the addon to companies that have chosen none."""
        companies_sudo = self.sudo().search([("quote_service_product_id", "=", False)])
        companies_sudo.quote_service_product_id = self.env.ref(
            "commercial_quote_process.product_consulting_service"
        )

    @api.model
    def _set_default_milestone_product(self):
        """Give the milestone service of the addon to companies that have chosen none."""
        companies_sudo = self.sudo().search([("quote_milestone_product_id", "=", False)])
        companies_sudo.quote_milestone_product_id = self.env.ref(
            "commercial_quote_process.product_milestone_service"
        )

    # === DATES === #

    def _quote_local_date(self, moment):
        """Return the date that a moment has for the people of this company.

        :param datetime moment: naive, in UTC
        :rtype: date
        """
        self.ensure_one()
        timezone = pytz.timezone(self.partner_id.tz or self.resource_calendar_id.tz or "UTC")
        return pytz.utc.localize(moment).astimezone(timezone).date()

    def _quote_today(self):
        """Return today's date for the people of this company, whoever asks and from where.

        :rtype: date
        """
        return self._quote_local_date(fields.Datetime.now())
