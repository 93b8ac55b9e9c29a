import base64
from ast import literal_eval
from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Date, Datetime
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import QuoteProcessCase

RECALL_ACTIVITY = "commercial_quote_process.activity_type_recall"
RECALL_LOGGER = "odoo.addons.commercial_quote_process.models.quote_due_job_mixin"


class ContactCase(QuoteProcessCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.user_id = cls.sales_manager
        cls.company.partner_id.tz = "Europe/Paris"
        cls.lost_reason = cls.env["crm.lost.reason"].create({"name": "Done in house"})

    def _log(self, lead, outcome, **values):
        """Log a contact as the salesperson does, through the wizard."""
        action = lead.action_log_contact()
        wizard = Form(
            self.env["quote.contact.outcome"]
            .with_user(self.salesperson)
            .with_context(**action["context"])
        )
        wizard.outcome = outcome
        for name, value in values.items():
            setattr(wizard, name, value)
        return wizard.save().action_apply()

    def _recall_lead(self, day="2030-03-15", outcome="later", **values):
        """Return an opportunity whose client is to be called back."""
        lead = self._create_lead(**values)
        lead._log_contact(
            outcome,
            recall_date=Date.to_date(day),
            recall_reason="The budget is voted then",
            lost_reason=self.lost_reason if outcome == "refused" else None,
        )
        return lead

    def _get_recalls(self, lead):
        activity_type = self.env.ref(RECALL_ACTIVITY)
        return lead.sudo().activity_ids.filtered(lambda a: a.activity_type_id == activity_type)


@tagged("post_install", "-at_install")
class TestContactOutcome(ContactCase):
    """The salesperson logs what the client answered, and what follows is set up at once."""

    def test_interested_client_gives_the_specification(self):
        lead = self._create_lead()
        content = base64.b64encode(b"%PDF-1.4")
        self._log(
            lead,
            "interested",
            specification_file=content,
            specification_version="B",
            note="They want an offer by June",
        )
        self.assertEqual((lead.contact_outcome, lead.quote_step), ("interested", "contact"))
        self.assertEqual(lead.specification_ids.file, content)
        self.assertEqual(lead.specification_ids.version, "B")
        self.assertFalse(lead.no_specification or lead.recall_date)
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertIn("They want an offer by June", "".join(lead.message_ids.mapped("body")))
        lead.action_start_scope()
        self.assertEqual(lead.quote_step, "scope")

    def test_interested_client_without_specification(self):
        lead = self._create_lead()
        self._log(lead, "interested", no_specification=True)
        self.assertTrue(lead.no_specification)
        self.assertFalse(lead.specification_missing)

    def test_interested_client_whose_specification_is_still_to_come(self):
        lead = self._create_lead()
        self._log(lead, "interested")
        self.assertTrue(lead.specification_missing)
        lead.action_start_scope()
        self.assertEqual(lead.quote_step, "scope", "a warning, never a block")

    def test_scope_waits_for_the_contact(self):
        with self.assertRaisesRegex(UserError, "Log the contact"):
            self._create_lead(opportunity_kind="prospect").action_start_scope()

    def test_later_keeps_the_opportunity_open_and_out_of_sight(self):
        lead = self._create_lead()
        day = Date.today() + timedelta(days=30)
        self._log(lead, "later", recall_date=day, recall_reason="Budget")
        self.assertEqual((lead.contact_outcome, lead.recall_date), ("later", day))
        self.assertEqual((lead.active, lead.recall_reason), (True, "Budget"))
        self.assertFalse(self._get_recalls(lead), "not before the day")
        Lead = self.env["crm.lead"].with_user(self.salesperson)
        search = self.env.ref("crm.view_crm_case_opportunities_filter")
        arch = self.env["crm.lead"].get_view(search.id, "search")["arch"]
        for name, before, after in (
            ("hide_future_recalls", False, True),
            ("to_call_back", False, True),
        ):
            domain = self._get_filter_domain(arch, name) + [("id", "=", lead.id)]
            with self.subTest(filter=name):
                self.assertEqual(bool(Lead.search(domain)), before)
                with freeze_time(day):
                    self.assertEqual(bool(Lead.search(domain)), after)
        other = self._create_lead()
        domain = self._get_filter_domain(arch, "hide_future_recalls") + [("id", "=", other.id)]
        self.assertTrue(Lead.search(domain), "opportunities without a recall stay visible")

    def _get_filter_domain(self, arch, name):
        node = etree.fromstring(arch).find(f".//filter[@name='{name}']")
        return literal_eval(node.get("domain"))

    def test_later_needs_a_day_to_come(self):
        lead = self._create_lead()
        with self.assertRaisesRegex(UserError, "On which day"):
            lead._log_contact("later")
        with self.assertRaisesRegex(UserError, "still to come"):
            lead._log_contact("later", recall_date=Date.today())
        with self.assertRaises(ValidationError):
            lead.contact_outcome = "later"
        self.assertEqual(lead.quote_step, "identification")

    @freeze_time("2030-03-14 23:30:00")
    def test_day_to_come_is_a_day_of_the_company(self):
        # Half past midnight in Paris: the 15th is today there.
        with self.assertRaisesRegex(UserError, "still to come"):
            self._create_lead()._log_contact("later", recall_date=Date.to_date("2030-03-15"))

    def test_refused_loses_the_opportunity_with_its_reason(self):
        lead = self._create_lead()
        self._log(lead, "refused", lost_reason_id=self.lost_reason)
        self.assertEqual((lead.won_status, lead.lost_reason_id), ("lost", self.lost_reason))
        self.assertEqual((lead.contact_outcome, lead.recall_date), ("refused", False))

    def test_refused_needs_a_reason(self):
        lead = self._create_lead()
        with self.assertRaisesRegex(UserError, "Choose a reason"):
            lead._log_contact("refused")
        self.assertEqual(lead.won_status, "pending")

    def test_next_contact_ends_the_recall(self):
        with freeze_time("2030-03-01 08:00:00"):
            lead = self._recall_lead()
        with freeze_time("2030-03-15 08:00:00"):
            lead.sudo()._recall()
            recall = self._get_recalls(lead)
            self.assertTrue(recall)
            self._log(lead, "interested", note="They called first")
        self.assertFalse(recall.active, "the call took place")
        self.assertFalse(lead.recall_date or lead.recall_reason)

    def test_client_who_comes_back_reopens_the_opportunity(self):
        lead = self._recall_lead(day=Date.today() + timedelta(days=90), outcome="refused")
        lead._log_contact("interested")
        self.assertEqual((lead.won_status, lead.active), ("pending", True))
        self.assertFalse(lead.recall_date)

    def test_only_who_may_write_on_the_opportunity_logs_a_contact(self):
        lead = self._create_lead()
        for user in (self.other_salesperson, self.project_manager, self.portal_user):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    lead.with_user(user).action_log_contact()
                with self.assertRaises(AccessError):
                    lead.with_user(user)._log_contact("interested")
        Wizard = self.env["quote.contact.outcome"].with_user(self.other_salesperson)
        with self.assertRaises(AccessError):
            Wizard.create({"lead_id": lead.id, "outcome": "interested"}).action_apply()
        self.assertFalse(lead.contact_outcome)


@tagged("post_install", "-at_install")
class TestRecall(ContactCase):
    """The client is called back on the day that was promised, once, whatever happens."""

    def setUp(self):
        super().setUp()
        self.env["crm.lead"].with_context(active_test=False).search(
            [("recall_date", "!=", False)]
        ).write({"contact_outcome": False, "recall_date": False})

    def _run(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("commercial_quote_process.ir_cron_recall").method_direct_trigger()
        self.env.invalidate_all()

    def _promise(self, **values):
        with freeze_time("2030-03-01 08:00:00"):
            return self._recall_lead(**values)

    def test_later_gives_the_salesperson_one_activity_that_day(self):
        lead = self._promise()
        self._run("2030-03-14 08:00:00")
        self.assertFalse(self._get_recalls(lead))
        self._run("2030-03-15 08:00:00")
        recall = self._get_recalls(lead)
        self.assertEqual(recall.user_id, self.salesperson)
        self.assertEqual(recall.date_deadline, Date.to_date("2030-03-15"))
        self.assertIn("The budget is voted then", recall.note)
        self.assertEqual(lead.recalled_on, Datetime.to_datetime("2030-03-15 08:00:00"))
        self._run("2030-03-15 20:00:00")
        self._run("2030-03-16 08:00:00")
        self.assertEqual(self._get_recalls(lead), recall, "exactly once")

    def test_day_is_the_one_of_the_company(self):
        lead = self._promise()
        self._run("2030-03-14 22:30:00")
        self.assertFalse(self._get_recalls(lead), "half past eleven at night in Paris")
        self._run("2030-03-14 23:30:00")
        self.assertTrue(self._get_recalls(lead), "half past midnight in Paris")

    def test_refused_client_reopens_the_opportunity_with_its_history(self):
        lead = self._promise(outcome="refused")
        self.env.flush_all()
        self.env.cr.precommit.run()
        history = lead.message_ids
        self._run("2030-03-15 08:00:00")
        self.assertEqual((lead.active, lead.won_status), (True, "pending"))
        self.assertLess(history, lead.message_ids)
        self.assertIn("Done in house", (lead.message_ids - history)[-1].body)
        self.assertEqual(len(self._get_recalls(lead)), 1)
        self._run("2030-03-16 08:00:00")
        self.assertEqual(len(self._get_recalls(lead)), 1)

    def test_server_that_was_off_catches_up_once(self):
        lead = self._promise()
        self._run("2030-03-29 08:00:00")
        self.assertEqual(
            self._get_recalls(lead).mapped("date_deadline"), [Date.to_date("2030-03-29")]
        )

    def test_new_date_makes_a_new_recall(self):
        lead = self._promise()
        self._run("2030-03-15 08:00:00")
        self._get_recalls(lead).unlink()
        with freeze_time("2030-03-15 09:00:00"):
            lead._log_contact("later", recall_date=Date.to_date("2030-04-15"))
        self.assertFalse(lead.recalled_on)
        self._run("2030-03-16 08:00:00")
        self.assertFalse(self._get_recalls(lead))
        self._run("2030-04-15 08:00:00")
        self.assertEqual(len(self._get_recalls(lead)), 1)

    def test_answer_that_no_longer_holds_recalls_nobody(self):
        won, lost, interested = self._promise(), self._promise(), self._promise()
        won.action_set_won()
        lost.action_set_lost(lost_reason_id=self.lost_reason.id)
        interested._log_contact("interested")
        self._run("2030-03-15 08:00:00")
        for lead in (won, lost, interested):
            self.assertFalse(self._get_recalls(lead))
        self.assertEqual(lost.won_status, "lost")

    def test_recalls_of_an_archived_salesperson_go_to_the_team_leader(self):
        lead, reopened = self._promise(), self._promise(outcome="refused")
        self.salesperson.action_archive()
        self._run("2030-03-15 08:00:00")
        for recalled in (lead.sudo(), reopened.sudo()):
            self.assertEqual(self._get_recalls(recalled).user_id, self.sales_manager)
            self.assertEqual(recalled.user_id, self.sales_manager)
            self.assertEqual(recalled.team_id, self.team)

    def test_recall_without_anybody_left_is_still_made(self):
        lead = self._promise()
        self.team.user_id = False
        self.salesperson.action_archive()
        self._run("2030-03-15 08:00:00")
        self.assertEqual(len(self._get_recalls(lead)), 1)
        self.assertFalse(self._get_recalls(lead).user_id)

    def test_one_that_fails_keeps_no_other_from_being_made(self):
        leads = [self._promise(name=f"Client {rank}") for rank in range(4)]
        poison = leads[1]
        prepare = type(poison)._prepare_recall_activity_values

        def prepare_or_fail(lead):
            if lead.id == poison.id:
                raise ValueError("a broken client")
            return prepare(lead)

        with (
            patch.object(type(poison), "_prepare_recall_activity_values", prepare_or_fail),
            self.assertLogs(RECALL_LOGGER, "ERROR") as logs,
        ):
            self._run("2030-03-15 08:00:00")
            self._run("2030-03-16 08:00:00")
            for _day in range(3):
                self._run("2030-03-17 08:00:00")
        for lead in leads:
            expected = 0 if lead == poison else 1
            self.assertEqual(len(self._get_recalls(lead)), expected)
        self.assertFalse(poison.recalled_on)
        self.assertEqual(poison.followup_failures, 3, "then it is left to a person")
        self.assertEqual(len(logs.records), 3)
        with freeze_time("2030-03-18 08:00:00"):
            poison._log_contact("later", recall_date=Date.to_date("2030-03-19"))
        self._run("2030-03-19 08:00:00")
        self.assertEqual(len(self._get_recalls(poison)), 1)

    def test_more_recalls_than_a_batch_are_all_made(self):
        leads = [self._promise(name=f"Client {rank}") for rank in range(5)]
        cron = self.env.ref("commercial_quote_process.ir_cron_recall")
        cron.code = "model._cron_recall(batch_size=2)"
        for _run in range(3):
            self._run("2030-03-15 08:00:00")
        for lead in leads:
            self.assertEqual(len(self._get_recalls(lead)), 1)

    def test_cost_of_a_batch_does_not_grow_with_each_recall(self):
        def count(number):
            leads = self.env["crm.lead"].browse()
            for rank in range(number):
                leads |= self._promise(name=f"Client {rank}")
            leads = leads.with_user(self.env.ref("base.user_root")).sudo()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with freeze_time("2030-03-15 08:00:00"):
                leads._recall()
                self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(1)
        one, ten = count(1), count(10)
        self.assertLessEqual(ten, one + 9, "at most one query more per recall")

    @mute_logger("odoo.addons.base.models.ir_cron")
    def test_locked_opportunity_stays_due(self):
        lead = self._promise()
        with patch.object(
            type(lead), "try_lock_for_update", lambda leads, **kwargs: leads.browse()
        ):
            self._run("2030-03-15 08:00:00")
        self.assertFalse(lead.recalled_on)
        self._run("2030-03-15 09:00:00")
        self.assertEqual(len(self._get_recalls(lead)), 1)
