from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import QuoteProcessCase
from .delivery_common import DeliveryMixin
from .payment_common import PaymentMixin


@tagged("post_install", "-at_install")
class TestMilestones(PaymentMixin, DeliveryMixin, QuoteProcessCase):
    """Milestones of the project release what is invoiced, each of them once for all lines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_accounting()

    def test_milestones_release_the_lines(self):
        order = self._send_quote(self._create_priced_quote(granularity="task"))
        project = self._deliver(order)
        lines = order.order_line.filtered(lambda line: line._is_invoiced_at_milestones())
        for line in lines:
            milestones = project.milestone_ids.filtered(lambda m, line=line: m.sale_line_id == line)
            self.assertAlmostEqual(sum(milestones.mapped("quantity_percentage")), 1.0)
            self.assertEqual(sorted(milestones.mapped("quantity_percentage")), [0.4, 0.6])
        leads = project.milestone_ids.filtered(lambda m: not m.payment_milestone_id)
        self.assertEqual(set(leads.mapped("name")), {"Data model approved", "Balance"})
        self.assertTrue(all(leads.mapped("deadline")))

    def test_followers_go_with_their_milestone(self):
        project = self._deliver(self._send_quote(self._create_priced_quote(granularity="task")))
        lead = project.milestone_ids.filtered(lambda m: m.name == "Data model approved")
        followers = lead.payment_follower_ids
        self.assertEqual(len(followers), 2)
        lead.with_user(self.project_manager).write({"is_reached": True, "deadline": "2030-01-15"})
        self.assertEqual(set(followers.mapped("is_reached")), {True})
        self.assertEqual(set(followers.mapped("deadline")), {lead.deadline})
        with self.assertRaises(AccessError):
            lead.with_user(self.stranger).is_reached = False

    def test_people_see_one_milestone_per_payment(self):
        project = self._deliver(self._send_quote(self._create_priced_quote(granularity="task")))
        self.assertEqual(len(project.milestone_ids), 6)
        self.env.invalidate_all()
        own = project.with_user(self.project_manager)
        seen = own.env["project.milestone"].search([("project_id", "=", project.id)])
        self.assertEqual(seen.mapped("name"), ["Data model approved", "Balance"])
        self.assertEqual((own.milestone_count, len(own.milestone_ids)), (2, 2))
        self.assertEqual(len(own.get_milestones()["data"]), 2)
        seen.filtered(lambda milestone: milestone.name == "Balance").is_reached = True
        self.assertEqual((own.milestone_count_reached, own.milestone_progress), (1, 50))

    def test_project_managers_without_sales_rights_get_no_button_that_fails(self):
        for view in ("sale_project.project_milestone_view_tree", "project_milestone_view_form"):
            view = self.env.ref(view if "." in view else f"project.{view}")
            for user, count in ((self.project_manager, 0), (self.sales_manager, 1)):
                milestone = self.env["project.milestone"].with_user(user)
                arch = milestone.get_view(view.id, view.type)["arch"]
                self.assertEqual(arch.count("action_view_sale_order"), count, user.login)

    def test_people_without_sales_rights_find_the_project_of_an_order(self):
        order = self._send_quote(self._create_priced_quote(granularity="one"))
        project = self._deliver(order)
        self.env.invalidate_all()
        for user in (self.project_manager, self.commercial_approver, self.salesperson):
            with self.subTest(user=user.login):
                self.assertEqual(order.with_user(user).project_ids, project)
            self.env.invalidate_all()
        self.assertEqual(order.with_user(self.project_manager).project_count, 1)
        self.env.invalidate_all()
        project.privacy_visibility = "followers"
        self.assertFalse(order.with_user(self.other_project_manager).project_ids)

    def test_task_of_a_paid_deliverable_is_at_the_milestone_of_its_payment(self):
        order = self._create_priced_quote([("acceptance", 30.0), ("deliverable", 70.0)])
        items = order.sudo().estimate_id.item_ids
        deliverable = items.filtered(lambda item: item.kind == "deliverable")
        order.payment_row_ids[1].item_id = deliverable
        project = self._deliver(self._send_quote(order))
        task = self._get_tasks(project)[deliverable.name]
        self.assertEqual(task.milestone_id.name, deliverable.name)
        task.with_user(self.project_manager).state = "1_done"
        self.assertTrue(task.milestone_id.can_be_marked_as_done)
        self._reach(project, deliverable.name)
        self.assertEqual(order.invoice_status, "to invoice")

    def test_what_is_sold_later_is_delivered_and_invoiced(self):
        order = self._send_quote(self._create_priced_quote(granularity="one"))
        project = self._deliver(order)
        order.sudo().invoice_ids.action_post()
        product = self.company.quote_milestone_product_id
        managed = order.with_user(self.sales_manager)
        managed.action_unlock()
        values = {"product_id": product.id, "price_unit": 500.0, "tax_ids": False}
        managed.order_line = [
            Command.create({**values, "name": "Two more days\nOn site"}),
            Command.create({**values, "name": "Rebate", "price_unit": -10.0}),
        ]
        managed.action_lock()
        # What is told of an accepted quote does not change who accepted it.
        self.assertIn(self.salesperson.name, managed._get_last_move_text())
        self.assertEqual(self._get_projects(order), project)
        line = order.order_line.filtered(lambda line: line.price_unit == 500.0)
        task = project.tasks.filtered(lambda task: task.sale_line_id == line)
        self.assertEqual(task.name, "Two more days")
        self.assertNotIn("Rebate", project.tasks.mapped("name"))
        message = project.message_ids[0]
        self.assertIn("Two more days", message.body)
        self.assertIn(self.project_manager.partner_id, message.notified_partner_ids)
        self.assertTrue(order.differs_from_signed)
        self._reach(project, "Two more days")
        extra = self._invoice(order)
        self.assertEqual(extra.amount_untaxed, 500.0)

    def test_last_invoice_takes_the_down_payment_off_whatever_waits_for_nothing(self):
        order = self._send_quote(self._create_priced_quote(granularity="task"))
        project = self._deliver(order)
        order.sudo().invoice_ids.action_post()
        lost = project.milestone_ids.filtered(lambda m: m.payment_milestone_id)[0]
        for name in ("Data model approved", "Balance"):
            self._reach(project, name)
        # Nothing delivers the rest of this line any more.
        lost.unlink()
        invoice = self._invoice(order)
        self.assertTrue(invoice.invoice_line_ids.filtered("sale_line_ids.is_downpayment"))

    def test_services_at_milestones_without_schedule_follow_their_phase(self):
        order = self._create_quote_at("financial")
        lines = order.order_line.filtered(lambda line: not line.display_type)
        lines.product_id = self.company.quote_milestone_product_id
        project = self._deliver(self._send_quote(order))
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
        project = self._deliver(self._send_quote(order))
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
        project = self._deliver(self._send_quote(order))
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
