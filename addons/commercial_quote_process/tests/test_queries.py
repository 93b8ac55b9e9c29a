from contextlib import closing

from odoo.tests import tagged
from odoo.tests.common import warmup

from .common import QuoteProcessCase


@tagged("post_install", "-at_install")
class TestQueries(QuoteProcessCase):
    """What the process costs in SQL, to quotes outside of it first of all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create({"name": "Chair", "list_price": 100.0})

    def _stock_values(self):
        return {
            "partner_id": self.client.id,
            "team_id": self.stock_team.id,
            "user_id": self.salesperson.id,
            "order_line": [(0, 0, {"product_id": self.product.id})],
        }

    def _count(self, function):
        """Return how many queries a call costs, everything flushed, on a cold cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _own_queries(self, function):
        """Return the queries of a call that read or write a table or column of ours."""
        statements = []
        cursor_class = type(self.env.cr)
        execute = cursor_class.execute

        def spy(cursor, query, params=None, log_exceptions=True):
            statements.append(str(getattr(query, "code", query)))
            return execute(cursor, query, params, log_exceptions)

        self.patch(cursor_class, "execute", spy)
        self._count(function)
        return [sql for sql in statements if '"quote_' in sql and "sale_order" not in sql]

    @warmup
    def test_list_of_quotes_costs_nothing_more(self):
        orders = self.env["sale.order"].create([self._stock_values() for _ in range(20)])
        names = ["name", "partner_id", "user_id", "team_id", "amount_total", "state"]
        specification = {name: {} for name in names}
        stock = self._count(lambda: orders.web_read(specification))
        ours = {n: {} for n in ("quote_step", "quote_turn", "quote_step_since")}
        self.assertEqual(self._count(lambda: orders.web_read(specification | ours)), stock)

    @warmup
    def test_writing_a_stock_draft_costs_nothing_more(self):
        orders = self.env["sale.order"].create([self._stock_values() for _ in range(10)])
        free = self._count(lambda: orders.write({"client_order_ref": "A"}))
        guarded = self._count(lambda: orders.write({"note": "<p>B</p>"}))
        self.assertLessEqual(guarded - free, 1, "one read of quote_process at most")

    def test_stock_quotes_never_touch_our_tables(self):
        created = []

        def create():
            created.append(self.env["sale.order"].create(self._stock_values()))

        self.assertFalse(self._own_queries(create))
        order = created[0]
        self.assertFalse(self._own_queries(order.action_quotation_sent))
        self.assertFalse(self._own_queries(order.action_confirm))

    def test_writing_many_drafts_of_the_process_is_one_batch(self):
        orders = self.env["sale.order"].browse()
        for _ in range(3):
            orders |= self._create_quote()
        one = self._count(lambda: orders[0].write({"client_order_ref": "A"}))
        three = self._count(lambda: orders.write({"client_order_ref": "B"}))
        self.assertLessEqual(three, one + 2)


@tagged("post_install", "-at_install")
class TestDecisionQueries(QuoteProcessCase):
    """What asking and deciding cost, with all that belongs to it, on a cold cache.

    Lock, fingerprint, snapshot, activities, history, note and notifications included.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.small = cls._create_quote_at("financial")
        cls.large = cls._create_large_quote()

    def setUp(self):
        """Know what a server knows: rights, rules and their approvers are kept between requests."""
        super().setUp()
        with closing(self.env.cr.savepoint()):
            self._count_decisions(self.small)

    @classmethod
    def _create_large_quote(cls):
        """Return a quote of 50 lines, priced from a plan of 50 items."""
        order = cls._create_quote_at("technical")
        items = cls._fill_estimate(order)
        estimate = order.sudo().estimate_id.with_user(cls.project_manager)
        values = {"estimate_id": estimate.id, "kind": "task", "parent_id": items["build"].id}
        tasks = estimate.env["quote.estimate.item"].create(
            [
                {**values, "name": f"Task {n}", "duration": 1, "sequence": 10 + n}
                for n in range(50 - len(items))
            ]
        )
        values = {"estimate_id": estimate.id, "role_id": cls.roles[0].id, "days": 1}
        estimate.env["quote.estimate.workload"].create(
            [{**values, "item_id": task.id} for task in tasks]
        )
        estimate.action_ready()
        values = {"order_id": order.id, "mode": "margin", "granularity": "task"}
        order.env["quote.pricing"].create({**values, "target_margin_percent": 30}).action_apply()
        return order

    def _count(self, function):
        """Return the queries of a call on a cold cache, until nothing is left to write."""
        self.env.cr.flush()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.cr.flush()
        return self.env.cr.sql_log_count - before

    def _count_decisions(self, order):
        """Return the queries of a request, of a refusal, and of an approval after another one."""
        approver = order.with_user(self.commercial_approver)
        counts = [self._count(order.action_request_validation)]
        seen = order._get_fingerprint()["all"]
        counts.append(self._count(lambda: approver.action_refuse("Too cheap", "commercial", seen)))
        order.action_request_validation()
        counts.append(self._count(lambda: approver.action_approve("Good", seen)))
        return counts

    def test_asking_and_deciding_stay_cheap_whatever_the_size(self):
        small, large = self._count_decisions(self.small), self._count_decisions(self.large)
        self.assertGreaterEqual(len(self.large.order_line), 45)
        for fewer, more, most in zip(small, large, (30, 25, 25), strict=True):
            self.assertLessEqual(more, most)
            self.assertLessEqual(more, fewer + 1)

    def test_many_quotes_cost_hardly_more_than_one(self):
        orders = self._create_quote_at("financial")
        for _ in range(3):
            orders |= self._create_quote_at("financial")
        self.assertLessEqual(self._count(orders.action_request_validation), 34)
        approver = orders.with_user(self.commercial_approver)
        self.assertLessEqual(self._count(approver.action_approve), 29)
        self.assertEqual(set(orders.mapped("quote_step")), {"ready"})
        self.assertEqual(len(orders.activity_ids), len(orders))

    def test_list_of_what_waits(self):
        orders = self.small
        for _ in range(2):
            orders |= self._create_quote_at("financial")
        orders.action_request_validation()
        names = ("quote_step", "quote_turn", "quote_turn_user_id", "quote_step_since")
        names += ("validation_rules", "validation_asked_by_id", "validation_deadline")
        names += ("has_open_question", "can_decide")
        specification = {
            name: {"fields": {"display_name": {}}} if name.endswith("_id") else {}
            for name in ("name", "partner_id", "state", *names)
        }
        reader = orders.with_user(self.salesperson)
        one = self._count(lambda: reader[0].web_read(specification))
        all_of_them = self._count(lambda: reader.web_read(specification))
        self.assertLessEqual(all_of_them, 17)
        self.assertLessEqual(all_of_them, one + 1)

    def test_a_field_that_says_nothing_of_the_offer(self):
        orders = self.small
        for _ in range(2):
            orders |= self._create_quote()
        self.assertLessEqual(self._count(lambda: orders.write({"client_order_ref": "A"})), 2)

    def test_refusing_the_technical_part(self):
        """The opportunity moves back as well, with its probability and its history."""
        self.small.action_request_validation()
        approver = self.small.with_user(self.commercial_approver)

        def refuse():
            approver.action_refuse("Too long", "both")

        with closing(self.env.cr.savepoint()):
            self._count(refuse)
        self.assertLessEqual(self._count(refuse), 46)
        self.assertEqual(self.small.quote_step, "technical")
