from odoo.tests import tagged

from .tour_common import TourCase


@tagged("post_install", "-at_install")
class TestPricingTour(TourCase):
    """Step 4 by clicks: the margin moves while typing, and a line has its own price."""

    def test_salesperson_prices_to_a_margin_and_changes_a_line(self):
        order = self._create_quote_at("financial")
        self.start_tour(
            f"/odoo/sales/{order.id}", "quote_pricing_preview", login=self.salesperson.login
        )
        design, build = order.order_line
        self.assertEqual(design.price_unit, 6000.0)
        # 8950 of cost at 20 % is 11187.50; the other phase has kept its share of it.
        self.assertAlmostEqual(build.price_unit, 11187.5 * build.purchase_price / 8950, delta=0.01)
        self.assertEqual(order.pricing_mode, "margin")
        self.assertEqual(order.target_margin_percent, 20.0)
