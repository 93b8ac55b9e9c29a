import random
from decimal import Decimal

from odoo.fields import Command
from odoo.tests import tagged

from ..const import PRICING_GRANULARITIES, PRICING_MODES, PRICING_ROUNDINGS, PRICING_SPLITS
from ..tools.costing import price_for_margin, round_amount
from .common import QuoteProcessCase

ROUNDS = 6


def exact(amount):
    """Return an amount as a decimal, without what binary floats add far behind the cent."""
    return Decimal(repr(round(amount, 6))).normalize()


@tagged("post_install", "-at_install")
class TestAmounts(QuoteProcessCase):
    """Step 4: matrix, totals, lines and Odoo's margin say the same to the cent, whatever one does.

    Estimates and choices are drawn at random, always the same ones.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currencies = {
            rounding: cls._create_currency(f"X{rank}X", rounding, rate)
            for rank, (rounding, rate) in enumerate(((1.0, 157.31), (0.05, 0.937)))
        }
        cls.pricelists = {
            rounding: cls.env["product.pricelist"].create(
                {"name": currency.name, "currency_id": currency.id}
            )
            for rounding, currency in cls.currencies.items()
        }
        for rate, cost, price in zip(
            cls.rates, (413.37, 0.07, 388.89), (777.77, 0.13, 0.0), strict=True
        ):
            rate.write({"daily_cost": cost, "daily_price": price})

    @classmethod
    def _create_currency(cls, name, rounding, rate):
        currency = cls.env["res.currency"].create(
            {"name": name, "symbol": name, "rounding": rounding}
        )
        cls.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": "2020-01-01", "rate": rate}
        )
        return currency

    # === DRAWING === #

    def _draw_order(self, draw, **values):
        """Return a quote at its financial step over an estimate drawn at random."""
        order = self._create_quote_at("technical", **values)
        estimate = order.sudo().estimate_id.with_user(self.project_manager)
        estimate.write(
            {
                "overhead_percent": draw.choice((0, 7.5, 15, 33.33)),
                "contingency_percent": draw.choice((0, 3.7, 10)),
            }
        )
        items = self._draw_items(draw, estimate)
        tasks = items.filtered(lambda item: item.kind == "task")
        estimate.env["quote.estimate.workload"].create(
            [
                {
                    "estimate_id": estimate.id,
                    "item_id": task.id,
                    "role_id": role.id,
                    "days": round(draw.uniform(0.01, 30), 2),
                }
                for task in tasks
                for role in self.roles
                if draw.random() < 0.6 or (task, role) == (tasks[0], self.roles[0])
            ]
        )
        estimate.env["quote.estimate.cost"].create(
            [self._draw_cost(draw, estimate, items) for _ in range(draw.randint(1, 5))]
        )
        estimate.technical_content = estimate.organisation_content = "<p>Text</p>"
        estimate.action_ready()
        return order

    def _draw_items(self, draw, estimate):
        model = estimate.env["quote.estimate.item"]
        phases = model.create(
            [
                {"estimate_id": estimate.id, "kind": "phase", "name": f"Phase {n}", "sequence": n}
                for n in range(draw.randint(0, 3))
            ]
        )
        tasks = model.create(
            [
                {
                    "estimate_id": estimate.id,
                    "name": f"Task {n}",
                    "sequence": 10 + n,
                    "duration": 1,
                    "parent_id": draw.choice([*phases.ids, False]),
                }
                for n in range(draw.randint(1, 6))
            ]
        )
        return phases | tasks

    def _draw_cost(self, draw, estimate, items):
        return {
            "estimate_id": estimate.id,
            "name": draw.choice(("Travel", "Server", "Licence")),
            "family": draw.choice(("travel", "equipment", "other")),
            "item_id": draw.choice([*items.ids, False]),
            "quantity": round(draw.uniform(0.01, 12), 2),
            "unit_cost": round(draw.uniform(0.01, 999.99), 2),
            "is_rebilled": draw.random() < 0.3,
        }

    def _draw_choices(self, draw):
        return {
            "mode": draw.choice(PRICING_MODES)[0],
            "granularity": draw.choice(PRICING_GRANULARITIES)[0],
            "overhead_split": draw.choice(PRICING_SPLITS)[0],
            "contingency_split": draw.choice(PRICING_SPLITS)[0],
            "rounding": draw.choice(PRICING_ROUNDINGS)[0],
            "target_margin_percent": round(draw.uniform(5, 60), 1),
            "markup_percent": draw.choice((0, 4.99)),
            "total_wanted": draw.choice((0, 0, 98765432)),
        }

    # === CHECKS === #

    def _check_estimate(self, estimate):
        """The matrix adds up to the totals, each row rounded by itself."""
        step = estimate.currency_id.rounding
        rows = [
            round_amount(Decimal(repr(row.days)) * Decimal(repr(row.daily_cost)), step)
            for row in estimate.workload_ids
        ]
        self.assertEqual(exact(sum(rows)), exact(estimate.workload_cost))
        parts = ("workload_cost", "other_cost", "overhead_amount", "contingency_amount")
        self.assertEqual(sum(exact(estimate[part]) for part in parts), exact(estimate.total_cost))
        for granularity, _label in PRICING_GRANULARITIES:
            sold = estimate._get_sale_rows(granularity)
            total = sum(exact(r[p]) for r in sold for p in ("cost", "overhead", "contingency"))
            self.assertEqual(total, exact(estimate.total_cost), granularity)
            self.assertAlmostEqual(sum(r["days"] for r in sold), estimate.total_days, 6)

    def _check_lines(self, order, pricing, shown):
        """Lines, totals and margins of the quote are those of the preview."""
        lines = order.order_line.filtered(lambda line: not line.display_type)
        options = lines.filtered(lambda line: line._is_option())
        firm_cost = sum(exact(line.purchase_price) for line in lines - options)
        option_cost = sum(exact(line.purchase_price) for line in options)
        self.assertEqual(firm_cost + option_cost, exact(order.estimated_cost))
        self.assertEqual(sum(exact(x.price_subtotal) for x in lines), exact(order.amount_untaxed))
        self.assertEqual(exact(order.amount_untaxed), exact(shown["price"]))
        self.assertEqual(exact(order.amount_untaxed) - firm_cost, exact(order.margin))
        self.assertEqual(exact(order.margin), exact(shown["margin"]))
        self.assertFalse(order.is_price_stale, order.price_differences)
        for line in lines:
            for amount in (line.price_unit, line.purchase_price):
                self.assertFalse(exact(amount) % exact(order.currency_id.rounding))

    def _check_goal(self, order, pricing):
        """The price is what the method promises."""
        wanted = pricing.total_wanted
        if wanted:
            self.assertEqual(exact(order.amount_untaxed), exact(wanted))
            return
        lines = order.order_line.filtered(
            lambda line: not line.display_type and not line._is_option()
        )
        cost = sum(lines.mapped("purchase_price"))
        step = order.currency_id.rounding
        if pricing.mode == "margin":
            rounding = float(pricing.rounding) if pricing.rounding != "none" else step
            price = price_for_margin(
                round_amount(cost, step), pricing.target_margin_percent, rounding
            )
            self.assertEqual(exact(order.amount_untaxed), exact(price))
        if pricing.rounding != "none" and lines.filtered(
            lambda x: x.estimate_row_kind != "rebilled"
        ):
            self.assertFalse(exact(order.amount_untaxed) % Decimal(pricing.rounding))

    def _price_at_random(self, order, draw):
        choices = self._draw_choices(draw)
        if choices["mode"] == "fixed":
            choices["total_wanted"] = 98765432
        model = self.env["quote.pricing"].with_user(self.salesperson)
        pricing = model.create({"order_id": order.id, "overrides": {}, **choices})
        keys = [row["key"] for row in pricing.preview["rows"] if row["may_be_optional"]]
        if len(keys) > 2 and draw.random() < 0.5:
            pricing.overrides = {draw.choice(keys): {"optional": True}}
        shown = pricing.preview["totals"]
        with self.subTest(**choices):
            self.assertFalse(pricing.preview["error"])
            pricing.action_apply()
            self._check_lines(order, pricing, shown)
            self._check_goal(order, pricing)

    def _check_at_random(self, seed, **values):
        draw = random.Random(seed)
        for rank in range(ROUNDS):
            order = self._draw_order(draw, **values)
            with self.subTest(seed=seed, rank=rank):
                self._check_estimate(order.sudo().estimate_id)
                for _ in range(2):
                    self._price_at_random(order, draw)

    # === TESTS === #

    def test_amounts_agree_in_the_company_currency(self):
        self._check_at_random(1)

    def test_amounts_agree_in_a_currency_without_cents(self):
        self._check_at_random(2, pricelist_id=self.pricelists[1.0].id)

    def test_amounts_agree_in_a_currency_of_five_cents(self):
        self._check_at_random(3, pricelist_id=self.pricelists[0.05].id)

    def test_amounts_agree_in_a_company_whose_currency_has_five_cents(self):
        # Odoo refuses this on a currency with entries, which a database for tests may have.
        self.env.cr.execute(
            "UPDATE res_currency SET rounding = 0.05 WHERE id = %s", [self.company.currency_id.id]
        )
        self.env.invalidate_all()
        self._check_at_random(5)
        self._check_at_random(6, pricelist_id=self.pricelists[1.0].id)

    def test_prices_with_taxes_inside_come_to_the_same_amount(self):
        tax = self.env["account.tax"].create(
            {
                "name": "VAT inside",
                "amount": 20.0,
                "price_include_override": "tax_included",
                "company_id": self.company.id,
            }
        )
        self.company.quote_service_product_id.sudo().taxes_id = [Command.set(tax.ids)]
        order = self._draw_order(random.Random(4))
        self._price(order, 30.0)
        cost = order.estimated_cost
        self.assertAlmostEqual(order.amount_untaxed, price_for_margin(cost, 30.0), delta=0.05)
        self.assertGreater(order.amount_total, 1.19 * order.amount_untaxed)
        self.assertEqual(exact(sum(order.order_line.mapped("purchase_price"))), exact(cost))
