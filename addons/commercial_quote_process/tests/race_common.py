"""What the tests of races share: real transactions, and several of them at the same instant."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.orm.registry import DummyRLock
from odoo.service.model import retrying
from odoo.tests import new_test_user
from odoo.tests.common import BaseCase, get_db_name

from .common import QuoteProcessMixin


class RaceCase(QuoteProcessMixin, BaseCase):
    """People of the story in real transactions, several at the same instant.

    What these tests commit stays in the database of the tests: decisions cannot be deleted.
    """

    # After all others, which look for the people and roles of the story by their names.
    test_sequence = 1000
    repetitions = 1

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
                )
            }
        cls.env = None

    @classmethod
    def _new_user(cls, login, name, groups):
        return new_test_user(
            cls.env,
            login=f"race_{login}_{cls.suffix}",
            name=name,
            groups=groups,
            email=f"{login}@altea.example.com",
            notification_type="inbox",
        )

    @classmethod
    def _setup_clients(cls):
        cls.client = cls.env["res.partner"].create({"name": "Ville de Bressac"})

    def _create_committed_quote(self, step):
        """Return the id of a quote at a step, visible to every transaction."""
        cls = type(self)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
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

        :param actions: pairs of the name of a person and a function of the quote
        :return: for each action, None, or the error that the person reads
        :rtype: list
        """
        barrier = threading.Barrier(len(actions), timeout=10)
        # The server holds this lock while it runs tests: transactions that are tried again would
        # wait for it for ever.
        self.patch(Registry, "_lock", DummyRLock())

        def run(person, action):
            with self.registry.cursor() as cr:
                env = api.Environment(cr, self.user_ids[person], {})
                order = env["sale.order"].browse(order_id)
                order.read(["quote_step"])
                barrier.wait()
                try:
                    retrying(partial(action, order), env)
                except UserError as error:
                    cr.rollback()
                    return str(error)
            return None

        with ThreadPoolExecutor(max_workers=len(actions)) as executor:
            futures = [executor.submit(run, *action) for action in actions]
            return [future.result(timeout=60) for future in futures]

    def _read(self, order_id, function):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            return function(env["sale.order"].browse(order_id))
