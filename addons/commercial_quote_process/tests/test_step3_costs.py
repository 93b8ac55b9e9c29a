from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .test_step3_technical import TechnicalCase


class CostCase(TechnicalCase):
    """A catalogue of reusable costs, beside an estimate at work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Costs of the demo data would be proposed as well.
        cls.env["quote.cost.unit"].search([]).active = False
        cls.train, cls.hotel, cls.meals, cls.scanner = cls.env["quote.cost.unit"].create(
            [
                cls._prepare_unit("Train", "return ticket", 118, travel_kind="transport"),
                cls._prepare_unit("Hotel", "night", 104.5, travel_kind="lodging"),
                cls._prepare_unit("Meals", "day", 38, travel_kind="allowance"),
                cls._prepare_unit("Scanner", "month", 1450, family="equipment"),
            ]
        )

    @classmethod
    def _prepare_unit(cls, name, unit, cost, **values):
        return {
            "name": name,
            "unit": unit,
            "unit_cost": cost,
            "company_id": cls.company.id,
            **values,
        }

    @classmethod
    def _add_cost(cls, **values):
        return cls.estimate.env["quote.estimate.cost"].create(
            {"estimate_id": cls.estimate.id, **values}
        )


@tagged("post_install", "-at_install")
class TestTotals(CostCase):
    """Step 3: workload, other costs, project management and contingency, each an amount."""

    def test_each_part_is_an_amount_of_its_own(self):
        self._fill_estimate(self.order)
        self.estimate.write({"overhead_percent": 8.25, "contingency_percent": 7.5})
        estimate = self.estimate
        self.assertEqual((estimate.workload_cost, estimate.other_cost), (8450, 500))
        # 8.25 % of 8450, to the cent; then 7.5 % of the three.
        self.assertEqual(estimate.overhead_amount, 697.13)
        self.assertEqual(estimate.contingency_amount, 723.53)
        self.assertAlmostEqual(estimate.total_cost, 8450 + 500 + 697.13 + 723.53)

    def test_new_estimates_start_with_the_percentages_of_the_company(self):
        self.company.write({"quote_overhead_percent": 12, "quote_contingency_percent": 5})
        estimate_sudo = self._create_quote().sudo().estimate_id
        self.assertEqual(
            (estimate_sudo.overhead_percent, estimate_sudo.contingency_percent), (12, 5)
        )

    def test_a_version_keeps_overhead_costs_and_units(self):
        self._fill_estimate(self.order)
        self.estimate.overhead_percent = 10
        self._add_cost(cost_unit_id=self.hotel.id, quantity=3, sequence=5)
        self.estimate.action_ready()
        self._price(self.order)
        self.order.action_request_validation()
        copy = self.order._new_version("price").sudo().estimate_id
        self.assertEqual(copy.overhead_percent, 10)
        self.assertEqual(copy.total_cost, self.estimate.total_cost)
        self.assertEqual(
            [(row.name, row.unit, row.cost_unit_id.name) for row in copy.cost_ids],
            [("Hotel", "night", "Hotel"), ("Visits", False, False)],
        )

    def test_overhead_is_part_of_what_was_approved(self):
        estimate_sudo = self._create_quote().sudo().estimate_id
        without = estimate_sudo.order_id._get_fingerprint()
        estimate_sudo.overhead_percent = 3
        changed = estimate_sudo.order_id._get_fingerprint()
        self.assertNotEqual(changed["cost"], without["cost"])
        self.assertEqual(changed["texts"], without["texts"])

    @mute_logger("odoo.sql_db")
    def test_percentages_are_percentages_and_amounts_are_not_typed(self):
        for percent in (-1, 101):
            with (
                self.subTest(percent=percent),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.estimate.overhead_percent = percent
                self.env.flush_all()
        with self.assertRaises(AccessError):
            self.estimate.write({"overhead_amount": 1})


@tagged("post_install", "-at_install")
class TestOtherCosts(CostCase):
    """Step 3: rows of other costs, filled from the catalogue or typed."""

    def test_reusable_cost_fills_the_row_and_is_copied(self):
        with Form(self.estimate) as form, form.cost_ids.new() as row:
            row.cost_unit_id = self.scanner
            self.assertEqual(
                (row.family, row.name, row.unit, row.unit_cost),
                ("equipment", "Scanner", "month", 1450),
            )
            row.quantity = 3
        cost = self.estimate.cost_ids
        self.scanner.write({"unit_cost": 9999, "name": "Robot"})
        self.assertEqual((cost.name, cost.unit_cost, cost.cost), ("Scanner", 1450, 4350))
        cost.quantity = 2
        self.assertEqual(cost.cost, 2900)

    def test_what_was_filled_can_be_typed_over(self):
        cost = self._add_cost(cost_unit_id=self.hotel.id, unit_cost=130, quantity=2)
        self.assertEqual((cost.name, cost.unit, cost.cost), ("Hotel", "night", 260))
        cost.cost_unit_id = False
        self.assertEqual((cost.name, cost.cost), ("Hotel", 260))

    def test_deleting_a_reusable_cost_leaves_the_rows(self):
        cost = self._add_cost(cost_unit_id=self.hotel.id)
        self.hotel.unlink()
        self.assertEqual((cost.exists().name, cost.cost), ("Hotel", 104.5))

    def test_subtotals_by_family_and_of_what_is_rebilled(self):
        self._add_cost(cost_unit_id=self.hotel.id, quantity=2)
        self._add_cost(cost_unit_id=self.scanner.id, is_rebilled=True)
        subtotals = {row["label"]: row["amount"] for row in self.estimate._get_cost_subtotals()}
        self.assertEqual(list(subtotals), ["Travel", "Equipment", "of which rebilled"])
        self.assertIn("209.00", subtotals["Travel"])
        self.assertIn("1,450.00", subtotals["of which rebilled"])
        self.assertIn("209.00", str(self.estimate.cost_subtotals))

    def test_several_costs_are_taken_from_the_catalogue_at_once(self):
        item = self._add_item("Digitise", 5)
        action = self.estimate.action_pick_costs()
        picks = self.estimate.env["quote.cost.pick"].with_context(**action["context"])
        with Form(picks) as form:
            form.cost_unit_ids.add(self.scanner)
            form.cost_unit_ids.add(self.hotel)
            form.item_id = item
        form.save().action_apply()
        rows = self.estimate.cost_ids.sorted("name")
        self.assertEqual(rows.mapped("name"), ["Hotel", "Scanner"])
        self.assertEqual((rows.item_id, sum(rows.mapped("cost"))), (item, 1554.5))

    def test_rows_stay_where_they_were_put(self):
        first = self._add_cost(name="First", unit_cost=1, sequence=2)
        second = self._add_cost(name="Second", unit_cost=1, sequence=1)
        self.estimate.invalidate_recordset(["cost_ids"])
        self.assertEqual(self.estimate.cost_ids.ids, [second.id, first.id])

    # === RIGHTS === #

    def test_catalogue_is_read_by_project_people_and_written_by_their_heads(self):
        catalogue = self.env["quote.cost.unit"]
        self.assertTrue(catalogue.with_user(self.project_manager).search_count([]))
        with self.assertRaises(AccessError):
            self.hotel.with_user(self.project_manager).unit_cost = 1
        with self.assertRaises(AccessError):
            catalogue.with_user(self.salesperson).search([])
        self.hotel.with_user(self.head_of_projects).unit_cost = 110
        self.assertEqual(self.hotel.unit_cost, 110)

    def test_cost_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Altea UK"})
        foreign = self.env["quote.cost.unit"].create(
            self._prepare_unit("Tube", "ticket", 3, company_id=other.id)
        )
        with self.assertRaises(UserError):
            self.env["quote.estimate.cost"].create(
                {"estimate_id": self.estimate.id, "cost_unit_id": foreign.id}
            )
        with self.assertRaises(AccessError):
            foreign.with_user(self.project_manager).read(["unit_cost"])

    def test_salesperson_reads_the_costs_of_an_estimate(self):
        self._add_cost(cost_unit_id=self.hotel.id)
        estimate = self.estimate.with_user(self.salesperson)
        with Form(estimate) as form:
            self.assertEqual(form.other_cost, 104.5)
        with self.assertRaises(AccessError):
            estimate.cost_ids.write({"unit_cost": 1})


@tagged("post_install", "-at_install")
class TestTravel(CostCase):
    """Step 3: people, trips and nights become rows of costs."""

    def _open_travel(self):
        action = self.estimate.action_add_travel()
        travels = self.estimate.env["quote.travel"].with_context(**action["context"])
        return Form(travels)

    def test_trips_become_one_row_per_kind(self):
        form = self._open_travel()
        self.assertEqual(form.transport_id, self.train)
        form.name = "Workshops"
        form.people = 2
        form.trips = 3
        form.nights = 2
        self.assertEqual(form.days, 3)
        # 2 x 3 trips; 2 x 3 x 2 nights; 2 x 3 x 3 days.
        self.assertEqual(
            (form.transport_total, form.lodging_total, form.allowance_total), (708, 1254, 684)
        )
        self.assertEqual(form.total, 2646)
        form.save().action_apply()
        self.assertEqual(
            [(row.name, row.quantity, row.unit, row.cost) for row in self.estimate.cost_ids],
            [
                ("Train, Workshops", 6, "return ticket", 708),
                ("Hotel, Workshops", 12, "night", 1254),
                ("Meals, Workshops", 18, "day", 684),
            ],
        )
        self.assertEqual(self.estimate.other_cost, 2646)

    def test_trip_without_the_catalogue_takes_typed_costs(self):
        (self.train | self.hotel | self.meals).active = False
        form = self._open_travel()
        form.name = "Kick-off"
        form.transport_cost = 42.5
        self.assertEqual((form.total, form.lodging_total), (42.5, 0))
        form.is_rebilled = True
        form.save().action_apply()
        cost = self.estimate.cost_ids
        self.assertEqual(
            (cost.name, cost.unit, cost.is_rebilled), ("Transport, Kick-off", "return trip", True)
        )

    def test_typed_cost_comes_before_the_catalogue(self):
        form = self._open_travel()
        form.name = "Audit"
        form.nights = 1
        form.lodging_cost = 200
        self.assertEqual(form.total, 118 + 200 + 2 * 38)
        form.save().action_apply()
        self.assertEqual(self.estimate.cost_ids.mapped("unit_cost"), [118, 200, 38])

    def test_trips_that_cost_nothing_are_refused(self):
        (self.train | self.hotel | self.meals).active = False
        form = self._open_travel()
        form.name = "Walk"
        with self._assert_refused(UserError, "what a trip"):
            form.save().action_apply()

    @mute_logger("odoo.sql_db")
    def test_numbers_are_sensible(self):
        for values in ({"people": 0}, {"trips": -1}, {"nights": 500}, {"lodging_cost": -1}):
            with (
                self.subTest(values=values),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.estimate.env["quote.travel"].create(
                    {"estimate_id": self.estimate.id, "name": "Visits", **values}
                )

    def test_travel_is_added_while_the_technical_part_is_open_by_its_people(self):
        order = self._create_quote_at("financial")
        estimate = order.sudo().estimate_id.with_user(self.project_manager)
        values = {"estimate_id": estimate.id, "name": "Late", "transport_cost": 10}
        wizard = estimate.env["quote.travel"].create(values)
        with self._assert_refused(UserError, "technical part"):
            wizard.action_apply()
        self.estimate.contributor_ids = [Command.clear()]
        stranger = self.other_project_manager
        values["estimate_id"] = self.estimate.id
        with self.assertRaises(AccessError):
            self.env["quote.travel"].with_user(stranger).create(values).action_apply()
        self.assertFalse(self.estimate.cost_ids)
