from odoo.tests import tagged

from .common import QuoteProcessCase


@tagged("post_install", "-at_install")
class TestTurnActivities(QuoteProcessCase):
    """Who has the ball finds an activity at once, and is told once, by a job."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("validation")

    def _run_job(self):
        with self.enter_registry_test_mode():
            job = self.env.ref("commercial_quote_process.ir_cron_notify_people")
            job.method_direct_trigger()

    def _get_told(self):
        """Return the notifications of the salesperson about the quote."""
        return self.env["mail.notification"].search(
            [
                ("res_partner_id", "=", self.salesperson.partner_id.id),
                ("mail_message_id.model", "=", "sale.order"),
                ("mail_message_id.res_id", "=", self.order.id),
            ]
        )

    def test_salesperson_is_told_of_an_approval_once(self):
        self.order.with_user(self.commercial_approver).action_approve()
        activity = self.order.activity_ids
        self.assertEqual(activity.user_id, self.salesperson)
        before = self._get_told()
        self._run_job()
        told = self._get_told() - before
        self.assertEqual(len(told), 1)
        self.assertEqual(told.mail_message_id.author_id, self.commercial_approver.partner_id)
        self._run_job()
        self.assertEqual(self._get_told() - before, told)

    def test_what_is_done_meanwhile_is_not_told(self):
        self.order.with_user(self.commercial_approver).action_approve()
        before = self._get_told()
        self.order.action_quotation_sent()
        self._run_job()
        self.assertFalse(self._get_told() - before)

    def test_approvers_find_the_way_and_follow_nothing(self):
        activities = self.order.sudo().activity_ids
        self.assertIn(self.commercial_approver, activities.user_id)
        self.assertNotIn(self.salesperson, activities.user_id)
        self.assertTrue(all(activities.mapped("summary")))
        self.assertIn(self.order._get_decision_url(), activities[0].note)
        followers = self.order.sudo().message_partner_ids
        self.assertNotIn(self.commercial_approver.partner_id, followers)
        self.order.with_user(self.commercial_approver).action_refuse("Too cheap", "commercial")
        self.assertEqual(self.order.sudo().activity_ids.user_id, self.salesperson)
