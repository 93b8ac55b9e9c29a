import http.client
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import odoo.http
from odoo import api
from odoo.service import security, server
from odoo.tests import tagged
from odoo.tests.common import HOST, get_db_name
from odoo.tools import mute_logger

from .race_common import RaceCase


@tagged("post_install", "-at_install")
class TestHttpRaces(RaceCase):
    """Several browsers answer at the same moment, with the whole way of a request between them.

    Unlike the requests of Odoo's own HTTP tests, these have real transactions each.
    """

    def _log_in(self, person):
        """Return the id of a new session of a person."""
        store = odoo.http.root.session_store
        session = store.new()
        session.update(odoo.http.get_default_session(), db=get_db_name(), _trace_disable=True)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.user_ids[person], {})
            session.uid = env.uid
            session.login = env.user.login
            session.session_token = security.compute_session_token(session, env)
            session.context = dict(env["res.users"].context_get())
        store.save(session)
        self.addCleanup(store.delete, session)
        return session.sid

    def _post(self, session_id, path, params, barrier):
        """Send a request of the web client, and return its answer.

        :rtype: dict
        """
        connection = http.client.HTTPConnection(HOST, server.server.httpd.server_port, timeout=30)
        headers = {"Content-Type": "application/json", "Cookie": f"session_id={session_id}"}
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        connection.connect()
        barrier.wait()
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        self.assertEqual(response.status, 200)
        answer = json.loads(response.read())
        connection.close()
        return answer

    def _post_together(self, *requests):
        barrier = threading.Barrier(len(requests), timeout=10)
        with ThreadPoolExecutor(max_workers=len(requests)) as executor:
            futures = [executor.submit(self._post, *request, barrier) for request in requests]
            return [future.result(timeout=60) for future in futures]

    def _call(self, order_id, method, *arguments):
        return (
            f"/web/dataset/call_kw/sale.order/{method}",
            {
                "model": "sale.order",
                "method": method,
                "args": [[order_id], *arguments],
                "kwargs": {},
            },
        )

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
