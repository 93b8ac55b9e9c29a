from datetime import timedelta

from lxml import etree

from odoo.fields import Date
from odoo.tests import Form, tagged
from odoo.tools import format_date
from odoo.tools.safe_eval import safe_eval

from .client_common import ClientMixin
from .common import QuoteProcessCase

FOLDED = "o_quote_fold"


@tagged("post_install", "-at_install")
class TestHeader(ClientMixin, QuoteProcessCase):
    """What the head of a quote offers after its approval: one way on, the rest within reach."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("validation")

    def _get_buttons(self, order):
        """Return the labels of the buttons that a person sees: primary ones, others, folded."""
        arch = etree.fromstring(order.get_view(view_type="form")["arch"])
        names = {node.get("name") for node in arch.iter("field")} & order._fields.keys()
        values = {"id": order.id, **{name: order[name] for name in names}}
        found = {"primary": [], "others": [], "folded": []}
        for button in arch.xpath("//form/header//button"):
            classes = (button.get("class") or "").split()
            if not safe_eval(button.get("invisible") or "False", dict(values)):
                kind = "primary" if {"btn-primary", "oe_highlight"} & set(classes) else "others"
                found["folded" if FOLDED in classes else kind].append(button.get("string"))
        return found

    def test_one_way_on_at_each_step(self):
        order, today = self.order, Date.today()
        self.assertEqual(self._get_buttons(order)["others"], ["Withdraw"])
        order.with_user(self.commercial_approver).action_approve()
        ready = self._get_buttons(order)
        self.assertEqual(ready["primary"], ["Send"])
        self.assertEqual(ready["others"], ["Deposited on a platform"])
        self.assertLessEqual({"Mark as sent", "New version", "Withdraw"}, set(ready["folded"]))
        order.action_quotation_sent()
        sent = self._get_buttons(order)
        self.assertEqual(sent["primary"], ["Record acceptance"])
        self.assertEqual(sent["others"], ["Record changes", "Record refusal"])
        folded = {"New version", "Extend the validity", "Print", "Send", "Preview", "Cancel"}
        self.assertEqual(set(sent["folded"]), folded)
        order.sudo()._gated().validity_date = today + timedelta(days=3)
        self.assertIn("Extend the validity", self._get_buttons(order)["others"])
        order.sudo()._gated().validity_date = today - timedelta(days=1)
        order.invalidate_recordset(["is_expired"])
        expired = self._get_buttons(order)
        self.assertEqual(expired["primary"], ["Extend the validity"])
        self.env["sale.order"]._refresh_expired_turns()
        self.assertIn("expired on", order.quote_turn_text)
        self.assertIn("Claire Morel", order.with_user(self.sales_manager).quote_turn_text)
        self.assertIn("Record acceptance", expired["folded"])
        order.action_request_changes("Two visits more")
        self.assertEqual(self._get_buttons(order)["primary"], ["New version"])

    def test_readers_are_offered_nothing_that_they_cannot_do(self):
        approver = self.order.with_user(self.commercial_approver)
        offered = self._get_buttons(approver)
        self.assertEqual(offered["primary"], ["Decide"])
        approver.action_approve()
        for step in ("ready", "sent"):
            with self.subTest(step=step):
                self.assertEqual(self.order.quote_step, step)
                offered = self._get_buttons(approver)
                self.assertEqual(offered["primary"] + offered["others"], [])
                self.assertLessEqual(set(offered["folded"]), {"Print", "Preview"})
            if step == "ready":
                self.order.action_quotation_sent()

    def test_closed_content_is_not_offered_for_change(self):
        usual = {"order_line", "pricelist_id", "validity_date"}
        for order, is_closed in ((self.order, True), (self._create_quote(), False)):
            arch = etree.fromstring(order.get_view(view_type="form")["arch"])
            nodes = {
                node.get("name"): node.get("readonly") or "False"
                for node in arch.xpath("//form//field[not(ancestor::field)]")
                if node.get("name") in order._get_commercial_fields()
                and not order._fields[node.get("name")].readonly
            }
            values = {name: order[name] for name in order._fields if name in str(nodes)}
            is_open = {name for name, expr in nodes.items() if not safe_eval(expr, dict(values))}
            self.assertLessEqual(usual, nodes.keys())
            self.assertEqual(is_open & usual, set() if is_closed else usual)
            if is_closed:
                self.assertFalse(is_open)

    def test_extension_proposes_the_usual_time(self):
        order, today = self._create_quote_at("sent"), Date.today()
        order.sudo()._gated().validity_date = today - timedelta(days=1)
        self.company.quotation_validity_days = 20
        wizard = Form(
            self.env["quote.extend"]
            .with_user(self.salesperson)
            .with_context(default_order_id=order.id)
        ).save()
        self.assertEqual(wizard.date, today + timedelta(days=20))
        wizard.action_extend()
        note = str(order.message_ids.sorted("id")[-1].body)
        self.assertIn(format_date(order.env, wizard.date), note, "as people write dates")

    def test_columns_follow_the_process(self):
        order = self._create_quote_at("technical")
        orders = self.order | order | self._create_quote()
        result = (
            self.env["sale.order"]
            .with_user(self.salesperson)
            .web_read_group([("id", "in", orders.ids)], ["quote_step"], ["__count"])
        )
        steps = [group["quote_step"] for group in result["groups"]]
        self.assertEqual(steps, ["scope", "technical", "validation"])
