from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .rules_common import RulesCase


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
        self.assertIn("Margin of 30%, below 90%", row.reason_internal)
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
            rule.when_text, "When the margin is below 20% and the sales team is Services"
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
