from odoo import api, fields, models


class QuoteFollowupNow(models.TransientModel):
    """The next follow-up of a quote, read before it is made: the mail, or the activity."""

    _name = "quote.followup.now"
    _description = "Follow up a quote now"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True)
    step_id = fields.Many2one("quote.followup.step", readonly=True)
    kind = fields.Selection(related="step_id.kind", related_sudo=False)
    summary = fields.Char(compute="_compute_summary")
    note = fields.Html(related="step_id.note", related_sudo=False)
    partner_id = fields.Many2one(related="order_id.partner_id", string="To", related_sudo=False)
    email = fields.Char(related="order_id.partner_id.email", string="Address", related_sudo=False)
    # Computed with the rights of the person: what the template shows, he may read himself.
    subject = fields.Char(compute="_compute_mail", store=True, readonly=False, compute_sudo=False)
    body = fields.Html(
        string="Text",
        compute="_compute_mail",
        store=True,
        readonly=False,
        compute_sudo=False,
        sanitize_style=True,
    )
    warning = fields.Char(compute="_compute_warning")
    user_id = fields.Many2one("res.users", string="For", compute="_compute_user_id")

    # === COMPUTE METHODS === #

    @api.depends("step_id")
    def _compute_summary(self):
        for wizard in self:
            wizard.summary = wizard.step_id.name or self.env._(
                "The result of the tender is expected today"
            )

    @api.depends("order_id")
    def _compute_user_id(self):
        for wizard in self:
            wizard.user_id = wizard.order_id._get_responsible_user() or self.env.user

    @api.depends("order_id", "step_id")
    def _compute_mail(self):
        """Write the mail as the job would, in the language of the client."""
        for wizard in self:
            template = wizard.step_id.template_id if wizard.kind == "email" else None
            if not template or not wizard.order_id:
                wizard.subject = wizard.body = False
                continue
            values = template._generate_template(wizard.order_id.ids, ("subject", "body_html"))
            wizard.subject = values[wizard.order_id.id]["subject"]
            wizard.body = values[wizard.order_id.id]["body_html"]

    @api.depends("order_id", "step_id")
    def _compute_warning(self):
        """Say what would keep the job from making this follow-up."""
        labels = dict(
            self.env["quote.followup"]._fields["skip_reason"]._description_selection(self.env)
        )
        for wizard in self:
            reason = False
            if wizard.order_id.has_access("write"):
                order_sudo = wizard.order_id.sudo()
                facts = order_sudo._get_followup_facts()
                reason = order_sudo._get_followup_stop(wizard.step_id.sudo(), facts)
            wizard.warning = labels[reason] if reason and reason != "emails_off" else False

    # === ACTIONS === #

    def action_apply(self):
        """Send the mail, or plan the activity.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        self.order_id._make_followup_now(self.step_id, self.subject, self.body)
        return {"type": "ir.actions.act_window_close"}
