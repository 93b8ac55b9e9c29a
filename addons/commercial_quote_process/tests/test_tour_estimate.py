from odoo.tests import tagged

from .tour_common import TourCase


@tagged("post_install", "-at_install")
class TestEstimateTours(TourCase):
    """An estimate from its first row to its price, by mouse and keyboard."""

    def _create_technical_quote(self):
        order = self._create_quote()
        self.env["quote.requirement"].create(
            [
                {"lead_id": order.opportunity_id.id, "name": name}
                for name in ("Open formats", "Hosting in France")
            ]
        )
        order.action_start_technical()
        return order

    def test_an_estimate_is_made_and_priced(self):
        order = self._create_technical_quote()
        self.start_tour(
            "/odoo/estimates",
            "quote_estimate_by_project_manager",
            login=self.project_manager.login,
        )
        self._check_plan(order.estimate_id)
        self._check_workload(order.estimate_id)
        self.assertEqual(order.quote_step, "financial")
        self.start_tour(
            "/odoo/offers", "quote_estimate_priced_by_salesperson", login=self.salesperson.login
        )
        self._check_price(order)

    def _check_plan(self, estimate):
        items = {item.name: item for item in estimate.item_ids}
        tasks = [item for item in items.values() if item.kind == "task"]
        self.assertEqual(len(tasks), 12)
        self.assertEqual(items["Model approved"].kind, "milestone")
        self.assertEqual(items["Import"].parent_id, items["Build"])
        after = {
            name: [(link.depends_on_id.name, link.lag) for link in item.dependency_ids]
            for name, item in items.items()
            if item.dependency_ids
        }
        self.assertEqual(
            after,
            {
                "Interviews": [("Survey", 0)],
                "Data model": [("Interviews", 0)],
                "Model approved": [("Data model", 0)],
                "Storage": [("Model approved", 0)],
                "Import": [("Storage", 0)],
                "Migration": [("Import", 2)],
            },
        )
        self.assertEqual((items["Import"].start_day, items["Migration"].start_day), (14, 22))
        self.assertEqual((items["Search"].duration, items["Go-live"].duration), (8, 1))
        self.assertEqual(items["Portal"].start_day, 4)
        self.assertTrue(items["Migration"].is_critical)

    def _check_workload(self, estimate):
        self.assertEqual(estimate.total_days, 15 + 36.5)
        self.assertEqual(estimate.workload_cost, 15 * 400 + 36.5 * 450)
        self.assertEqual(estimate.other_cost, 2 * 3 * 120)
        answers = estimate.requirement_ids.mapped("compliance")
        self.assertEqual(answers, ["compliant", "partial"])

    def _check_price(self, order):
        launch = order.order_line.filtered(lambda line: line.name == "Launch")
        self.assertEqual(launch.price_subtotal, 9000)
        cost = order.sudo().estimate_id.total_cost
        self.assertAlmostEqual(order.sudo().margin, order.amount_untaxed - cost, 2)
