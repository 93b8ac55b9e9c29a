from ast import literal_eval

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import QuoteProcessCase

ROWS = ("item_ids", "workload_ids", "cost_ids")


class ReuseCase(QuoteProcessCase):
    """A past estimate with a plan, and a new one that starts from nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.past_order = cls._create_quote_at("technical")
        cls.items = cls._fill_estimate(cls.past_order)
        cls.past = cls.past_order.sudo().estimate_id.with_user(cls.project_manager)
        cls.order = cls._create_quote_at("technical")
        cls.estimate = cls.order.sudo().estimate_id.with_user(cls.project_manager)
        cls.product = cls.env.ref("commercial_quote_process.product_consulting_service")

    @classmethod
    def _save_template(cls, user=None, **values):
        user = user or cls.project_manager
        wizard = (
            cls.env["quote.estimate.save.template"]
            .with_user(user)
            .create({"source_id": cls.past.id, "name": "Archives", **values})
        )
        return cls.env["quote.estimate"].with_user(user).browse(wizard.action_save()["res_id"])

    def _open_insert(self, source, kind="template", user=None):
        return (
            self.env["quote.estimate.insert"]
            .with_user(user or self.project_manager)
            .create(
                {
                    "estimate_id": self.estimate.id,
                    "source_kind": kind,
                    "source_id": source.id,
                }
            )
        )


@tagged("post_install", "-at_install")
class TestTemplate(ReuseCase):
    """A template: an estimate of the company without a quote."""

    def test_template_is_a_copy_without_client_and_quote(self):
        template = self._save_template(product_ids=[Command.set(self.product.ids)])
        self.assertTrue(template.is_template)
        self.assertEqual(template.name, "Archives")
        self.assertFalse(template.order_id or template.partner_id or template.quote_step)
        self.assertEqual(template.company_id, self.company)
        self.assertEqual(template.create_uid, self.project_manager)
        self.assertEqual(template.product_ids, self.product)
        self.assertEqual(len(template.item_ids), 7)
        self.assertEqual(template.total_days, 22)
        self.assertEqual(template.cost_ids.name, "Visits")
        self.assertFalse(template.technical_content, "texts only when asked for")
        portal = template.item_ids.filtered(lambda item: item.name == "Publication portal")
        self.assertEqual(portal.depend_on_ids.name, "Data model")
        self.assertEqual(portal.start_day, 8)

    def test_parts_can_be_left_out(self):
        template = self._save_template(with_workload=False, with_costs=False, with_texts=True)
        self.assertTrue(template.item_ids)
        self.assertFalse(template.workload_ids or template.cost_ids)
        self.assertIn("archive server", template.technical_content)

    def test_template_is_edited_like_an_estimate(self):
        template = self._save_template()
        self.assertTrue(template.is_editable)
        data = template.get_editor_data()
        self.assertTrue(data["editable"])
        result = template.apply_plan(
            [{"op": "create", "key": "new_1", "vals": {"kind": "task", "name": "Train"}}],
            data["revision"],
        )
        self.assertEqual(result["revision"], data["revision"] + 1)
        self.assertIn("Train", template.item_ids.mapped("name"))
        self.assertTrue(template.apply_plan([], data["revision"])["stale"])
        template.item_ids[0].name = "Draw"
        self.assertGreater(template.get_editor_data()["revision"], result["revision"])

    def test_author_and_heads_of_projects_write_it_others_use_it(self):
        template = self._save_template()
        for user in (self.project_manager, self.head_of_projects):
            template.with_user(user).template_name = f"Archives of {user.name}"
            template.item_ids[0].with_user(user).name = "Draw"
        other = template.with_user(self.other_project_manager)
        self.assertTrue(other.read(["name", "total_days"]))
        self.assertFalse(other.is_editable)
        for rows in ROWS:
            self.assertTrue(other[rows].read(["display_name"]))
            with self.subTest(rows=rows), self.assertRaises(AccessError):
                other[rows][0].unlink()
        for write in (
            lambda: other.write({"template_name": "Mine"}),
            lambda: other.apply_plan([], other.get_editor_data()["revision"]),
            lambda: other.item_ids.create({"estimate_id": other.id, "name": "Mine"}),
            other.unlink,
        ):
            with self.assertRaises(AccessError):
                write()
        template.unlink()
        self.assertFalse(template.exists())

    def test_nobody_else_reaches_it(self):
        template = self._save_template()
        for user in (self.stranger, self.portal_user):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                template.with_user(user).read(["name"])
        company = self.env["res.company"].create({"name": "Altea Ireland"})
        foreigner = self._new_user("fiona", "Fiona Walsh", "project.group_project_manager")
        foreigner.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        self.assertNotIn(template, template.with_user(foreigner).search([]))
        with self.assertRaises(AccessError):
            template.with_user(foreigner).read(["name"])
        for rows in ROWS:
            with self.subTest(rows=rows), self.assertRaises(AccessError):
                template.with_user(foreigner).browse(template.id)[rows].read(["display_name"])
                template[rows].with_user(foreigner).read(["display_name"])

    def test_people_without_projects_save_no_template(self):
        for user in (self.salesperson, self.stranger):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._save_template(user=user)
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.env["quote.estimate"].with_user(user)._create_template("X")
        with self.assertRaises(AccessError):
            self._save_template(user=self.other_project_manager)
        with self.assertRaisesRegex(UserError, "name"):
            self._save_template(name="   ")

    # === WHAT A TEMPLATE IS NOT === #

    def test_nothing_turns_an_estimate_into_a_template_or_back(self):
        template = self._save_template()
        Estimate = template.browse()
        head = self.head_of_projects
        attacks = (
            lambda: self.estimate.write({"is_template": True}),
            lambda: self.estimate.with_user(head).write({"is_template": True, "order_id": False}),
            lambda: template.write({"order_id": self.order.id}),
            lambda: template.with_user(head).write({"is_template": False}),
            lambda: template.write({"company_id": self.company.id}),
            lambda: Estimate.create({"template_name": "X", "is_template": True}),
            lambda: Estimate.with_user(head).create({"template_name": "X"}),
            lambda: (
                Estimate.with_user(head)
                .with_context(default_is_template=True)
                .create({"template_name": "X"})
            ),
            lambda: Estimate.with_user(head).create({"order_id": self.order.id}),
            self.estimate.unlink,
            self.estimate.with_user(head).unlink,
            lambda: template.copy(),
        )
        for number, attack in enumerate(attacks):
            with self.subTest(attack=number), self.assertRaises(AccessError):
                attack()
        result = template.with_user(head).load(
            ["id", "is_template", "template_name"], [["x.new_template", "1", "Imported"]]
        )
        self.assertFalse(result["ids"])
        self.assertFalse(self.estimate.is_template)
        self.assertTrue(template.is_template)

    @mute_logger("odoo.sql_db")
    def test_database_knows_the_difference(self):
        for values in (
            {"is_template": True, "template_name": "X", "order_id": self.order.id},
            {"is_template": True, "template_name": ""},
            {"is_template": False},
        ):
            with self.subTest(values=values), self.assertRaises(IntegrityError):
                with self.cr.savepoint():
                    self.env["quote.estimate"].create(values)

    def test_template_takes_no_step_of_a_quote(self):
        template = self._save_template()
        for action in (
            template.action_start,
            template.action_ready,
            lambda: template.action_reopen("x"),
            lambda: template.action_send_back("x"),
        ):
            with self.assertRaisesRegex(UserError, "is a template"):
                action()
        self.assertFalse(template._get_content_orders())
        action = self.env.ref("commercial_quote_process.quote_estimate_action")
        found = template.search(literal_eval(action.domain))
        self.assertNotIn(template, found)


@tagged("post_install", "-at_install")
class TestInsert(ReuseCase):
    """A template, or a part of a past estimate, comes in at the rates of today."""

    def test_template_comes_with_workload_costs_and_texts(self):
        template = self._save_template(with_texts=True)
        wizard = self._open_insert(template)
        self.assertTrue(wizard.with_texts)
        self.assertEqual(len(wizard.line_ids), 7)
        wizard.action_apply()
        self.assertEqual(self.estimate.total_days, 22)
        self.assertEqual(self.estimate.plan_length, 18)
        self.assertEqual(self.estimate.cost_ids.name, "Visits")
        self.assertIn("archive server", self.estimate.technical_content)
        self.assertEqual(
            self.estimate.item_ids._sorted_as_tree().mapped("name"),
            self.past.item_ids._sorted_as_tree().mapped("name"),
        )
        message = self.estimate.message_ids[0].body
        self.assertIn("7 rows", message)

    def test_dialog_inserts_what_is_ticked(self):
        action = self.estimate.action_insert()
        wizard_model = self.env["quote.estimate.insert"].with_user(self.project_manager)
        form = Form(wizard_model.with_context(**action["context"]))
        form.source_id = self._save_template()
        with form.line_ids.edit(0) as line:
            line.is_selected = False
        form.save().action_apply()
        self.assertEqual(
            self.estimate.item_ids._sorted_as_tree().mapped("kind"),
            self.past.item_ids._sorted_as_tree()[4:].mapped("kind"),
        )
        self.assertEqual(self.estimate.total_days, 14)

    def test_texts_that_somebody_wrote_stay(self):
        self.estimate.technical_content = "<p>Ours</p>"
        self._open_insert(self._save_template(with_texts=True)).action_apply()
        self.assertIn("Ours", self.estimate.technical_content)
        self.assertIn("One consultant", self.estimate.organisation_content)

    def test_part_of_a_past_estimate_goes_after_a_phase(self):
        self._fill_estimate(self.order)
        first = self.estimate.item_ids._sorted_as_tree()[0]
        wizard = self._open_insert(self.past, "past")
        wizard.after_item_id = first
        design = wizard.line_ids.filtered(lambda line: line.name == "Design")
        design.is_selected = False
        wizard.action_apply()
        names = self.past.item_ids._sorted_as_tree().mapped("name")
        plan = self.estimate.item_ids._sorted_as_tree()
        self.assertEqual(names[4], "Build")
        self.assertEqual(plan.mapped("name"), names[:4] + names[4:] * 2)
        new = plan[4:7].filtered(lambda item: item.kind == "task")
        self.assertFalse(new.depend_on_ids, "what it waited for was left behind")
        self.assertEqual(new.days, 14)
        self.assertEqual(len(self.estimate.cost_ids), 1, "costs of the whole come with the whole")

    def test_days_get_todays_rates_for_this_client(self):
        self.rates[0].date_to = "2030-12-31"
        self.rates[0].copy(
            {
                "partner_id": self.client.id,
                "date_from": "2020-01-01",
                "date_to": False,
                "daily_cost": 500.0,
            }
        )
        wizard = self._open_insert(self.past, "past")
        self.assertIn("Consultant", wizard.rates_html)
        compared = self.estimate._compare_rates(self.past, self.past.workload_ids)
        self.assertEqual(
            [(row["role"], row["days"], row["old"], row["new"], row["effect"]) for row in compared],
            [
                ("Consultant", 5, 400, 500, 500),
                ("Developer", 12, 350, 350, 0),
                ("Engineer", 5, 450, 450, 0),
            ],
        )
        wizard.action_apply()
        consultant = self.estimate.workload_ids.filtered(lambda r: r.role_id == self.roles[0])
        self.assertEqual(set(consultant.mapped("daily_cost")), {500.0})
        self.assertEqual(set(self.past.workload_ids.mapped("daily_cost")), {400.0, 450.0, 350.0})

    def test_role_without_a_rate_is_named_and_marked(self):
        self.rates[2].unlink()
        wizard = self._open_insert(self.past, "past")
        self.assertIn("No valid rate", wizard.rates_html)
        wizard.action_apply()
        missing = self.estimate.workload_ids.filtered("rate_missing")
        self.assertEqual(missing.role_id, self.roles[2])

    def test_dates_of_another_project_are_left_behind(self):
        self.items["portal"].not_before_date = "2030-05-02"
        self.items["survey"].not_before = 2
        self._open_insert(self.past, "past").action_apply()
        self.assertFalse(any(self.estimate.item_ids.mapped("not_before_date")))
        self.assertEqual(max(self.estimate.item_ids.mapped("not_before")), 2)

    def test_lags_stay(self):
        self.env["quote.estimate.item"].browse(self.items["portal"].id)._link_all(
            {(self.items["portal"].id, self.items["model"].id): 3}
        )
        self._open_insert(self.past, "past").action_apply()
        portal = self.estimate.item_ids.filtered(lambda item: item.name == "Publication portal")
        self.assertEqual(portal.dependency_ids.lag, 3)
        self.assertEqual(portal.start_day, 11)

    def test_inserting_twice_makes_two_of_it(self):
        for _time in range(2):
            self._open_insert(self.past, "past").action_apply()
        self.assertEqual(len(self.estimate.item_ids), 14)
        self.assertEqual(self.estimate.total_days, 44)
        self.assertEqual(self.estimate.plan_length, 18)

    def test_sources_are_found_by_kind_client_and_service(self):
        template = self._save_template(product_ids=[Command.set(self.product.ids)])
        Estimate = self.env["quote.estimate"].with_user(self.project_manager)
        wizard = self._open_insert(template)
        self.assertEqual(Estimate.search(wizard.source_domain), template)
        wizard.product_id = self.env["product.product"].create({"name": "X", "type": "service"})
        self.assertFalse(Estimate.search(wizard.source_domain))
        wizard.write({"source_kind": "past", "product_id": False})
        self.assertEqual(Estimate.search(wizard.source_domain), self.past)
        wizard.partner_id = self.env["res.partner"].create({"name": "Somebody else"})
        self.assertFalse(Estimate.search(wizard.source_domain))
        wizard.write({"source_kind": "won", "partner_id": False})
        self.assertFalse(Estimate.search(wizard.source_domain))
        self.past_order.sudo()._gated().quote_step = "accepted"
        self.assertEqual(Estimate.search(wizard.source_domain), self.past)

    # === REFUSED === #

    def test_estimates_of_others_are_no_source(self):
        foreign_order = self._create_quote_at(
            "technical", project_manager_id=self.other_project_manager.id
        )
        foreign = foreign_order.sudo().estimate_id
        with self.assertRaises(AccessError):
            self.estimate._insert_items(
                foreign.with_user(self.project_manager), foreign.item_ids, parts=("workload",)
            )
        with self.assertRaisesRegex(UserError, "Choose a source"):
            self._open_insert(foreign, "past").action_apply()
        with self.assertRaises(AccessError):
            self.estimate._insert_items(self._save_template(), self.past.item_ids)

    def test_readers_and_closed_estimates_take_nothing(self):
        template = self._save_template()
        with self.assertRaises(AccessError):
            self._open_insert(template, user=self.other_project_manager).action_apply()
        with self.assertRaises(AccessError):
            self.estimate.with_user(self.salesperson).action_insert()
        wizard = self._open_insert(template)
        self.order.sudo()._gated().quote_step = "financial"
        with self.assertRaisesRegex(UserError, "Reopen the estimate"):
            wizard.action_apply()
        with self.assertRaisesRegex(UserError, "Reopen the estimate"):
            self.estimate.action_start_from_won()
        self.assertFalse(self.estimate.item_ids)

    def test_nothing_chosen_and_foreign_places_are_refused(self):
        wizard = self._open_insert(self.past, "past")
        wizard.line_ids.is_selected = False
        with self.assertRaisesRegex(UserError, "what to insert"):
            wizard.action_apply()
        wizard.line_ids.is_selected = True
        wizard.after_item_id = self.items["design"]
        with self.assertRaisesRegex(UserError, "phase of this estimate"):
            wizard.action_apply()

    def test_queries_do_not_grow_with_the_rows(self):
        def count(tasks):
            source = self._create_quote_at("technical").sudo().estimate_id
            source = source.with_user(self.project_manager)
            phase = source.item_ids.create({"estimate_id": source.id, "name": "P", "kind": "phase"})
            items = source.item_ids.create(
                [
                    {
                        "estimate_id": source.id,
                        "name": f"Task {number}",
                        "parent_id": phase.id,
                        "duration": 1,
                    }
                    for number in range(tasks)
                ]
            )
            source.workload_ids.create(
                [
                    {
                        "estimate_id": source.id,
                        "item_id": item.id,
                        "role_id": self.roles[0].id,
                        "days": 1,
                    }
                    for item in items
                ]
            )
            target = self._create_quote_at("technical").sudo().estimate_id
            target = target.with_user(self.project_manager)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            target._insert_items(source, source.item_ids)
            self.env.flush_all()
            self.assertEqual(target.total_days, tasks)
            return self.cr.sql_log_count - before

        count(2)
        few, many = count(5), count(120)
        self.assertLessEqual(many, few + 5, (few, many))


@tagged("post_install", "-at_install")
class TestOutlines(ReuseCase):
    """The texts of an estimate start from what the company always says."""

    def test_new_estimates_begin_with_the_outline(self):
        self.company.quote_technical_outline = (
            '<h3>Approach</h3><img src="http://other.example/x.png"/>'
        )
        order = self._create_quote_at("technical")
        self.assertIn("Approach", order.sudo().estimate_id.technical_content)
        self.assertNotIn("other.example", order.sudo().estimate_id.technical_content)
        self.assertFalse(order._get_client_text("technical_content"))
        order.sudo().estimate_id.technical_content = "<h3>Approach</h3><p>Step by step</p>"
        self.assertIn("Step by step", order._get_client_text("technical_content"))

    def test_versions_keep_their_own_texts(self):
        order = self._create_quote_at("sent")
        self.company.quote_technical_outline = "<p>New outline</p>"
        version = order._new_version("scope")
        self.assertIn("archive server", version.sudo().estimate_id.technical_content)

    def test_companies_come_with_short_outlines(self):
        company = self.env["res.company"].create({"name": "Altea Ireland"})
        self.assertIn("Approach", company.quote_technical_outline)
        self.assertIn("Team", company.quote_organisation_outline)
        company.quote_technical_outline = False
        self.assertFalse(company._prepare_outline_values()["technical_content"])
        self.company.write({"quote_technical_outline": False, "quote_organisation_outline": False})
        self.env["res.company"]._set_default_outlines()
        self.assertIn("Approach", self.company.quote_technical_outline)
