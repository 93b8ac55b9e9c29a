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

    def test_decisions_do_not_depend_on_the_number_of_lines(self):
        small = self._create_quote_at("financial")
        large = self._create_quote_at("financial")
        template = large.order_line[0]
        large.write(
            {
                "order_line": [
                    (0, 0, {"product_id": template.product_id.id, "price_unit": 100.0 + rank})
                    for rank in range(40)
                ]
            }
        )
        counts = []
        for order in (small, large):
            approver = order.with_user(self.commercial_approver)
            counts.append(
                (
                    self._count(order.action_request_validation),
                    self._count(approver.action_approve),
                )
            )
        for fewer, more in zip(*counts, strict=True):
            self.assertLessEqual(more, fewer + 3)
