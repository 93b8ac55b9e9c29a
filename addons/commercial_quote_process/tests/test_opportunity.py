from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .opportunity_common import IdentificationCase


@tagged("post_install", "-at_install")
class TestQuoteAndOpportunity(IdentificationCase):
    """The opportunity gives to its quote what is known, and then follows it."""

    @mute_logger("odoo.tests.form.onchange")
    def test_new_quote_carries_client_team_salesperson_and_reference(self):
        lead = self._create_lead(tender_reference="2030-17")
        context = lead.action_new_quotation()["context"]
        self.assertEqual(context["default_client_order_ref"], "2030-17")
        order = Form(self.env["sale.order"].with_user(self.salesperson).with_context(**context))
        order = order.save()
        self.assertEqual(order.partner_id, self.client)
        self.assertEqual((order.team_id, order.user_id), (self.team, self.salesperson))
        self.assertEqual((order.opportunity_id, order.quote_process), (lead, True))
        self.assertEqual(order.client_order_ref, "2030-17")
        stock_context = self._create_stock_lead().action_new_quotation()["context"]
        self.assertNotIn("default_client_order_ref", stock_context)

    def test_quote_shows_the_specification_of_its_opportunity(self):
        lead = self._create_lead(specification_summary="<p>Archives</p>")
        document = self._add_specification(lead)
        order = self._create_quote(lead=lead)
        self.assertEqual(order.specification_ids, document)
        self.assertIn("Archives", order.specification_summary)

    def test_quote_without_specification_warns_and_goes_on(self):
        lead = self._create_lead()
        Order = self.env["sale.order"].with_user(self.salesperson)
        order = Order.new({"opportunity_id": lead.id})
        warning = order._onchange_opportunity_specification()["warning"]
        self.assertIn("has no specification yet", warning["message"])
        self.assertEqual(self._create_quote(lead=lead).quote_step, "scope")
        lead.no_specification = True
        self.assertFalse(order._onchange_opportunity_specification())
        stock_order = Order.new({"opportunity_id": self._create_stock_lead().id})
        self.assertFalse(stock_order._onchange_opportunity_specification())

    def test_stage_follows_the_most_advanced_live_quote(self):
        lead = self._create_lead()
        first, second = self._create_quote(lead=lead), self._create_quote(lead=lead)
        self.assertEqual(lead.quote_step, "scope")
        for step, expected in (
            ("technical", "technical"),
            ("financial", "financial"),
            ("validation", "financial"),
            ("ready", "financial"),
            ("sent", "sending"),
        ):
            first.sudo().quote_step = step
            lead._sync_stage_with_quotes("The work goes on")
            self.assertEqual(lead.quote_step, expected)
        second.action_cancel()
        self.assertEqual(lead.quote_step, "sending")
        first.sudo().quote_step = "technical"
        lead._sync_stage_with_quotes("Back to the project manager")
        self.assertEqual(lead.quote_step, "technical")

    def test_automatic_move_is_logged_with_its_reason(self):
        lead = self._create_lead()
        self._end_of_request()
        order = self._create_quote(lead=lead)
        order.action_start_technical()
        self._end_of_request()
        messages = lead.message_ids.filtered(lambda m: order.name in (m.body or ""))
        stages = messages.sudo().tracking_value_ids.filtered(
            lambda value: value.field_id.name == "stage_id"
        )
        self.assertIn("Technical part", stages.mapped("new_value_char"))

    def test_stage_outside_the_process_is_left_alone(self):
        lead = self._create_lead()
        order = self._create_quote(lead=lead)
        lead.stage_id = self.stock_stages[0]
        order.action_start_technical()
        self.assertEqual(lead.stage_id, self.stock_stages[0])

    def test_accepted_quote_wins_the_opportunity_in_its_job_only(self):
        lead = self._create_lead()
        order = self._create_quote(lead=lead)
        order.sudo().quote_step = "accepted"
        lead._sync_stage_with_quotes("Signed")
        self.assertEqual(lead.won_status, "pending")
        lead._set_won_from_quote(order)
        self.assertEqual((lead.won_status, lead.quote_step), ("won", "delivery"))

    def test_refused_quote_loses_the_opportunity_unless_another_one_lives(self):
        lead = self._create_lead()
        first, second = self._create_quote(lead=lead), self._create_quote(lead=lead)
        reason = self.env["crm.lost.reason"].create({"name": "Too late"})
        first.sudo().quote_step = "declined"
        lead._set_lost_from_quote(first, reason)
        self.assertEqual(lead.won_status, "pending")
        second.sudo().quote_step = "declined"
        recall_date = Date.today() + timedelta(days=90)
        lead._set_lost_from_quote(second, reason, "Next year", recall_date)
        self.assertEqual((lead.won_status, lead.lost_reason_id), ("lost", reason))
        self.assertEqual((lead.contact_outcome, lead.recall_date), ("refused", recall_date))

    def test_opportunity_with_a_live_quote_cannot_be_deleted(self):
        lead = self._create_lead()
        order = self._create_quote(lead=lead)
        manager_lead = lead.with_user(self.sales_manager).with_context(_force_unlink=True)
        with self.assertRaisesRegex(UserError, order.name):
            manager_lead.unlink()
        self.assertTrue(lead.exists())
        order.action_cancel()
        manager_lead.unlink()
        self.assertFalse(lead.exists())
        self.assertTrue(order.exists())


@tagged("post_install", "-at_install")
class TestMerge(IdentificationCase):
    """Whatever belongs to a merged opportunity follows the survivor."""

    def _merge(self, leads):
        return leads.with_user(self.sales_manager).merge_opportunity()

    def test_documents_requirements_and_quotes_follow(self):
        survivor, other = self._create_lead(), self._create_lead()
        survivor.stage_id = self._get_stage("contact")
        document = self._add_specification(other)
        requirement = other.env["quote.requirement"].create({"lead_id": other.id, "name": "Open"})
        order = self._create_quote(lead=other)
        other.stage_id = self._get_stage("identification")
        order.sudo().quote_step = "validation"
        merged = self._merge(survivor | other)
        self.assertEqual(merged, survivor)
        self.assertFalse(other.exists())
        for record in (document, requirement):
            self.assertEqual(record.lead_id, survivor)
        self.assertEqual(order.opportunity_id, survivor)
        self.assertEqual(survivor.quote_step, "financial", "the stage follows the quote")

    def test_recall_and_decision_follow(self):
        survivor = self._create_lead(no_specification=True)
        survivor.stage_id = self._get_stage("contact")
        recall_date = Date.today() + timedelta(days=30)
        other = self._create_lead(
            opportunity_kind="tender",
            tender_decision="go",
            contact_outcome="later",
            recall_date=recall_date,
            recall_reason="Budget",
        )
        decided = (other.tender_decided_by_id, other.tender_decided_on)
        self._merge(survivor | other)
        self.assertEqual((survivor.opportunity_kind, survivor.tender_decision), ("tender", "go"))
        self.assertEqual((survivor.tender_decided_by_id, survivor.tender_decided_on), decided)
        self.assertEqual((survivor.contact_outcome, survivor.recall_reason), ("later", "Budget"))
        self.assertEqual(survivor.recall_date, recall_date)
        self.assertFalse(survivor.recalled_on)
        self.assertTrue(survivor.no_specification)

    def test_decision_of_the_survivor_stays_signed_by_its_author(self):
        survivor = self._create_lead(opportunity_kind="tender", tender_decision="go")
        survivor.stage_id = self._get_stage("contact")
        decided = (survivor.tender_decided_by_id, survivor.tender_decided_on)
        self._merge(survivor | self._create_lead(tender_decision="no_go"))
        self.assertEqual(survivor.tender_decision, "go")
        self.assertEqual((survivor.tender_decided_by_id, survivor.tender_decided_on), decided)

    def test_live_quote_brings_its_team_with_it(self):
        survivor = self._create_stock_lead()
        survivor.stage_id = self.stock_stages.filtered(lambda s: not s.is_won)[-1]
        survivor.sudo().stage_id.sequence = 50
        other = self._create_lead()
        order = self._create_quote(lead=other)
        merged = self._merge(survivor | other)
        self.assertEqual((merged, merged.team_id), (survivor, self.team))
        self.assertEqual(order.opportunity_id, survivor)
        self.assertEqual(merged.quote_step, "scope")
