from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import QuoteProcessCase


@tagged("post_install", "-at_install")
class TestOptIn(QuoteProcessCase):
    """Quotes outside the process stay stock; inside or outside is decided once, at creation."""

    def _create_stock_quote(self, **values):
        product = self.env["product.product"].create({"name": "Chair", "list_price": 100.0})
        return (
            self.env["sale.order"]
            .with_user(self.salesperson)
            .create(
                {
                    "partner_id": self.client.id,
                    "team_id": self.stock_team.id,
                    "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 2})],
                    **values,
                }
            )
        )

    def test_stock_quote_lives_as_in_stock_odoo(self):
        order = self._create_stock_quote()
        self.assertFalse(order.quote_process)
        order.write({"note": "<p>Net 30</p>", "team_id": False})
        order.order_line.price_unit = 90.0
        order.action_quotation_sent()
        self.assertEqual(order.state, "sent")
        order.write({"signed_by": "Julie", "validity_date": False})
        order.action_confirm()
        self.assertEqual((order.state, order.amount_untaxed), ("sale", 180.0))
        order.action_cancel()
        order.action_draft()
        self.assertEqual(order.state, "draft")

    def test_stock_quote_leaves_no_record_of_ours(self):
        models = [
            name
            for name, model in self.env.items()
            if name.startswith("quote.") and not model._abstract and not model._transient
        ]
        before = {name: self.env[name].search_count([]) for name in models}
        order = self._create_stock_quote()
        order.action_quotation_sent()
        order.action_confirm()
        self.assertEqual({name: self.env[name].search_count([]) for name in models}, before)
        self.assertFalse(any(order[name] for name in ("quote_step", "quote_turn", "estimate_id")))

    def test_team_of_the_quote_or_of_the_opportunity_decides(self):
        self.assertTrue(self._create_quote().quote_process)
        self.assertTrue(self._create_stock_quote(team_id=self.team.id).quote_process)
        lead = self._create_lead()
        self.assertTrue(self._create_stock_quote(opportunity_id=lead.id).quote_process)

    def test_decision_never_follows_a_later_change(self):
        stock = self._create_stock_quote()
        stock.team_id = self.team
        self.assertFalse(stock.quote_process)
        order = self._create_quote()
        self.team.use_quote_process = False
        self.assertTrue(order.quote_process)
        self.assertFalse(self._create_stock_quote(team_id=self.team.id).quote_process)

    def test_new_quote_tells_where_it_stands(self):
        order = self._create_quote()
        self.assertEqual(order.quote_step, "scope")
        self.assertEqual(order.quote_turn, "salesperson")
        self.assertEqual(order.quote_turn_user_id, self.salesperson)
        self.assertTrue(order.quote_step_since)
        self.assertEqual(order.quote_step_log_ids.step, "scope")
        self.assertIn("Your turn", order.quote_turn_text)
        self.assertIn("Claire Morel", order.with_user(self.sales_manager).quote_turn_text)

    def test_technical_step_needs_a_project_manager(self):
        order = self._create_quote(project_manager_id=False)
        with self.assertRaisesRegex(UserError, "Choose the project manager"):
            order.action_start_technical()
        order.project_manager_id = self.project_manager
        order.technical_deadline = "2030-03-01"
        order.action_start_technical()
        self.assertEqual(order.quote_turn_user_id, self.project_manager)
        activity = order.sudo().estimate_id.activity_ids
        self.assertEqual(activity.user_id, self.project_manager)
        self.assertEqual(str(activity.date_deadline), "2030-03-01")

    def test_moves_that_do_not_exist_are_refused(self):
        order = self._create_quote()
        for step in ("validation", "ready", "sent", "accepted", "declined", "revision"):
            with self.subTest(step=step), self.assertRaises(UserError):
                order._move_to_step(step)
        self.assertEqual(order.quote_step, "scope")
