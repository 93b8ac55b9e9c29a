from odoo.tests import tagged

from .race_common import RaceCase


@tagged("post_install", "-at_install")
class TestAnswerRaces(RaceCase):
    """Answers of the client that arrive at the same instant: one outcome, and nothing twice."""

    def _pass_on(self, number):
        return lambda order: order.sudo()._pass_on(
            "Anne Lefort", f"anne{number}@bressac.example.com", "", "Ville de Bressac"
        )

    def test_page_is_passed_on_as_often_as_allowed_and_no_more(self):
        order_id = self._create_committed_quote("sent")
        errors = self._race(order_id, *[("client", self._pass_on(n)) for n in range(5)])
        self.assertEqual(len([error for error in errors if error]), 2)
        self.assertEqual(self._read(order_id, lambda order: len(order.page_access_ids)), 3)

    def test_changes_are_asked_once(self):
        order_id = self._create_committed_quote("sent")

        def ask(order):
            order_sudo = order.sudo()
            order_sudo._request_changes("Earlier", order_sudo.partner_id, {"price": "Less"})

        errors = self._race(order_id, ("client", ask), ("client", ask), ("client", ask))
        self.assertEqual(len([error for error in errors if error]), 2)
        self.assertEqual(self._read(order_id, lambda order: len(order.change_request_ids)), 2)

    def test_two_tabs_are_one_view(self):
        order_id = self._create_committed_quote("sent")

        def look(order):
            values = {"company_id": order.sudo().company_id.id, "network": "192.0.2.0"}
            order.sudo()._record_client_view("a" * 64, "key", values)

        self.assertEqual(set(self._race(order_id, ("client", look), ("client", look))), {None})
        counted = self._read(order_id, lambda order: (order.view_count, len(order.view_ids)))
        self.assertEqual(counted, (1, 1))

    def test_view_stops_no_answer(self):
        order_id = self._create_committed_quote("sent")

        def look(order):
            values = {"company_id": order.sudo().company_id.id, "network": "192.0.2.0"}
            order.sudo()._record_client_view("a" * 64, "key", values)

        def decline(order):
            reason = order.env.ref("commercial_quote_process.decline_reason_price")
            order_sudo = order.sudo()
            order_sudo._decline(reason.id, "", None, order_sudo.partner_id)

        errors = self._race(order_id, ("client", look), ("client", decline))
        self.assertEqual(set(errors), {None})
        ended = self._read(order_id, lambda order: (order.quote_step, order.view_count))
        self.assertEqual(ended, ("declined", 1))
