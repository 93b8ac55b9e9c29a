import csv

from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import file_open

from .test_step3_technical import TechnicalCase


@tagged("post_install", "-at_install")
class TestRates(TechnicalCase):
    """Step 3: an estimate takes the rates of its day, and moves to others only when it is asked."""

    @classmethod
    def _set_rates(cls, costs, **values):
        """Give the roles of the story other rates from a day on; earlier ones end before it."""
        start = Date.to_date(values.pop("date_from", "2026-01-01"))
        card = cls.env["quote.role.rate"].with_user(cls.operational_approver)
        for rate, cost in zip(cls.rates, costs, strict=True):
            if not values:
                rate.date_to = Date.subtract(start, days=1)
            card.create(
                {
                    "role_id": rate.role_id.id,
                    "company_id": cls.company.id,
                    "date_from": start,
                    "daily_cost": cost,
                    "daily_price": cost + 400,
                    **values,
                }
            )

    def _open_refresh(self, estimate=None, **values):
        estimate = estimate or self.estimate
        action = estimate.action_refresh_rates()
        form = Form(estimate.env["quote.rate.refresh"].with_context(**action["context"]))
        for name, value in values.items():
            form[name] = value
        return form

    # === THE DATE OF THE ESTIMATE === #

    def test_rows_take_the_rates_of_the_day_of_the_estimate(self):
        self._set_rates((500, 550, 450), date_from="2030-01-01")
        item = self._add_item("Survey", 3)
        self.assertEqual(self._add_workload(item, self.roles[0], 1).daily_cost, 400)
        self.estimate.rate_date = "2030-06-01"
        self.assertEqual(self._add_workload(item, self.roles[1], 1).daily_cost, 550)
        self.assertEqual(self.estimate.workload_ids[0].daily_cost, 400)

    def test_rows_of_an_estimate_without_a_day_take_the_rates_of_their_own(self):
        self._set_rates((500, 550, 450), date_from="2030-01-01")
        item = self._add_item("Survey", 3)
        with freeze_time("2031-05-05"):
            self.assertEqual(self._add_workload(item, self.roles[0], 1).daily_cost, 500)

    def test_contact_comes_before_client_before_company(self):
        item = self._add_item("Survey", 3)
        self._set_rates((380, 430, 330), partner_id=self.client.id)
        self.rates[0].copy({"partner_id": self.signer.id, "daily_cost": 370})
        self.assertEqual(self._add_workload(item, self.roles[0], 1).daily_cost, 380)
        order = self._create_quote_at("technical", partner_id=self.signer.id)
        estimate = order.sudo().estimate_id.with_user(self.project_manager)
        rates_sudo = estimate._get_role_rates(self.roles)
        self.assertEqual([rates_sudo[role].daily_cost for role in self.roles], [370, 430, 330])

    def test_a_version_keeps_the_rates_and_the_day(self):
        self.estimate.rate_date = "2025-06-01"
        self._fill_estimate(self.order)
        self.estimate.action_ready()
        self._price(self.order)
        self.order.action_request_validation()
        self._set_rates((500, 550, 450))
        version = self.order._new_version("price")
        copy = version.sudo().estimate_id
        self.assertEqual(copy.rate_date, Date.to_date("2025-06-01"))
        self.assertEqual(copy.total_cost, self.estimate.total_cost)

    # === REFRESH === #

    def test_refresh_shows_the_effect_then_applies_it(self):
        self._fill_estimate(self.order)
        self.estimate.write({"overhead_percent": 10, "contingency_percent": 5})
        self._set_rates((500, 450, 300))
        before = self.estimate.total_cost
        form = self._open_refresh()
        # Survey 3 days and portal 2 days at + 100, portal 12 days at - 50.
        self.assertEqual(form.workload_after - form.workload_before, 5 * 100 - 12 * 50)
        self.assertEqual((form.total_before, form.total_effect), (before, -115.5))
        self.assertFalse(form.warning)
        wizard = form.save()
        lines = wizard.line_ids
        self.assertEqual(lines.mapped("label"), ["Consultant", "Developer", "Engineer"])
        self.assertEqual(lines.mapped("is_changed"), [True, True, False])
        self.assertEqual(self.estimate.total_cost, before)
        wizard.action_apply()
        self.assertAlmostEqual(self.estimate.total_cost, form.total_after)
        self.assertFalse(self.estimate.rate_date)
        self.assertIn("the cost price goes from", self.estimate.message_ids[0].body)

    def test_refresh_to_a_day_makes_it_the_day_of_the_estimate(self):
        self._fill_estimate(self.order)
        self._set_rates((500, 550, 450), date_from="2030-01-01")
        self._open_refresh(date=Date.to_date("2030-02-01")).save().action_apply()
        self.assertEqual(self.estimate.rate_date, Date.to_date("2030-02-01"))
        self.assertEqual(self.estimate.workload_cost, 3 * 500 + 5 * 550 + 12 * 450 + 2 * 500)

    def test_role_whose_rate_has_ended_is_named_and_keeps_it(self):
        self._fill_estimate(self.order)
        cost = self.estimate.workload_cost
        self.rates[2].date_to = "2026-01-31"
        form = self._open_refresh()
        self.assertIn("Developer (rate ended on 01/31/2026)", form.warning)
        form.save().action_apply()
        self.assertEqual(self.estimate.workload_cost, cost)
        self.assertFalse(any(self.estimate.workload_ids.mapped("rate_missing")))

    def test_refresh_is_for_open_technical_parts_and_their_owners(self):
        order = self._create_quote_at("financial")
        estimate = order.sudo().estimate_id.with_user(self.project_manager)
        self._set_rates((500, 550, 450))
        wizard = self._open_refresh(estimate).save()
        with self._assert_refused(UserError, "Technical part|technical part"):
            wizard.action_apply()
        with self.assertRaises(AccessError):
            estimate.with_user(self.other_project_manager).action_refresh_rates()
        with self.assertRaises(AccessError):
            self.env["quote.rate.refresh"].with_user(self.other_project_manager).create(
                {"estimate_id": estimate.id}
            )
        self.assertEqual(estimate.workload_cost, 8450)

    def test_prices_of_the_refresh_are_hidden_from_project_managers(self):
        self._fill_estimate(self.order)
        wizard = self._open_refresh().save()
        with self.assertRaises(AccessError):
            wizard.line_ids.read(["new_price"])
        self.assertNotIn("new_price", wizard.line_ids.fields_get())

    def _count_refresh_queries(self, size):
        items = self.estimate.env["quote.estimate.item"].create(
            [
                {"estimate_id": self.estimate.id, "name": f"Task {rank}", "duration": 1}
                for rank in range(size)
            ]
        )
        self.estimate.env["quote.estimate.workload"].create(
            [
                {
                    "estimate_id": self.estimate.id,
                    "item_id": item.id,
                    "role_id": role.id,
                    "days": 1,
                }
                for item in items
                for role in self.roles
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.cr.sql_log_count
        self.estimate._refresh_rates(Date.to_date("2030-06-01"))
        self.env.flush_all()
        queries = self.cr.sql_log_count - start
        self.assertEqual(self.estimate.workload_cost, size * 1500)
        self.estimate.rate_date = False
        items.unlink()
        return queries

    def test_refresh_costs_the_same_for_a_long_estimate(self):
        self._set_rates((500, 550, 450), date_from="2030-01-01")
        self._count_refresh_queries(2)
        few = self._count_refresh_queries(5)
        # Odoo writes rows by hundreds: three hundred of them are two statements more.
        self.assertLessEqual(self._count_refresh_queries(100), few + 3)

    # === MISSING RATES === #

    def test_missing_rate_is_named_with_its_tasks_and_comes_when_the_card_is_completed(self):
        items = self._fill_estimate(self.order)
        role = self.env["project.role"].create({"name": "Archivist"})
        self._add_workload(items["survey"], role, 2)
        self._add_workload(items["portal"], role, 1)
        with self._assert_refused(UserError, r"Archivist \(Survey, Publication portal\)"):
            self.estimate.action_ready()
        self.env["quote.role.rate"].with_user(self.operational_approver).create(
            {"role_id": role.id, "daily_cost": 300, "daily_price": 600}
        )
        self.estimate.action_ready()
        self.assertEqual(self.estimate.workload_cost, 8450 + 900)

    # === THE CARD === #

    def test_rate_card_is_imported_and_exported_by_managers(self):
        self.operational_approver.group_ids += self.env.ref("base.group_allow_export")
        card = self.env["quote.role.rate"].with_user(self.operational_approver)
        self.env["project.role"].create([{"name": "Architect"}, {"name": "Designer"}])
        names = ["role_id", "partner_id", "date_from", "date_to", "daily_cost", "daily_price"]
        rows = [
            ["Architect", "", "2031-01-01", "2031-12-31", "610.50", "1200"],
            ["Designer", "Ville de Bressac", "2031-01-01", "", "420", "800"],
        ]
        result = card.load(names, rows)
        self.assertFalse(result["messages"])
        rates = card.browse(result["ids"])
        self.assertEqual(rates.mapped("daily_cost"), [610.5, 420])
        self.assertEqual(rates[1].partner_id, self.client)
        self.assertEqual(
            rates.export_data(["role_id/name"])["datas"], [["Architect"], ["Designer"]]
        )
        with self.assertRaises(AccessError):
            card.with_user(self.project_manager).create(
                {"role_id": self.roles[0].id, "date_from": "2040-01-01", "daily_cost": 1}
            )

    def test_import_templates_can_be_imported(self):
        self.env["project.role"].create({"name": "Template role"})
        for model, user in (
            ("quote.role.rate", self.operational_approver),
            ("quote.cost.unit", self.head_of_projects),
        ):
            records = self.env[model].with_user(user)
            template = records.get_import_templates()[0]["template"]
            with file_open(template.lstrip("/")) as file:
                names, *rows = csv.reader(file)
            rows = [["Template role" if cell == "Consultant" else cell for cell in rows[0]]]
            with self.subTest(model=model):
                result = records.load(names, rows)
                self.assertFalse(result["messages"])
                self.assertEqual(records.browse(result["ids"]).company_id, self.company)

    def test_import_that_overlaps_is_refused_as_a_whole(self):
        card = self.env["quote.role.rate"].with_user(self.operational_approver)
        rows = [
            ["Consultant", "2019-01-01", "2019-12-31", "1"],
            ["Consultant", "2026-01-01", "", "2"],
        ]
        result = card.load(["role_id", "date_from", "date_to", "daily_cost"], rows)
        self.assertFalse(result["ids"])
        self.assertIn("Consultant", result["messages"][0]["message"])
