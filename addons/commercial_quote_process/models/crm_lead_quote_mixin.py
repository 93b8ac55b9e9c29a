from odoo import api, models
from odoo.exceptions import UserError

from ..const import CLOSED_STEPS, PROCESS_STEPS, STAGE_OF_STEP


class CrmLeadQuoteMixin(models.AbstractModel):
    """What the quotes of an opportunity do to it, and what it gives to a new quote."""

    _name = "crm.lead.quote.mixin"
    _description = "Quotes of an opportunity"

    # === COMPUTE METHODS === #

    @api.depends("user_id", "type")
    def _compute_team_id(self):
        """An opportunity with a live quote keeps its team when it changes hands."""
        process_team_ids = self.env["crm.team"]._get_process_team_ids()
        of_process = self.filtered(lambda lead: lead.team_id._origin.id in process_team_ids)
        held_ids = set(of_process._get_live_quotes_sudo().opportunity_id.ids)
        held = of_process.filtered(lambda lead: lead._origin.id in held_ids)
        return super(CrmLeadQuoteMixin, self - held)._compute_team_id()

    # === CRUD METHODS === #

    def unlink(self):
        """An opportunity with a live quote stays: the quote would lose its client's story."""
        self._check_no_live_quote()
        return super().unlink()

    def _check_no_live_quote(self):
        """Refuse to go on while an opportunity has a live quote.

        :raise UserError: with what to do about the quote
        """
        orders_sudo = self._get_live_quotes_sudo()
        if orders_sudo:
            raise UserError(
                self.env._(
                    "“%(lead)s” has a quote under way (%(quotes)s) and cannot be deleted. Cancel"
                    " the quote first, or mark the opportunity as lost.",
                    lead=orders_sudo[0].opportunity_id.name,
                    quotes=", ".join(orders_sudo.mapped("name")),
                )
            )

    @api.model
    def _get_live_quotes_domain(self):
        """Return the domain of the process quotes that are not closed: under way or accepted.

        :rtype: list
        """
        return [("quote_process", "=", True), ("quote_step", "not in", list(CLOSED_STEPS))]

    def _get_live_quotes_sudo(self):
        """Return the live process quotes of these opportunities, whoever they belong to."""
        orders_sudo = self.env["sale.order"].sudo()
        if not self.ids:
            return orders_sudo
        domain = [("opportunity_id", "in", self.ids), *self._get_live_quotes_domain()]
        return orders_sudo.search_fetch(domain, ["opportunity_id", "quote_step"])

    # === FROM THE QUOTES === #

    def _sync_stage_with_quotes(self, reason=None):
        """Let the stage follow the most advanced live quote.

        Called by whoever moves a quote, most of whom have no right on opportunities. An
        opportunity in a stage outside the process, won or lost is left alone. The acceptance
        itself does not win the opportunity here: that writes statistics which all signers share,
        so ``_set_won_from_quote`` does it after the client's request.

        :param str reason: why the quote moved
        """
        leads_sudo = self.sudo()._filter_left_behind()
        if not leads_sudo:
            return
        orders_by_lead = leads_sudo._get_live_quotes_sudo().grouped("opportunity_id")
        for lead_sudo in leads_sudo:
            order_sudo = lead_sudo._get_most_advanced_quote(orders_by_lead.get(lead_sudo))
            step = order_sudo and STAGE_OF_STEP.get(order_sudo.quote_step)
            if step and step != "delivery":
                lead_sudo._enter_process_step(
                    step, lead_sudo._get_quote_move_message(order_sudo, reason)
                )

    def _filter_left_behind(self):
        """Return the opportunities, still open, that are not at the stage of their quotes.

        Most moves of quotes change no stage: one query tells.
        """
        if not self.ids:
            return self
        stage_of_step = self.env["crm.stage"]._get_process_stage_ids()
        steps = [step for step, _label in PROCESS_STEPS]
        groups = self.env["sale.order"]._read_group(
            [
                ("opportunity_id", "in", self.ids),
                ("opportunity_id.won_status", "=", "pending"),
                ("opportunity_id.active", "=", True),
                ("opportunity_id.stage_id", "in", list(stage_of_step.values())),
                *self._get_live_quotes_domain(),
            ],
            ["opportunity_id", "opportunity_id.stage_id"],
            ["quote_step:array_agg"],
        )
        return self.browse(
            lead.id
            for lead, stage, quote_steps in groups
            if stage_of_step.get(max((STAGE_OF_STEP[s] for s in quote_steps), key=steps.index))
            != stage.id
        )

    @api.model
    def _get_most_advanced_quote(self, orders):
        """Return the quote that is furthest in the process, the newest one of several.

        :param orders: live process quotes of one opportunity, or None
        :rtype: sale.order
        """
        if not orders:
            return self.env["sale.order"]
        ranks = {step: rank for rank, (step, _label) in enumerate(PROCESS_STEPS)}
        return max(orders, key=lambda order: (ranks[STAGE_OF_STEP[order.quote_step]], order.id))

    @api.model
    def _get_quote_move_message(self, order, reason=None):
        """Return what the history of an opportunity says about a move of its quote.

        :param order: the quote that the stage follows
        :param str reason: why the quote moved
        :rtype: str
        """
        if not reason:
            return self.env._("Follows quote %(quote)s.", quote=order.name)
        return self.env._("Follows quote %(quote)s: %(reason)s", quote=order.name, reason=reason)

    def _set_won_from_quote(self, order):
        """Win opportunities whose quote has been accepted. For the job after the acceptance.

        :param order: the accepted quote
        """
        leads_sudo = self.sudo().filtered(lambda lead: lead.won_status != "won")
        if not leads_sudo:
            return
        leads_sudo._track_set_log_message(
            self.env._("Quote %(quote)s has been accepted.", quote=order.sudo().name)
        )
        leads_sudo.action_set_won()

    def _set_lost_from_quote(self, order, lost_reason=None, message=None, recall_date=None):
        """Lose opportunities whose quote the client refused for good.

        An opportunity with another live quote goes on: the refusal is only noted.

        :param order: the quote that was refused
        :param lost_reason: ``crm.lost.reason`` record, or None
        :param str message: what the client said
        :param date recall_date: when to come back to the client, or None
        """
        order_sudo = order.sudo()
        for lead_sudo in self.sudo():
            others_sudo = lead_sudo._get_live_quotes_sudo() - order_sudo
            if others_sudo:
                lead_sudo._message_log(
                    body=self.env._(
                        "The client declined %(quote)s. %(others)s is still under way.",
                        quote=order_sudo.name,
                        others=", ".join(others_sudo.mapped("name")),
                    )
                )
                continue
            if lead_sudo.won_status == "lost":
                continue
            body = self.env._("The client declined %(quote)s.", quote=order_sudo.name)
            lead_sudo._track_set_log_message(f"{body} {message}" if message else body)
            lead_sudo.action_set_lost(
                lost_reason_id=lost_reason.id if lost_reason else False,
                contact_outcome="refused",
                recall_date=recall_date,
                recall_reason=message,
            )

    def _reopen_from_quote(self, order):
        """Reopen lost opportunities for which a new version of a quote is being made.

        Their history says that they had been lost, and why; a recall that was promised when the
        client refused is not to be made any more.

        :param order: the quote that the new version is made from
        """
        lost_sudo = self.sudo().filtered(lambda lead: lead.won_status == "lost")
        for lead_sudo in lost_sudo:
            reason = lead_sudo.lost_reason_id.name
            body = self.env._("Reopened: a new version of %(quote)s is made.", quote=order.name)
            if reason:
                body += " " + self.env._("It had been lost: %(reason)s", reason=reason)
            lead_sudo._track_set_log_message(body)
        if lost_sudo:
            lost_sudo.action_restore()
            lost_sudo.write({"contact_outcome": "interested", "recall_date": False})

    # === TO A NEW QUOTE === #

    def _prepare_opportunity_quotation_context(self):
        context = super()._prepare_opportunity_quotation_context()
        if self.use_quote_process:
            context.update(self._prepare_process_quotation_context())
        return context

    def _prepare_process_quotation_context(self):
        """Return what a process quote takes over from the opportunity, besides Odoo's own values.

        An overrider adds ``default_`` keys. The specification is read through the opportunity.

        :rtype: dict
        """
        self.ensure_one()
        return {"default_client_order_ref": self.tender_reference}
