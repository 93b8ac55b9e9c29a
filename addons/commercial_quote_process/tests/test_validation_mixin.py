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
            amount = fields.Float()
            outcome = fields.Char()
            company_id = fields.Many2one("res.company", default=lambda self: self.env.company)

            def _get_validation_figures(self):
                return {**super()._get_validation_figures(), "amount": self.amount}

            def _get_validation_fingerprint(self):
                return {"all": f"{self.name}:{self.amount}"}

            def _on_validation_approved(self):
                self.outcome = "approved"

            def _on_validation_refused(self, reason, parts):
                self.outcome = f"refused: {reason}"

        cls.loader.update_registry((FakeExpense,))
        cls.rule = cls.env["quote.validation.rule"].create(
            {
                "name": "Large expense",
                "res_model": "quote.fake.expense",
                "amount_from": 500.0,
                "user_ids": cls.operational_approver.ids,
            }
        )
        cls._grant_access()
        cls.expense = cls.env["quote.fake.expense"].create({"name": "Laptops", "amount": 900.0})

    def test_request_keeps_the_content_it_is_about(self):
        rows = self.expense._request_validation()
        self.assertEqual(rows.rule_id, self.rule)
        self.assertEqual(rows.fingerprint, {"all": "Laptops:900.0"})
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
