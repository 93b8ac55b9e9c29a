import re
from datetime import timedelta

from lxml import html

from odoo.fields import Date
from odoo.tests import HttpCase, tagged

from odoo.addons.mail.tests.common import MockEmail

from .common import QuoteProcessMixin

PHONE = "390x844"


@tagged("post_install", "-at_install")
class TestTours(QuoteProcessMixin, MockEmail, HttpCase):
    """The process by clicks, as the people of the story, each with the lowest rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_story()
        cls.company.write(
            {"quote_terms_label": "2026-01", "invoice_terms": "<p>Thirty days net.</p>"}
        )
        cls.env["ir.config_parameter"].set_param("account.use_invoice_terms", True)
        cls.env["crm.team.member"].create(
            {"crm_team_id": cls.team.id, "user_id": cls.salesperson.id}
        )

    def _tour(self, name, person=None, url="/odoo"):
        self.start_tour(url, f"quote_process_{name}", login=person and person.login)

    # === ONE DEAL === #

    def test_one_deal_by_four_people(self):
        self._tour("salesperson_scope", self.salesperson)
        order = self._check_scope()
        self._tour("project_manager_estimate", self.project_manager)
        self._check_estimate(order)
        self._tour("salesperson_price", self.salesperson)
        self.assertAlmostEqual(order.margin_percent, 0.25, 3)
        self._tour("approver_approves", self.commercial_approver)
        self.assertEqual(order.validation_ids.decided_by_id, self.commercial_approver)
        with self.mock_mail_gateway():
            self._tour("salesperson_sends", self.salesperson)
            link = self._get_link(order)
        self.assertEqual((order.quote_step, order.state), ("sent", "sent"))
        self._check_client_page(order, link)
        self._tour("client_signs", url=link)
        self._check_acceptance(order)
        self._check_project(order)

    def _check_scope(self):
        """Return the quote that the salesperson made."""
        order = self.env["sale.order"].search([("team_id", "=", self.team.id)])
        lead = order.opportunity_id
        self.assertEqual(len(order), 1)
        self.assertEqual((order.create_uid, lead.create_uid), (self.salesperson,) * 2)
        self.assertEqual(order.partner_id.commercial_partner_id, self.client)
        self.assertEqual((order.quote_step, lead.contact_outcome), ("technical", "interested"))
        self.assertEqual(order.project_manager_id, self.project_manager)
        self.assertEqual(order.technical_deadline, Date.today() + timedelta(days=10))
        return order

    def _check_estimate(self, order):
        self.assertEqual((order.quote_step, order.quote_turn), ("financial", "salesperson"))
        self.assertEqual(order.estimate_id.item_ids.create_uid, self.project_manager)
        self.assertAlmostEqual(order.estimate_id.total_cost, 3 * 400 + 5 * 450 + 257.31)

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
        for hidden in ("3,707.31", "3,450.00", "1,200.00", "257.31", "at the inn", "Consultant"):
            self.assertNotIn(hidden, text)

    def _check_acceptance(self, order):
        self.assertEqual((order.quote_step, order.state), ("accepted", "sale"))
        acceptance = order.quote_acceptance_ids
        self.assertEqual(len(acceptance), 1)
        self.assertEqual((acceptance.kind, acceptance.auth_mode), ("portal", "token"))
        self.assertEqual(acceptance.signer_name, "Julie Perrin")
        self.assertEqual(acceptance.signer_function, "Directrice générale")
        self.assertTrue(acceptance.terms_accepted)
        self.assertTrue(acceptance.terms_version.startswith("2026-01/"))
        self.assertIn("Thirty days net", acceptance.terms_text)

    def _check_project(self, order):
        project = self.env["project.project"].search([("partner_id", "=", order.partner_id.id)])
        self.assertEqual(len(project), 1)
        self.assertEqual(project.estimate_id, order.estimate_id)
        self.assertEqual(project.user_id, self.project_manager)
        tasks = {task.name: task for task in project.with_context(active_test=False).task_ids}
        self.assertEqual(set(tasks), {"Design", "Survey", "Data model"})
        self.assertEqual(tasks["Survey"].parent_id, tasks["Design"])
        self.assertEqual(tasks["Data model"].parent_id, tasks["Design"])
        self.assertEqual(tasks["Data model"].depend_on_ids, tasks["Survey"])
        self.assertFalse(tasks["Survey"].depend_on_ids)
        days = self._get_work_days(order.estimate_id.planned_start, 8)
        for name, first, last in (("Design", 0, 7), ("Survey", 0, 2), ("Data model", 3, 7)):
            task = tasks[name]
            self.assertEqual(task.planned_date_begin.date(), days[first], name)
            self.assertEqual(task.date_deadline.date(), days[last], name)
            self.assertEqual(task.sale_line_id, order.order_line, name)
        self.assertEqual(project.milestone_ids.name, "Model approved")
        self.assertEqual(project.milestone_ids.deadline, days[7])

    def _get_work_days(self, start, count):
        """Return the first days from Monday to Friday, from a day on."""
        self.assertEqual(start, Date.today() + timedelta(days=14))
        days = [start + timedelta(days=rank) for rank in range(2 * count)]
        return [day for day in days if day.weekday() < 5][:count]

    # === ANSWERS THAT SEND A QUOTE BACK === #

    def test_refusal_of_the_technical_part_reaches_the_project_manager(self):
        order = self._create_quote_at("validation")
        self._tour("approver_refuses", self.operational_approver)
        self.assertEqual((order.quote_step, order.quote_turn), ("technical", "project_manager"))
        self._tour("project_manager_reads_refusal", self.project_manager)

    def test_client_answers_on_a_phone(self):
        self.browser_size = PHONE
        changes, refusal = self._create_quote_at("sent"), self._create_quote_at("sent")
        for order in (changes, refusal):
            order.sudo()._portal_ensure_token()
        self._tour("client_asks_for_changes", url=changes.sudo().get_portal_url())
        self.assertEqual(changes.quote_step, "revision")
        self._tour("client_declines", url=refusal.sudo().get_portal_url())
        self.assertEqual(refusal.quote_step, "declined")
        self.assertEqual(refusal.decline_reason_id.name, "The price is too high")
        self.assertFalse(refusal.opportunity_id.active)
