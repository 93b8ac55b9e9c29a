from odoo import api, models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    @api.model_create_multi
    def create(self, vals_list):
        """Take no money for a quote that the client has not accepted."""
        transactions = super().create(vals_list)
        transactions.sale_order_ids._check_payment()
        return transactions

    def write(self, vals):
        """Let nobody link a payment to such a quote afterwards either.

        Code that does has already taken the money: it is not stopped, see the confirmation below.
        """
        if "sale_order_ids" not in vals or self.env.su:
            return super().write(vals)
        linked = self.sale_order_ids
        result = super().write(vals)
        (self.sale_order_ids - linked)._check_payment()
        return result

    def _check_amount_and_confirm_order(self):
        """A payment never accepts a quote of the process; the money stays visible on the quote.

        Nothing is raised here: the money has already been taken.
        """
        waiting = self.filtered(
            lambda transaction: transaction.sale_order_ids.filtered(
                lambda order: order.quote_process and order.quote_step != "accepted"
            )
        )
        for order in waiting.sale_order_ids.filtered("quote_process"):
            order._schedule_salesperson_activity(
                self.env._("Paid but not accepted"),
                self.env._(
                    "A payment was received for %(quote)s, which the client has not accepted."
                    " Record the acceptance or pay the money back.",
                    quote=order.name,
                ),
            )
        return super(PaymentTransaction, self - waiting)._check_amount_and_confirm_order()
