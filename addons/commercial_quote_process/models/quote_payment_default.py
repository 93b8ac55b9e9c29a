from odoo import api, fields, models


class QuotePaymentDefault(models.Model):
    """One payment of the schedule that the new quotes of a company start with."""

    _name = "quote.payment.default"
    _inherit = ["quote.payment.mixin"]
    _description = "Usual payment"
    _order = "company_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(
        string="Payment",
        translate=True,
        help="What the client reads. Empty, it is named after what it is due for.",
    )
    trigger = fields.Selection(default="acceptance")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )

    _company_idx = models.Index("(company_id, sequence)")

    @api.model
    def _get_usual_values(self, order):
        """Return the payments that a quote of a company starts with.

        :param order: the ``sale.order``
        :return: values of ``quote.payment.row``, in the client's language; empty when the
            company has no usual schedule
        :rtype: list(dict)
        """
        lang = order._get_lang()
        defaults_sudo = self.sudo().with_context(lang=lang)
        return [
            default_sudo._prepare_row_values()
            for default_sudo in defaults_sudo.search([("company_id", "=", order.company_id.id)])
        ]

    def _prepare_row_values(self):
        """Return the values of the payment of a quote. An overrider adds its own.

        :rtype: dict
        """
        self.ensure_one()
        values = {
            "sequence": self.sequence,
            "trigger": self.trigger,
            "percent": self.percent,
            "delay_days": self.delay_days,
        }
        return {**values, "name": self.name} if self.name else values
