from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class QuoteEstimateInsert(models.TransientModel):
    """Insert a template, or a part of a past estimate, after a look at what its days cost now."""

    _name = "quote.estimate.insert"
    _description = "Insert into an estimate"

    estimate_id = fields.Many2one("quote.estimate", required=True, readonly=True)
    company_id = fields.Many2one(related="estimate_id.company_id")
    currency_id = fields.Many2one(related="estimate_id.currency_id")
    # What to look for
    source_kind = fields.Selection(
        [("template", "A template"), ("past", "A past estimate"), ("won", "A won quote")],
        string="From",
        required=True,
        default="template",
    )
    product_id = fields.Many2one(
        "product.product", string="Service", domain=[("type", "=", "service")]
    )
    partner_id = fields.Many2one("res.partner", string="Customer")
    source_domain = fields.Binary(compute="_compute_source_domain", exportable=False)
    source_id = fields.Many2one("quote.estimate")
    # What to take, and where to put it
    line_ids = fields.One2many(
        "quote.estimate.insert.line",
        "insert_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    after_item_id = fields.Many2one(
        "quote.estimate.item",
        string="After the phase",
        domain="[('estimate_id', '=', estimate_id), ('kind', '=', 'phase')]",
        help="At the end of the plan when it is empty.",
    )
    with_workload = fields.Boolean(string="Workload, at today's rates", default=True)
    with_costs = fields.Boolean(
        string="Other costs",
        default=True,
        help="Those of the chosen items; with all items, those of the whole plan too.",
    )
    with_texts = fields.Boolean(
        string="Texts",
        compute="_compute_with_texts",
        store=True,
        readonly=False,
        help="Where the estimate has none yet.",
    )
    rates_html = fields.Html(
        string="What changed in the rates", compute="_compute_rates_html", sanitize=False
    )

    # === COMPUTE METHODS === #

    @api.depends("source_kind", "product_id", "partner_id", "estimate_id")
    def _compute_source_domain(self):
        for wizard in self:
            wizard.source_domain = list(wizard._get_source_domain())

    @api.depends("source_id")
    def _compute_line_ids(self):
        for wizard in self:
            items = wizard.source_id.item_ids._sorted_as_tree()
            wizard.line_ids = [
                Command.clear(),
                *(Command.create({"item_id": item.id, "is_selected": True}) for item in items),
            ]

    @api.depends("source_id")
    def _compute_with_texts(self):
        for wizard in self:
            wizard.with_texts = wizard.source_id.is_template

    @api.depends("line_ids.is_selected", "with_workload")
    @api.depends_context("lang")
    def _compute_rates_html(self):
        for wizard in self:
            items = wizard._get_selected_items()
            rows = items.workload_ids if wizard.with_workload else items.workload_ids.browse()
            compared = wizard.estimate_id._compare_rates(wizard.source_id, rows) if rows else []
            wizard.rates_html = compared and self.env["ir.qweb"]._render(
                "commercial_quote_process.quote_rate_changes",
                {
                    "rows": compared,
                    "currency": wizard.currency_id,
                    "effect": sum(row["effect"] for row in compared),
                },
            )

    # === WHAT IS CHOSEN === #

    def _get_source_domain(self):
        """Return which estimates are offered; the rights of the person limit them further.

        :rtype: Domain
        """
        self.ensure_one()
        domain = Domain("company_id", "=", self.company_id.id)
        domain &= Domain("id", "!=", self.estimate_id.id)
        domain &= Domain("is_template", "=", self.source_kind == "template")
        if self.source_kind == "won":
            domain &= Domain("quote_step", "=", "accepted")
        if self.source_kind != "template" and self.partner_id:
            domain &= Domain("partner_id", "child_of", self.partner_id.commercial_partner_id.id)
        if self.product_id and self.source_kind == "template":
            domain &= Domain("product_ids", "in", self.product_id.ids)
        elif self.product_id:
            # People of projects read no lines of quotes; they only learn which of their own
            # estimates sold this service.
            lines_sudo = self.env["sale.order.line"].sudo()
            sold = lines_sudo.search([("product_id", "=", self.product_id.id)])
            domain &= Domain("order_id", "in", sold.order_id.ids)
        return domain

    def _get_selected_items(self):
        """Return the items that are ticked, and whose phases are.

        :rtype: quote.estimate.item
        """
        self.ensure_one()
        ticked = self.line_ids.filtered("is_selected").item_id
        return ticked.filtered(lambda item: item._get_phases() <= ticked)

    # === ACTIONS === #

    def action_apply(self):
        """Insert what is chosen, and say so on the estimate.

        :return: an action that closes the dialog
        :raise UserError: when nothing is chosen
        """
        self.ensure_one()
        items = self._get_selected_items()
        if not self.source_id or not items:
            raise UserError(self.env._("Choose a source, and what to insert of it."))
        parts = {
            part
            for part, wanted in (("workload", self.with_workload), ("costs", self.with_costs))
            if wanted
        }
        estimate, source = self.estimate_id, self.source_id
        new = estimate._insert_items(source, items, self.after_item_id, parts)
        if self.with_texts:
            estimate._take_texts(source)
        estimate.message_post(
            body=self.env._(
                "%(count)s rows were inserted from “%(origin)s”.",
                count=len(new),
                origin=source.display_name,
            )
        )
        return {"type": "ir.actions.act_window_close"}
