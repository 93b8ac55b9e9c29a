from odoo import sql_db
from odoo.tests import tagged

from .portal_common import PortalCase

# Of the test's own cursor, around each request.
SAVEPOINTS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


@tagged("post_install", "-at_install")
class TestPortalQueries(PortalCase):
    """What a client's visit costs in SQL, in a new session, whatever the size of the offer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.small = cls._create_quote_at("sent", note="<p>Terms</p>")
        cls.large = cls._create_quote_at("financial", note="<p>Terms</p>")
        line = cls.large.order_line.filtered(lambda line: not line.display_type)[:1]
        for _ in range(50 - len(cls.large.order_line)):
            line.copy({"order_id": cls.large.id})
        cls.large.action_request_validation()
        cls.large.with_user(cls.commercial_approver).action_approve()
        cls.large.action_quotation_sent()

    def _visit(self, order):
        """Return the statements of a visit by somebody who has never been here."""
        statements = []
        execute = sql_db.Cursor.execute

        def spy(cursor, query, params=None, log_exceptions=True):
            statements.append(str(getattr(query, "code", query)))
            return execute(cursor, query, params, log_exceptions)

        self.authenticate(None, None)
        self.env.cr.flush()
        self.env.invalidate_all()
        sql_db.Cursor.execute = spy
        try:
            response = self._open(order)
        finally:
            sql_db.Cursor.execute = execute
        self.assertEqual(response.status_code, 200)
        return [sql for sql in statements if not sql.startswith(SAVEPOINTS)]

    def test_first_visit(self):
        # Templates, rights and languages are kept by the server between requests.
        for order in (self.small, self.large):
            self._visit(order)
        few, many = self._visit(self.small), self._visit(self.large)
        self.assertGreaterEqual(len(self.large.order_line), 50)
        self.assertLessEqual(len(many), 40, "\n".join(many))
        self.assertLessEqual(len(many), len(few) + 1)

    def test_first_visit_of_a_version_that_says_what_has_changed(self):
        self.company.quote_show_changes_to_client = True
        version = self.large._new_version("client", restart_step="financial")
        version.order_line.filtered(lambda line: not line.display_type)[:1].price_unit += 100.0
        version.action_request_validation()
        version.with_user(self.commercial_approver).action_approve()
        version.action_quotation_sent()
        self._visit(version)
        statements = self._visit(version)
        self.assertLessEqual(len(statements), 40, "\n".join(statements))
