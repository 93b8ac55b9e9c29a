from odoo import api, fields, models
from odoo.tools import is_html_empty

from ..const import EDITABLE_STEPS
from ..tools.client_html import clean_client_html
from ..tools.field_decisions import get_fields
from .quote_estimate_total_mixin import PERCENT_FIELDS

# What follows from decisions, from the quote or from the rows: nobody types it.
SYSTEM_FIELDS = get_fields("quote.estimate", "system")


class QuoteEstimate(models.Model):
    """The technical part of one version of a quote, written by a project manager.

    People with project rights only work here: what they need to know of the quote is shown by
    fields that read it for them, and nothing of its price or margin is.
    """

    _name = "quote.estimate"
    _description = "Estimate"
    _inherit = [
        "quote.estimate.context.mixin",
        "quote.estimate.template.mixin",
        "quote.estimate.reuse.mixin",
        "quote.estimate.requirement.mixin",
        "quote.estimate.step.mixin",
        "quote.estimate.desk.mixin",
        "quote.estimate.question.mixin",
        "quote.estimate.change.mixin",
        "quote.estimate.plan.mixin",
        "quote.estimate.drawing.mixin",
        "quote.estimate.editor.mixin",
        "quote.estimate.command.mixin",
        "quote.estimate.total.mixin",
        "quote.estimate.rate.mixin",
        "quote.estimate.other.cost.mixin",
        "quote.estimate.cost.mixin",
        "quote.estimate.three.point.mixin",
        "quote.payment.project.mixin",
        "quote.estimate.task.mixin",
        "quote.estimate.workbook.mixin",
        "quote.estimate.task.list.mixin",
        "quote.estimate.project.mixin",
        "quote.estimate.content.mixin",
        "quote.content.mixin",
        "quote.activity.mixin",
        "quote.client.access.mixin",
        "quote.cost.access.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "deadline, id desc"
    _rec_names_search = ["name", "partner_id.name"]
    _check_company_auto = True
    # Whoever reads an estimate may ask a question about it.
    _mail_post_access = "read"

    # What handing over writes says nothing else than the rows do.
    _content_free_fields = get_fields("quote.estimate", "free") | {"state", "compliance_matrix"}

    order_id = fields.Many2one(
        "sale.order",
        string="Quote",
        # Only templates have none: see ``_template_or_quote``.
        readonly=True,
        index=True,
        # An estimate is content of its quote: it goes with a draft that may be deleted.
        ondelete="cascade",
    )
    name = fields.Char(compute="_compute_name", store=True, precompute=True)
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    project_manager_id = fields.Many2one(
        related="order_id.project_manager_id", store=True, precompute=True, index="btree_not_null"
    )
    contributor_ids = fields.Many2many(
        "res.users",
        string="Contributors",
        domain=[("share", "=", False)],
        help="People who help to write this estimate.",
    )
    deadline = fields.Date(related="order_id.technical_deadline", store=True, precompute=True)
    is_editable = fields.Boolean(
        compute="_compute_is_editable", help="The quote is open for its technical part."
    )
    # Texts
    technical_content = fields.Html(
        string="Technical part",
        sanitize_style=True,
        help="How the service is done: approach, methods, tools, quality.",
    )
    organisation_content = fields.Html(
        string="Organisation",
        sanitize_style=True,
        help="Who does what: team, meetings, responsibilities of the client.",
    )
    # Rows
    item_ids = fields.One2many("quote.estimate.item", "estimate_id", string="Plan")
    workload_ids = fields.One2many("quote.estimate.workload", "estimate_id")
    cost_ids = fields.One2many("quote.estimate.cost", "estimate_id", string="Other costs")

    _order_uniq = models.UniqueIndex("(order_id)", "A quote has one estimate.")
    _overhead_range = models.Constraint(
        "CHECK (overhead_percent >= 0 AND overhead_percent <= 100)",
        "The project management is a percentage of the workload, between 0 and 100.",
    )
    _contingency_range = models.Constraint(
        "CHECK (contingency_percent >= 0 AND contingency_percent <= 100)",
        "The contingency is a percentage between 0 and 100.",
    )

    # === COMPUTE METHODS === #

    @api.depends("order_id.name", "template_name")
    def _compute_name(self):
        for estimate in self:
            estimate.name = estimate.order_id.name or estimate.template_name

    @api.depends("order_id.company_id")
    def _compute_company_id(self):
        for estimate in self:
            # A template stays in the company that it was made in.
            estimate.company_id = (
                estimate.order_id.company_id or estimate.company_id or self.env.company
            )

    @api.depends("name", "partner_name")
    def _compute_display_name(self):
        for estimate in self:
            parts = [estimate.name, estimate.partner_name]
            estimate.display_name = " - ".join(part for part in parts if part)

    @api.depends("quote_step", "is_template")
    @api.depends_context("uid")
    def _compute_is_editable(self):
        writable = self._filtered_access("write")
        for estimate in self:
            estimate.is_editable = estimate in writable and (
                estimate.is_template or estimate.quote_step in EDITABLE_STEPS["technical"]
            )

    # === CONTENT === #

    def _get_content_orders(self):
        return self.sudo().order_id

    @api.model
    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su and field.name in SYSTEM_FIELDS:
            return False
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_texts(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean_texts(vals))

    @api.model
    def _clean_texts(self, vals):
        """Return the values with texts that fetch nothing from elsewhere when printed."""
        texts = {"technical_content", "organisation_content"} & vals.keys()
        cleaned = {
            name: False if is_html_empty(vals[name]) else clean_client_html(vals[name])
            for name in texts
        }
        return {**vals, **cleaned}

    # === LIFE WITH THE QUOTE === #

    @api.model
    def _create_for_orders(self, orders):
        """Return the estimates of new quotes; one each, in superuser mode.

        :param orders: ``sale.order`` recordset
        :rtype: quote.estimate
        """
        estimates_sudo = self.sudo().create(
            [self._prepare_estimate_values(order) for order in orders]
        )
        return estimates_sudo

    @api.model
    def _prepare_estimate_values(self, order):
        """Return the values of the estimate of a new quote.

        :param order: the ``sale.order``
        :rtype: dict
        """
        company = order.company_id
        return {
            "order_id": order.id,
            "start_delay": company.quote_start_delay,
            "calendar_id": company.resource_calendar_id.id,
            **self._prepare_percent_values(company),
            **company._prepare_outline_values(),
        }

    @api.model
    def _get_version_fields(self):
        """Return the names of the fields that the estimate of a new version takes over.

        An overrider returns the union of ``super()`` and its own names.

        :rtype: frozenset
        """
        return frozenset(
            {
                "calendar_id",
                "compliance_matrix",
                "contingency_confidence",
                "contributor_ids",
                "hours_per_day",
                "organisation_content",
                "planned_start",
                "rate_date",
                "start_delay",
                "state",
                "technical_content",
                *PERCENT_FIELDS,
            }
        )

    def _copy_for_version(self, new_order):
        """Copy this estimate, with its plan, workload and costs at their rates, for a new version.

        :param new_order: the ``sale.order`` that is the new version
        :return: the new estimate, and the id of each copied item by the id of its original
        :rtype: tuple(quote.estimate, dict)
        """
        self.ensure_one()
        values = {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in self._get_version_fields()
        }
        copy_sudo = (
            self.sudo()
            .with_context(mail_create_nolog=True)
            .create({**values, "order_id": new_order.id})
            .with_env(self.sudo().env)
        )
        copied_items = self.item_ids._as_copied_whole(copy_sudo)._copy_to(copy_sudo)
        self._copy_requirement_links(copied_items)
        self.workload_ids._as_copied_whole(copy_sudo)._copy_to(copy_sudo, copied_items)
        self.cost_ids._as_copied_whole(copy_sudo)._copy_to(copy_sudo, copied_items)
        return copy_sudo, copied_items
