from odoo.tests import tagged

from ..hooks import uninstall_hook
from .common import QuoteProcessCase


@tagged("post_install", "-at_install")
class TestUninstall(QuoteProcessCase):
    """Uninstalling gives the opportunities back to Odoo's own pipeline, with their outcome."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Stage = cls.env["crm.stage"]
        cls.process_stages = Stage.search([("quote_step", "!=", False)])
        # Whatever the database has: three open stages and a won one, shared by all teams.
        stock = Stage.search([("quote_step", "=", False)])
        cls.env["crm.lead"].with_context(active_test=False).search(
            [("stage_id", "in", stock.ids)]
        ).write({"stage_id": cls.process_stages[0].id})
        stock.unlink()
        cls.new, cls.qualified, cls.proposition, cls.won = Stage.create(
            [
                {"name": "New", "sequence": 1},
                {"name": "Qualified", "sequence": 2},
                {"name": "Proposition", "sequence": 3},
                {"name": "Won", "sequence": 70, "is_won": True},
            ]
        )

    def _create_lead_at(self, step, **values):
        lead = self._create_lead(**values).sudo()
        lead.stage_id = self.env.ref(f"commercial_quote_process.stage_{step}")
        return lead

    def _has_xmlid(self, record):
        return bool(record.get_external_id()[record.id])

    def test_opportunities_go_to_the_nearest_stage(self):
        expected = {
            "identification": self.new,
            "contact": self.qualified,
            "scope": self.qualified,
            "technical": self.proposition,
            "financial": self.proposition,
            "sending": self.proposition,
            "delivery": self.won,
        }
        leads = {step: self._create_lead_at(step) for step in expected}
        uninstall_hook(self.env)
        for step, stage in expected.items():
            with self.subTest(step=step):
                self.assertEqual(leads[step].stage_id, stage)
        self.assertEqual(leads["delivery"].won_status, "won")
        self.process_stages.unlink()
        self.assertFalse(self.process_stages.exists())

    def test_lost_opportunity_stays_lost(self):
        lead = self._create_lead_at("contact")
        lead.action_set_lost()
        uninstall_hook(self.env)
        self.assertEqual((lead.won_status, lead.stage_id), ("lost", self.qualified))

    def test_stage_stays_with_its_opportunities_when_there_is_no_other(self):
        leads = self._create_lead_at("technical") | self._create_lead_at("delivery")
        stages = leads.stage_id
        (self.new | self.qualified | self.proposition | self.won).unlink()
        uninstall_hook(self.env)
        self.assertEqual(leads.stage_id, stages)
        self.assertFalse(any(self._has_xmlid(stage) for stage in stages))

    def test_team_survives_with_its_alias_once_it_is_used(self):
        self._create_lead_at("contact")
        uninstall_hook(self.env)
        self.assertFalse(self._has_xmlid(self.team))
        self.assertFalse(self._has_xmlid(self.team.alias_id))

    def test_activities_become_plain_to_dos(self):
        lead = self._create_lead_at("contact")
        activities = lead.activity_schedule("commercial_quote_process.activity_type_recall")
        activities |= lead.activity_schedule("commercial_quote_process.activity_type_recall")
        activities[0].action_feedback()
        uninstall_hook(self.env)
        todo = self.env.ref("mail.mail_activity_data_todo")
        self.assertEqual(activities.activity_type_id, todo)
