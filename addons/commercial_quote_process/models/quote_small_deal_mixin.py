from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount


class QuoteSmallDealMixin(models.AbstractModel):
    """Deals too small for a technical part, by the limits of their company."""

    _name = "quote.small.deal.mixin"
    _description = "Small deals"

    is_small_deal = fields.Boolean(
        string="May skip the technical part", compute="_compute_is_small_deal"
    )

    @api.depends("quote_step", "amount_untaxed")
    def _compute_is_small_deal(self):
        for order in self:
            order.is_small_deal = order.quote_process and not order._get_skip_error()

    def action_skip_technical(self):
        """Take small deals to their price without a technical part.

        :return: True
        :raise UserError: when a deal is not small by the company's limits
        """
        self.check_access("write")
        self._lock_for_decision()
        for order in self:
            if error := order._get_skip_error():
                raise UserError(error)
        self._move_to_step("financial", self.env._("Small deal: no technical part"))
        return True

    def _get_skip_error(self):
        """Return why the technical part of this quote cannot be skipped, or False.

        :rtype: str | bool
        """
        self.ensure_one()
        if self.quote_step != "scope":
            return self.env._("The technical part of %(quote)s has already begun.", quote=self.name)
        if not self.sudo().company_id.quote_small_deal_amount:
            return self.env._("Your company does not let quotes skip their technical part.")
        if not self.amount_untaxed:
            return self.env._(
                "Type the lines of %(quote)s first: its amount decides.", quote=self.name
            )
        return self._get_size_error()

    def _get_size_error(self):
        """Return why this quote is no small deal, or False.

        :rtype: str | bool
        """
        self.ensure_one()
        company_sudo = self.sudo().company_id
        days_limit = company_sudo.quote_small_deal_days
        amount = self.amount_untaxed / (self.currency_rate or 1.0)
        days = self.sudo().estimate_id.total_days
        if amount <= company_sudo.quote_small_deal_amount and not 0 < days_limit < days:
            return False
        return self.env._(
            "%(quote)s is over the limit of small deals (%(amount)s): it needs its technical part.",
            quote=self.name,
            amount=format_amount(
                self.env, company_sudo.quote_small_deal_amount, company_sudo.currency_id
            ),
        )

    def _check_finished(self):
        """A deal that skipped its technical part and has grown since must have one after all."""
        result = super()._check_finished()
        if self.sudo().estimate_id.state != "ready" and (error := self._get_size_error()):
            raise UserError(error)
        return result
