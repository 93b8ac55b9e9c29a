import json

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from ..exceptions import AcceptanceRefused
from .client_common import ClientMixin, draw_signature
from .common import QuoteProcessCase, QuoteProcessMixin
from .payment_common import PaymentMixin


@tagged("post_install", "-at_install")
class TestOptions(PaymentMixin, ClientMixin, QuoteProcessCase):
    """The client takes options with the signature, within what was approved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._send_quote(cls._create_priced_quote(options=("Build",)))
        cls.option = cls.order._get_option_lines()

    # === WHAT IS OFFERED === #

    def test_option_is_described_with_its_price(self):
        self.assertEqual(len(self.option), 1)
        [row] = self.order._get_client_options()
        self.assertEqual((row["line_id"], row["name"]), (self.option.id, "Build"))
        self.assertEqual(row["amount_untaxed"], self.option.price_unit)
        self.assertGreaterEqual(row["amount_total"], row["amount_untaxed"])
        self.assertFalse(row["is_taken"])

    def test_anything_else_than_offered_options_is_refused(self):
        order, other = self.order, self._create_quote_at("sent")
        sold = order.order_line.filtered(lambda line: line.product_uom_qty)[0]
        good = self.option.id
        for value in (
            [good, good],
            [sold.id],
            [other.order_line[0].id],
            [0],
            [-1],
            [10**9],
            [str(good)],
            [True],
            [None],
            [[good]],
            {"id": good},
            "1",
            good,
            True,
        ):
            with self.subTest(value=value):
                self.assertTrue(order._get_options_error(value))
        self.assertFalse(order._get_options_error([]))
        self.assertFalse(order._get_options_error([good]))

    def test_lines_typed_in_an_optional_section_are_options(self):
        order = self._create_priced_quote()
        sold = order.order_line.filtered("product_uom_qty")
        margin = order.margin
        values = {"product_id": self.company.quote_service_product_id.id, "product_uom_qty": 0}
        section = {"display_type": "line_section", "name": "More", "is_optional": True}
        order.order_line = [
            (0, 0, {**section, "sequence": 900}),
            (0, 0, {**values, "name": "Support", "price_unit": 500, "sequence": 901}),
            (0, 0, {**values, "name": "Rehearsal", "price_unit": 300, "sequence": 902}),
        ]
        self.assertAlmostEqual(order.margin, margin, 2)
        self._send_quote(order)
        support, rehearsal = order._get_option_lines()
        self.assertEqual(
            [row["name"] for row in order._get_client_options()], ["Support", "Rehearsal"]
        )
        self.assertEqual(order._get_order_lines_to_report(), sold)
        before = order.amount_untaxed
        self._sign(order, options=support.ids)
        self.assertAlmostEqual(order.amount_untaxed, before + 500, 2)
        self.assertEqual(order._get_option_lines(), support | rehearsal)
        self.assertEqual([row["is_taken"] for row in order._get_client_options()], [True, False])
        self.assertFalse(order.sudo().differs_from_signed)

    # === WITH THE SIGNATURE === #

    def test_chosen_option_is_sold_with_the_rest(self):
        order, option = self.order, self.option
        expected = order._get_amounts_with_options(option.ids)
        before = order.amount_untaxed
        fingerprint = order._get_fingerprint()["all"]
        acceptance = self._sign(order, options=option.ids)
        self.assertEqual(option.product_uom_qty, 1.0)
        self.assertEqual(order.amount_untaxed, expected["untaxed"])
        self.assertEqual(order.amount_total, expected["total"])
        self.assertGreater(order.amount_untaxed, before)
        self.assertEqual(acceptance.amount_total, expected["total"])
        self.assertEqual(acceptance.fingerprints, order._get_fingerprint())
        self.assertNotEqual(acceptance.fingerprints["all"], fingerprint)
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.differs_from_signed)
        self.assertFalse(acceptance.sudo()._get_problems())
        self.assertTrue(order._get_client_options()[0]["is_taken"])
        names = order.sudo().project_ids.task_ids.mapped("name")
        self.assertIn("Publication portal", names)

    def test_option_that_is_not_taken_stays_out(self):
        order = self.order
        total = order.amount_total
        self._sign(order, options=[])
        self.assertEqual(order.amount_total, total)
        self.assertEqual(self.option.product_uom_qty, 0.0)
        self.assertFalse(order._get_client_options()[0]["is_taken"])
        self.assertNotIn("Publication portal", order.sudo().project_ids.task_ids.mapped("name"))

    def test_refused_choice_leaves_everything_as_it_was(self):
        order, total = self.order, self.order.amount_total
        for options in ([self.option.id] * 2, [10**9], ["x"]):
            with self.subTest(options=options), self.assertRaises(AcceptanceRefused):
                self._sign(order, options=options)
        self.assertEqual((order.quote_step, order.amount_total), ("sent", total))
        self.assertFalse(order.quote_acceptance_ids)

    def test_options_are_chosen_only_in_the_acceptance(self):
        option = self.option.with_user(self.salesperson)
        with self.assertRaises(UserError):
            option.product_uom_qty = 1.0
        with self.assertRaises(UserError):
            option.with_user(self.portal_user).sudo().product_uom_qty = 1.0

    # === RANGE === #

    def test_rules_look_at_the_worst_choice(self):
        figures = self.order._get_validation_figures()
        order_sudo = self.order.sudo()
        self.assertAlmostEqual(
            figures["highest_amount"], figures["amount"] + order_sudo.options_price, 2
        )
        self.assertLessEqual(
            figures["margin_percent"],
            100 * min(order_sudo.margin_percent, order_sudo.margin_percent_with_options) + 0.001,
        )

    def test_approver_sees_the_range(self):
        decision = self.order.with_user(self.commercial_approver)._get_decision_figures()
        self.assertGreater(decision["amount_with_options"], decision["amount"])
        self.assertIn("lowest_margin_percent", decision)
        self.assertNotIn(
            "amount_with_options", self._create_quote_at("sent")._get_decision_figures()
        )


@tagged("post_install", "-at_install")
class TestOptionPage(PaymentMixin, ClientMixin, QuoteProcessMixin, HttpCase):
    """Options on the client's page: the server adds up, and writes nothing before the signature."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_story()
        cls.order = cls._send_quote(cls._create_priced_quote(options=("Build",)))
        cls.option = cls.order._get_option_lines()
        cls.token = cls.order.sudo()._portal_ensure_token()

    def _call(self, path, **params):
        response = self.url_open(
            path,
            data=json.dumps({"jsonrpc": "2.0", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return response.json().get("result")

    def _ask(self, **params):
        return self._call(f"/my/orders/{self.order.id}/options", **params)

    def test_total_follows_the_ticks_and_nothing_is_written(self):
        order = self.order
        amounts = order._get_amounts_with_options(self.option.ids)
        digits = [char for char in f"{amounts['total']:.2f}" if char.isdigit()]
        for _browser in range(2):
            answer = self._ask(line_ids=self.option.ids, access_token=self.token)
            self.assertEqual([char for char in answer["total"] if char.isdigit()], digits)
            order.invalidate_recordset()
            self.assertEqual(self.option.product_uom_qty, 0.0)
        self.assertIn("error", self._ask(line_ids=self.option.ids, access_token="wrong"))
        self.assertIn("error", self._ask(line_ids=["1"], access_token=self.token))

    def test_page_offers_the_options_and_the_schedule(self):
        page = self.url_open(self.order.get_portal_url()).text
        for words in (
            f'value="{self.option.id}"',
            "o_quote_chosen_total",
            'name="quote_payment_schedule"',
            "Balance",
        ):
            self.assertTrue(words in page, words)

    def test_signing_with_an_option(self):
        order = self.order
        expected = order._get_amounts_with_options(self.option.ids)["total"]
        answer = self._call(
            f"/my/orders/{order.id}/accept",
            access_token=self.token,
            name="Julie Perrin",
            function="Directrice",
            signature=draw_signature(),
            fingerprint=order.sudo()._get_fingerprint()["all"],
            terms_accepted=True,
            terms_version=order.sudo()._get_quote_terms()["version"],
            options=self.option.ids,
        )
        self.assertTrue(answer.get("force_refresh"), answer)
        order.invalidate_recordset()
        self.assertEqual((order.quote_step, order.amount_total), ("accepted", expected))
        page = self.url_open(order.sudo().get_portal_url()).text
        self.assertTrue("quote_option_taken" in page)
        self.assertFalse('name="option"' in page)

    def test_lines_are_not_edited_by_the_route_of_odoo(self):
        self._call(
            f"/my/orders/{self.order.id}/update_line_dict",
            access_token=self.token,
            line_id=self.option.id,
            input_quantity=3,
        )
        self.order.invalidate_recordset()
        self.assertEqual(self.option.product_uom_qty, 0.0)
