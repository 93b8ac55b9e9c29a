from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import QuoteProcessCase
from .fake_model_loader import FakeModelLoader


@tagged("post_install", "-at_install")
class TestValidationMixin(QuoteProcessCase):
    """Any document can be validated: proved on a model that has nothing to do with quotes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loader = FakeModelLoader(cls.env, cls.__module__)
        cls.loader.backup_registry()
        cls.addClassCleanup(cls.loader.restore_registry)

        class FakeExpense(models.Model):
            _module = None
            _name = "quote.fake.expense"
            _description = "Fake expense"
            _inherit = ["quote.validation.mixin"]

            name = fields.Char()
            purpose = fields.Text()
            amount = fields.Float()
            days = fields.Float()
            outcome = fields.Char()
            partner_id = fields.Many2one("res.partner")
            company_id = fields.Many2one("res.company", default=lambda self: self.env.company)

            def _get_validation_figures(self):
                figures = {"amount": self.amount, "days": self.days}
                return {**super()._get_validation_figures(), **figures}

            def _get_validation_partner(self):
                return self.partner_id

            def _get_validation_fingerprint(self):
                price, texts = f"{self.name}:{self.amount}", self.purpose or ""
                return {"price": price, "texts": texts, "all": f"{price}:{texts}"}

            def _on_validation_asked(self, rows_sudo):
                self.outcome = f"asked: {', '.join(rows_sudo.mapped('rule_name'))}"

            def _on_validation_approved(self):
                self.outcome = "approved"

            def _on_validation_refused(self, reason, parts):
                self.outcome = f"refused: {reason}"

        cls.loader.update_registry((FakeExpense,))
        cls._grant_access()
        cls.rule = cls.env["quote.validation.rule"].create(
            {
                "name": "Large expense",
                "res_model": "quote.fake.expense",
                "amount_from": 500.0,
                "user_ids": cls.operational_approver.ids,
            }
        )
        cls.expense = cls.env["quote.fake.expense"].create({"name": "Laptops", "amount": 900.0})

    def test_request_keeps_the_content_it_is_about(self):
        rows = self.expense._request_validation()
        self.assertEqual(rows.rule_id, self.rule)
        self.assertEqual(rows.fingerprint["all"], "Laptops:900.0:")
        self.assertEqual(self.expense.validation_ids, rows)
        self.assertFalse(rows.order_id)

    def test_approver_decides_and_the_document_reacts(self):
        self.expense._request_validation()
        with self.assertRaises(AccessError):
            self.expense.with_user(self.commercial_approver)._approve_validation()
        self.expense.with_user(self.operational_approver)._approve_validation("Needed")
        self.assertEqual(self.expense.outcome, "approved")
        self.assertEqual(self.expense.validation_ids.comment, "Needed")

    def test_refusal_reaches_the_document_with_its_reason(self):
        self.expense._request_validation()
        self.expense.with_user(self.operational_approver)._refuse_validation("Too dear", "both")
        self.assertEqual(self.expense.outcome, "refused: Too dear")

    def test_rule_that_does_not_apply_asks_nothing(self):
        self.expense.amount = 100.0
        with self.assertRaisesRegex(UserError, "No validation rule"):
            self.expense._request_validation()

    def test_conditions_hold_for_any_model(self):
        tag = self.env["res.partner.category"].create({"name": "Supplier"})
        self.expense.write({"days": 3.0, "partner_id": self.client.id})
        self.client.write({"category_id": tag.ids, "country_id": self.env.ref("base.fr").id})
        for values, fires in (
            ({"days_from": 3.0}, True),
            ({"days_from": 4.0}, False),
            ({"partner_category_ids": tag.ids}, True),
            ({"country_ids": self.env.ref("base.es").ids}, False),
            ({"domain": "[('name', '=', 'Laptops')]"}, True),
            ({"team_ids": self.team.ids}, False),
            ({"use_payment_terms": True}, False),
        ):
            with self.subTest(**values):
                rule = self.rule.copy({"amount_from": 0.0, **values})
                figures = self.expense._get_validation_figures()
                self.assertEqual(bool(rule._get_reasons(self.expense, figures)), fires)

    def test_rounds_and_own_approvals_on_any_model(self):
        self.rule.write({"approval_mode": "all"})
        self.rule.user_ids += self.commercial_approver
        self.rule.copy({"name": "Board", "validation_round": 2, "user_ids": self.sales_manager.ids})
        self.expense._request_validation()
        self.assertEqual(self.expense.outcome, "asked: Large expense, Large expense")
        self.expense.with_user(self.operational_approver)._approve_validation()
        self.expense.with_user(self.commercial_approver)._approve_validation()
        self.assertEqual(self.expense.outcome, "asked: Board")
        self.expense.with_user(self.sales_manager)._approve_validation()
        self.assertEqual(self.expense.outcome, "approved")

    def test_approval_outlives_what_its_rule_does_not_watch(self):
        self.rule.write({"watch_texts": False})
        self.expense._request_validation()
        self.expense.with_user(self.operational_approver)._approve_validation()
        self.expense._close_validations("Back to work")
        self.expense.purpose = "For the new colleagues"
        kept = self.expense._request_validation()
        self.assertEqual((kept.state, self.expense.outcome), ("approved", "approved"))
        self.expense._close_validations("Back to work")
        self.expense.amount = 1000.0
        asked = self.expense._request_validation()
        self.assertEqual(asked.state, "pending")
        outdated = self.expense.validation_ids.filtered(lambda row: row.state == "outdated")
        self.assertEqual(outdated, kept)
        self.assertEqual(outdated.closed_reason, "Back to work\nChanged since: Price.")

    def test_blocked_document_is_found(self):
        self.expense._request_validation()
        self.operational_approver.active = False
        found = self.env["quote.fake.expense"].search([("is_validation_blocked", "=", True)])
        self.assertEqual(found, self.expense)
        self.assertIn("Large expense", self.expense.validation_block)

    def test_cost_of_a_batch_does_not_depend_on_its_size(self):
        """One hundred documents cost the queries of one: requests, then decisions."""
        values = {"name": "Laptops", "amount": 900.0}
        counts = []
        for size in (1, 100):
            expenses = self.env["quote.fake.expense"].create([values] * size)
            approver = expenses.with_user(self.operational_approver)
            counts.append(
                (
                    self._count(expenses._request_validation),
                    self._count(approver._approve_validation),
                )
            )
        self.assertEqual(set(expenses.mapped("outcome")), {"approved"})
        for one, hundred in zip(*counts, strict=True):
            self.assertLessEqual(hundred, one + 1)

    def _count(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    @classmethod
    def _grant_access(cls):
        cls.env["ir.model.access"].create(
            {
                "name": "fake expense",
                "model_id": cls.env["ir.model"]._get_id("quote.fake.expense"),
                "group_id": cls.env.ref("base.group_user").id,
                "perm_read": True,
                "perm_write": True,
            }
        )
