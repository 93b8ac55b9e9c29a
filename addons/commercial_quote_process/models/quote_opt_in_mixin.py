from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..const import EDITABLE_STEPS

# Steps of a quote that the client has never had in hand.
UNSENT_STEPS = EDITABLE_STEPS["commercial"] | {"validation", "ready"}


class QuoteOptInMixin(models.AbstractModel):
    """Taking a quote out of the process, or a draft into it: a manager's decision, kept with it.

    Whether a quote follows the process never changes by itself.
    """

    _name = "quote.opt.in.mixin"
    _description = "Quotes entering and leaving the process"

    def _check_opt_in_right(self):
        """Refuse anybody but a sales manager.

        :raise AccessError: for other people, and for quotes that the manager may not write
        """
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._("Only a sales manager takes quotes into the offer process or out of it.")
            )
        self.check_access("write")

    # === OUT === #

    def action_leave_process(self, reason):
        """Take quotes that were never sent out of the process: they go on as plain quotations.

        What was decided about them stays in their history.

        :param str reason: why, for the history
        :return: True
        :raise AccessError: when the user is no sales manager
        :raise UserError: when the reason is missing, or a client has had the quote in hand
        """
        self._check_opt_in_right()
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(
                self.env._("Say why: taking a quote out of the process needs a reason.")
            )
        self._lock_for_decision()
        for order in self:
            if error := order._get_leave_error():
                raise UserError(error)
        self._leave_process(reason.strip())
        return True

    def _get_leave_error(self):
        """Return why this quote cannot leave the process, or False.

        :rtype: str | bool
        """
        self.ensure_one()
        if not self.quote_process:
            return self.env._("%(quote)s does not follow the offer process.", quote=self.name)
        if self.quote_step not in UNSENT_STEPS or self.sent_on:
            return self.env._(
                "%(quote)s has been sent or closed: it stays in the offer process.",
                quote=self.name,
            )
        if self.version_count > 1:
            return self.env._(
                "%(quote)s is one of several versions: it stays in the offer process. Cancel it"
                " instead.",
                quote=self.name,
            )
        return False

    def _leave_process(self, reason):
        orders_sudo = self.sudo()
        orders_sudo._close_validations(reason)
        last_stays_sudo = orders_sudo.quote_step_log_ids.filtered(lambda log: not log.left_on)
        last_stays_sudo.left_on = fields.Datetime.now()
        orders_sudo.activity_unlink(self._get_process_activity_types())
        orders_sudo.estimate_id.activity_unlink(self._get_process_activity_types())
        orders_sudo._gated().write(
            {"quote_process": False, "quote_step": False, "quote_step_since": False}
        )
        self._tell_opt_in(self.env._("Taken out of the offer process"), reason)
        orders_sudo.opportunity_id._sync_stage_with_quotes(reason)

    def _get_process_activity_types(self):
        """Return the XML ids of the activities that ask somebody to play a step of the process.

        :rtype: list(str)
        """
        return [
            f"commercial_quote_process.activity_type_{kind}"
            for kind in ("turn", "validation", "technical", "contribution")
        ]

    # === IN === #

    def _get_opt_in_domain(self, teams):
        """Return the domain of the quotes of these teams that may be taken into the process.

        :param crm.team teams: teams that use the process
        :rtype: Domain
        """
        return (
            Domain("quote_process", "=", False)
            & Domain("state", "=", "draft")
            & (
                Domain("team_id", "in", teams.ids)
                | Domain("opportunity_id.team_id", "in", teams.ids)
            )
        )

    def action_join_process(self):
        """Take drafts of a process team into the process, at its scope step.

        :return: True
        :raise AccessError: when the user is no sales manager
        :raise UserError: when a quote is no draft, or of a team that does not use the process
        """
        self._check_opt_in_right()
        self._lock_for_decision()
        for order in self:
            if error := order._get_join_error():
                raise UserError(error)
        orders_sudo = self.sudo()
        orders_sudo._gated().write(orders_sudo._prepare_join_values())
        new_orders_sudo = orders_sudo.filtered(lambda order: not order.estimate_id)
        (orders_sudo - new_orders_sudo)._log_step("scope")
        if new_orders_sudo:
            new_orders_sudo._start_process()
        self._tell_opt_in(self.env._("Taken into the offer process"))
        return True

    def _get_join_error(self):
        """Return why this quote cannot enter the process, or False.

        :rtype: str | bool
        """
        self.ensure_one()
        if self.quote_process:
            return self.env._("%(quote)s follows the offer process already.", quote=self.name)
        if self.state != "draft" or self.signature or self.signed_on:
            return self.env._(
                "%(quote)s is no draft any more: only drafts enter the offer process.",
                quote=self.name,
            )
        if not self._is_process_opted_in():
            return self.env._(
                "The sales team of %(quote)s does not use the offer process: choose one that does.",
                quote=self.name,
            )
        return False

    def _prepare_join_values(self):
        """Return the values of quotes that enter the process.

        :rtype: dict
        """
        return {"quote_process": True, **self._prepare_step_values("scope")}

    def _tell_opt_in(self, title, reason=None):
        for order_sudo in self.sudo():
            order_sudo._post_decision(title, reason)
