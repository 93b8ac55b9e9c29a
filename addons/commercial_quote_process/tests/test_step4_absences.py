from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import OPERATIONAL
from .rules_common import RulesCase


@tagged("post_install", "-at_install")
class TestApproverAbsence(RulesCase):
    """While an approver is away one other person decides, and four eyes still look."""

    def _be_away(self, user, substitute, start=0, end=5, by=None):
        today = fields.Date.context_today(self.env.user)
        return (
            self.env["quote.approver.absence"]
            .with_user(by or user)
            .create(
                {
                    "user_id": user.id,
                    "substitute_id": substitute.id,
                    "date_from": today + timedelta(days=start),
                    "date_to": today + timedelta(days=end),
                }
            )
        )

    def test_substitute_decides_on_behalf_of_the_absent(self):
        self._create_rule(self.sales_manager)
        self._be_away(self.sales_manager, self.other_salesperson)
        row = self._request()
        self.assertEqual(row.decider_ids, self.other_salesperson)
        self.assertEqual(self._tasks().user_id, self.other_salesperson)
        with self.assertRaisesRegex(AccessError, "absence"):
            self._approve(self.sales_manager)
        away = self.order.with_user(self.sales_manager)
        self.assertEqual(away.get_decision_data()["can_decide"], False)
        self._approve(self.other_salesperson)
        self.assertEqual(row.decided_by_id, self.other_salesperson)
        self.assertEqual(row.on_behalf_of_id, self.sales_manager)

    def test_absent_approver_reads_who_decides(self):
        self._create_rule(self.commercial_approver)
        self._request()
        self._be_away(self.commercial_approver, self.operational_approver)
        with self.assertRaisesRegex(AccessError, "Marc Tessier decides for you"):
            self.order.with_user(self.commercial_approver).get_decision_data()
        with self.assertRaisesRegex(AccessError, "access"):
            self.order.with_user(self.other_salesperson).get_decision_data()

    def test_absence_that_begins_after_the_request_counts(self):
        self._create_rule(self.commercial_approver)
        row = self._request()
        row.notified_on = fields.Datetime.now()
        absence = self._be_away(self.commercial_approver, self.other_salesperson)
        self.assertEqual(row.decider_ids, self.other_salesperson)
        self.assertEqual(self._tasks().user_id, self.other_salesperson)
        self.assertFalse(row.notified_on, "he has not been told yet")
        absence.unlink()
        self.assertEqual(row.decider_ids, self.commercial_approver)
        self._be_away(self.commercial_approver, self.other_salesperson, start=3)
        self.assertEqual(row.decider_ids, self.commercial_approver)
        with freeze_time(fields.Datetime.now() + timedelta(days=4)):
            with self.enter_registry_test_mode():
                self.env.ref(
                    "commercial_quote_process.ir_cron_refresh_deciders"
                ).method_direct_trigger()
            self.assertEqual(row.decider_ids, self.other_salesperson)

    def test_substitute_never_decides_on_own_requests(self):
        self._create_rule(self.commercial_approver)
        self._be_away(self.commercial_approver, self.salesperson)
        row = self._request()
        self.assertEqual(row.decider_ids, self.commercial_approver, "nobody stands in for her")
        with self.assertRaises(AccessError):
            self._approve(self.salesperson)
        self._approve(self.commercial_approver)

    def test_nobody_gives_two_approvals_when_each_gives_one(self):
        people = self.commercial_approver | self.operational_approver
        self._create_rule(people, approval_mode="all")
        self._be_away(self.commercial_approver, self.operational_approver)
        rows = self._request()
        for row in rows:
            self.assertEqual(row.decider_ids, row.approver_id)

    def test_absences_are_ones_own_or_the_sales_managers(self):
        with self.assertRaises(AccessError):
            self._be_away(self.commercial_approver, self.salesperson, by=self.salesperson)
        absence = self._be_away(
            self.commercial_approver, self.operational_approver, by=self.sales_manager
        )
        with self.assertRaises(AccessError):
            absence.with_user(self.operational_approver).substitute_id = self.salesperson
        self.assertTrue(absence.with_user(self.operational_approver).has_access("read"))
        self.assertFalse(absence.with_user(self.salesperson).has_access("read"))
        with self.assertRaises(ValidationError):
            self._be_away(self.commercial_approver, self.salesperson, start=5, end=9)
        self._be_away(self.commercial_approver, self.salesperson, start=6, end=9)

    def test_substitute_must_be_able_to_read_what_is_decided(self):
        with self.assertRaises(ValidationError) as error:
            self._be_away(self.commercial_approver, self.stranger)
        self.assertIn("Bruno Stranger cannot read", str(error.exception))
        self.company.quote_show_costs = False
        with self.assertRaises(ValidationError):
            self._be_away(self.commercial_approver, self.other_salesperson)
        self._be_away(self.commercial_approver, self.operational_approver)

    def test_four_eyes_see_second_accounts_and_own_work(self):
        second = new_test_user(
            self.env, login="cqp_claire2", groups=OPERATIONAL, email="Claire@altea.example.com"
        )
        author = self.project_manager
        author.group_ids += self.env.ref(OPERATIONAL)
        self._create_rule(second | author | self.commercial_approver)
        row = self._request()
        self.assertEqual(row.decider_ids, self.commercial_approver)
        for user in (second, author):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._approve(user)
        self.assertEqual(self.order.quote_step, "validation")
