import re

from lxml import html

from odoo.tests import tagged

from odoo.addons.mail.tests.common import MockEmail

from .tour_common import TourCase


@tagged("post_install", "-at_install")
class TestTours(MockEmail, TourCase):
    """The process by clicks, as the people of the story, each with the lowest rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"quote_terms_label": "2026-01", "invoice_terms": "<p>Thirty days net.</p>"}
        )
        cls.env["ir.config_parameter"].set_param("account.use_invoice_terms", True)
        cls.env["crm.team.member"].create(
            {"crm_team_id": cls.team.id, "user_id": cls.salesperson.id}
        )

    def _tour(self, name, url, person=None, **options):
        self.start_tour(url, name, login=person and person.login, **options)

    def _get_quote(self):
        return self.env["sale.order"].search([("partner_id", "=", self.client.id)])

    def test_one_deal_by_four_people(self):
        self._create_lead()
        self._tour(
            "quote_process_1_salesperson_scope",
            "/odoo/action-crm.crm_lead_action_pipeline",
            self.salesperson,
        )
        order = self._get_quote()
        self.assertEqual(order.quote_step, "technical")
        self.assertEqual(order.opportunity_id.contact_outcome, "interested")
        self._tour(
            "quote_process_2_project_manager_estimate", "/odoo/estimates", self.project_manager
        )
        self.assertEqual(order.estimate_id.total_cost, 3 * 400 + 5 * 450 + 250)
        self._tour("quote_process_3_salesperson_price", "/odoo/offers", self.salesperson)
        self.assertAlmostEqual(order.margin_percent, 0.25, 3)
        self._tour("quote_process_4_approver", "/odoo/offers-to-validate", self.commercial_approver)
        with self.mock_mail_gateway():
            self._tour("quote_process_5_salesperson_sends", "/odoo/offers", self.salesperson)
            link = self._get_link(order)
        self.assertEqual((order.quote_step, order.state), ("sent", "sent"))
        self._check_client_page(order, link)
        self._tour("quote_client_signs", link)
        self._check_acceptance(order)
        self._check_delivery(order)

    def _get_link(self, order):
        """Return the link of the mail that the client got, without the address of the server."""
        mail = self._new_mails.filtered(lambda mail: mail.res_id == order.id)[:1]
        self.assertEqual(mail.recipient_ids, order.partner_id)
        links = html.fromstring(mail.body_html).xpath("//a[contains(@href, 'access_token')]/@href")
        self.assertTrue(links, "the mail has no link to the offer")
        return re.sub(r"^https?://[^/]+", "", links[0])

    def _check_client_page(self, order, link):
        """The client sees the price, and nothing of what is behind it."""
        self.authenticate(None, None)
        text = html.fromstring(self.url_open(link).content).text_content()
        self.assertIn(f"{order.amount_untaxed:,.2f}", text)
        for hidden in ("3,700.00", "3,450.00", "2,250.00", "1,200.00", "250.00"):
            self.assertNotIn(hidden, text)

    def _check_acceptance(self, order):
        self.assertEqual((order.quote_step, order.state), ("accepted", "sale"))
        acceptance = order.quote_acceptance_ids
        self.assertEqual((acceptance.kind, acceptance.auth_mode), ("portal", "token"))
        self.assertEqual(acceptance.signer_name, "Julie Perrin")
        self.assertEqual(acceptance.signer_function, "Directrice générale")
        self.assertTrue(acceptance.terms_accepted)
        self.assertTrue(acceptance.terms_version.startswith("2026-01/"))
        self.assertIn("Thirty days net", acceptance.terms_text)

    def _check_delivery(self, order):
        project = self.env["project.project"].search([("estimate_id", "=", order.estimate_id.id)])
        self.assertEqual(len(project), 1)
        tasks = {task.name: task for task in project.with_context(active_test=False).task_ids}
        self.assertEqual(set(tasks), {"Design", "Survey", "Data model"})
        self.assertEqual(tasks["Data model"].depend_on_ids, tasks["Survey"])
        self.assertEqual(tasks["Data model"].parent_id, tasks["Design"])
        for task in tasks.values():
            self.assertTrue(task.planned_date_begin and task.date_deadline, task.name)
            self.assertEqual(task.sale_line_id.order_id, order, task.name)
        self.assertEqual(project.milestone_ids.name, "Model approved")
        self.assertEqual(project.milestone_ids.deadline, tasks["Data model"].date_deadline.date())
