from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .common import PROJECT
from .test_step3_technical import TechnicalCase


@tagged("post_install", "-at_install")
class TestContributors(TechnicalCase):
    """Step 3: a project manager asks colleagues to estimate a part, and answers for the whole."""

    def _invite(self, users, estimate=None, **values):
        estimate = estimate or self.estimate
        action = estimate.action_invite_contributor()
        form = Form(estimate.env["quote.contributor.invite"].with_context(**action["context"]))
        for user in users:
            form.user_ids.add(user)
        for name, value in values.items():
            form[name] = value
        return form.save()

    def test_contributor_is_asked_with_message_date_and_tasks(self):
        items = self._fill_estimate(self.order)
        invite = self._invite(self.other_project_manager, message="How long is <b>this</b>?")
        self.assertEqual(invite.deadline, date(2031, 6, 16))
        invite.item_ids = items["survey"] | items["model"]
        invite.action_invite()
        self.assertEqual(self.estimate.contributor_ids, self.other_project_manager)
        activity = self.estimate.activity_ids.filtered(
            lambda row: row.user_id == self.other_project_manager
        )
        self.assertEqual(activity.date_deadline, date(2031, 6, 16))
        self.assertIn("Survey", activity.note)
        self.assertNotIn("<b>", activity.note)
        message = self.estimate.message_ids[0]
        self.assertIn("Data model", message.body)
        self.assertIn(self.other_project_manager.partner_id, message.notified_partner_ids)

    def test_contributor_writes_and_does_not_hand_over(self):
        items = self._fill_estimate(self.order)
        self._invite(self.other_project_manager).action_invite()
        estimate = self.estimate.with_user(self.other_project_manager)
        estimate.workload_ids[0].days = 4
        items["survey"].with_user(self.other_project_manager).duration = 4
        self.assertFalse(estimate.is_responsible)
        third = new_test_user(self.env, "cqp_third", PROJECT)
        for change in (
            estimate.action_ready,
            lambda: estimate.action_send_back("Why?"),
            lambda: estimate.write({"contributor_ids": [Command.link(third.id)]}),
            estimate.action_invite_contributor,
            lambda: estimate._invite_contributors(third, estimate.item_ids, "", date.today()),
        ):
            with self.assertRaises(AccessError):
                change()
        self.assertEqual(self.estimate.contributor_ids, self.other_project_manager)
        self.estimate.action_ready()
        with self.assertRaises(AccessError):
            estimate.action_reopen("One more day")

    def test_invitations_end_when_the_technical_part_is_ready(self):
        self._fill_estimate(self.order)
        self._invite(self.other_project_manager).action_invite()
        self.estimate.action_ready()
        self.assertFalse(self.estimate.activity_ids)

    def test_contributor_who_is_dismissed_sees_nothing_any_more(self):
        self._invite(self.other_project_manager).action_invite()
        self.estimate.contributor_ids = False
        self.assertNotIn(
            self.other_project_manager.partner_id, self.estimate.message_follower_ids.partner_id
        )
        self.assertEqual(self.estimate.activity_ids.user_id, self.project_manager)
        with self.assertRaises(AccessError):
            self.estimate.with_user(self.other_project_manager).read(["name"])

    def test_people_who_cannot_open_it_are_not_invited(self):
        company = self.env["res.company"].create({"name": "Altea Nord"})
        far = new_test_user(
            self.env,
            "cqp_far",
            PROJECT,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for user in (self.stranger, self.portal_user, far):
            with (
                self.subTest(user=user.name),
                self._assert_refused(UserError, user.name.split()[0]),
            ):
                self.estimate._invite_contributors(
                    user, self.estimate.item_ids, "Help", date(2031, 1, 1)
                )
        self.assertFalse(self.estimate.contributor_ids)

    def test_closed_technical_part_invites_nobody(self):
        order = self._create_quote_at("financial")
        estimate = order.sudo().estimate_id.with_user(self.project_manager)
        with self._assert_refused(UserError, "finished"):
            self._invite(self.other_project_manager, estimate).action_invite()

    def test_rows_of_another_estimate_are_left_out_of_an_invitation(self):
        self._fill_estimate(self.order)
        other = self._create_quote_at("technical")
        foreign = self._fill_estimate(other)["survey"]
        foreign.name = "Secret survey"
        invite = self._invite(self.other_project_manager)
        invite.item_ids = foreign
        invite.action_invite()
        self.assertNotIn("Secret", self.estimate.message_ids[0].body)


@tagged("post_install", "-at_install")
class TestTakeOver(TechnicalCase):
    """Step 3: a project manager is replaced, by the salesperson, in the middle of the work."""

    def test_activities_rights_and_messages_go_to_the_new_one(self):
        self._fill_estimate(self.order)
        self.estimate.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.project_manager.id, summary="Call Julie"
        )
        self.order.project_manager_id = self.other_project_manager
        estimate_sudo = self.estimate.sudo()
        self.assertEqual(len(estimate_sudo.activity_ids), 2)
        self.assertEqual(estimate_sudo.activity_ids.user_id, self.other_project_manager)
        followers = estimate_sudo.message_follower_ids.partner_id
        self.assertIn(self.other_project_manager.partner_id, followers)
        self.assertNotIn(self.project_manager.partner_id, followers)
        self.assertIn("Nadia Haddad takes this estimate over", estimate_sudo.message_ids[0].body)
        for change in (
            lambda: self.estimate.read(["name"]),
            lambda: self.estimate.write({"planned_start": "2031-05-05"}),
            self.estimate.action_ready,
        ):
            with self.assertRaises(AccessError):
                change()
        new = self.estimate.with_user(self.other_project_manager)
        new.workload_ids[0].days = 5
        new.action_ready()
        self.assertEqual(self.order.quote_step, "financial")

    def _assign(self, user, estimate=None, **values):
        estimate = estimate or self.estimate
        action = estimate.action_assign_manager()
        form = Form(estimate.env["quote.estimate.assign"].with_context(**action["context"]))
        form.user_id = user
        for name, value in values.items():
            form[name] = value
        return form.save().action_apply()

    def test_project_manager_gives_the_estimate_to_a_colleague(self):
        action = self._assign(self.other_project_manager, note="The plan is <i>done</i>.")
        self.assertEqual(self.order.project_manager_id, self.other_project_manager)
        self.assertEqual(self.estimate.sudo().activity_ids.user_id, self.other_project_manager)
        message = self.estimate.sudo().message_ids[0]
        self.assertIn("&lt;i&gt;", message.body)
        self.assertIn(self.salesperson.partner_id, message.notified_partner_ids)
        # Paul no longer sees it: he is led to his other estimates.
        self.assertEqual(action["res_model"], "quote.estimate")
        with self.assertRaises(AccessError):
            self.estimate.action_start()

    def test_head_of_projects_gives_it_too_and_still_sees_it(self):
        head = new_test_user(self.env, "cqp_head", "project.group_project_manager")
        action = self._assign(self.other_project_manager, self.estimate.with_user(head))
        self.assertEqual(action["type"], "ir.actions.act_window_close")
        self.assertEqual(self.order.project_manager_id, self.other_project_manager)

    def test_nobody_else_gives_it_away_and_nobody_without_rights_gets_it(self):
        self.estimate.contributor_ids = self.other_project_manager
        for user in (self.other_project_manager, self.salesperson):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.estimate.with_user(user)._assign_manager(self.other_project_manager)
        with self._assert_refused(UserError, "Bruno"):
            self.estimate._assign_manager(self.stranger)
        order = self._create_quote_at("validation")
        estimate = order.sudo().estimate_id.with_user(self.project_manager)
        with self.assertRaises(UserError):
            estimate._assign_manager(self.other_project_manager)
        self.assertEqual(order.project_manager_id, self.project_manager)

    def test_former_project_manager_who_contributes_stays(self):
        self._fill_estimate(self.order)
        self.estimate.contributor_ids = self.project_manager
        self.order.project_manager_id = self.other_project_manager
        self.estimate.workload_ids[0].days = 5
        self.assertIn(
            self.project_manager.partner_id, self.estimate.message_follower_ids.partner_id
        )
        with self.assertRaises(AccessError):
            self.estimate.action_ready()

    def test_estimate_without_a_project_manager_waits_for_one(self):
        self.order.project_manager_id = False
        estimate_sudo = self.estimate.sudo()
        self.assertFalse(estimate_sudo.activity_ids)
        self.assertIn("no longer manages", estimate_sudo.message_ids[0].body)
        self.order.project_manager_id = self.project_manager
        self.assertIn("Paul Lambert manages", self.estimate.message_ids[0].body)
        self.assertEqual(self.estimate.activity_ids.user_id, self.project_manager)


@tagged("post_install", "-at_install")
class TestReopen(TechnicalCase):
    """Step 3: what was handed over is read-only until somebody says why it must change."""

    def test_handed_over_estimate_is_read_only_until_it_is_reopened_with_a_reason(self):
        order = self._create_quote_at("financial")
        estimate = order.sudo().estimate_id.with_user(self.project_manager)
        self.assertFalse(estimate.is_editable)
        changes = (
            lambda: estimate.write({"overhead_percent": 5}),
            lambda: estimate.write({"rate_date": "2031-01-01"}),
            lambda: estimate.item_ids[1].write({"duration": 9}),
            lambda: estimate.workload_ids[0].write({"days": 9}),
            lambda: estimate.cost_ids.write({"unit_cost": 9}),
            estimate.cost_ids.unlink,
        )
        for change in changes:
            with self._assert_refused(UserError, "finished"):
                change()
        for reason in ("", "   ", None):
            with self.assertRaises(UserError):
                estimate.action_reopen(reason)
        estimate.action_reopen("The client wants a second site.")
        self.assertEqual((order.quote_step, estimate.state), ("technical", "in_progress"))
        estimate.workload_ids[0].days = 9
        self.assertTrue(estimate.is_editable)
        self.assertIn("second site", str(estimate.activity_ids.note))

    def test_strangers_do_not_reopen(self):
        order = self._create_quote_at("financial")
        for user in (self.other_project_manager, self.other_salesperson, self.stranger):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                order.sudo().estimate_id.with_user(user).action_reopen("Mine")
        self.assertEqual(order.quote_step, "financial")


@tagged("post_install", "-at_install")
class TestDesk(TechnicalCase):
    """Project > Estimates: each finds own work, by its date."""

    def _find(self, name, user=None):
        """Return what a filter of the desk shows to somebody."""
        view = self.env.ref("commercial_quote_process.quote_estimate_view_search")
        arch = self.env["quote.estimate"].get_view(view.id, "search")["arch"]
        domain = arch.split(f'name="{name}"')[1].split('domain="')[1].split('"')[0]
        user = user or self.project_manager
        domain = safe_eval(domain.replace("&lt;", "<").replace("&gt;", ">"), {"uid": user.id})
        return self.env["quote.estimate"].with_user(user).search(domain)

    def test_filters_find_own_late_and_this_week(self):
        self.assertIn(self.estimate, self._find("mine"))
        self.assertIn(self.estimate, self._find("open_offers"))
        self.assertFalse(self._find("mine", self.other_project_manager))
        self.estimate.contributor_ids = self.other_project_manager
        self.assertEqual(self._find("contributing", self.other_project_manager), self.estimate)
        # The 16th of June 2031 is a Monday.
        with freeze_time("2031-06-18 12:00:00"):
            self.assertIn(self.estimate, self._find("late"))
            self.assertIn(self.estimate, self._find("this_week"))
        with freeze_time("2031-06-11 12:00:00"):
            self.assertNotIn(self.estimate, self._find("late"))
            self.assertNotIn(self.estimate, self._find("this_week"))
        self._fill_estimate(self.order)
        self.estimate.action_ready()
        self.assertIn(self.estimate, self._find("handed_over"))
        self.assertNotIn(self.estimate, self._find("todo"))

    def test_views_open_for_everybody_who_reads_estimates(self):
        for user in (self.project_manager, self.salesperson, self.commercial_approver):
            for view_type in ("form", "list", "kanban", "calendar", "search", "activity"):
                with self.subTest(user=user.name, view=view_type):
                    self.assertTrue(
                        self.env["quote.estimate"].with_user(user).get_view(view_type=view_type)
                    )
