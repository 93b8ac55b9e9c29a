from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL


class QuoteEstimateTemplateMixin(models.AbstractModel):
    """Estimates without a quote, to start others from.

    A template is content of no quote: it has no step, no client and no project manager. Only
    ``_create_template`` makes one, and nothing turns an estimate into a template, or back.
    """

    _name = "quote.estimate.template.mixin"
    _description = "Templates of estimates"

    # Defined by the estimate, named here for what reads through it.
    order_id = fields.Many2one("sale.order")
    is_template = fields.Boolean(readonly=True, copy=False, index=True)
    template_name = fields.Char(string="Name of the template", copy=False)
    product_ids = fields.Many2many(
        "product.product",
        "quote_estimate_product_rel",
        "estimate_id",
        "product_id",
        string="Services",
        domain=[("type", "=", "service")],
        check_company=True,
        help="What the template is for; it is found by these services.",
    )

    _template_or_quote = models.Constraint(
        "CHECK ((COALESCE(is_template, FALSE) AND order_id IS NULL"
        " AND COALESCE(template_name, '') <> '')"
        " OR (NOT COALESCE(is_template, FALSE) AND order_id IS NOT NULL))",
        "An estimate belongs to a quote; only a template has none, and a name instead.",
    )

    # === COMPUTE METHODS === #

    @api.depends("is_template")
    def _compute_is_editable(self):
        result = super()._compute_is_editable()
        templates = self.filtered("is_template")
        writable = templates._filtered_access("write")
        for template in templates:
            template.is_editable = template in writable
        return result

    # === GUARDS === #

    def _guard_content(self):
        result = super()._guard_content()
        self.sudo().filtered("is_template")._bump_template_revision()
        return result

    def _bump_template_revision(self):
        """Move the content revision of templates: their editors notice that they are stale."""
        if not self.ids or self._has_plan_pass():
            return
        self.env.cr.execute(
            SQL(
                "UPDATE quote_estimate SET content_revision = COALESCE(content_revision, 0) + 1"
                " WHERE id IN %s",
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(["content_revision"], flush=False)

    def unlink(self):
        """People delete templates only: an estimate goes with its quote."""
        if not self.env.su and not all(self.mapped("is_template")):
            # @api.ondelete would not do: a context key that any caller may send skips it.
            raise AccessError(  # pylint: disable=no-raise-unlink
                self.env._("An estimate goes with its quote: only templates can be deleted.")
            )
        return super().unlink()

    def _check_no_template(self):
        """Refuse what only the technical part of a quote does.

        :raise UserError: when one of these is a template
        """
        for template in self.filtered("is_template"):
            raise UserError(
                self.env._(
                    "“%(template)s” is a template: insert it into the estimate of a quote.",
                    template=template.name,
                )
            )

    def action_start(self):
        self._check_no_template()
        return super().action_start()

    def action_ready(self):
        self._check_no_template()
        return super().action_ready()

    def action_reopen(self, reason):
        self._check_no_template()
        return super().action_reopen(reason)

    def action_send_back(self, question):
        self._check_no_template()
        return super().action_send_back(question)

    # === MAKING TEMPLATES === #

    @api.model
    def _create_template(self, name, products=None, source=None, parts=()):
        """Make a template, empty or from an estimate that the current user may read.

        :param str name: shown in the list of templates
        :param products: ``product.product``, the services it is for
        :param source: ``quote.estimate`` to copy the plan of, if any
        :param parts: what comes along: "workload", "costs", "texts"
        :return: the template, with the rights of the current user
        :rtype: quote.estimate
        :raise AccessError: for people who work on no projects, or may not read the source
        """
        if not self.env.user.has_group("project.group_project_user"):
            raise AccessError(self.env._("Templates of estimates are made by project users."))
        if source:
            source.check_access("read")
        values = self._prepare_template_values(name, products, source)
        template = self.sudo().create(values).with_env(self.env)
        if source:
            template._insert_items(source, source.item_ids, parts=parts)
        if source and "texts" in parts:
            template._take_texts(source)
        return template

    @api.model
    def _prepare_template_values(self, name, products, source):
        """Return the values of a new template.

        :param products: ``product.product`` or None
        :param source: ``quote.estimate`` or None
        :rtype: dict
        """
        company = source.company_id if source else self.env.company
        values = {
            "is_template": True,
            "template_name": (name or "").strip(),
            "company_id": company.id,
            "product_ids": products.ids if products else [],
            "calendar_id": company.resource_calendar_id.id,
            "start_delay": company.quote_start_delay,
            **self._prepare_percent_values(company),
        }
        if source:
            values |= {
                percent: source[percent] for percent in self._prepare_percent_values(company)
            }
        return values

    def _get_template_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Estimate templates"),
            "res_model": "quote.estimate",
            "res_id": self.id,
            "views": [
                (
                    self.env.ref("commercial_quote_process.quote_estimate_template_view_form").id,
                    "form",
                )
            ],
        }
