from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import QuoteProcessCase


@tagged("post_install", "-at_install")
class TestValidation(QuoteProcessCase):
    """Step 4: one approval by the commercial or the operational manager, never by oneself."""

    def _activities(self, order, xmlid="activity_type_validation"):
        activity_type = self.env.ref(f"commercial_quote_process.{xmlid}")
        return order.sudo().activity_ids.filtered(lambda a: a.activity_type_id == activity_type)

    def test_approvers_of_both_groups_get_an_activity(self):
        order = self._create_quote_at("validation")
        users = self._activities(order).user_id
        self.assertIn(self.commercial_approver, users)
        self.assertIn(self.operational_approver, users)
        self.assertNotIn(self.salesperson, users)
        self.assertEqual(order.quote_turn, "approver")

    def test_either_manager_approves_alone(self):
        for approver in (self.commercial_approver, self.operational_approver):
            with self.subTest(approver=approver.name):
                order = self._create_quote_at("validation")
                order.with_user(approver).action_approve(comment="Good margin")
                self.assertEqual(order.quote_step, "ready")
                decision = order.validation_ids
                self.assertEqual(decision.state, "approved")
                self.assertEqual(decision.decided_by_id, approver)
                self.assertEqual(decision.comment, "Good margin")
                self.assertEqual(decision.fingerprint, order._get_fingerprint())
                self.assertFalse(self._activities(order), "the other approver has nothing to do")
                self.assertEqual(
                    self._activities(order, "activity_type_turn").user_id, self.salesperson
                )

    def test_people_who_are_no_approvers_cannot_decide(self):
        order = self._create_quote_at("validation")
        for user in (self.salesperson, self.sales_manager, self.project_manager, self.stranger):
            with self.subTest(user=user.name):
                with self.assertRaises(AccessError):
                    order.with_user(user).action_approve()
                with self.assertRaises(AccessError):
                    order.with_user(user).action_refuse("No", "both")
        self.assertEqual(order.quote_step, "validation")

    def test_nobody_approves_what_they_asked_for(self):
        self.salesperson.group_ids += self.env.ref(
            "commercial_quote_process.group_quote_approver_commercial"
        )
        order = self._create_quote_at("validation")
        with self.assertRaisesRegex(AccessError, "asked for this validation yourself"):
            order.action_approve()
        self.assertEqual(order.quote_step, "validation")
        self.company.quote_allow_self_approval = True
        order.action_approve()
        self.assertEqual(order.quote_step, "ready")

    def test_refusal_of_the_technical_part_goes_to_the_project_manager(self):
        order = self._create_quote_at("validation")
        order.with_user(self.operational_approver).action_refuse("Too few tests", "technical")
        self.assertEqual((order.quote_step, order.quote_turn), ("technical", "project_manager"))
        self.assertEqual(order.validation_ids.refused_parts, "technical")
        activity = order.sudo().estimate_id.activity_ids.filtered(
            lambda a: a.user_id == self.project_manager
        )
        self.assertIn("Too few tests", activity[-1].note)
        self.assertFalse(self._activities(order, "activity_type_turn"))
        estimate = order.sudo().estimate_id.with_user(self.project_manager)
        estimate.workload_ids[0].days += 2
        estimate.action_ready()
        self.assertEqual(order.quote_step, "financial")

    def test_refusal_of_the_commercial_part_goes_to_the_salesperson(self):
        order = self._create_quote_at("validation")
        order.with_user(self.commercial_approver).action_refuse("Margin too low", "commercial")
        self.assertEqual((order.quote_step, order.quote_turn), ("financial", "salesperson"))
        self.assertIn("Margin too low", self._activities(order, "activity_type_turn").note)
        with self.assertRaises(UserError):
            order.sudo().estimate_id.with_user(self.project_manager).item_ids[0].name = "Other"
        order.order_line[0].price_unit += 100
        order.action_request_validation()
        self.assertEqual(order.quote_step, "validation")
        states = order.validation_ids.sorted("id").mapped("state")
        self.assertEqual(states, ["refused", "pending"])

    def test_refusal_of_both_gives_work_to_both(self):
        order = self._create_quote_at("validation")
        order.with_user(self.commercial_approver).action_refuse("Start again", "both")
        self.assertEqual(order.quote_step, "technical")
        self.assertTrue(self._activities(order, "activity_type_turn"))
        order.order_line[0].price_unit += 100
        order.sudo().estimate_id.with_user(self.project_manager).item_ids[0].name = "Design, again"

    def test_refusal_needs_a_reason_and_a_known_part(self):
        order = self._create_quote_at("validation").with_user(self.commercial_approver)
        for reason, parts in (("", "both"), ("  ", "both"), (None, "both"), ("No", "price")):
            with self.subTest(reason=reason, parts=parts), self.assertRaises(UserError):
                order.action_refuse(reason, parts)
        self.assertEqual(order.quote_step, "validation")

    def test_second_decision_reads_who_decided(self):
        order = self._create_quote_at("ready")
        with self.assertRaisesRegex(UserError, "Sophie Delmas"):
            order.with_user(self.operational_approver).action_refuse("Too late", "both")
        self.assertEqual(order.quote_step, "ready")

    def test_decision_on_content_that_moved_is_refused(self):
        order = self._create_quote_at("validation")
        seen = order._get_fingerprint()["all"]
        order.action_withdraw()
        order.order_line[0].price_unit += 1
        order.action_request_validation()
        with self.assertRaisesRegex(UserError, "changed since you opened it"):
            order.with_user(self.commercial_approver).action_approve(fingerprint=seen)
        self.assertEqual(order.quote_step, "validation")

    def test_withdrawing_sets_the_approval_aside(self):
        order = self._create_quote_at("ready")
        order.action_withdraw("The client wants a discount")
        self.assertEqual(order.quote_step, "financial")
        self.assertEqual(order.validation_ids.state, "withdrawn")
        self.assertEqual(order.validation_ids.closed_reason, "The client wants a discount")
        self.assertEqual(order.validation_ids.decided_by_id, self.commercial_approver)
        with self.assertRaises(UserError):
            order.action_quotation_sent()

    def test_decisions_cannot_be_forged(self):
        order = self._create_quote_at("validation")
        row = order.validation_ids
        for user in (self.salesperson, self.commercial_approver, self.sales_manager):
            rows = row.with_user(user)
            with self.subTest(user=user.name):
                with self.assertRaises(AccessError):
                    rows.write({"state": "approved"})
                with self.assertRaises(UserError):
                    rows.unlink()
                with self.assertRaises(AccessError):
                    rows.create(
                        {"res_model": "sale.order", "res_id": order.id, "state": "approved"}
                    )
                with self.assertRaises(AccessError):
                    order.with_user(user).write(
                        {"validation_ids": [(0, 0, {"res_model": "sale.order"})]}
                    )
        order.with_user(self.commercial_approver).action_approve()
        with self.assertRaises(UserError):
            row.sudo().write({"state": "refused"})
        with self.assertRaises(UserError):
            row.sudo().with_context(_force_unlink=True).unlink()

    def test_deleting_the_activity_changes_nothing(self):
        order = self._create_quote_at("validation")
        self._activities(order).unlink()
        self.assertEqual(order.quote_step, "validation")
        order.with_user(self.operational_approver).action_approve()
        self.assertEqual(order.quote_step, "ready")

    def test_quote_without_price_or_rule_is_not_submitted(self):
        order = self._create_quote_at("financial")
        order.order_line.unlink()
        with self.assertRaisesRegex(UserError, "no price yet"):
            order.action_request_validation()
        order = self._create_quote_at("financial")
        self.env["quote.validation.rule"].search([]).active = False
        with self.assertRaisesRegex(UserError, "No validation rule"):
            order.action_request_validation()
        self.assertEqual(order.quote_step, "financial")

    def test_rules_fire_on_their_conditions_and_all_must_be_satisfied(self):
        self.env["quote.validation.rule"].create(
            {
                "name": "Low margin",
                "use_margin": True,
                "margin_below": 40.0,
                "user_ids": self.operational_approver.ids,
            }
        )
        order = self._create_quote_at("validation")
        self.assertEqual(len(order.validation_ids), 2)
        order.with_user(self.commercial_approver).action_approve()
        self.assertEqual(order.quote_step, "validation", "the other rule still waits")
        order.with_user(self.operational_approver).action_approve()
        self.assertEqual(order.quote_step, "ready")

    def test_steps_are_logged_with_who_and_why(self):
        order = self._create_quote_at("validation")
        order.with_user(self.commercial_approver).action_refuse("Margin too low", "commercial")
        logs = order.quote_step_log_ids.sorted("id")
        self.assertEqual(
            logs.mapped("step"), ["scope", "technical", "financial", "validation", "financial"]
        )
        self.assertEqual(logs[-1].user_id, self.commercial_approver)
        self.assertEqual(logs[-1].reason, "Margin too low")
        self.assertTrue(all(log.left_on for log in logs[:-1]))
        self.assertFalse(logs[-1].left_on)
        with self.assertRaises(UserError):
            logs[-1].with_user(self.salesperson).write({"reason": "Other"})
        with self.assertRaises(UserError):
            logs.sudo().unlink()
