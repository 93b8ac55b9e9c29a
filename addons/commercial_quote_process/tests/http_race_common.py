"""What the tests of races over HTTP share: sessions of people, and requests at the same instant."""

import http.client
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import odoo.http
from odoo import api
from odoo.service import security, server
from odoo.tests.common import HOST, get_db_name

from .race_common import PATIENCE, RaceCase


class HttpRaceCase(RaceCase):
    """Several browsers at the same moment, with the whole way of a request between them.

    Unlike the requests of Odoo's own HTTP tests, these have real transactions each.
    """

    def _get_port(self):
        """Return the port of the server that is asked."""
        return server.server.httpd.server_port

    # === SESSIONS === #

    def _log_in(self, person):
        """Return the id of a new session of a person."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.user_ids[person], {})

            def identify(session):
                session.uid = env.uid
                session.login = env.user.login
                session.session_token = security.compute_session_token(session, env)
                session.context = dict(env["res.users"].context_get())

            return self._new_session(identify)

    def _new_session(self, identify=None):
        """Return the id of a new session: of a visitor, unless ``identify`` makes it somebody's."""
        store = odoo.http.root.session_store
        session = store.new()
        session.update(odoo.http.get_default_session(), db=get_db_name(), _trace_disable=True)
        if identify:
            identify(session)
        store.save(session)
        self.addCleanup(store.delete, session)
        return session.sid

    # === REQUESTS === #

    def _request(self, session_id, path, body, headers, barrier=None):
        """Send a POST request, at the same instant as others.

        :return: the response, that has been read, and its content
        :rtype: tuple(http.client.HTTPResponse, bytes)
        """
        connection = http.client.HTTPConnection(HOST, self._get_port(), timeout=PATIENCE)
        try:
            connection.connect()
            if barrier:
                barrier.wait()
            cookie = {"Cookie": f"session_id={session_id}"}
            connection.request("POST", path, body, {**headers, **cookie})
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    def _post(self, session_id, path, params, barrier=None):
        """Send a request of the web client, and return its answer.

        :rtype: dict
        """
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        headers = {"Content-Type": "application/json"}
        response, content = self._request(session_id, path, body, headers, barrier)
        self.assertEqual(response.status, 200)
        return json.loads(content)

    def _post_together(self, *requests):
        """Send requests of the web client at the same instant, and return their answers."""
        return self._together(*(lambda b, r=request: self._post(*r, b) for request in requests))

    def _together(self, *senders):
        """Call functions of a barrier at the same instant, and return what each one returns."""
        barrier = threading.Barrier(len(senders), timeout=PATIENCE)
        with ThreadPoolExecutor(max_workers=len(senders)) as executor:
            futures = [executor.submit(sender, barrier) for sender in senders]
            return [future.result(timeout=PATIENCE) for future in futures]

    def _call(self, record_id, method, *arguments, model="sale.order"):
        return (
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": [[record_id], *arguments], "kwargs": {}},
        )
