from odoo.tests import tagged
from odoo.tools import mute_logger

from .http_race_common import HttpRaceCase


@tagged("post_install", "-at_install")
class TestHttpRaces(HttpRaceCase):
    """Several people decide at the same moment."""

    def _get_loser(self, answers):
        """Return the position and the message of the one answer that is a refusal in words."""
        self.assertEqual(sum("error" in answer for answer in answers), 1, answers)
        position = 0 if "error" in answers[0] else 1
        data = answers[position]["error"]["data"]
        self.assertEqual(data["name"], "odoo.exceptions.UserError", data)
        return position, data["message"]

    @mute_logger("odoo.http", "odoo.sql_db", "odoo.service.model", "werkzeug")
    def test_two_browsers_decide_once(self):
        sessions = [self._log_in("commercial_approver"), self._log_in("operational_approver")]
        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("validation")
            shown = self._read(order_id, lambda order: order._get_fingerprint()["all"])
            answers = self._post_together(
                (sessions[0], *self._call(order_id, "action_approve", "Fine", shown)),
                (sessions[1], *self._call(order_id, "action_refuse", "No", "commercial")),
            )
            loser, message = self._get_loser(answers)
            self.assertIn(("Marc Tessier", "Sophie Delmas")[loser], message)
            step, states = self._read(
                order_id, lambda order: (order.quote_step, order.validation_ids.mapped("state"))
            )
            expected = [("financial", ["refused"]), ("ready", ["approved"])]
            self.assertEqual((step, states), expected[loser])

    @mute_logger("odoo.http", "odoo.sql_db", "odoo.service.model", "werkzeug")
    def test_double_click_of_one_approver_decides_once(self):
        session = self._log_in("commercial_approver")
        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("validation")
            request = (session, *self._call(order_id, "action_approve", "Fine"))
            _loser, message = self._get_loser(self._post_together(request, request))
            self.assertIn("Sophie Delmas", message)
            count = self._read(order_id, lambda o: len(o.quote_step_log_ids))
            self.assertEqual(count, 5, "scope, technical, price, validation, ready")


@tagged("-standard", "cqp_deep", "post_install", "-at_install")
class TestHttpRacesRepeated(TestHttpRaces):
    """The same, again and again."""

    # Odoo runs inherited tests only where a class asks for it.
    allow_inherited_tests_method = True
    repetitions = 50
