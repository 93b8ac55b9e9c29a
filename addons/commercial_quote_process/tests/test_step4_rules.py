from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .common import OPERATIONAL, QuoteProcessCase


class RulesCase(QuoteProcessCase):
    """A priced quote, and rules made for each test; the rule that comes with the addon is off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["quote.validation.rule"].search([]).active = False
        cls.order = cls._create_quote_at("financial")

    @classmethod
    def _create_rule(cls, approvers, **values):
        return cls.env["quote.validation.rule"].create(
            {"name": "Rule", "user_ids": [Command.set(approvers.ids)], **values}
        )

    def _request(self, order=None):
        order = order or self.order
        order.action_request_validation()
        return order.sudo().validation_ids.filtered(lambda row: row.state in ("pending", "queued"))

    def _approve(self, user, order=None):
        (order or self.order).with_user(user).action_approve()

    def _tasks(self):
        xmlid = "commercial_quote_process.activity_type_validation"
        return self.order.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(xmlid)
        )


@tagged("post_install", "-at_install")
class TestRuleConditions(RulesCase):
    """A rule applies when each condition that it sets holds, and says so in words."""

    def _fires(self, **values):
        rule = self._create_rule(self.commercial_approver, **values)
        figures = self.order._get_validation_figures()
        return bool(rule._get_reasons(self.order, figures))

    def test_figures_compare_with_the_limits_of_the_rule(self):
        figures = self.order._get_validation_figures()
        amount, margin, days = (figures[k] for k in ("amount", "margin_percent", "days"))
        self.assertGreater(amount, 0)
        self.assertGreater(days, 0)
        for values, fires in (
            ({}, True),
            ({"amount_from": amount}, True),
            ({"amount_from": amount + 1}, False),
            ({"use_margin": True, "margin_below": margin + 1}, True),
            ({"use_margin": True, "margin_below": margin - 1}, False),
            ({"days_from": days}, True),
            ({"days_from": days + 1}, False),
            ({"use_contingency": True, "contingency_below": 5.0}, True),
            ({"use_contingency": True, "contingency_below": 0.0}, False),
            ({"use_discount": True, "discount_above": 0.0}, False),
            ({"domain": "[('partner_id.name', '=', 'Ville de Bressac')]"}, True),
            ({"domain": "[('partner_id.name', '=', 'Somebody else')]"}, False),
            ({"team_ids": [Command.set(self.team.ids)]}, True),
            ({"team_ids": [Command.set(self.stock_team.ids)]}, False),
            ({"company_id": self.company.id}, True),
            ({"amount_from": amount, "use_margin": True, "margin_below": margin - 1}, False),
        ):
            with self.subTest(**values):
                self.assertEqual(self._fires(**values), fires)

    def test_discount_of_any_line_counts(self):
        self.order.order_line[0].discount = 12.0
        self.assertTrue(self._fires(use_discount=True, discount_above=10.0))
        self.assertFalse(self._fires(use_discount=True, discount_above=12.0))

    def test_customer_is_known_by_country_and_tag_of_the_company(self):
        contact_tag, company_tag, other_tag = self.env["res.partner.category"].create(
            [{"name": "Contact"}, {"name": "Public"}, {"name": "Other"}]
        )
        france, spain = self.env.ref("base.fr"), self.env.ref("base.es")
        self.client.write({"country_id": france.id, "category_id": company_tag.ids})
        self.signer.write({"country_id": False, "category_id": contact_tag.ids})
        self.order.partner_id = self.signer
        for name, record, fires in (
            ("country_ids", france, True),
            ("country_ids", spain, False),
            ("partner_category_ids", contact_tag, True),
            ("partner_category_ids", company_tag, True),
            ("partner_category_ids", other_tag, False),
        ):
            with self.subTest(condition=name, value=record.name):
                self.assertEqual(self._fires(**{name: [Command.set(record.ids)]}), fires)

    def test_payment_terms_are_compared_with_what_the_client_knows(self):
        usual, unusual = self.env["account.payment.term"].create(
            [{"name": "30 days"}, {"name": "90 days"}]
        )
        self.client.property_payment_term_id = usual
        for terms, fires in ((usual, False), (unusual, True), (usual.browse(), True)):
            with self.subTest(terms=terms.name):
                self.order.payment_term_id = terms
                self.assertEqual(self._fires(use_payment_terms=True), fires)

    def test_terms_of_the_last_approved_version_are_no_news(self):
        unusual = self.env["account.payment.term"].create({"name": "90 days"})
        self.order.payment_term_id = unusual
        self._create_rule(self.commercial_approver, use_payment_terms=True)
        self._request()
        self._approve(self.commercial_approver)
        version = self.order._new_version("price", restart_step="financial")
        self.assertEqual(version.payment_term_id, unusual)
        with self.assertRaisesRegex(UserError, "No validation rule"):
            version.action_request_validation()

    def test_rules_of_another_company_do_not_apply(self):
        company = self.env["res.company"].create({"name": "Sister company"})
        self._create_rule(self.commercial_approver, company_id=company.id)
        with self.assertRaisesRegex(UserError, "No validation rule"):
            self.order.action_request_validation()

    def test_reasons_are_told_without_figures_to_who_may_not_read_costs(self):
        self._create_rule(
            self.commercial_approver, amount_from=100.0, use_margin=True, margin_below=90.0
        )
        row = self._request().with_user(self.salesperson)
        self.assertIn("Margin of 30", row.reason_internal)
        self.assertIn("The margin is below the limit of the rule", row.reason)
        self.assertNotIn("30", row.reason.splitlines()[1])
        self.company.quote_show_costs = False
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            row.read(["reason_internal"])
        self.assertIn("The margin is below", row.read(["reason"])[0]["reason"])
        for name in ("reason_data", "snapshot_id"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                row.with_user(self.sales_manager).read([name])

    def test_rule_reads_as_a_sentence(self):
        rule = self._create_rule(
            self.commercial_approver | self.operational_approver,
            use_margin=True,
            margin_below=20.0,
            team_ids=[Command.set(self.team.ids)],
            approval_mode="all",
            deadline_days=2,
            validation_round=3,
        )
        self.assertEqual(
            rule.when_text, "When the margin is below 20 % and the sales team is Services"
        )
        for part in ("Each of these approves", "Sophie", "within 2 working days", "in round 3"):
            self.assertIn(part, rule.who_text)
        rule = self._create_rule(self.commercial_approver)
        self.assertEqual(rule.when_text, "Always")
        self.assertEqual(rule.who_text, "Sophie Delmas approves")
        self.assertEqual(rule.copy().name, "Rule (copy)")

    def test_rule_is_tried_on_the_quotes_of_today(self):
        rule = self._create_rule(self.commercial_approver, use_margin=True, margin_below=90.0)
        tried = rule.with_user(self.sales_manager)
        self.assertIn(self.order.id, tried.action_show_documents()["domain"][0][2])
        rule.margin_below = 1.0
        self.assertNotIn(self.order.id, tried.action_show_documents()["domain"][0][2])
        with self.assertRaises(AccessError):
            rule.with_user(self.salesperson).action_show_documents()

    def test_rule_that_watches_nothing_or_asks_nobody_is_refused(self):
        rule = self._create_rule(self.commercial_approver)
        aspects = ("price", "cost", "plan", "texts", "terms")
        with self.assertRaises(ValidationError):
            rule.write({f"watch_{aspect}": False for aspect in aspects})
        with self.assertRaises(ValidationError):
            rule.user_ids = False
        with self.assertRaises(ValidationError) as error:
            rule.user_ids = self.stranger
        self.assertIn("Bruno Stranger", str(error.exception))


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
        self._create_rule(self.commercial_approver)
        self._be_away(self.commercial_approver, self.other_salesperson)
        row = self._request()
        self.assertEqual(row.decider_ids, self.other_salesperson)
        self.assertEqual(self._tasks().user_id, self.other_salesperson)
        with self.assertRaisesRegex(AccessError, "absence"):
            self._approve(self.commercial_approver)
        self._approve(self.other_salesperson)
        self.assertEqual(row.decided_by_id, self.other_salesperson)
        self.assertEqual(row.on_behalf_of_id, self.commercial_approver)

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
