from odoo.exceptions import AccessError, UserError
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

    # === LEAVING AND ENTERING LATER === #

    def _leave(self, order, reason="A renewal: no project behind it"):
        return order.with_user(self.sales_manager).action_leave_process(reason)

    def test_manager_takes_an_unsent_quote_out_and_it_lives_as_in_stock_odoo(self):
        order = self._create_quote_at("validation")
        order.sudo().estimate_id.activity_schedule(user_id=self.project_manager.id)
        self._leave(order)
        self.assertFalse(order.quote_process or order.quote_step or order.quote_turn)
        self.assertEqual(order.validation_ids.mapped("state"), ["withdrawn"])
        self.assertEqual(order.validation_ids.closed_reason, "A renewal: no project behind it")
        self.assertTrue(all(order.quote_step_log_ids.mapped("left_on")))
        self.assertIn("A renewal", order.message_ids[0].body)
        self.assertFalse(
            order.sudo().activity_ids.filtered(lambda a: a.user_id == self.commercial_approver)
        )
        order.order_line[0].price_unit = 1.0
        order.action_quotation_sent()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_leaving_is_the_managers_and_needs_a_reason(self):
        order = self._create_quote_at("technical")
        with self.assertRaises(AccessError):
            order.action_leave_process("Mine")
        for reason in ("", "  ", None, {"a": 1}):
            with self.subTest(reason=reason), self.assertRaisesRegex(UserError, "needs a reason"):
                self._leave(order, reason)
        self.assertEqual((order.quote_process, order.quote_step), (True, "technical"))

    def test_what_a_client_has_had_in_hand_stays_in_the_process(self):
        sent = self._create_quote_at("sent")
        version = sent._new_version("client")
        for order in (sent, version):
            with self.assertRaisesRegex(UserError, "stays in the offer process"):
                self._leave(order)
            self.assertTrue(order.quote_process)

    def test_drafts_of_a_team_that_opts_in_are_taken_in_by_choice(self):
        drafts = self._create_stock_quote() | self._create_stock_quote()
        sent = self._create_stock_quote()
        sent.action_quotation_sent()
        self.stock_team.use_quote_process = True
        wizard = (
            self.env["quote.process.join"]
            .with_user(self.sales_manager)
            .create({"team_id": self.stock_team.id})
        )
        self.assertEqual(wizard.order_ids, drafts)
        wizard.order_ids = drafts[0]
        wizard.action_join()
        self.assertEqual(drafts.mapped("quote_process"), [True, False])
        order = drafts[0]
        self.assertEqual((order.quote_step, order.quote_turn), ("scope", "salesperson"))
        self.assertEqual(order.quote_root_id, order)
        self.assertTrue(order.estimate_id)
        with self.assertRaises(UserError):
            order.action_quotation_sent()

    def test_only_drafts_of_process_teams_enter(self):
        draft = self._create_stock_quote()
        with self.assertRaises(AccessError):
            draft.action_join_process()
        managed = draft.with_user(self.sales_manager)
        with self.assertRaisesRegex(UserError, "does not use the offer process"):
            managed.action_join_process()
        draft.team_id = self.team
        draft.action_quotation_sent()
        with self.assertRaisesRegex(UserError, "no draft any more"):
            managed.action_join_process()
        self.assertFalse(draft.quote_process)

    def test_a_quote_that_left_comes_back_with_its_estimate(self):
        order = self._create_quote_at("financial")
        estimate = order.estimate_id
        self._leave(order)
        order.with_user(self.sales_manager).action_join_process()
        self.assertEqual((order.quote_step, order.estimate_id), ("scope", estimate))
        order.action_start_technical()
        self.assertEqual(order.quote_step, "technical")
