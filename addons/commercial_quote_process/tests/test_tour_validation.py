from odoo.tests import tagged

from .tour_common import TourCase


@tagged("post_install", "-at_install")
class TestValidationTours(TourCase):
    """A quote that is refused, corrected and approved; versions compared and restored."""

    def _tour(self, name, url, person):
        self.start_tour(url, name, login=person.login)

    def test_refused_technical_part_is_corrected_priced_again_and_approved(self):
        order = self._create_quote_at("validation")
        price = order.amount_untaxed
        approver = self.operational_approver
        self._tour("quote_validation_1_approver_refuses", "/odoo/offers-to-validate", approver)
        self.assertEqual((order.quote_step, order.quote_turn), ("technical", "project_manager"))
        self._tour(
            "quote_validation_2_project_manager_corrects", "/odoo/estimates", self.project_manager
        )
        self.assertEqual(order.quote_step, "financial")
        self._tour("quote_validation_3_salesperson_prices_again", "/odoo/offers", self.salesperson)
        self.assertAlmostEqual(order.margin_percent, 0.30, 3)
        self.assertGreater(order.amount_untaxed, price)
        self._tour(
            "quote_validation_4_approver_sees_the_difference", "/odoo/offers-to-validate", approver
        )
        self.assertEqual((order.quote_step, order.quote_turn), ("ready", "salesperson"))
        rows = order.validation_ids.sorted("id")
        self.assertEqual(rows.mapped("state"), ["refused", "approved"])
        self.assertEqual(rows.decided_by_id, approver)
        self.assertEqual(rows[0].refused_parts, "technical")
        self.assertEqual(rows[1].comment, "Six days: agreed")
        order.action_quotation_sent()
        self.assertEqual(order.quote_step, "sent")

    def _send_version(self, order, margin, scope):
        """Return the next version of a sent quote, sent with another price and another scope."""
        version = order._new_version("price", restart_step="financial")
        version.scope_content = scope
        self._price(version, margin)
        version.action_request_validation()
        version.with_user(self.commercial_approver).action_approve()
        version.action_quotation_sent()
        return version

    def test_versions_are_compared_and_an_older_one_comes_back(self):
        first = self._create_quote_at("sent")
        second = self._send_version(first, 25.0, "<p>Sort and digitise the archives.</p>")
        third = self._send_version(
            second, 35.0, "<p>Sort, digitise and publish the archives and the maps.</p>"
        )
        self.assertEqual(
            (first | second | third).mapped("quote_step"), ["superseded", "superseded", "sent"]
        )
        self._tour(
            "quote_versions_compared_and_restored", f"/odoo/offers/{third.id}", self.salesperson
        )
        restored = third.version_ids[0]
        self.assertEqual(restored.quote_version, 4)
        self.assertEqual(restored.previous_version_id, second)
        self.assertEqual(restored.amount_untaxed, second.amount_untaxed)
        self.assertIn("Sort and digitise", restored.scope_content)
        self.assertEqual(third.quote_step, "sent", "it stands until the restored one is sent")
