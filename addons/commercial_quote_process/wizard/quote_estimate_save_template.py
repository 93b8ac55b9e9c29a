from odoo import api, fields, models
from odoo.exceptions import UserError


class QuoteEstimateSaveTemplate(models.TransientModel):
    """Name a new template, empty or made from an estimate."""

    _name = "quote.estimate.save.template"
    _description = "Save as a template of estimates"

    source_id = fields.Many2one("quote.estimate", string="From", readonly=True)
    name = fields.Char(
        string="Name of the template",
        compute="_compute_name",
        store=True,
        readonly=False,
        required=True,
    )
    product_ids = fields.Many2many(
        "product.product",
        string="Services",
        domain=[("type", "=", "service")],
        help="What the template is for; it is found by these services.",
    )
    with_workload = fields.Boolean(string="Workload", default=True)
    with_costs = fields.Boolean(string="Other costs", default=True)
    with_texts = fields.Boolean(
        string="Technical part and organisation",
        help="Look through the texts first: they may name the client.",
    )

    @api.depends("source_id")
    def _compute_name(self):
        for wizard in self:
            source = wizard.source_id
            wizard.name = wizard.name or source.template_name or source.opportunity_name

    def action_save(self):
        """Make the template and open it.

        :rtype: dict
        :raise UserError: without a name
        """
        self.ensure_one()
        if not self.name.strip():
            raise UserError(self.env._("Give the template a name."))
        parts = {
            part
            for part, wanted in (
                ("workload", self.with_workload),
                ("costs", self.with_costs),
                ("texts", self.with_texts),
            )
            if wanted
        }
        template = self.env["quote.estimate"]._create_template(
            self.name, self.product_ids, self.source_id, parts
        )
        return template._get_template_action()
