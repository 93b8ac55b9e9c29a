from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
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

    def _invoice(self, order):
        """Create the next invoice as its salesperson does, with what Odoo's wizard proposes."""
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_user(self.salesperson)
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({})
        )
        wizard.create_invoices()
        invoice = order.sudo().invoice_ids.sorted("id")[-1]
        self.assertEqual(invoice.state, "draft")
        invoice.action_post()
        return invoice

    def _sign(self, order):
        """Return the project of a quote that the client accepts; the job has run."""
        projects = self._accept(order)
        self.patch(type(order), "_add_signed_copy", lambda *args: None)
        self.patch(type(order), "_post_confirmation", lambda self: self.env["mail.message"])
        order.sudo()._after_acceptance()
        return projects

    def _reach(self, project, name):
        milestone = project.milestone_ids.filtered(lambda milestone: milestone.name == name)
        self.assertEqual(len(milestone), 1)
        milestone.with_user(self.project_manager).is_reached = True

    def _check_whole_story(self, order, shares=(0.3, 0.4, 0.3)):
        total = order.amount_total
        project = self._sign(order)
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
        with mute_logger(f"odoo.addons.{MODULE}.models.quote_payment_invoice_mixin"):
            self.assertTrue(self._sign(order))
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
        project = self._sign(order)
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
        self._sign(order)
        self.assertFalse(order.sudo().invoice_ids)
        for user in (self.other_salesperson, self.project_manager, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                order.with_user(user).action_invoice_down_payment()

    def test_quotes_without_schedule_are_invoiced_as_before(self):
        order = self._create_quote_at("sent")
        self._sign(order)
        self.assertFalse(order.sudo().invoice_ids)
        self.assertEqual(self._invoice(order).amount_total, order.amount_total)

    # === MILESTONES === #

    def test_milestones_release_the_lines(self):
        order = self._send_quote(self._create_priced_quote(granularity="task"))
        project = self._sign(order)
        lines = order.order_line.filtered(lambda line: line._is_invoiced_at_milestones())
        for line in lines:
            milestones = project.milestone_ids.filtered(lambda m, line=line: m.sale_line_id == line)
            self.assertAlmostEqual(sum(milestones.mapped("quantity_percentage")), 1.0)
            self.assertEqual(sorted(milestones.mapped("quantity_percentage")), [0.4, 0.6])
        leads = project.milestone_ids.filtered(lambda m: not m.payment_milestone_id)
        self.assertEqual(set(leads.mapped("name")), {"Data model approved", "Balance"})
        self.assertTrue(all(leads.mapped("deadline")))

    def test_followers_go_with_their_milestone(self):
        project = self._sign(self._send_quote(self._create_priced_quote(granularity="task")))
        lead = project.milestone_ids.filtered(lambda m: m.name == "Data model approved")
        followers = lead.payment_follower_ids
        self.assertEqual(len(followers), 2)
        lead.with_user(self.project_manager).write({"is_reached": True, "deadline": "2030-01-15"})
        self.assertEqual(set(followers.mapped("is_reached")), {True})
        self.assertEqual(set(followers.mapped("deadline")), {lead.deadline})
        with self.assertRaises(AccessError):
            lead.with_user(self.stranger).is_reached = False

    def test_services_at_milestones_without_schedule_follow_their_phase(self):
        order = self._create_quote_at("financial")
        lines = order.order_line.filtered(lambda line: not line.display_type)
        lines.product_id = self.company.quote_milestone_product_id
        project = self._sign(self._send_quote(order))
        self._reach(project, "Data model approved")
        self.assertEqual(self._invoice(order).amount_total, order.amount_total)

    def test_small_deal_without_plan_has_its_milestones(self):
        self.company.write({"quote_small_deal_amount": 5000.0})
        order = self._create_quote()
        self._schedule(order, [("acceptance", 50.0), ("delay", 20.0), ("end", 30.0)])
        product = self.company.quote_milestone_product_id
        order.order_line = [
            Command.create({"product_id": product.id, "price_unit": 1000.0, "tax_ids": False})
        ]
        order.action_skip_technical()
        project = self._sign(self._send_quote(order))
        self.assertEqual(set(project.milestone_ids.mapped("name")), {"Interim payment", "Balance"})
        order.sudo().invoice_ids.action_post()
        self._reach(project, "Interim payment")
        self.assertEqual(self._invoice(order).amount_untaxed, 200.0)
        self._reach(project, "Balance")
        self.assertEqual(self._invoice(order).amount_untaxed, 300.0)

    def test_many_shares_of_lines_that_do_not_divide(self):
        shares = [("acceptance", 21.0), ("milestone", 27.0), ("delay", 23.0), ("end", 29.0)]
        order = self._create_priced_quote(shares, granularity="task")
        lines = order.order_line.filtered(lambda line: not line.display_type)
        tax = self._create_taxes()[1]
        for line, price in zip(lines, (0.05, 33.33, 1000.01), strict=False):
            line.write({"price_unit": price, "tax_ids": tax})
        project = self._sign(self._send_quote(order))
        invoices = order.sudo().invoice_ids
        invoices.action_post()
        for name in ("Data model approved", "Interim payment", "Balance"):
            self._reach(project, name)
            invoices |= self._invoice(order)
        self.assertEqual(len(invoices), 4)
        self.assertEqual(
            order.currency_id.round(sum(invoices.mapped("amount_total"))), order.amount_total
        )
        self.assertEqual(
            order.currency_id.round(sum(invoices.mapped("amount_untaxed"))), order.amount_untaxed
        )
