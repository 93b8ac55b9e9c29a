from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .rules_common import RulesCase


@tagged("post_install", "-at_install")
class TestRuleApprovers(RulesCase):
    """Any one of them or each of them, round after round, until a deadline."""

    def test_any_one_of_them_is_enough(self):
        self._create_rule(self.commercial_approver | self.operational_approver)
        row = self._request()
        self.assertEqual(row.decider_ids, self.commercial_approver | self.operational_approver)
        self._approve(self.operational_approver)
        self.assertEqual(self.order.quote_step, "ready")

    def test_each_of_them_gives_an_own_approval(self):
        people = self.commercial_approver | self.operational_approver
        self._create_rule(people, approval_mode="all")
        rows = self._request()
        self.assertEqual(rows.approver_id, people)
        self._approve(self.commercial_approver)
        self.assertEqual(self.order.quote_step, "validation")
        with self.assertRaises(AccessError):
            self._approve(self.commercial_approver)
        self._approve(self.operational_approver)
        self.assertEqual(self.order.quote_step, "ready")
        self.assertEqual(rows.mapped("state"), ["approved", "approved"])

    def test_refusal_of_one_ends_it_for_all(self):
        self._create_rule(self.commercial_approver | self.operational_approver, approval_mode="all")
        rows = self._request()
        self._approve(self.commercial_approver)
        self.order.with_user(self.operational_approver).action_refuse("Too dear", "commercial")
        self.assertEqual(sorted(rows.mapped("state")), ["refused", "withdrawn"])

    def test_next_round_is_asked_once_the_first_is_satisfied(self):
        first = self._create_rule(self.operational_approver, name="Delivery")
        second = self._create_rule(self.commercial_approver, name="Sales", validation_round=2)
        rows = self._request()
        by_rule = {row.rule_id: row for row in rows}
        self.assertEqual(by_rule[first].state, "pending")
        self.assertEqual(by_rule[second].state, "queued")
        self.assertFalse(by_rule[second].decider_ids)
        self.assertEqual(self._tasks().user_id, self.operational_approver)
        with self.assertRaises(AccessError):
            self._approve(self.commercial_approver)
        self._approve(self.operational_approver)
        self.assertEqual(by_rule[second].state, "pending")
        self.assertEqual(self._tasks().user_id, self.commercial_approver)
        self._approve(self.commercial_approver)
        self.assertEqual(self.order.quote_step, "ready")

    def test_team_leader_decides(self):
        self.team.user_id = self.sales_manager
        rule = self._create_rule(self.env["res.users"], use_team_leader=True, name="Leader")
        self.assertEqual(rule._get_approvers(self.order), self.sales_manager)
        row = self._request()
        self.team.user_id = self.commercial_approver
        self.assertEqual(row.decider_ids, self.commercial_approver, "the new leader takes over")
        self._approve(self.commercial_approver)
        self.assertEqual(self.order.quote_step, "ready")

    @freeze_time("2026-03-05 09:00:00")
    def test_deadline_counts_working_days(self):
        self._create_rule(self.commercial_approver, deadline_days=3, reminder_days=1)
        row = self._request()
        self.assertEqual(str(row.deadline), "2026-03-10", "Thursday and three working days")
        self.assertEqual(str(row.remind_on), "2026-03-09")
        self.assertEqual(self._tasks().date_deadline, row.deadline)
        rows = self.env["quote.validation"]
        for day, reminded, overdue in (
            ("08", False, False),
            ("09", True, False),
            ("11", True, True),
        ):
            with freeze_time(f"2026-03-{day} 09:00:00"):
                self.assertEqual(row in rows.search(rows._get_reminder_domain()), reminded)
                self.assertEqual(row in rows.search(rows._get_overdue_domain()), overdue)
        row.reminded_on = fields.Datetime.now()
        with freeze_time("2026-03-11 09:00:00"):
            self.assertNotIn(row, rows.search(rows._get_reminder_domain()))

    def test_rule_edited_meanwhile_keeps_the_request_as_asked(self):
        rule = self._create_rule(self.commercial_approver, name="As asked", amount_from=1.0)
        row = self._request()
        reason = row.reason
        rule.write({"name": "Other", "amount_from": 1e9, "approval_mode": "all", "active": False})
        self.assertEqual((row.rule_name, row.reason, row.state), ("As asked", reason, "pending"))
        with self.assertRaisesRegex(UserError, "archive it"):
            rule.unlink()
        self._approve(self.commercial_approver)
        self.assertEqual(self.order.quote_step, "ready")

    def test_rows_take_nothing_but_the_next_state(self):
        self._create_rule(self.commercial_approver)
        row = self._request()
        for values in (
            {"state": "approved", "rule_name": "Other"},
            {"state": "queued"},
            {"amount": 1.0},
            {"asked_by_id": self.stranger.id},
            {"decided_by_id": self.stranger.id},
        ):
            with self.subTest(**values), self.assertRaises(UserError):
                row.write(values)
        self._approve(self.commercial_approver)
        with self.assertRaises(UserError):
            row.decider_ids = self.stranger


@tagged("post_install", "-at_install")
class TestApproverLeaves(RulesCase):
    """What waits for somebody who has left is asked of the others, or visibly stands still."""

    def test_others_take_over(self):
        self._create_rule(self.commercial_approver | self.operational_approver)
        row = self._request()
        self.commercial_approver.active = False
        self.assertEqual(row.decider_ids, self.operational_approver)
        self.assertEqual(self._tasks().user_id, self.operational_approver)
        self.assertFalse(row.is_blocked)

    def test_own_approval_of_who_left_goes_to_the_others(self):
        people = self.commercial_approver | self.operational_approver
        self._create_rule(people, approval_mode="all")
        rows = self._request()
        self.commercial_approver.active = False
        self.assertEqual(rows.decider_ids, self.operational_approver)
        self._approve(self.operational_approver)
        self.assertEqual(self.order.quote_step, "ready")

    def test_quote_that_nobody_can_decide_on_says_so(self):
        group = self.env.ref("commercial_quote_process.group_quote_approver_operational")
        rule = self._create_rule(
            self.env["res.users"], name="Delivery", group_ids=[Command.set(group.ids)]
        )
        group.sudo().user_ids = self.operational_approver
        row = self._request()
        self.assertEqual(row.decider_ids, self.operational_approver)
        self.operational_approver.group_ids -= group
        self.assertTrue(row.is_blocked)
        self.assertTrue(self.order.is_validation_blocked)
        self.assertIn("Delivery", self.order.validation_block)
        blocked = self.env["sale.order"].search([("is_validation_blocked", "=", True)])
        self.assertIn(self.order, blocked)
        guardian = self._tasks().user_id
        self.assertTrue(guardian.has_group("sales_team.group_sale_manager"))
        with self.assertRaisesRegex(AccessError, "Nobody is left"):
            self._approve(self.sales_manager)
        rule.with_user(self.sales_manager).user_ids = self.commercial_approver
        self.assertFalse(self.order.is_validation_blocked)
        self.assertFalse(self.order.validation_block)
        self.assertEqual(self._tasks().user_id, self.commercial_approver)
        self._approve(self.commercial_approver)

    def test_who_lost_the_company_is_out(self):
        self._create_rule(self.commercial_approver | self.operational_approver)
        row = self._request()
        company = self.env["res.company"].create({"name": "Sister company"})
        self.commercial_approver.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        self.assertEqual(row.decider_ids, self.operational_approver)
