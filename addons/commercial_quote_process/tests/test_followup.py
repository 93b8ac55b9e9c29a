from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, mute_logger, tagged

from .client_common import ClientMixin
from .common import QuoteProcessCase

JOB_LOGGER = "odoo.addons.commercial_quote_process.models.quote_due_job_mixin"
# A Monday: +3, +7 and +14 working days are the days below.
MONDAY = "2026-03-02 09:00:00"
FIRST, SECOND, THIRD = date(2026, 3, 5), date(2026, 3, 11), date(2026, 3, 20)


class FollowupCase(ClientMixin, QuoteProcessCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["resource.calendar.leaves"].search([]).unlink()
        cls.company.partner_id.tz = "Europe/Paris"
        with freeze_time(MONDAY):
            cls.order = cls._create_quote_at("sent", validity_date="2026-06-30")
        cls.steps = cls.env["quote.followup.step"].search([])

    def _follow_up_on(self, moment):
        with freeze_time(moment):
            self._run_cron("ir_cron_follow_up")

    def _get_activities(self, order=None):
        kinds = self.steps.activity_type_id | self.env.ref("mail.mail_activity_data_todo")
        activities = (order or self.order).sudo().activity_ids
        return activities.filtered(lambda activity: activity.activity_type_id in kinds)

    def _get_outcomes(self, order=None):
        rows = (order or self.order).sudo().followup_ids.sorted("due_on")
        return [(row.due_on, row.outcome, row.skip_reason) for row in rows]


@tagged("post_install", "-at_install")
class TestFollowup(FollowupCase):
    """Step 5: a quote without an answer is followed up at +3, +7 and +14 working days."""

    def test_sending_plans_the_first_follow_up(self):
        self.assertEqual(self.order.next_followup_on, FIRST)

    def test_weekend_and_public_holiday_do_not_count(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": "2026-03-04 00:00:00",
                "date_to": "2026-03-04 23:00:00",
            }
        )
        self.order.sudo()._plan_next_followup()
        self.assertEqual(self.order.next_followup_on, FIRST + timedelta(days=1))
        self.order.sudo().sent_on = "2026-03-07 10:00:00"
        self.order.sudo()._plan_next_followup()
        self.assertEqual(self.order.next_followup_on, date(2026, 3, 11))

    def test_each_follow_up_is_made_exactly_once(self):
        self._follow_up_on("2026-03-04 06:00:00")
        self.assertFalse(self._get_outcomes())
        for _attempt in range(2):
            self._follow_up_on("2026-03-05 06:00:00")
            self.assertEqual(self._get_outcomes(), [(FIRST, "done", False)])
        activity = self._get_activities()
        self.assertEqual(activity.user_id, self.salesperson)
        self.assertEqual(activity.date_deadline, FIRST)
        self.assertEqual(self.order.next_followup_on, SECOND)
        self._follow_up_on("2026-03-11 06:00:00")
        self._follow_up_on("2026-03-20 06:00:00")
        self.assertEqual([row[0] for row in self._get_outcomes()], [FIRST, SECOND, THIRD])
        self.assertEqual(len(self._get_activities()), 3)
        self.assertFalse(self.order.next_followup_on)

    def test_one_catch_up_after_a_long_stop(self):
        self._follow_up_on("2026-03-12 06:00:00")
        self.assertEqual(
            self._get_outcomes(), [(FIRST, "skipped", "catch_up"), (SECOND, "done", False)]
        )
        self.assertEqual(len(self._get_activities()), 1)
        self.assertEqual(self.order.next_followup_on, THIRD)

    def test_nothing_after_an_answer(self):
        answers = {
            "changes_asked": lambda order: order.action_request_changes("More"),
            "declined": lambda order: order.action_decline(
                self.env.ref("commercial_quote_process.decline_reason_price").id
            ),
            "accepted": lambda order: self._sign(order),
            "cancelled": lambda order: order.action_cancel(),
        }
        for reason, answer in answers.items():
            with freeze_time(MONDAY):
                order = self._create_quote_at("sent", validity_date="2026-06-30")
                self.assertEqual(order.next_followup_on, FIRST)
                answer(order)
            with self.subTest(reason=reason):
                self.assertFalse(order.next_followup_on)
                self._follow_up_on("2026-03-25 06:00:00")
                self.assertEqual(self._get_outcomes(order), [(FIRST, "skipped", reason)])

    def test_nothing_once_expired_and_again_after_an_extension(self):
        self.order.sudo()._gated().validity_date = date(2026, 3, 10)
        self._follow_up_on("2026-03-12 06:00:00")
        stopped = [(FIRST, "skipped", "expired"), (SECOND, "skipped", "expired")]
        self.assertEqual(self._get_outcomes(), stopped)
        self.assertFalse(self.order.next_followup_on)
        with freeze_time("2026-03-12 08:00:00"):
            self.order.action_extend("2026-06-30")
        self.assertEqual(self.order.next_followup_on, THIRD)
        self._follow_up_on("2026-03-20 06:00:00")
        self.assertEqual(self._get_outcomes(), [*stopped, (THIRD, "done", False)])

    def test_expired_quote_is_the_salesperson_s_turn_again(self):
        self.assertEqual(self.order.quote_turn, "client")
        self._follow_up_on("2026-07-02 06:00:00")
        self.assertEqual(self.order.quote_turn, "salesperson")
        self.assertEqual(self.order.quote_turn_user_id, self.salesperson)

    def test_tender_is_not_chased_but_its_result_is_watched(self):
        with freeze_time(MONDAY):
            lead = self._create_lead(opportunity_kind="tender", tender_result_date="2026-04-15")
            order = self._create_quote_at("sent", lead=lead, validity_date="2026-06-30")
        self.assertEqual(order.next_followup_on, date(2026, 4, 15))
        self._follow_up_on("2026-03-25 06:00:00")
        self.assertFalse(order.sudo().followup_ids)
        self._follow_up_on("2026-04-15 06:00:00")
        self.assertEqual(self._get_outcomes(order), [(date(2026, 4, 15), "done", False)])
        self.assertIn("result of the tender", self._get_activities(order).summary)
        self._follow_up_on("2026-04-16 06:00:00")
        self.assertEqual(len(order.sudo().followup_ids), 1)

    def test_absent_salesperson_is_replaced_by_the_team_leader(self):
        self.team.user_id = self.sales_manager
        self.salesperson.sudo().active = False
        self._follow_up_on("2026-03-05 06:00:00")
        self.assertEqual(self._get_activities().user_id, self.sales_manager)
        self.sales_manager.sudo().active = False
        self._follow_up_on("2026-03-11 06:00:00")
        self.assertIn((SECOND, "skipped", "no_responsible"), self._get_outcomes())

    def test_steps_of_the_team_replace_the_general_ones(self):
        self.env["quote.followup.step"].create(
            {"name": "After a day", "delay": 1, "team_id": self.team.id}
        )
        self.order.sudo()._plan_next_followup()
        self.assertEqual(self.order.next_followup_on, date(2026, 3, 3))
        self._follow_up_on("2026-03-25 06:00:00")
        self.assertEqual(self._get_outcomes(), [(date(2026, 3, 3), "done", False)])

    def test_mail_leaves_only_when_the_company_turned_it_on(self):
        template = self.env["mail.template"].create(
            {
                "name": "Follow-up",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "subject": "About our offer",
                "body_html": "<p>Did you read it?</p>",
                "partner_to": "{{ object.partner_id.id }}",
            }
        )
        self.steps.active = False
        self.env["quote.followup.step"].create(
            [
                {"name": "Mail", "delay": delay, "kind": "email", "template_id": template.id}
                for delay in (3, 7)
            ]
        )
        self.order.sudo()._plan_next_followup()
        self._follow_up_on("2026-03-05 06:00:00")
        self.assertEqual(self._get_outcomes(), [(FIRST, "skipped", "emails_off")])
        self.company.quote_followup_emails = True
        self._follow_up_on("2026-03-11 06:00:00")
        self.assertEqual(self._get_outcomes()[-1], (SECOND, "done", False))
        message = self.order.message_ids[0]
        self.assertIn("Did you read it?", message.body)
        self.assertIn(self.client, message.notified_partner_ids)

    @mute_logger(JOB_LOGGER)
    def test_quote_that_fails_does_not_starve_the_others(self):
        with freeze_time(MONDAY):
            others = [
                self._create_quote_at("sent", validity_date="2026-06-30") for _index in range(2)
            ]
        poisoned_id = self.order.id
        model = type(self.order)
        stock = model._make_followup

        def make_followup(order, *args):
            if order.id == poisoned_id:
                raise ValueError("Poisoned")
            return stock(order, *args)

        with patch.object(model, "_make_followup", make_followup):
            self._follow_up_on("2026-03-05 06:00:00")
            for other in others:
                self.assertEqual(self._get_outcomes(other), [(FIRST, "done", False)])
            self.assertFalse(self._get_outcomes())
            self._follow_up_on("2026-03-06 06:00:00")
            # Saturday: nobody is followed up.
            self._follow_up_on("2026-03-07 06:00:00")
            self._follow_up_on("2026-03-09 06:00:00")
        self.assertEqual(self._get_outcomes(), [(FIRST, "skipped", "error")])
        self.assertEqual(self.order.next_followup_on, SECOND)

    def test_what_is_done_and_that_it_is_done_are_committed_together(self):
        commits = []

        def commit_progress(cron, processed=0, **_values):
            rows = self.env["quote.followup"].search_count([("order_id", "=", self.order.id)])
            commits.append((rows, processed))
            return 60

        with (
            freeze_time("2026-03-05 06:00:00"),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", commit_progress),
        ):
            self.env["sale.order"].with_user(self.env.ref("base.user_root"))._cron_follow_up()
        # Killed three times between the two, the job would wait for another day.
        self.assertEqual(next(commit for commit in commits if commit[0]), (1, 1))

    def test_history_cannot_be_changed(self):
        self._follow_up_on("2026-03-05 06:00:00")
        row = self.order.sudo().followup_ids
        for user in (self.salesperson, self.sales_manager):
            with self.subTest(user=user.name), self.assertRaises(UserError):
                row.with_user(user).write({"outcome": "skipped"})
            with self.subTest(user=user.name), self.assertRaises(UserError):
                row.with_user(user).unlink()
        with self.assertRaises(UserError):
            row.unlink()
        with self.assertRaises(AccessError):
            self.order.write({"next_followup_on": False})

    def test_day_is_the_company_s_own(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        with freeze_time("2026-03-02 12:30:00"):
            order = self._create_quote_at("sent", validity_date="2026-06-30")
        self.assertEqual(order.next_followup_on, date(2026, 3, 6))
        self._follow_up_on("2026-03-05 13:00:00")
        self.assertEqual(self._get_outcomes(order), [(date(2026, 3, 6), "done", False)])
