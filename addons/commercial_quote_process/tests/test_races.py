from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .race_common import RaceCase


@tagged("post_install", "-at_install")
class TestRaces(RaceCase):
    """Two people at the same instant, with real transactions: exactly one outcome."""

    def _read_outcome(self, order_id):
        """Return the step, the states of the validations, and whether what was asked is there."""
        return self._read(
            order_id,
            lambda order: (
                order.quote_step,
                sorted(order.validation_ids.mapped("state")),
                order._get_fingerprint()["all"] in [r["all"] for r in self._get_asked(order)],
            ),
        )

    def _get_asked(self, order):
        return order.validation_ids.mapped("fingerprint")

    def _get_step_count(self, order_id, step):
        """Return how often a quote has entered a step."""
        return self._read(order_id, lambda o: o.quote_step_log_ids.mapped("step").count(step))

    def _approve(self, order):
        return order.action_approve("Fine", order._get_fingerprint()["all"])

    def _withdraw_and_edit(self, order):
        order.action_withdraw()
        order.order_line[0].price_unit = 1.0

    # === APPROVE AGAINST APPROVE, REFUSE, ASK === #

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_approvers_decide_once(self):
        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("validation")
            errors = self._race(
                order_id,
                ("commercial_approver", lambda order: order.action_approve()),
                ("operational_approver", lambda order: order.action_refuse("No", "commercial")),
            )
            self.assertEqual(sum(error is None for error in errors), 1, errors)
            winner = 0 if errors[0] is None else 1
            self.assertIn(("Sophie Delmas", "Marc Tessier")[winner], errors[1 - winner])
            step, states, _same = self._read_outcome(order_id)
            self.assertEqual(step, ("ready", "financial")[winner])
            self.assertEqual(states, [("approved", "refused")[winner]])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_approvers_approve_once(self):
        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("validation")
            errors = self._race(
                order_id,
                ("commercial_approver", self._approve),
                ("operational_approver", self._approve),
            )
            self.assertEqual(sum(error is None for error in errors), 1, errors)
            winner = 0 if errors[0] is None else 1
            name = ("Sophie Delmas", "Marc Tessier")[winner]
            self.assertIn(name, errors[1 - winner])
            self.assertEqual(self._read_outcome(order_id), ("ready", ["approved"], True))
            self.assertEqual(
                self._read(order_id, lambda o: o.validation_ids.decided_by_id.name), name
            )
            self.assertEqual(self._get_step_count(order_id, "ready"), 1)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_approvals_of_each_of_two_people_both_count(self):
        """Neither is the last one in the eyes of its own transaction; the quote must go on."""
        self._ask_each_approver()
        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("validation")
            errors = self._race(
                order_id,
                ("commercial_approver", self._approve),
                ("operational_approver", self._approve),
            )
            self.assertEqual(errors, [None, None])
            self.assertEqual(self._read_outcome(order_id), ("ready", ["approved"] * 2, True))
            self.assertEqual(self._get_step_count(order_id, "ready"), 1)

    def _ask_each_approver(self):
        """Replace the rule of the company, until the end of the test, by one that asks both."""

        def write(function):
            with self.registry.cursor() as cr:
                function(self._get_superuser_env(cr))

        def replace(env):
            env.ref("commercial_quote_process.validation_rule_default").active = False
            approvers = [
                self.user_ids["commercial_approver"],
                self.user_ids["operational_approver"],
            ]
            rule = env["quote.validation.rule"].create(
                {
                    "name": "Each of the two",
                    "approval_mode": "all",
                    "user_ids": [Command.set(approvers)],
                }
            )
            self.addCleanup(write, lambda env: restore(env, rule.id))

        def restore(env, rule_id):
            env["quote.validation.rule"].browse(rule_id).active = False
            env.ref("commercial_quote_process.validation_rule_default").active = True

        write(replace)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_a_question_never_reaches_a_decided_quote(self):
        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("validation")
            errors = self._race(
                order_id,
                ("commercial_approver", self._approve),
                (
                    "operational_approver",
                    lambda order: order.action_ask_question("How many visits?", "both"),
                ),
            )
            self.assertIsNone(errors[0])
            self.assertEqual(self._read_outcome(order_id), ("ready", ["approved"], True))
            asked = self._read(order_id, lambda o: len(o.question_ids))
            if errors[1] is None:
                self.assertEqual(asked, 2)
            else:
                self.assertIn("Sophie Delmas", errors[1])
                self.assertEqual(asked, 0)
            self.assertFalse(self._read(order_id, lambda o: o.activity_ids.mapped("summary")[1:]))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_one_of_many_is_refused_by_somebody_else(self):
        """What others decided meanwhile is told, and does not take the rest along."""
        for _ in range(self.repetitions):
            order_ids = [self._create_committed_quote("validation") for _number in range(3)]

            def approve_all(order, ids=order_ids):
                wizard = (
                    order.env["quote.mass.approval"]
                    .with_context(active_model="sale.order", active_ids=ids)
                    .create({})
                )
                wizard.action_approve()
                return wizard.line_ids.mapped("outcome")

            errors = self._race(
                order_ids[1],
                ("commercial_approver", approve_all),
                ("operational_approver", lambda order: order.action_refuse("No", "commercial")),
            )
            self.assertIsNone(errors[0])
            outcomes = [self._read_outcome(order_id)[0] for order_id in order_ids]
            middle = "financial" if errors[1] is None else "ready"
            self.assertEqual(outcomes, ["ready", middle, "ready"])
            if errors[1]:
                self.assertIn("Sophie Delmas", errors[1])

    # === APPROVE AGAINST EDIT === #

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_approval_against_withdrawal_with_an_edit(self):
        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("validation")
            errors = self._race(
                order_id,
                ("commercial_approver", self._approve),
                ("salesperson", self._withdraw_and_edit),
            )
            # The salesperson may give up an approval as well: that always has the last word.
            self.assertIsNone(errors[1])
            step, states, same = self._read_outcome(order_id)
            self.assertEqual((step, states, same), ("financial", ["withdrawn"], False))
            if errors[0]:
                self.assertIn("Claire Morel", errors[0])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_approval_against_edits_of_lines_and_estimate(self):
        def edit_estimate(order):
            order.sudo().estimate_id.workload_ids[0].sudo(False).days = 99

        edits = [
            ("salesperson", lambda order: order.order_line[0].write({"price_unit": 1.0})),
            ("project_manager", edit_estimate),
        ]
        for number in range(self.repetitions * len(edits)):
            order_id = self._create_committed_quote("validation")
            errors = self._race(
                order_id, ("commercial_approver", self._approve), edits[number % len(edits)]
            )
            self.assertIsNone(errors[0])
            self.assertIn("Withdraw", errors[1])
            self.assertEqual(self._read_outcome(order_id), ("ready", ["approved"], True))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_refusal_of_the_technical_part_against_its_correction(self):
        """The correction comes after the refusal, or not at all."""

        def correct(order):
            order.sudo().estimate_id.workload_ids[0].sudo(False).days = 99

        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("validation")
            errors = self._race(
                order_id,
                ("operational_approver", lambda order: order.action_refuse("Why?", "technical")),
                ("project_manager", correct),
            )
            self.assertIsNone(errors[0])
            step, states, same = self._read_outcome(order_id)
            self.assertEqual((step, states), ("technical", ["refused"]))
            self.assertEqual(same, bool(errors[1]), "an edit that was refused changed nothing")

    # === REQUEST === #

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_edit_against_request_never_leaves_other_content_under_validation(self):
        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("financial")
            errors = self._race(
                order_id,
                ("salesperson", lambda order: order.action_request_validation()),
                ("salesperson", lambda order: order.order_line[0].write({"price_unit": 1.0})),
            )
            self.assertIsNone(errors[0])
            self.assertEqual(self._read_outcome(order_id), ("validation", ["pending"], True))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_validation_is_asked_once(self):
        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("financial")
            ask = ("salesperson", lambda order: order.action_request_validation())
            errors = self._race(order_id, ask, ask)
            self.assertEqual(sum(error is None for error in errors), 1, errors)
            self.assertEqual(self._read_outcome(order_id), ("validation", ["pending"], True))

    # === SEND === #

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_sending_against_an_edit_sends_what_was_approved(self):
        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("ready")
            errors = self._race(
                order_id,
                ("salesperson", lambda order: order.action_quotation_sent()),
                ("sales_manager", lambda order: order.order_line[0].write({"price_unit": 1.0})),
            )
            self.assertIsNone(errors[0])
            self.assertIn("content cannot change", errors[1])
            self.assertEqual(self._read_outcome(order_id), ("sent", ["approved"], True))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_sending_against_withdrawal_has_one_outcome(self):
        for _ in range(self.repetitions):
            order_id = self._create_committed_quote("ready")
            errors = self._race(
                order_id,
                ("salesperson", lambda order: order.action_quotation_sent()),
                ("sales_manager", self._withdraw_and_edit),
            )
            self.assertEqual(sum(error is None for error in errors), 1, errors)
            winner = 0 if errors[0] is None else 1
            self.assertIn(("Claire Morel", "Irène Castel")[winner], errors[1 - winner])
            expected = [("sent", ["approved"], True), ("financial", ["withdrawn"], False)]
            self.assertEqual(self._read_outcome(order_id), expected[winner])


@tagged("-standard", "cqp_deep", "post_install", "-at_install")
class TestRacesRepeated(TestRaces):
    """The same, again and again: what happens once in fifty times happens in a year."""

    # Odoo runs inherited tests only where a class asks for it.
    allow_inherited_tests_method = True
    repetitions = 50
