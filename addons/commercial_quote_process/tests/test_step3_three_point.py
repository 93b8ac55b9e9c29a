from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_step3_technical import TechnicalCase


@tagged("post_install", "-at_install")
class TestThreePoint(TechnicalCase):
    """Step 3: days at best, most likely and at worst; their mean, and what it says of risks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls._add_item("Survey", 3)

    def _add_points(self, low, likely, high, role=0, **values):
        return self.estimate.env["quote.estimate.workload"].create(
            {
                "estimate_id": self.estimate.id,
                "item_id": self.task.id,
                "role_id": self.roles[role].id,
                "days_low": low,
                "days_likely": likely,
                "days_high": high,
                **values,
            }
        )

    def _get_points(self, row):
        return (row.days_low, row.days_likely, row.days_high)

    # === DAYS === #

    def test_days_are_the_mean_of_the_three_points(self):
        row = self._add_points(2, 3, 6)
        self.assertEqual((row.days, row.cost), (3.33, 1332))
        row.days_high = 10
        self.assertEqual((row.days, row.cost), (4, 1600))
        self.assertEqual(self.estimate.total_days, 4)

    def test_points_come_before_days_given_with_them(self):
        row = self._add_points(2, 3, 6, days=50)
        self.assertEqual(row.days, 3.33)
        row.write({"days": 50, "days_low": 0, "days_likely": 0, "days_high": 6})
        self.assertEqual(row.days, 1)

    def test_days_typed_as_they_are_take_the_points_away(self):
        row = self._add_points(2, 3, 6)
        row.days = 5
        self.assertEqual((row.days, *self._get_points(row)), (5, 0, 0, 0))
        self.assertFalse(self.estimate.has_three_point)

    def test_taking_the_points_away_leaves_the_days(self):
        row = self._add_points(2, 3, 6)
        row.write({"days_low": 0, "days_likely": 0, "days_high": 0})
        self.assertEqual(row.days, 3.33)

    def test_days_without_points_are_as_typed(self):
        row = self._add_workload(self.task, self.roles[0], 2.5)
        self.assertEqual((row.days, *self._get_points(row)), (2.5, 0, 0, 0))

    def test_editor_reads_and_writes_points(self):
        row = self._add_points(2, 3, 6)
        [cell] = self.estimate.get_editor_data()["workload"]
        names = ("days", "days_low", "days_likely", "days_high")
        self.assertEqual([cell[name] for name in names], [3.33, 2, 3, 6])

        def apply(vals):
            command = {"op": "workload", "item": self.task.id, "role": self.roles[0].id}
            revision = self.estimate.get_editor_data()["revision"]
            answer = self.estimate.apply_plan([{**command, "vals": vals}], revision)
            return [answer["workload"][0][name] for name in names]

        points = {"days_low": 1, "days_likely": 2, "days_high": 9}
        self.assertEqual(apply(points), [3, 1, 2, 9])
        self.assertEqual(apply({"days": 4}), [4, 0, 0, 0])
        self.assertEqual(apply(points), [3, 1, 2, 9])
        self.assertEqual(apply(dict.fromkeys(points, 0)), [0, 0, 0, 0])
        self.assertFalse(row.exists())

    def test_points_are_in_order(self):
        for points in ((3, 2, 6), (2, 7, 6), (2, 0, 0), (0, 3, 0)):
            with (
                self.subTest(points=points),
                self._assert_refused(ValidationError, "Survey, .*at best .* come first"),
            ):
                self._add_points(*points)
        row = self._add_points(2, 3, 6)
        with self._assert_refused(ValidationError, "come first"):
            row.days_low = 4

    @mute_logger("odoo.sql_db")
    def test_points_are_within_what_a_project_can_take(self):
        for points in ((-1, 2, 3), (1, 2, 100000)):
            with self.subTest(points=points), self.assertRaises(IntegrityError):
                with self.cr.savepoint():
                    self._add_points(*points)

    # === CONTINGENCY === #

    def test_contingency_follows_from_the_spread(self):
        """z(80 %) x sqrt((1 x 400)^2 + (0.5 x 450)^2) over a cost of 1332 + 1350."""
        self.assertEqual(self.estimate.suggested_contingency_percent, 0)
        self._add_points(0, 3, 8, role=0)
        self._add_points(1.5, 3, 4.5, role=1)
        self.estimate.contingency_percent = 50
        spread = ((8 / 6 * 400) ** 2 + (0.5 * 450) ** 2) ** 0.5
        base = self.estimate.workload_cost
        self.assertEqual(base, 3.33 * 400 + 3 * 450)
        self.assertAlmostEqual(self.estimate.workload_spread, spread, 2)
        self.assertAlmostEqual(
            self.estimate.suggested_contingency_percent, 84.1621 * spread / base, 2
        )
        self.estimate.contingency_confidence = "95"
        self.assertAlmostEqual(
            self.estimate.suggested_contingency_percent, 164.4854 * spread / base, 2
        )

    def test_suggestion_stays_within_the_field(self):
        self._add_points(0, 0, 60)
        self.estimate.contingency_confidence = "99"
        self.assertEqual(self.estimate.suggested_contingency_percent, 100)

    def test_suggestion_is_taken_over(self):
        self._add_points(0, 3, 8)
        suggested = self.estimate.suggested_contingency_percent
        self.assertTrue(suggested)
        self.estimate.action_apply_suggested_contingency()
        self.assertEqual(self.estimate.contingency_percent, suggested)
        self.assertEqual(self.estimate.suggested_contingency_percent, suggested)

    # === RIGHTS === #

    def test_contributor_estimates_in_three_points(self):
        self.estimate.contributor_ids = self.other_project_manager
        row = self._add_points(2, 3, 6)
        row.with_user(self.other_project_manager).days_high = 10
        with self.assertRaises(AccessError):
            self.estimate.with_user(self.other_project_manager).action_apply_suggested_contingency()
        self.estimate.action_apply_suggested_contingency()
        self.assertTrue(self.estimate.contingency_percent)

    def test_readers_and_strangers_change_nothing(self):
        row = self._add_points(2, 3, 6)
        for user in (self.salesperson, self.other_project_manager, self.stranger):
            for change in (
                lambda user=user: row.with_user(user).write({"days_high": 9}),
                lambda user=user: self.estimate.with_user(user).write(
                    {"contingency_confidence": "95"}
                ),
                self.estimate.with_user(user).action_apply_suggested_contingency,
            ):
                with self.subTest(user=user.name), self.assertRaises(AccessError):
                    change()
        self.assertEqual(self._get_points(row), (2, 3, 6))

    def test_closed_part_takes_no_suggestion(self):
        self._add_points(2, 3, 6)
        self.estimate.action_ready()
        for change in (
            self.estimate.action_apply_suggested_contingency,
            lambda: self.estimate.write({"contingency_confidence": "95"}),
            lambda: self.estimate.workload_ids.write({"days_high": 9}),
        ):
            with self._assert_refused(UserError, "Reopen"):
                change()

    # === VERSIONS === #

    def test_new_version_keeps_the_points_and_the_confidence(self):
        self._add_points(2, 3, 6)
        self.estimate.contingency_confidence = "95"
        new_order = self._create_quote()
        new_order.sudo().estimate_id.unlink()
        copy = self.estimate.sudo()._copy_for_version(new_order.sudo())[0]
        self.assertEqual(self._get_points(copy.workload_ids), (2, 3, 6))
        self.assertEqual(copy.workload_ids.days, 3.33)
        self.assertEqual(copy.contingency_confidence, "95")
