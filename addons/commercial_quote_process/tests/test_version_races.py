import base64

from odoo.tests import tagged
from odoo.tools import mute_logger

from .race_common import RaceCase

SIGNATURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestVersionRaces(RaceCase):
    """The client answers while the salesperson makes and sends versions: one of them stands."""

    def _accept(self, order):
        order._record_acceptance(
            "paper", signer_name="Julie Perrin", documents=[("signed.pdf", b"%PDF-1.4")]
        )

    def _sign(self, order):
        """Sign as the page of the portal does, in superuser mode, with what it had shown."""
        order_sudo = order.sudo()
        order_sudo._record_acceptance(
            "portal",
            signer_name="Julie Perrin",
            signature=SIGNATURE,
            fingerprint=order_sudo._get_fingerprint()["all"],
            terms_accepted=True,
            terms_version=order_sudo._get_quote_terms()["version"],
        )

    def _get_family(self, order_id):
        """Return numbers, names and steps of the versions, the newest first."""
        return self._read(
            order_id,
            lambda o: [(v.quote_version, v.name, v.quote_step) for v in o.version_ids],
        )

    def _get_steps(self, order_id):
        return [step for _number, _name, step in self._get_family(order_id)]

    def _approve_new_version(self, order_id):
        def approve(order):
            version = order._new_version("price", restart_step="financial")
            version.order_line[0].price_unit += 10
            version.action_request_validation()
            version.with_user(self.user_ids["commercial_approver"]).action_approve()

        self._act("salesperson", order_id, approve)

    # === SIGNATURE === #

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_quote_is_accepted_once(self):
        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("sent")
            errors = self._race(
                order_id, ("salesperson", self._accept), ("sales_manager", self._accept)
            )
            self.assertEqual(sum(error is None for error in errors), 1, errors)
            loser = errors[0] or errors[1]
            self.assertIn("already been accepted", loser)
            self.assertIn("Irène Castel" if errors[0] else "Claire Morel", loser)
            acceptances, projects = self._read(
                order_id,
                lambda o: (
                    len(o.quote_acceptance_ids),
                    o.env["project.project"].search_count([("estimate_id", "=", o.estimate_id.id)]),
                ),
            )
            self.assertEqual((acceptances, projects), (1, 1))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_signature_against_refusal_has_one_outcome(self):
        def decline(order):
            reason = order.env["quote.decline.reason"].search([], limit=1)
            order.action_decline(reason.id)

        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("sent")
            errors = self._race(order_id, ("client", self._sign), ("salesperson", decline))
            self.assertEqual(sum(error is None for error in errors), 1, errors)
            expected = "accepted" if errors[0] is None else "declined"
            self.assertEqual(self._get_steps(order_id), [expected])

    # === VERSION AGAINST SIGNATURE === #

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_signature_against_making_a_version(self):
        """The offer in the client's hands holds; no version goes on beside a signed one."""
        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("sent")
            errors = self._race(
                order_id,
                ("client", self._sign),
                ("salesperson", lambda order: order._new_version("price")),
            )
            self.assertIsNone(errors[0])
            steps = self._get_steps(order_id)
            if errors[1]:
                self.assertIn("has been accepted", errors[1])
                self.assertIn("Julie Perrin", errors[1])
                self.assertEqual(steps, ["accepted"])
            else:
                self.assertEqual(steps, ["superseded", "accepted"])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_signature_against_sending_a_version(self):
        def send_version(order):
            version = order.search([("previous_version_id", "=", order.id)])
            version.action_quotation_sent()

        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("sent")
            self._approve_new_version(order_id)
            errors = self._race(order_id, ("client", self._sign), ("salesperson", send_version))
            self.assertEqual(sum(error is None for error in errors), 1, errors)
            expected = ["superseded", "accepted"] if errors[0] is None else ["sent", "superseded"]
            self.assertEqual(self._get_steps(order_id), expected)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_approval_of_a_version_against_signature_of_the_one_before(self):
        def approve_version(order):
            version = order.sudo().search([("previous_version_id", "=", order.id)])
            version.sudo(False).action_approve()

        def ask(order):
            version = order._new_version("price", restart_step="financial")
            version.order_line[0].price_unit += 10
            version.action_request_validation()

        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("sent")
            self._act("salesperson", order_id, ask)
            errors = self._race(
                order_id, ("client", self._sign), ("commercial_approver", approve_version)
            )
            self.assertIsNone(errors[0])
            self.assertEqual(self._get_steps(order_id), ["superseded", "accepted"])

    # === VERSION AGAINST VERSION === #

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_new_versions_have_two_numbers(self):
        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("sent")
            make = lambda order: order._new_version("price")  # noqa: E731
            errors = self._race(order_id, ("salesperson", make), ("sales_manager", make))
            self.assertEqual(errors, [None, None])
            self._check_numbers(order_id, 3)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_restoring_against_making_a_version(self):
        def restore(order):
            order.quote_root_id.action_restore_version()

        for _ in range(self.repetitions):
            first_id = self._create_committed_quote("sent")
            self._approve_new_version(first_id)
            order_id = self._read(first_id, lambda o: o.version_ids[0].id)
            errors = self._race(
                order_id,
                ("salesperson", lambda order: order._new_version("price")),
                ("sales_manager", restore),
            )
            self.assertEqual(errors, [None, None])
            self._check_numbers(order_id, 4)

    def _check_numbers(self, order_id, count):
        family = self._get_family(order_id)
        self.assertEqual([number for number, _name, _step in family], list(range(count, 0, -1)))
        self.assertEqual(len({name for _number, name, _step in family}), count)


@tagged("-standard", "cqp_deep", "post_install", "-at_install")
class TestVersionRacesRepeated(TestVersionRaces):
    """The same, again and again."""

    # Odoo runs inherited tests only where a class asks for it.
    allow_inherited_tests_method = True
    repetitions = 50
