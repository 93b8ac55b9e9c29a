from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import QuoteProcessCase
from .delivery_common import DeliveryMixin
from .payment_common import PaymentMixin

MODULE = "commercial_quote_process"


@tagged("post_install", "-at_install")
class TestInvoicing(PaymentMixin, DeliveryMixin, QuoteProcessCase):
    """The payment schedule of a signed quote is Odoo's own invoicing, to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_accounting()

    def _check_whole_story(self, order, shares=(0.3, 0.4, 0.3)):
        total = order.amount_total
        project = self._deliver(order)
        self.assertEqual(order.amount_total, total)
        down_payment = order.sudo().invoice_ids
        self.assertEqual((len(down_payment), down_payment.state), (1, "draft"))
        down_payment.action_post()
        with self.assertRaises(UserError):
            self._invoice(order)
        self._reach(project, "Data model approved")
        interim = self._invoice(order)
        self._reach(project, "Balance")
        final = self._invoice(order)
        invoices = down_payment | interim | final
        for invoice, share in zip(invoices.sorted("id"), shares, strict=True):
            self.assertEqual(invoice.move_type, "out_invoice")
            self.assertAlmostEqual(invoice.amount_total, total * share, delta=0.03)
        currency = order.currency_id
        for name in ("amount_untaxed", "amount_tax", "amount_total"):
            invoiced = currency.round(sum(invoices.mapped(name)))
            self.assertEqual(invoiced, order[name], name)
        self.assertEqual(order.invoice_status, "invoiced")
        with self.assertRaises(UserError):
            self._invoice(order)

    def test_invoices_are_the_payments_of_the_schedule(self):
        self._check_whole_story(self._send_quote(self._create_priced_quote(granularity="one")))

    def test_each_of_several_lines_gets_its_share(self):
        order = self._send_quote(self._create_priced_quote(granularity="task"))
        self.assertGreater(len(order.order_line.filtered("product_id")), 2)
        self._check_whole_story(order)

    def test_amounts_that_do_not_divide_in_two_taxes(self):
        taxes = self._create_taxes()
        order = self._create_priced_quote(granularity="task")
        lines = order.order_line.filtered(lambda line: not line.display_type)
        for line, tax, price in zip(lines, taxes * 2, (1234.55, 333.33, 99.99), strict=False):
            line.tax_ids = tax
            line.price_unit = price
        self._check_whole_story(self._send_quote(order))

    def test_amounts_in_another_currency(self):
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": self._get_foreign_currency().id}
        )
        taxes = self._create_taxes()
        order = self._create_priced_quote(granularity="task", pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, pricelist.currency_id)
        lines = order.order_line.filtered(lambda line: not line.display_type)
        for line, tax in zip(lines, taxes * 2, strict=False):
            line.tax_ids = tax
            line.price_unit += 0.07
        self._check_whole_story(self._send_quote(order))

    # === THE DOWN PAYMENT === #

    def test_acceptance_stands_without_an_accounting(self):
        order = self._send_quote(self._create_priced_quote())
        journals = self.env["account.journal"].search([("type", "=", "sale")])
        journals.active = False
        with mute_logger(f"odoo.addons.{MODULE}.models.quote_down_payment_mixin"):
            self.assertTrue(self._deliver(order))
        self.assertEqual(order.quote_step, "accepted")
        self.assertFalse(order.sudo().invoice_ids)
        self.assertIn(order.name, " ".join(order.activity_ids.mapped("summary")))
        self.assertTrue(order.can_invoice_down_payment)
        journals.active = True
        order.action_invoice_down_payment()
        self.assertEqual(order.sudo().invoice_ids.state, "draft")
        self.assertAlmostEqual(
            order.sudo().invoice_ids.amount_total, order.amount_total * 0.3, delta=0.01
        )
        with self.assertRaises(UserError):
            order.action_invoice_down_payment()

    def test_invoices_name_and_book_the_service_that_was_sold(self):
        service = self.company.quote_service_product_id.sudo()
        account = self.env["account.account"].create(
            {"name": "Services", "code": "705999", "account_type": "income"}
        )
        service.property_account_income_id = account
        order = self._send_quote(self._create_priced_quote(granularity="one"))
        project = self._deliver(order)
        invoice = order.sudo().invoice_ids
        self.assertEqual(invoice.invoice_line_ids.account_id, account)
        invoice.action_post()
        self._reach(project, "Data model approved")
        lines = self._invoice(order).invoice_line_ids
        self.assertEqual(lines.account_id, account)
        self.assertIn(service.name, lines.name)
        self.assertNotIn(self.company.quote_milestone_product_id.name, lines.name)

    def test_down_payment_is_left_to_people_where_the_company_says_so(self):
        self.company.quote_down_payment_draft = False
        order = self._send_quote(self._create_priced_quote())
        with self.assertRaises(UserError):
            order.action_invoice_down_payment()
        self._deliver(order)
        self.assertFalse(order.sudo().invoice_ids)
        for user in (self.other_salesperson, self.project_manager, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                order.with_user(user).action_invoice_down_payment()

    def test_down_payment_whose_invoice_is_gone_can_be_invoiced_again(self):
        order = self._send_quote(self._create_priced_quote(granularity="one"))
        project = self._deliver(order)
        self.assertFalse(order.can_invoice_down_payment)
        order.sudo().invoice_ids.button_cancel()
        self.assertTrue(order.can_invoice_down_payment)
        logs = order.sudo().quote_step_log_ids
        order.action_invoice_down_payment()
        # The account of a down payment is no change of what was signed.
        self.assertEqual(order.sudo().quote_step_log_ids, logs)
        self.assertNotIn("Line added", " ".join(order.message_ids.mapped("body")))
        down_payment = order.sudo().invoice_ids.filtered(lambda move: move.state == "draft")
        down_payment.action_post()
        self.assertFalse(order.can_invoice_down_payment)
        credit = down_payment._reverse_moves(cancel=True)
        self.assertEqual(credit.state, "posted")
        self.assertTrue(order.can_invoice_down_payment)
        order.action_invoice_down_payment()
        order.sudo().invoice_ids.filtered(lambda move: move.state == "draft").action_post()
        for name in ("Data model approved", "Balance"):
            self._reach(project, name)
            self._invoice(order)
            # Taken off the last invoice, it is not due again.
            self.assertFalse(order.can_invoice_down_payment)
        live = order.sudo().invoice_ids.filtered(lambda move: move.state == "posted")
        total = sum(live.mapped("amount_total_in_currency_signed"))
        self.assertEqual(order.currency_id.round(total), order.amount_total)

    def test_quotes_without_schedule_are_invoiced_as_before(self):
        order = self._create_quote_at("sent")
        self._deliver(order)
        self.assertFalse(order.sudo().invoice_ids)
        self.assertEqual(self._invoice(order).amount_total, order.amount_total)
