from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import CLOSED_STEPS


class SaleOrder(models.Model):
    """A quote. What it does at each step lives in the mixins, named after the concern."""

    _name = "sale.order"
    # Python asks them in this order: what extends a hook stands before what defines it.
    _inherit = [
        "quote.opt.in.mixin",
        "quote.last.move.mixin",
        # What the client pays, when, and may add
        "quote.payment.schedule.mixin",
        "quote.payment.content.mixin",
        "quote.payment.invoice.mixin",
        "quote.payment.settlement.mixin",
        "quote.client.option.mixin",
        # What happens at each step
        "quote.specification.mixin",
        "quote.technical.mixin",
        "quote.small.deal.mixin",
        "quote.pricing.mixin",
        "quote.pricing.option.mixin",
        "quote.pricing.difference.mixin",
        "quote.pricing.line.mixin",
        "quote.pricing.layout.mixin",
        "quote.pricing.row.mixin",
        "quote.tax.total.mixin",
        "quote.request.mixin",
        "quote.question.mixin",
        "quote.decision.screen.mixin",
        "quote.decision.figures.mixin",
        "quote.decision.history.mixin",
        "quote.to.validate.mixin",
        "quote.decision.mixin",
        "quote.change.since.mixin",
        "quote.change.mixin",
        "quote.approval.mixin",
        "quote.comparison.mixin",
        "quote.comparison.content.mixin",
        "quote.sent.document.job.mixin",
        "quote.sent.document.mixin",
        "quote.proposal.text.mixin",
        "quote.proposal.print.mixin",
        "quote.proposal.mixin",
        "quote.pass.on.mixin",
        "quote.extension.mixin",
        "quote.version.page.mixin",
        "quote.version.client.mixin",
        "quote.version.restore.mixin",
        "quote.version.replacement.mixin",
        "quote.version.content.mixin",
        "quote.version.mixin",
        "quote.client.page.mixin",
        "quote.client.status.mixin",
        "quote.client.plan.mixin",
        "quote.client.mixin",
        "quote.signed.difference.mixin",
        "quote.evidence.mixin",
        "quote.acceptance.mixin",
        "quote.project.mixin",
        "quote.hand.over.mixin",
        "quote.after.acceptance.mixin",
        "quote.followup.mixin",
        "quote.followup.gate.mixin",
        "quote.followup.action.mixin",
        "quote.followup.job.mixin",
        "quote.view.mixin",
        "quote.change.request.mixin",
        "quote.answer.mixin",
        # What they stand on
        "quote.pending.job.mixin",
        "quote.validation.mixin",
        "quote.fingerprint.mixin",
        "quote.mail.mixin",
        "quote.gate.mixin",
        "quote.guard.mixin",
        "quote.form.mixin",
        "quote.reader.mixin",
        "quote.turn.text.mixin",
        "quote.step.mixin",
        "quote.responsible.mixin",
        "quote.activity.mixin",
        "quote.lock.mixin",
        "quote.cost.access.mixin",
        "sale.order",
    ]

    # === FIELDS === #

    scope_content = fields.Html(
        string="Content of the service",
        sanitize_style=True,
        help="Context and content of the service, as agreed with the client.",
    )
    scope_exclusions = fields.Html(
        string="Out of scope", sanitize_style=True, help="What the price does not include."
    )
    scope_assumptions = fields.Html(
        string="Assumptions",
        sanitize_style=True,
        help="What must hold for the price and the plan to hold.",
    )
    scope_agreed_on = fields.Date(
        string="Scope agreed on", copy=False, help="When the client agreed to the scope."
    )
    scope_agreed_with = fields.Many2one(
        "res.partner",
        string="Scope agreed with",
        copy=False,
        help="Who, at the client's, agreed to the scope.",
    )
    project_manager_id = fields.Many2one(
        "res.users",
        string="Project manager",
        copy=False,
        tracking=True,
        index="btree_not_null",
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("project.group_project_user").ids),
        ],
        help="Writes the technical part and the estimate of this quote.",
    )
    technical_deadline = fields.Date(
        string="Technical part expected on",
        copy=False,
        help="When the salesperson needs the technical part; the project manager's activity is"
        " due on that day.",
    )
    estimate_id = fields.Many2one(
        "quote.estimate", copy=False, index="btree_not_null", readonly=True
    )
    # Not tracked, as the estimate's own is: any write on a quote would have to read its estimate.
    estimate_state = fields.Selection(
        related="estimate_id.state", string="Status of the estimate", tracking=False
    )
    technical_content = fields.Html(related="estimate_id.technical_content")
    organisation_content = fields.Html(related="estimate_id.organisation_content")
    gantt_svg = fields.Html(related="estimate_id.gantt_svg")
    signer_id = fields.Many2one(
        "res.partner",
        copy=False,
        help="The contact who signs, when it is not the customer above.",
    )
    sent_on = fields.Datetime(copy=False, readonly=True)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        process_orders = orders.filtered("quote_process")
        if process_orders:
            process_orders._start_process()
        return orders

    def _start_process(self):
        """Open the history, the family and the estimate of new quotes of the process."""
        orders_sudo = self.sudo()
        orders_sudo._log_step("scope")
        versions_sudo = orders_sudo.filtered("previous_version_id")
        for version_sudo in versions_sudo:
            version_sudo._copy_estimate()
        firsts_sudo = orders_sudo - versions_sudo
        estimates_sudo = self.env["quote.estimate"].sudo()._create_for_orders(firsts_sudo)
        for estimate_sudo in estimates_sudo:
            order_sudo = estimate_sudo.order_id
            order_sudo.write({"estimate_id": estimate_sudo.id, "quote_root_id": order_sudo.id})
        orders_sudo.opportunity_id._sync_stage_with_quotes(self.env._("New quote"))

    # === STEP 5: SENDING === #

    def action_quotation_send(self):
        """Open the mail composer, unless the quote is not ready to leave."""
        self.filtered("quote_process").check_access("write")
        self._check_gate("send")
        return super().action_quotation_send()

    def action_quotation_sent(self):
        """Mark quotes as sent without a mail."""
        process_orders = self.filtered("quote_process")
        process_orders._mark_sent()
        stock_orders = self - process_orders
        return super(SaleOrder, stock_orders).action_quotation_sent() if stock_orders else None

    def message_post(self, **kwargs):
        if self.env.context.get("mark_so_as_sent"):
            self.filtered(lambda order: order.quote_step == "ready")._mark_sent()
        return super().message_post(**kwargs)

    def _mark_sent(self):
        """Record that approved quotes are now in the client's hands.

        :raise UserError: when one of them is not approved
        """
        if not self:
            return
        self.check_access("write")
        self._lock_for_decision()
        self._check_gate("send")
        self.filtered(lambda order: order.quote_step == "ready")._move_to_step("sent")

    # === STEP 5 TO 6: ANSWER === #

    def action_confirm(self):
        """Confirm quotes; a process quote needs its recorded acceptance first.

        :return: True, or the wizard that asks for the evidence of the acceptance
        """
        waiting = self.filtered(lambda o: o.quote_process and o.quote_step != "accepted")
        if waiting:
            waiting.check_access("write")
            waiting._check_gate("confirm")
            if len(self) == 1:
                return self._get_acceptance_action()
            raise UserError(
                self.env._(
                    "Confirm these quotes one by one, each with the evidence of its acceptance:"
                    " %(quotes)s.",
                    quotes=", ".join(waiting.mapped("name")),
                )
            )
        return super().action_confirm()

    def _action_confirm(self):
        result = super()._action_confirm()
        process_orders = self.filtered("quote_process")
        if process_orders:
            process_orders._create_project_from_estimate()
        return result

    def action_draft(self):
        """A closed or sent process quote is never reopened: a new version is made instead."""
        process_orders = self.filtered("quote_process")
        if process_orders:
            raise UserError(
                self.env._(
                    "%(quotes)s keeps its history: make a new version instead of setting it back"
                    " to draft.",
                    quotes=", ".join(process_orders.mapped("name")),
                )
            )
        return super().action_draft()

    def _action_cancel(self):
        open_orders = self.filtered(lambda o: o.quote_process and o.quote_step not in CLOSED_STEPS)
        if open_orders:
            open_orders.check_access("write")
            open_orders._move_to_step("cancelled")
        rest = self - open_orders
        return super(SaleOrder, rest)._action_cancel() if rest else True
