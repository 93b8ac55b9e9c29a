"""What the tests of races share: real transactions, and several of them at the same instant."""

import random
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.orm.registry import DummyRLock
from odoo.service import model as service_model
from odoo.tests.common import BaseCase, get_db_name

from .common import QuoteProcessMixin

# Seconds after which a test gives up: no more than a safeguard, however busy the machine is.
PATIENCE = 120


class RaceCase(QuoteProcessMixin, BaseCase):
    """People of the story in real transactions, several at the same instant.

    What these tests commit stays in the database of the tests: decisions cannot be deleted.
    """

    # After all others, which look for the people and roles of the story by their names.
    test_sequence = 1000
    repetitions = 1
    # Up to so many seconds between actions that start together: which one is first is left open.
    stagger = 0.02

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.suffix = uuid.uuid4().hex[:8]
        with cls.registry.cursor() as cr:
            cls.env = api.Environment(cr, SUPERUSER_ID, {})
            cls._setup_story()
            cls.user_ids = {
                name: getattr(cls, name).id
                for name in (
                    "salesperson",
                    "commercial_approver",
                    "operational_approver",
                    "project_manager",
                    "other_project_manager",
                    "sales_manager",
                )
            }
            # The client on the portal without an account.
            cls.user_ids["client"] = cls.env.ref("base.public_user").id
        cls.env = None

    def setUp(self):
        super().setUp()
        # The server holds this lock while it runs tests: transactions that are tried again would
        # wait for it for ever.
        self.patch(Registry, "_lock", DummyRLock())
        # Transactions that are tried again wait for up to some seconds; here they do so quickly.
        quickly = SimpleNamespace(uniform=lambda low, high: high / 100)
        self.patch(service_model, "random", quickly)

    @classmethod
    def _prepare_user(cls, login, name, groups):
        values = super()._prepare_user(login, name, groups)
        # Nobody logs in here: without a password, which takes long to encrypt.
        del values["password"]
        return {**values, "login": f"race_{login}_{cls.suffix}"}

    @classmethod
    def _setup_clients(cls):
        cls.client = cls.env["res.partner"].create({"name": "Ville de Bressac"})

    def _get_superuser_env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def _create_committed_quote(self, step):
        """Return the id of a quote at a step, visible to every transaction."""
        cls = type(self)
        with self.registry.cursor() as cr:
            env = self._get_superuser_env(cr)
            try:
                cls._bind(env)
                return self._create_quote_at(step).id
            finally:
                cls.env = None

    @classmethod
    def _bind(cls, env):
        """Let the story's records live in another transaction."""
        cls.env = env
        for name, value in list(vars(cls).items()):
            if isinstance(value, models.BaseModel):
                setattr(cls, name, value.with_env(env))

    def _race(self, order_id, *actions):
        """Run actions on a quote at the same instant, as the server runs requests.

        Each one has read the quote before any of them begins: that is what is on screen, and what
        its transaction goes on reading until it is started again.

        :param actions: pairs of the name of a person and a function of the quote
        :return: for each action, None, or the error that the person reads
        :rtype: list
        """
        barrier = threading.Barrier(len(actions), timeout=PATIENCE)

        def run(person, action):
            with self.registry.cursor() as cr:
                env = api.Environment(cr, self.user_ids[person], {})
                order = env["sale.order"].browse(order_id)
                order.sudo().read(["quote_step"])
                barrier.wait()
                time.sleep(random.uniform(0, self.stagger))
                try:
                    service_model.retrying(partial(action, order), env)
                except UserError as error:
                    cr.rollback()
                    return str(error)
            return None

        with ThreadPoolExecutor(max_workers=len(actions)) as executor:
            futures = [executor.submit(run, *action) for action in actions]
            return [future.result(timeout=PATIENCE) for future in futures]

    def _act(self, person, order_id, function):
        """Run a function of a quote as a person, and commit."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.user_ids[person], {})
            return function(env["sale.order"].browse(order_id))

    def _read(self, order_id, function):
        with self.registry.cursor() as cr:
            env = self._get_superuser_env(cr)
            return function(env["sale.order"].browse(order_id))
