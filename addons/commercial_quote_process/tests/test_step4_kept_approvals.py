from odoo.tests import tagged

from .rules_common import RulesCase


@tagged("post_install", "-at_install")
class TestKeptApprovals(RulesCase):
    """Only the approvers whose concern has changed are asked again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        others = {f"watch_{aspect}": False for aspect in ("price", "cost", "texts", "terms")}
        cls.delivery = cls._create_rule(cls.operational_approver, name="Delivery", **others)
        cls.sales = cls._create_rule(cls.commercial_approver, name="Sales")

    def _approve_all(self, order=None):
        self._request(order)
        self._approve(self.operational_approver, order)
        self._approve(self.commercial_approver, order)

    def _rows(self, order, rule):
        return order.sudo().validation_ids.filtered(lambda row: row.rule_id == rule).sorted("id")

    def test_change_of_a_text_asks_only_who_watches_texts(self):
        self._approve_all()
        self.order.action_withdraw("A typo")
        self.order.scope_content = "<p>Sort, digitise and publish the town archives.</p>"
        waiting = self._request()
        self.assertEqual(waiting.rule_id, self.sales)
        first, kept = self._rows(self.order, self.delivery)
        self.assertEqual((kept.state, kept.kept_from_id), ("approved", first))
        self.assertEqual(kept.decided_by_id, self.operational_approver)
        outdated = self._rows(self.order, self.sales)[0]
        self.assertEqual(outdated.state, "outdated")
        self.assertTrue(outdated.closed_reason.startswith("A typo\n"))
        self._approve(self.commercial_approver)
        self.assertEqual(self.order.quote_step, "ready")
        self.assertFalse(self.order._get_gate_error("send"))

    def test_words_of_what_changed_tell_no_internal_figure(self):
        self._approve_all()
        self.order.action_withdraw("Cheaper")
        self.order.order_line[0].price_unit -= 100
        self._request()
        reason = self._rows(self.order, self.sales)[0].closed_reason
        self.assertNotIn("argin", reason)
        self.assertGreater(len(reason.splitlines()), 1)

    def test_unchanged_quote_is_approved_at_once(self):
        self._approve_all()
        self.order.action_withdraw("By mistake")
        self.assertFalse(self._request())
        self.assertEqual(self.order.quote_step, "ready")
        self.assertFalse(self._tasks())
        self.order.action_quotation_sent()
        self.assertEqual(self.order.quote_step, "sent")

    def test_refusal_is_never_overruled_by_an_older_approval(self):
        self._approve_all()
        self.order.action_withdraw("By mistake")
        self.order.scope_content = "<p>Other.</p>"
        self._request()
        self.order.with_user(self.commercial_approver).action_refuse("No", "commercial")
        waiting = self._request()
        self.assertEqual(waiting.rule_id, self.sales)
        self.assertEqual(self._rows(self.order, self.delivery)[-1].state, "approved")

    def test_new_version_keeps_what_its_approvers_have_seen(self):
        self._approve_all()
        self.order.action_quotation_sent()
        version = self.order._new_version("price", restart_step="financial")
        version.order_line[0].price_unit += 50
        waiting = self._request(version)
        self.assertEqual(waiting.rule_id, self.sales)
        kept = self._rows(version, self.delivery)
        self.assertEqual(kept.kept_from_id, self._rows(self.order, self.delivery))
        self.assertEqual(
            self._rows(self.order, self.sales).state, "approved", "the old version stands"
        )

    def test_own_request_keeps_no_own_approval(self):
        self._approve_all()
        self.order.action_withdraw("By mistake")
        self.operational_approver.group_ids += self.env.ref("sales_team.group_sale_manager")
        self.delivery.user_ids += self.commercial_approver
        self.order.with_user(self.operational_approver).action_request_validation()
        waiting = self.order.sudo().validation_ids.filtered(lambda row: row.state == "pending")
        self.assertEqual(waiting.rule_id, self.delivery, "he asked: his approval does not count")
        self.assertNotIn(self.operational_approver, waiting.decider_ids)
