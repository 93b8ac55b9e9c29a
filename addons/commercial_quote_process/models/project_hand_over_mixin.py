from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..const import COST_GROUPS


class ProjectHandOverMixin(models.AbstractModel):
    """What a project manager finds on a project that was sold: note, documents, the quote.

    Whoever works on the project reads it, without any right on quotes. What it costs and earns
    is read by those who may read it on the quote itself.
    """

    _name = "project.hand.over.mixin"
    _description = "Hand-over of a project"
    _inherit = ["quote.cost.access.mixin"]

    hand_over_note = fields.Html(
        string="Hand-over note",
        compute="_compute_hand_over",
        sanitize=False,
        exportable=False,
        groups="project.group_project_user",
    )
    sold_documents = fields.Html(
        string="Documents of the quote",
        compute="_compute_hand_over",
        sanitize=False,
        exportable=False,
        groups="project.group_project_user",
    )
    sold_quote_name = fields.Char(
        string="Sold by", compute="_compute_sold_quote", groups="base.group_user"
    )
    is_sold_quote_cancelled = fields.Boolean(
        compute="_compute_sold_quote", groups="base.group_user"
    )
    can_open_sold_quote = fields.Boolean(compute="_compute_sold_quote", groups="base.group_user")
    can_open_estimate = fields.Boolean(compute="_compute_sold_quote", groups="base.group_user")
    sold_currency_id = fields.Many2one(
        "res.currency", compute="_compute_sold_figures", groups=COST_GROUPS
    )
    sold_cost = fields.Monetary(
        string="Cost as sold",
        currency_field="sold_currency_id",
        compute="_compute_sold_figures",
        groups=COST_GROUPS,
    )
    sold_margin = fields.Monetary(
        string="Margin as sold",
        currency_field="sold_currency_id",
        compute="_compute_sold_figures",
        groups=COST_GROUPS,
    )
    sold_margin_percent = fields.Float(
        string="Margin as sold (%)", compute="_compute_sold_figures", groups=COST_GROUPS
    )
    sold_floor_price = fields.Monetary(
        string="Lowest price",
        currency_field="sold_currency_id",
        compute="_compute_sold_figures",
        groups=COST_GROUPS,
        help="Below this price the margin would be under the limit of the company.",
    )

    # === COMPUTE METHODS === #

    @api.depends("estimate_id")
    @api.depends_context("lang")
    def _compute_hand_over(self):
        for project in self:
            order_sudo = project.sudo().estimate_id.order_id
            sold = bool(order_sudo)
            project.hand_over_note = sold and order_sudo._get_hand_over_note()
            project.sold_documents = sold and project._render_documents(order_sudo)

    @api.depends("estimate_id.order_id.quote_step")
    @api.depends_context("uid")
    def _compute_sold_quote(self):
        # People who deliver may read orders, yet no form of them: Odoo shows its sales figures.
        is_seller = self.env.user.has_group("sales_team.group_sale_salesman")
        for project in self:
            order_sudo = project.sudo().estimate_id.order_id
            project.sold_quote_name = order_sudo.name
            project.is_sold_quote_cancelled = order_sudo.quote_step == "cancelled"
            order = order_sudo.with_env(self.env)
            estimate = project.sudo().estimate_id.with_env(self.env)
            project.can_open_estimate = bool(estimate and estimate.has_access("read"))
            project.can_open_sold_quote = bool(order and is_seller and order.has_access("read"))

    @api.depends("estimate_id")
    @api.depends_context("uid")
    def _compute_sold_figures(self):
        for project in self:
            order_sudo = project.sudo().estimate_id.order_id
            if order_sudo and not order_sudo.with_env(self.env).has_access("read"):
                order_sudo = order_sudo.browse()
            amount, margin = order_sudo.amount_untaxed, order_sudo.margin
            project.sold_currency_id = order_sudo.currency_id
            project.sold_cost = amount - margin
            project.sold_margin = margin
            project.sold_margin_percent = margin / amount if amount else 0.0
            project.sold_floor_price = order_sudo.floor_price

    @api.model
    def _get_cost_fields(self):
        return super()._get_cost_fields() | {
            "sold_cost",
            "sold_floor_price",
            "sold_margin",
            "sold_margin_percent",
        }

    # === DOCUMENTS === #

    def _render_documents(self, order_sudo):
        """Return the list of the documents of a quote, each with its address on this project."""
        documents = [
            {**document, "url": f"/quote/project/{self.id}/document/{document['attachment'].id}"}
            for document in order_sudo._get_delivery_documents()
        ]
        return self.env["ir.qweb"]._render(
            "commercial_quote_process.project_sold_documents", {"documents": documents}
        )

    def _get_sold_document(self, attachment_id):
        """Return a document of the quote of this project, for whoever works on the project.

        :param int attachment_id: id of the ``ir.attachment``
        :return: the attachment in superuser mode; empty when it is none of this quote
        :rtype: ir.attachment
        :raise AccessError: when the user does not work on projects, or not on this one
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("project.group_project_user"):
            raise AccessError(self.env._("These documents are for the people of the project."))
        order_sudo = self.sudo().estimate_id.order_id
        documents = order_sudo._get_delivery_documents() if order_sudo else []
        found = [d["attachment"] for d in documents if d["attachment"].id == attachment_id]
        return found[0] if found else self.env["ir.attachment"]

    # === ACTIONS === #

    def action_view_sold_quote(self):
        """Open the quote that sold this project.

        :rtype: dict
        :raise AccessError: when the user has no sales rights, or not on this quote
        """
        self.ensure_one()
        if not self.can_open_sold_quote:
            raise AccessError(self.env._("The quote is for its salespeople: see the hand-over."))
        order_sudo = self.sudo().estimate_id.order_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quote"),
            "res_model": "sale.order",
            "res_id": order_sudo.id,
            "views": [(False, "form")],
        }
