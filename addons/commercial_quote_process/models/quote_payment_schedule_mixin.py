from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import float_compare

from .quote_payment_row import ITEM_TRIGGERS

PERCENT_DIGITS = 2
# Payments whose share is a quantity of each line; the last one takes what is left.
DELIVERED_TRIGGERS = ("milestone", "deliverable", "date", "delay")
# A schedule for companies that have not made their own.
USUAL_SHARES = (("acceptance", 30.0), ("milestone", 40.0), ("end", 30.0))
SHARES_WITHOUT_MILESTONE = (("acceptance", 30.0), ("end", 70.0))


class QuotePaymentScheduleMixin(models.AbstractModel):
    """The payment schedule of a quote: what is paid when, as the client reads and signs it."""

    _name = "quote.payment.schedule.mixin"
    _description = "Payment schedule of a quote"

    payment_row_ids = fields.One2many(
        "quote.payment.row", "order_id", string="Payment schedule", copy=False
    )
    payment_total_percent = fields.Float(
        string="Total of the shares (%)", compute="_compute_payment_total_percent"
    )

    # Columns that the list shows when a payment needs them
    has_dated_payment = fields.Boolean(compute="_compute_payment_columns")
    has_delayed_payment = fields.Boolean(compute="_compute_payment_columns")

    @api.depends("payment_row_ids.trigger")
    def _compute_payment_columns(self):
        for order in self:
            triggers = set(order.payment_row_ids.mapped("trigger"))
            order.has_dated_payment = "date" in triggers
            order.has_delayed_payment = "delay" in triggers

    @api.depends("payment_row_ids.percent")
    def _compute_payment_total_percent(self):
        for order in self:
            order.payment_total_percent = sum(order.payment_row_ids.mapped("percent"))

    # === READING === #

    def _get_payment_schedule(self):
        """Return the payments that the quote asks for, in the client's language.

        Amounts are with taxes, in the quote's currency, and add up to its total.

        :return: dicts with ``name``, ``percent`` (0 to 100), ``amount`` and ``due`` (in words);
            empty for a quote without a schedule
        :rtype: list(dict)
        """
        self.ensure_one()
        order_sudo = self.sudo().with_context(lang=self._get_lang())
        amounts = order_sudo._get_payment_amounts()
        return [
            {
                "name": row.name,
                "percent": row.percent,
                "amount": amounts[row],
                "due": row._get_due(),
            }
            for row in order_sudo.payment_row_ids
        ]

    def _get_payment_amounts(self):
        """Return the amount of each payment, the last one taking what rounding leaves.

        :return: amount with taxes by ``quote.payment.row``
        :rtype: dict
        """
        rows, currency = self.payment_row_ids, self.currency_id
        amounts = {row: currency.round(self.amount_total * row.percent / 100) for row in rows}
        if rows and self._is_schedule_whole():
            last = rows[-1]
            amounts[last] = currency.round(
                self.amount_total - sum(amounts[row] for row in rows if row != last)
            )
        return amounts

    def _is_schedule_whole(self):
        total = sum(self.payment_row_ids.mapped("percent"))
        return not float_compare(total, 100.0, precision_digits=PERCENT_DIGITS)

    def _format_share(self, percent):
        """Return a share of the total as people read it, without needless decimals.

        :param float percent: 0 to 100
        :rtype: str
        """
        return self._say_percent(percent, digits=PERCENT_DIGITS)

    # === MAKING === #

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        for order in orders:
            if order.quote_process and not order.previous_version_id:
                order.sudo()._add_usual_schedule()
        return orders

    def _add_usual_schedule(self):
        """Give a new quote the usual schedule of its company. In superuser mode."""
        self.ensure_one()
        if not self.payment_row_ids and (
            rows := self.env["quote.payment.default"]._get_usual_values(self)
        ):
            self.payment_row_ids = [Command.create(values) for values in rows]

    def action_use_usual_schedule(self):
        """Write the usual payment schedule of the company, or a common one, over this quote's.

        :return: True
        :raise UserError: when the content of the quote is closed
        """
        self.ensure_one()
        kinds = self.sudo().estimate_id.item_ids.mapped("kind")
        shares = USUAL_SHARES if "milestone" in kinds else SHARES_WITHOUT_MILESTONE
        rows = self.env["quote.payment.default"]._get_usual_values(self) or [
            {"sequence": rank, "trigger": trigger, "percent": share}
            for rank, (trigger, share) in enumerate(shares, start=1)
        ]
        self.payment_row_ids = [
            Command.clear(),
            *(Command.create(values) for values in self._choose_payment_items(rows)),
        ]
        return True

    def _choose_payment_items(self, rows):
        """Return the values of payments with their milestone, where there is no choice to make.

        :param list rows: values of ``quote.payment.row``
        :rtype: list(dict)
        """
        items_sudo = self.sudo().estimate_id.item_ids
        for trigger, kind in ITEM_TRIGGERS.items():
            waiting = [row for row in rows if row["trigger"] == trigger and not row.get("item_id")]
            found = items_sudo.filtered(lambda item, kind=kind: item.kind == kind)
            if len(waiting) == len(found):
                found = found.sorted(lambda item: (item.end_day, item.sequence, item.id))
                for row, item in zip(waiting, found, strict=True):
                    row["item_id"] = item.id
        return rows

    # === BEFORE THE VALIDATION === #

    def _check_finished(self):
        result = super()._check_finished()
        if self.sudo().payment_row_ids and (error := self.sudo()._get_schedule_error()):
            raise UserError(error)
        return result

    def _get_schedule_error(self):
        """Return what is wrong with the schedule, in the user's words, or False. As superuser.

        :rtype: str | bool
        """
        self.ensure_one()
        if not self._is_schedule_whole():
            return self.env._(
                "The payments of %(quote)s add up to %(percent)s %%: they must come to 100 %%."
                " Correct the payment schedule on the page “Pricing”.",
                quote=self.name,
                percent=round(self.payment_total_percent, PERCENT_DIGITS),
            )
        errors = (self._get_payment_error(row) for row in self.payment_row_ids)
        return (
            next((error for error in errors if error), False)
            or self._get_item_error()
            or self._get_share_error()
        )

    def _get_payment_error(self, row):
        """Return what one payment lacks, or False."""
        items = self.estimate_id.item_ids
        if not row.percent:
            return self.env._("The payment “%(name)s” has no share.", name=row.name)
        if row.trigger in ITEM_TRIGGERS and (
            row.item_id not in items or row.item_id.kind != ITEM_TRIGGERS[row.trigger]
        ):
            return self.env._(
                "Choose the milestone or the deliverable with which the payment “%(name)s” becomes"
                " due.",
                name=row.name,
            )
        if row.trigger == "date" and not row.due_date:
            return self.env._("Give the date of the payment “%(name)s”.", name=row.name)
        return False

    def _get_item_error(self):
        """Refuse two payments at the same milestone, of which an invoice would be one, or False."""
        rows = self.payment_row_ids.filtered(lambda row: row.trigger in ITEM_TRIGGERS)
        if len(rows) == len(rows.item_id):
            return False
        return self.env._("Two payments of %(quote)s wait for the same milestone.", quote=self.name)

    def _get_share_error(self):
        """Refuse shares that Odoo would round, for it counts what milestones deliver; or False."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        lines = self.order_line.filtered(lambda line: line._is_invoiced_at_milestones())
        for row in self.payment_row_ids.filtered(lambda row: row.trigger in DELIVERED_TRIGGERS):
            if not all(line._can_deliver_share(row.percent / 100, digits) for line in lines):
                return self.env._(
                    "“%(name)s”: %(share)s of a line cannot be invoiced, because quantities have"
                    " %(digits)s decimals. Take a whole percentage; a down payment and the payment"
                    " at the end may have any.",
                    name=row.name,
                    share=self._format_share(row.percent),
                    digits=digits,
                )
        return False
