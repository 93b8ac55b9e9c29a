from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Date, Datetime
from odoo.tests import freeze_time, tagged
from odoo.tests.common import warmup

from .opportunity_common import IdentificationCase

PROCESS_STEPS = [
    "identification",
    "contact",
    "scope",
    "technical",
    "financial",
    "sending",
    "delivery",
]
TENDER_ACTIVITY = "commercial_quote_process.activity_type_tender_deadline"


@tagged("post_install", "-at_install")
class TestPipeline(IdentificationCase):
    """A team that opts in has the seven steps as its pipeline; the others keep theirs."""

    def test_services_team_comes_with_the_seven_steps_in_order(self):
        stages = self.Stage.search([("team_ids", "=", self.team.id)])
        self.assertEqual(stages.mapped("quote_step"), PROCESS_STEPS)
        self.assertEqual(stages.filtered("is_won").quote_step, "delivery")
        self.assertFalse(self.stock_stages.team_ids & self.team)

    def test_pipeline_of_a_process_team_shows_its_seven_stages_only(self):
        columns = self._get_columns(default_team_id=self.team.id)
        self.assertEqual(columns.mapped("quote_step"), PROCESS_STEPS)

    def test_my_pipeline_shows_the_stages_of_my_teams(self):
        self.team.member_ids = self.salesperson
        columns = self._get_columns(show_user_team_stages=True)
        self.assertEqual(columns.mapped("quote_step"), PROCESS_STEPS)
        self.env["ir.config_parameter"].sudo().set_param("sales_team.membership_multi", True)
        self.stock_team.member_ids = self.salesperson
        self.env.invalidate_all()
        both = self._get_columns(show_user_team_stages=True)
        self.assertLessEqual(columns, both)
        self.assertLessEqual(self.stock_stages.filtered(lambda s: not s.team_ids), both)

    def test_other_pipelines_never_show_an_empty_step(self):
        for context in ({}, {"default_team_id": self.stock_team.id}):
            with self.subTest(context=context):
                self.assertFalse(self._get_columns(**context).filtered("quote_step"))
        # Not even when no team is left in the process, and its stages belong to nobody.
        self.env["crm.team"].search([]).use_quote_process = False
        self.assertFalse(self._get_stage("scope").team_ids)
        self.assertFalse(self._get_columns().filtered("quote_step"))
        self.assertFalse(self._create_stock_lead().stage_id.quote_step)

    def test_column_of_another_kind_stays_while_an_opportunity_is_in_it(self):
        lead = self._create_lead()
        lead.stage_id = self.stock_stages[0]
        self.assertIn(self.stock_stages[0], self._get_columns(default_team_id=self.team.id))

    def test_opting_in_and_out_moves_the_team_between_pipelines(self):
        stage = self._get_stage("technical")
        self.stock_team.use_quote_process = True
        self.assertIn(self.stock_team, stage.team_ids)
        self.assertEqual(self._create_stock_lead().quote_step, "identification")
        self.stock_team.use_quote_process = False
        self.assertNotIn(self.stock_team, stage.team_ids)
        self.assertIn(self.team, stage.team_ids)
        self.assertFalse(self._create_stock_lead().quote_step)

    def test_team_created_in_the_process_shares_the_stages_and_may_be_deleted(self):
        team = self.env["crm.team"].create({"name": "Engineering", "use_quote_process": True})
        self.assertIn(team, self._get_stage("scope").team_ids)
        team.unlink()
        self.assertIn(self.team, self._get_stage("scope").team_ids)

    def test_salesperson_cannot_opt_a_team_in(self):
        with self.assertRaises(AccessError):
            self.stock_team.with_user(self.salesperson).use_quote_process = True

    def test_stages_of_the_process_stand_for_one_step_each_and_stay(self):
        stage = self._get_stage("scope").with_user(self.sales_manager)
        with self.assertRaisesRegex(UserError, "is a step of the offer process"):
            stage.with_context(_force_unlink=True).unlink()
        with self.assertRaises(AccessError):
            stage.quote_step = "contact"
        with self.assertRaises(AccessError):
            self.stock_stages[0].with_user(self.sales_manager).quote_step = "contact"
        stage.name = "Scope with the client"
        self.assertEqual(stage.name, "Scope with the client")

    def test_new_opportunity_starts_at_identification(self):
        self.assertEqual(self._create_lead().quote_step, "identification")
        self.assertFalse(self._create_stock_lead().quote_step)

    def test_opportunity_that_changes_team_takes_a_stage_of_its_new_team(self):
        lead = self._create_stock_lead()
        lead.team_id = self.team
        self.assertEqual(lead.quote_step, "identification")
        lead.stage_id = self._get_stage("technical")
        lead.team_id = self.stock_team
        self.assertFalse(lead.quote_step)
        self.assertIn(lead.stage_id, self.stock_stages)

    def test_won_opportunity_stays_won_when_it_changes_team(self):
        lead = self._create_stock_lead()
        lead.action_set_won()
        lead.team_id = self.team
        self.assertEqual((lead.quote_step, lead.won_status), ("delivery", "won"))

    def test_won_means_delivery(self):
        lead = self._create_lead()
        lead.action_set_won()
        self.assertEqual(lead.quote_step, "delivery")
        stock_lead = self._create_stock_lead()
        stock_lead.action_set_won()
        self.assertFalse(stock_lead.quote_step)

    def test_opportunities_are_found_by_the_process(self):
        lead, stock_lead = self._create_lead(), self._create_stock_lead()
        leads = lead | stock_lead
        Lead = self.env["crm.lead"]
        for operator, value, expected in (
            ("=", True, lead),
            ("=", False, stock_lead),
            ("!=", True, stock_lead),
        ):
            domain = [("id", "in", leads.ids), ("use_quote_process", operator, value)]
            with self.subTest(operator=operator, value=value):
                self.assertEqual(Lead.search(domain), expected)

    def test_team_menu_hides_recalls_to_come_for_process_teams_only(self):
        shown = "search_default_hide_future_recalls"
        self.assertIn(shown, self.team.action_open_leads()["context"])
        self.assertNotIn(shown, self.stock_team.action_open_leads()["context"])
        self.team.action_open_unassigned_leads()
        Team = self.env["crm.team"].with_user(self.salesperson)
        self.assertNotIn(shown, Team.action_your_pipeline()["context"])
        self.team.member_ids = self.salesperson
        self.assertIn(shown, Team.action_your_pipeline()["context"])


@tagged("post_install", "-at_install")
class TestTender(IdentificationCase):
    """A tender has a deadline that nobody forgets, and a decision that somebody took."""

    def _create_tender(self, **values):
        values.setdefault("tender_deadline", Datetime.now() + timedelta(days=20))
        return self._create_lead(**{"opportunity_kind": "tender", **values})

    def _get_activities(self, lead):
        return lead.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(TENDER_ACTIVITY)
        )

    def _run(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("commercial_quote_process.ir_cron_recall").method_direct_trigger()
        self.env.invalidate_all()

    def _remind(self, lead):
        """Run the job on the day of the reminder, and return the activity."""
        self._run(f"{lead.next_followup_on} 10:00:00")
        return self._get_activities(lead.sudo())

    def _get_rows(self, lead):
        rows = lead.sudo().followup_ids.sorted("id")
        return [(row.kind, row.outcome, row.skip_reason) for row in rows]

    @freeze_time("2030-03-01 10:00:00")
    def test_deadline_gives_the_salesperson_one_activity_in_time(self):
        self.company.quote_tender_notice_days = 5
        lead = self._create_tender(tender_deadline="2030-03-20 12:00:00")
        self.assertEqual(lead.next_followup_on, Date.to_date("2030-03-15"))
        self._run("2030-03-14 10:00:00")
        self.assertFalse(self._get_activities(lead))
        for _time in range(2):
            activity = self._remind(lead) if lead.next_followup_on else self._get_activities(lead)
            self._run("2030-03-16 10:00:00")
            self.assertEqual(activity.date_deadline, Date.to_date("2030-03-20"), "the deadline")
            self.assertEqual(activity.user_id, self.salesperson)
        self.assertEqual(self._get_rows(lead), [("tender_deadline", "done", False)])
        lead.tender_deadline = "2030-03-27 12:00:00"
        self.assertFalse(self._get_activities(lead), "the other date no longer holds")
        self.assertEqual(lead.next_followup_on, Date.to_date("2030-03-22"))
        self.assertEqual(len(self._remind(lead)), 1)

    @freeze_time("2030-03-01 10:00:00")
    def test_deadline_that_is_near_reminds_at_once(self):
        cron = self.env.ref("commercial_quote_process.ir_cron_recall")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self._create_tender(tender_deadline="2030-03-20 12:00:00")
        self.assertEqual(triggers.search([("cron_id", "=", cron.id)]), triggers)
        self._create_tender(tender_deadline="2030-03-03 12:00:00")
        self.assertTrue(triggers.search([("cron_id", "=", cron.id)]) - triggers)

    @freeze_time("2030-03-01 10:00:00")
    def test_nobody_is_reminded_of_what_is_over(self):
        late = self._create_tender(tender_deadline="2030-03-10 12:00:00")
        self._run("2030-03-12 10:00:00")
        self.assertFalse(self._get_activities(late))
        self.assertEqual(self._get_rows(late), [("tender_deadline", "skipped", "too_late")])
        sent = self._create_tender(tender_deadline="2030-03-20 12:00:00")
        self._create_quote(lead=sent).sudo().sent_on = "2030-03-11 10:00:00"
        self._run("2030-03-16 10:00:00")
        self.assertFalse(self._get_activities(sent))
        self.assertEqual(self._get_rows(sent), [("tender_deadline", "skipped", "deposited")])

    @freeze_time("2030-03-01 10:00:00")
    def test_deadline_is_a_day_of_the_company(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        self.company.quote_tender_notice_days = 0
        lead = self._create_tender(tender_deadline="2030-03-20 22:00:00")
        self.assertEqual(lead.next_followup_on, Date.to_date("2030-03-21"))

    def test_activity_follows_the_salesperson(self):
        lead = self._create_tender()
        self._remind(lead)
        lead.with_user(self.sales_manager).user_id = self.other_salesperson
        self.assertEqual(self._get_activities(lead.sudo()).user_id, self.other_salesperson)

    def test_done_activity_comes_back_for_a_new_deadline_only(self):
        lead = self._create_tender()
        self._remind(lead).action_feedback()
        lead.with_user(self.sales_manager).user_id = self.other_salesperson
        self.assertFalse(lead.next_followup_on)
        lead.sudo().tender_deadline = Datetime.now() + timedelta(days=40)
        self.assertEqual(len(self._remind(lead)), 1)

    def test_no_activity_for_what_is_not_answered(self):
        for values in (
            {"tender_decision": "no_go"},
            {"opportunity_kind": "prospect"},
            {"tender_deadline": False},
            {"active": False},
        ):
            with self.subTest(values=values):
                lead = self._create_tender()
                self.assertTrue(lead.next_followup_on)
                self.assertTrue(self._remind(lead))
                lead.write(values)
                self.assertFalse(self._get_activities(lead))
                self.assertFalse(lead.next_followup_on)

    def test_decision_is_signed_by_the_server(self):
        lead = self._create_tender()
        self.assertFalse(lead.tender_decided_on)
        with freeze_time("2030-03-01 10:00:00"):
            lead.write({"tender_decision": "no_go", "tender_decision_reason": "No team free"})
        self.assertEqual(lead.tender_decided_by_id, self.salesperson)
        self.assertEqual(lead.tender_decided_on, Datetime.to_datetime("2030-03-01 10:00:00"))
        lead.with_user(self.sales_manager).tender_decision = "go"
        self.assertEqual(lead.tender_decided_by_id, self.sales_manager)
        lead.tender_decision = False
        self.assertFalse(lead.tender_decided_by_id or lead.tender_decided_on)

    def test_nobody_signs_a_decision_for_somebody_else(self):
        lead = self._create_tender()
        forged = {
            "tender_decided_by_id": self.sales_manager.id,
            "tender_decided_on": "2020-01-01 00:00:00",
            "recalled_on": "2020-01-01 00:00:00",
            "followup_failures": 3,
            "tender_reminded_on": "2020-01-01 00:00:00",
        }
        for name, value in forged.items():
            with self.subTest(name=name):
                with self.assertRaises(AccessError):
                    lead.with_user(self.sales_manager).write({name: value})
                with self.assertRaises(AccessError):
                    self._create_lead(**{name: value})
                with self.assertRaises(AccessError):
                    lead.with_context(**{f"default_{name}": value}).create({"name": "Forged"})

    def test_duplicate_is_a_new_story(self):
        lead = self._create_tender(tender_decision="go", tender_reference="2030-17")
        self._add_specification(lead)
        copy = lead.copy()
        self.assertEqual((copy.opportunity_kind, copy.tender_reference), ("tender", "2030-17"))
        self.assertFalse(copy.tender_decision or copy.tender_decided_on or copy.tender_deadline)
        self.assertFalse(copy.specification_ids)

    def test_tender_with_its_documents_goes_straight_to_scope(self):
        lead = self._create_tender()
        with self.assertRaisesRegex(UserError, "add the documents of the tender"):
            lead.action_start_scope()
        self._add_specification(lead)
        lead.action_start_scope()
        self.assertEqual(lead.quote_step, "scope")

    def test_tender_that_is_not_answered_goes_nowhere(self):
        lead = self._create_tender(tender_decision="no_go")
        self._add_specification(lead)
        with self.assertRaisesRegex(UserError, "change the decision first"):
            lead.action_start_scope()
        self.assertEqual(lead.quote_step, "identification")

    def test_scope_of_a_stock_opportunity_is_refused(self):
        with self.assertRaisesRegex(UserError, "does not use the offer process"):
            self._create_stock_lead().action_start_scope()


@tagged("post_install", "-at_install")
class TestPipelineQueries(IdentificationCase):
    """Pipelines and lists of opportunities do not pay for the process."""

    OURS = (
        "use_quote_process",
        "opportunity_kind",
        "tender_deadline",
        "contact_outcome",
        "recall_date",
    )

    def _count(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        return self.env.cr.sql_log_count - before

    def _get_specification(self, view_type, xmlid):
        """Return what the web client reads for a view: its fields, and names of its relations."""
        Lead = self.env["crm.lead"]
        view = Lead.get_view(self.env.ref(xmlid).id, view_type)
        specification = {}
        for name in view["models"]["crm.lead"]:
            if Lead._fields[name].type in ("many2one", "many2many", "one2many"):
                specification[name] = {"fields": {"display_name": {}}}
            elif Lead._fields[name].type != "properties":
                specification[name] = {}
        return specification

    def _assert_costs_nothing(self, view_type, xmlid):
        leads = self._create_stock_lead() | self._create_stock_lead() | self._create_lead()
        leads = leads.with_user(self.sales_manager)
        full = self._get_specification(view_type, xmlid)
        self.assertLessEqual(set(self.OURS), full.keys())
        stock = {name: value for name, value in full.items() if name not in self.OURS}
        domain = [("id", "in", leads.ids)]
        counts = [
            self._count(lambda spec=spec: leads.web_search_read(domain, spec))
            for spec in (stock, full, stock, full)
        ]
        self.assertEqual(counts[3], counts[2])

    @warmup
    def test_kanban_of_opportunities_costs_nothing_more(self):
        self._assert_costs_nothing("kanban", "crm.crm_case_kanban_view_leads")

    @warmup
    def test_list_of_opportunities_costs_nothing_more(self):
        self._assert_costs_nothing("list", "crm.crm_case_tree_view_oppor")

    @warmup
    def test_columns_of_a_pipeline_cost_nothing_more(self):
        self._create_stock_lead()
        leads = self.env["crm.lead"].with_user(self.sales_manager)
        leads = leads.with_context(read_group_expand=True, default_team_id=self.stock_team.id)

        def open_pipeline():
            leads.web_read_group([], ["stage_id"], ["__count"])

        open_pipeline()
        ours = self._count(open_pipeline)
        process_class = self.env.registry["crm.lead.stage.mixin"]
        stock_class = next(
            cls
            for cls in self.env.registry["crm.lead"].__mro__
            if cls.__module__ == "odoo.addons.crm.models.crm_lead"
        )
        self.assertIn(process_class, self.env.registry["crm.lead"].__mro__)
        self.patch(
            self.env.registry["crm.lead"],
            "_read_group_stage_ids",
            stock_class._read_group_stage_ids,
        )
        self.assertEqual(ours, self._count(open_pipeline))

    @warmup
    def test_writing_on_a_stock_opportunity_costs_nothing_more(self):
        leads = self._create_stock_lead() | self._create_stock_lead()
        leads = leads.with_user(self.sales_manager)
        free = self._count(lambda: leads.write({"referred": "A"}) and self.env.flush_all())
        owner = self.other_salesperson.id
        self._count(lambda: leads.write({"user_id": owner}) and self.env.flush_all())
        self.assertFalse(leads.sudo().activity_ids)
        self.assertLessEqual(
            self._count(lambda: leads.write({"referred": "B"}) and self.env.flush_all()), free
        )
