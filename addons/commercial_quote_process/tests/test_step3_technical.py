from contextlib import contextmanager
from datetime import date, datetime

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import QuoteProcessCase


class TechnicalCase(QuoteProcessCase):
    """A quote at the technical step, its estimate in the hands of its project manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("technical", technical_deadline="2031-06-16")
        cls.estimate = cls.order.sudo().estimate_id.with_user(cls.project_manager)

    @classmethod
    def _add_item(cls, name, duration=0, after=(), **values):
        return cls.estimate.env["quote.estimate.item"].create(
            {
                "estimate_id": cls.estimate.id,
                "name": name,
                "duration": duration,
                "depend_on_ids": [Command.set([item.id for item in after])],
                **values,
            }
        )

    @classmethod
    def _add_workload(cls, item, role, days):
        return cls.estimate.env["quote.estimate.workload"].create(
            {"estimate_id": cls.estimate.id, "item_id": item.id, "role_id": role.id, "days": days}
        )

    @contextmanager
    def _assert_refused(self, exception, message):
        """Check that the block is refused with a message, and take back what it did."""
        with self.assertRaisesRegex(exception, message), self.cr.savepoint():
            yield

    def _get_days(self, items):
        return [(item.start_day, item.end_day) for item in items]


@tagged("post_install", "-at_install")
class TestPlan(TechnicalCase):
    """Step 3: phases, tasks, milestones and deliverables, placed in working days and dates."""

    def test_plan_is_placed_when_it_is_saved(self):
        items = self._fill_estimate(self.order)
        names = ["design", "survey", "model", "approved", "build", "portal", "site"]
        self.assertEqual(
            self._get_days(items[name] for name in names),
            [(0, 8), (0, 3), (3, 8), (8, 8), (8, 18), (8, 18), (18, 18)],
        )
        self.assertEqual(self.estimate.plan_length, 18)
        self.assertTrue(all(items[name].is_critical for name in ("survey", "model", "portal")))

    def test_successors_move_with_a_task(self):
        items = self._fill_estimate(self.order)
        items["survey"].duration = 4.5
        self.assertEqual(items["portal"].start_day, 9.5)
        items["survey"].not_before = 10
        self.assertEqual(items["portal"].start_day, 19.5)
        items["model"].depend_on_ids = False
        self.assertEqual(self._get_days([items["model"], items["portal"]]), [(0, 5), (5, 15)])

    def test_slack_says_how_late_a_task_may_be(self):
        long = self._add_item("Build", 10)
        short = self._add_item("Translate", 4)
        self._add_item("Publish", 1, after=[long, short])
        self.assertEqual((short.slack, short.is_critical), (6, False))
        self.assertEqual((long.slack, long.is_critical), (0, True))

    def test_waiting_for_a_phase_is_waiting_for_all_of_it(self):
        phase = self._add_item("Design", kind="phase")
        self._add_item("Drawings", 6, parent_id=phase.id)
        self._add_item("Texts", 2, parent_id=phase.id)
        build = self._add_item("Build", 1, after=[phase])
        self.assertEqual(build.start_day, 6)

    def test_deleting_a_phase_takes_what_is_inside_and_its_days(self):
        items = self._fill_estimate(self.order)
        items["build"].unlink()
        self.assertFalse(items["portal"].exists())
        self.assertEqual(self.estimate.total_days, 8)
        self.assertEqual(self.estimate.plan_length, 8)

    def test_rows_of_a_phase_follow_it(self):
        design = self._add_item("Design", kind="phase")
        build = self._add_item("Build", kind="phase")
        drawings = self._add_item("Drawings", 1, parent_id=design.id)
        self.assertEqual(self.estimate.item_ids, design | drawings | build)
        self.assertEqual(self.estimate.item_ids.ids, [design.id, drawings.id, build.id])

    # === DATES === #

    def test_plan_without_a_start_counts_from_t0(self):
        items = self._fill_estimate(self.order)
        self.assertFalse(items["portal"].start_date)
        self.assertFalse(self.estimate.planned_end)

    def test_dates_skip_weekends_and_public_holidays(self):
        items = self._fill_estimate(self.order)
        calendar_sudo = self.estimate.sudo().calendar_id
        calendar_sudo.tz = "Europe/Paris"
        # Whole days in Paris, which start the evening before in UTC; and one morning only.
        self.env["resource.calendar.leaves"].create(
            [
                {
                    "name": "Ascension",
                    "calendar_id": calendar_sudo.id,
                    "date_from": datetime(2031, 5, 21, 22),
                    "date_to": datetime(2031, 5, 22, 21, 59, 59),
                },
                {
                    "name": "Medical visits",
                    "calendar_id": calendar_sudo.id,
                    "date_from": datetime(2031, 5, 23, 6),
                    "date_to": datetime(2031, 5, 23, 10),
                },
            ]
        )
        self.estimate.planned_start = "2031-05-19"
        survey, model, approved = items["survey"], items["model"], items["approved"]
        self.assertEqual(
            (survey.start_date, survey.end_date), (date(2031, 5, 19), date(2031, 5, 21))
        )
        self.assertEqual((model.start_date, model.end_date), (date(2031, 5, 23), date(2031, 5, 29)))
        self.assertEqual((approved.start_date, approved.end_date), (date(2031, 5, 29),) * 2)
        self.assertEqual(self.estimate.planned_end, date(2031, 6, 12))

    def test_not_before_a_date_counts_once_the_start_is_known(self):
        kickoff = self._add_item("Kick-off", 1)
        visit = self._add_item("Visit", 1, not_before_date="2031-05-28")
        self.assertEqual(visit.start_day, 0)
        plan = {row["item"]: row for row in self.estimate._get_plan(date(2031, 5, 19))}
        self.assertEqual(plan[visit]["start_date"], date(2031, 5, 28))
        self.assertEqual(plan[kickoff]["start_date"], date(2031, 5, 19))
        self.estimate.planned_start = "2031-05-26"
        self.assertEqual((visit.start_day, visit.start_date), (2, date(2031, 5, 28)))

    def test_gantt_is_drawn_from_the_plan(self):
        self._fill_estimate(self.order)
        drawing = str(self.estimate.gantt_svg)
        for text in ("<svg", "Publication portal", ">W2<", "Critical path", "Deliverable"):
            self.assertIn(text, drawing)
        self.assertNotIn("Not worked", drawing, "the legend explains what is there")
        self.estimate.planned_start = "2031-05-19"
        drawing = str(self.estimate.gantt_svg)
        # The second milestone of the plan is on Friday the 29th, and weekends are shaded.
        for text in (">19 May<", ">May 2031<", ">28 May<", "Not worked"):
            self.assertIn(text, drawing)

    def test_gantt_of_another_start_places_what_waits_for_a_date(self):
        self._add_item("Visit", 1, not_before_date="2031-05-28")
        done = self._add_item("Seen", kind="milestone", after=self.estimate.item_ids)
        self.assertEqual(done.end_day, 1)
        self.assertIn(">28 May<", str(self.estimate._draw_plan(start=date(2031, 5, 19))))

    # === WHAT A PLAN CANNOT BE === #

    def test_circle_is_refused_with_the_names_of_its_items(self):
        items = self._fill_estimate(self.order)
        with self._assert_refused(ValidationError, "“Survey” → “Data model” → .*“Survey”"):
            items["survey"].depend_on_ids = items["portal"]

    def test_item_waits_neither_for_itself_nor_for_its_own_phase(self):
        items = self._fill_estimate(self.order)
        with self._assert_refused(ValidationError, "Survey"):
            items["survey"].depend_on_ids = items["survey"]
        with self._assert_refused(ValidationError, "Survey"):
            items["survey"].depend_on_ids = items["design"]

    def test_phases_hold_items_and_nothing_else_does(self):
        items = self._fill_estimate(self.order)
        with self._assert_refused(ValidationError, "circle"):
            items["design"].parent_id = items["design"]
        with (
            self._assert_refused(ValidationError, "cannot be inside"),
            self.env.cr.savepoint(),
        ):
            items["model"].parent_id = items["survey"]
        with self._assert_refused(ValidationError, "stays a phase"), self.env.cr.savepoint():
            items["design"].kind = "task"
        with self._assert_refused(ValidationError, "stays a task"):
            items["survey"].kind = "milestone"

    def test_durations_are_sensible_numbers(self):
        for duration in (-1, 10000):
            with (
                self.subTest(duration=duration),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
            ):
                self._add_item("Slip", duration)
                self.env.flush_all()

    def test_rows_do_not_link_to_another_estimate(self):
        other = self._create_quote_at("technical").sudo().estimate_id
        foreign = (
            other.with_user(self.project_manager)
            .env["quote.estimate.item"]
            .create({"estimate_id": other.id, "name": "Elsewhere", "kind": "phase"})
        )
        item = self._add_item("Here", 1)
        with self.assertRaises(ValidationError):
            item.depend_on_ids = foreign
        with self.assertRaises(ValidationError):
            item.parent_id = foreign
        with self.assertRaises(ValidationError):
            self.estimate.cost_ids = [
                Command.create({"name": "Train", "item_id": foreign.id, "unit_cost": 1})
            ]
        with self.assertRaises(UserError):
            item.estimate_id = other

    # === COST IN QUERIES === #

    def _count_queries_of_a_move(self, size):
        tasks = self.estimate.env["quote.estimate.item"].create(
            [
                {"estimate_id": self.estimate.id, "name": f"Task {rank}", "duration": 1}
                for rank in range(size)
            ]
        )
        for before, after in zip(tasks, tasks[1:], strict=False):
            after.depend_on_ids = before
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.cr.sql_log_count
        tasks[0].duration = 3
        self.env.flush_all()
        queries = self.cr.sql_log_count - start
        self.assertEqual(tasks[-1].end_day, size + 2)
        tasks.unlink()
        return queries

    def test_moving_a_task_costs_the_same_in_a_long_plan(self):
        self._count_queries_of_a_move(3)
        self.assertLessEqual(self._count_queries_of_a_move(10), 25)
        self.assertLessEqual(self._count_queries_of_a_move(120), 25)


@tagged("post_install", "-at_install")
class TestWorkload(TechnicalCase):
    """Step 3: days by role at the rates of the day, other costs, totals to the cent."""

    @classmethod
    def _add_rate(cls, role, cost, **values):
        return cls.env["quote.role.rate"].create(
            {
                "role_id": role.id,
                "company_id": cls.company.id,
                "date_from": "2020-01-01",
                "daily_cost": cost,
                "daily_price": 2 * cost,
                **values,
            }
        )

    def test_totals_add_up_to_the_cent(self):
        self._fill_estimate(self.order)
        self.estimate.contingency_percent = 7.5
        estimate = self.estimate
        self.assertEqual(estimate.total_days, 22)
        # 3 x 400 + 5 x 450 + 12 x 350 + 2 x 400, then 4 x 125.
        self.assertEqual((estimate.workload_cost, estimate.other_cost), (8450, 500))
        self.assertEqual((estimate.contingency_amount, estimate.total_cost), (671.25, 9621.25))

    def test_rate_is_copied_and_stays(self):
        row = self._add_workload(self._add_item("Survey", 3), self.roles[0], 2)
        self.rates[0].daily_cost = 999
        self.assertEqual((row.daily_cost, row.cost), (400, 800))
        row.days = 3
        self.assertEqual(row.cost, 1200)

    def test_another_role_brings_its_own_rate(self):
        row = self._add_workload(self._add_item("Survey", 3), self.roles[0], 2)
        row.role_id = self.roles[1]
        self.assertEqual((row.daily_cost, row.cost), (450, 900))

    def test_rate_of_the_client_comes_first_then_the_latest(self):
        role = self.env["project.role"].create({"name": "Architect"})
        self._add_rate(role, 500, date_to="2024-12-31")
        self._add_rate(role, 520, date_from="2025-01-01")
        self._add_rate(role, 470, partner_id=self.client.id)
        self._add_rate(role, 999, partner_id=self.stranger.partner_id.id)
        rate_model = self.env["quote.role.rate"].with_user(self.project_manager)

        def get_cost(partner, day):
            rates_sudo = rate_model._get_rates(role, self.company, partner, Date.to_date(day))
            return rates_sudo[role].daily_cost if rates_sudo else None

        nobody = self.env["res.partner"]
        self.assertEqual(get_cost(self.client, "2026-01-01"), 470)
        self.assertEqual(get_cost(self.signer, "2026-01-01"), 470)
        self.assertEqual(get_cost(nobody, "2026-01-01"), 520)
        self.assertEqual(get_cost(nobody, "2024-12-31"), 500)
        self.assertIsNone(get_cost(nobody, "2019-12-31"))

    def test_rates_do_not_overlap(self):
        role = self.env["project.role"].create({"name": "Architect"})
        first = self._add_rate(role, 500, date_to="2024-12-31")
        self._add_rate(role, 520, date_from="2025-01-01")
        self._add_rate(role, 470, partner_id=self.client.id)
        for values in (
            {"date_from": "2024-12-31", "date_to": "2024-12-31"},
            {"date_from": "2019-01-01"},
            {"date_from": "2030-01-01"},
        ):
            with (
                self.subTest(values=values),
                self._assert_refused(ValidationError, "Architect.*all customers"),
            ):
                self._add_rate(role, 1, **values)
        with self.assertRaises(ValidationError):
            first.date_to = "2025-01-01"

    def test_role_without_a_rate_is_named_and_holds_the_estimate_back(self):
        self._fill_estimate(self.order)
        role = self.env["project.role"].create({"name": "Archivist"})
        item = self.estimate.item_ids.filtered(lambda i: i.name == "Survey")
        row = self._add_workload(item, role, 2)
        self.assertTrue(row.rate_missing)
        with self._assert_refused(UserError, "Archivist"):
            self.estimate.action_ready()
        self.assertEqual(self.order.quote_step, "technical")
        self._add_rate(role, 300)
        self.estimate.action_ready()
        self.assertEqual((row.cost, row.rate_missing), (600, False))

    @mute_logger("odoo.sql_db")
    def test_one_row_per_task_and_role(self):
        item = self._add_item("Survey", 3)
        self._add_workload(item, self.roles[0], 2)
        with self.assertRaises(IntegrityError):
            self._add_workload(item, self.roles[0], 1)
            self.env.flush_all()

    def test_days_are_on_tasks(self):
        for kind in ("phase", "milestone", "deliverable"):
            item = self._add_item("Somewhere", kind=kind)
            with (
                self.subTest(kind=kind),
                self._assert_refused(ValidationError, "Somewhere"),
            ):
                self._add_workload(item, self.roles[0], 1)

    def test_sales_rates_are_hidden_unless_the_company_shows_them(self):
        row = self._add_workload(self._add_item("Survey", 3), self.roles[0], 2)
        self.assertEqual(row.with_user(self.salesperson).price, 1600)
        rate = self.rates[0].with_user(self.project_manager)
        self.assertEqual(rate.daily_cost, 400)
        for record, name in ((row, "daily_price"), (row, "price"), (rate, "daily_price")):
            with self.subTest(field=name), self.assertRaises(AccessError):
                record.read([name])
        with self.assertRaises(AccessError):
            rate.search([("daily_price", ">", 0)])
        self.env["res.config.settings"].create({"group_quote_sales_rates": True}).execute()
        self.assertEqual(row.read(["price"])[0]["price"], 1600)

    def test_project_managers_do_not_write_the_rate_card(self):
        with self.assertRaises(AccessError):
            self.rates[0].with_user(self.project_manager).daily_cost = 1
        self.rates[0].with_user(self.operational_approver).daily_cost = 410
        self.rates[0].with_user(self.sales_manager).daily_cost = 420

    def test_new_version_keeps_plan_links_and_rates(self):
        items = self._fill_estimate(self.order)
        self.rates.write({"daily_cost": 1.0})
        new_order = self._create_quote()
        new_order.sudo().estimate_id.unlink()
        copy, mapping = self.estimate.sudo()._copy_for_version(new_order.sudo())
        self.assertEqual(set(mapping), set(self.estimate.item_ids.ids))
        copied = copy.item_ids.browse(mapping[items["portal"].id])
        self.assertEqual(copied.depend_on_ids.ids, [mapping[items["model"].id]])
        self.assertEqual(copied.parent_id.id, mapping[items["build"].id])
        for name in ("plan_length", "total_days", "total_cost", "technical_content"):
            self.assertEqual(copy[name], self.estimate[name], name)
        self.assertEqual(
            self._get_days(copy.item_ids._sorted_as_tree()),
            self._get_days(self.estimate.item_ids._sorted_as_tree()),
        )


@tagged("post_install", "-at_install")
class TestHandOver(TechnicalCase):
    """Step 3: from the salesperson to the project manager and back."""

    def test_project_manager_is_called_with_a_deadline(self):
        activity = self.estimate.activity_ids
        self.assertEqual(activity.user_id, self.project_manager)
        self.assertEqual(activity.date_deadline, date(2031, 6, 16))
        self.assertEqual(self.estimate.deadline, date(2031, 6, 16))
        self.order.technical_deadline = "2031-06-20"
        self.assertEqual(activity.date_deadline, date(2031, 6, 20))

    def test_ready_hands_over_to_the_salesperson(self):
        self.estimate.action_start()
        self.assertEqual(self.estimate.state, "in_progress")
        self._fill_estimate(self.order)
        self.estimate.action_ready()
        self.assertEqual(self.estimate.state, "ready")
        self.assertEqual(
            (self.order.quote_step, self.order.quote_turn), ("financial", "salesperson")
        )
        self.assertFalse(self.estimate.activity_ids)
        self.assertEqual(self.order.activity_ids.user_id, self.salesperson)
        self.assertEqual(self.order.quote_step_log_ids[0].user_id, self.project_manager)

    def test_unfinished_part_is_refused_with_what_is_missing(self):
        with self._assert_refused(UserError, "plan of .* is empty"):
            self.estimate.action_ready()
        self._add_item("Design", kind="phase")
        with self._assert_refused(UserError, "plan of .* is empty"):
            self.estimate.action_ready()
        task = self._add_item("Survey")
        with self._assert_refused(UserError, "“Survey” has no duration"):
            self.estimate.action_ready()
        task.duration = 2
        with self._assert_refused(UserError, "Nobody works"):
            self.estimate.action_ready()
        self._add_workload(task, self.roles[0], 1)
        self.assertTrue(self.estimate.action_ready())

    def test_finished_part_is_closed_until_it_is_reopened(self):
        items = self._fill_estimate(self.order)
        self.estimate.action_ready()
        for change in (
            lambda: items["survey"].write({"duration": 9}),
            lambda: items["survey"].unlink(),
            lambda: self._add_item("One more", 1),
            lambda: self.estimate.write({"technical_content": "<p>New</p>"}),
            lambda: self.estimate.workload_ids[0].write({"days": 9}),
            lambda: self.estimate.cost_ids.unlink(),
        ):
            with self._assert_refused(UserError, "Reopen"):
                change()
        self.assertFalse(self.estimate.is_editable)
        self.estimate.with_user(self.salesperson).action_reopen("Add the maps")
        self.assertEqual((self.order.quote_step, self.estimate.state), ("technical", "in_progress"))
        self.assertEqual(self.order.quote_step_log_ids[0].reason, "Add the maps")
        self.assertEqual(self.estimate.activity_ids.user_id, self.project_manager)
        items["survey"].duration = 9

    def test_project_manager_reopens_with_a_reason(self):
        self._fill_estimate(self.order)
        self.estimate.action_ready()
        for reason in ("", "  ", False, None, {"a": 1}):
            with self.subTest(reason=reason), self.assertRaises(UserError):
                self.estimate.action_reopen(reason)
        self.estimate.action_reopen("I forgot the tests")
        self.assertEqual(self.order.quote_step, "technical")

    def test_nobody_else_reopens(self):
        self._fill_estimate(self.order)
        self.estimate.action_ready()
        for user in (self.other_salesperson, self.other_project_manager, self.stranger):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.estimate.with_user(user).action_reopen("Because")
        self.assertEqual(self.order.quote_step, "financial")

    def test_question_goes_back_to_the_salesperson(self):
        wizard = self.estimate.env["quote.estimate.reason"].create(
            {
                "estimate_id": self.estimate.id,
                "move": "send_back",
                "reason": "How many boxes are there?",
            }
        )
        wizard.action_apply()
        self.assertEqual((self.order.quote_step, self.order.quote_turn), ("scope", "salesperson"))
        self.assertEqual(self.order.quote_step_log_ids[0].reason, "How many boxes are there?")
        self.assertIn("How many boxes", str(self.order.activity_ids.note))
        self.assertFalse(self.estimate.activity_ids)
        self.order.action_start_technical()
        self.assertEqual(self.estimate.activity_ids.user_id, self.project_manager)

    def test_each_move_is_made_at_its_step_only(self):
        with self.assertRaises(UserError):
            self.estimate.action_reopen("Nothing to reopen")
        self._fill_estimate(self.order)
        self.estimate.action_ready()
        with self.assertRaises(UserError):
            self.estimate.action_ready()
        with self.assertRaises(UserError):
            self.estimate.action_send_back("Too late?")

    def test_salesperson_does_not_finish_the_technical_part(self):
        self._fill_estimate(self.order)
        for user in (self.salesperson, self.sales_manager, self.commercial_approver):
            with self.subTest(user=user.name):
                with self.assertRaises(AccessError):
                    self.estimate.with_user(user).action_ready()
                with self.assertRaises(AccessError):
                    self.estimate.with_user(user).action_start()
                with self.assertRaises(AccessError):
                    self.estimate.with_user(user).action_send_back("Why?")

    def test_closed_part_is_not_started(self):
        self.order.sudo()._move_to_step("financial")
        with self._assert_refused(UserError, "finished"):
            self.estimate.action_start()
        self.assertEqual(self.estimate.state, "todo")

    def test_deleting_a_draft_leaves_nothing_of_its_technical_part(self):
        self._fill_estimate(self.order)
        estimate_id, message_ids = self.estimate.id, self.estimate.message_ids.ids
        self.order.with_user(self.sales_manager).unlink()
        self.assertFalse(self.estimate.exists())
        self.assertFalse(self.env["mail.message"].browse(message_ids).exists())
        self.assertFalse(
            self.env["mail.activity"].search(
                [("res_model", "=", "quote.estimate"), ("res_id", "=", estimate_id)]
            )
        )

    def test_new_project_manager_takes_over(self):
        self.order.project_manager_id = self.other_project_manager
        self.assertEqual(self.estimate.sudo().activity_ids.user_id, self.other_project_manager)
        with self.assertRaises(AccessError):
            self.estimate.read(["name"])
        self.estimate.with_user(self.other_project_manager).action_start()
        self.order.project_manager_id = False
        self.assertFalse(self.estimate.sudo().activity_ids)

    def test_changes_move_the_revision_of_the_quote(self):
        revision = self.order.content_revision
        item = self._add_item("Survey", 1)
        self.order.invalidate_recordset()
        self.assertGreater(self.order.content_revision, revision)
        for change in (
            lambda: item.write({"name": "Inventory"}),
            lambda: self._add_workload(item, self.roles[0], 1),
            lambda: self.estimate.write({"contingency_percent": 5}),
            item.unlink,
        ):
            revision = self.order.content_revision
            change()
            self.order.invalidate_recordset()
            self.assertGreater(self.order.content_revision, revision)


@tagged("post_install", "-at_install")
class TestTechnicalRights(TechnicalCase):
    """Step 3: a project manager works here without any sales right, and only here."""

    ROW_MODELS = ("quote.estimate.item", "quote.estimate.workload", "quote.estimate.cost")

    def test_project_manager_reads_what_is_needed_and_no_quote(self):
        with self.assertRaises(AccessError):
            self.order.with_user(self.project_manager).write({"client_order_ref": "X"})
        with self.assertRaises(AccessError):
            self.order.with_user(self.project_manager).read(["margin"])
        estimate = self.estimate
        self.assertEqual(estimate.name, self.order.name)
        self.assertEqual(estimate.partner_name, self.client.name)
        self.assertEqual(estimate.salesperson_name, self.salesperson.name)
        self.assertIn("digitise", estimate.scope_content)
        self.assertIn("Your turn", estimate.quote_turn_text)

    def test_project_manager_reads_the_specification_and_answers_it(self):
        lead = self.order.opportunity_id
        lead.specification_ids = [
            Command.create({"file": "VGV4dA==", "filename": "cahier.pdf", "version": "B"})
        ]
        lead.requirement_ids = [Command.create({"name": "Read old maps"})]
        self.assertEqual(self.estimate.specification_ids.filename, "cahier.pdf")
        self.assertTrue(self.estimate.specification_ids.read(["file"])[0]["file"])
        action = self.estimate.action_answer_requirements()
        requirement = (
            self.env[action["res_model"]].with_user(self.project_manager).search(action["domain"])
        )
        requirement.write({"compliance": "compliant", "comment": "In the survey"})
        self.assertEqual(lead.requirement_ids.compliance, "compliant")
        with self.assertRaises(AccessError):
            requirement.with_user(self.other_project_manager).compliance = "partial"
        with self.assertRaises(AccessError):
            self.estimate.specification_ids.with_user(self.other_project_manager).read(["file"])

    def test_people_without_a_part_see_nothing(self):
        self._fill_estimate(self.order)
        for user in (
            self.other_project_manager,
            self.other_salesperson,
            self.stranger,
            self.portal_user,
            self.env.ref("base.public_user"),
        ):
            for model in ("quote.estimate", *self.ROW_MODELS):
                records = self.estimate.with_user(user).env[model]
                ids = self.env[model].search([("id", ">", 0)]).ids
                with self.subTest(user=user.name, model=model), self.assertRaises(AccessError):
                    records.browse(ids).read([])

    def test_contributor_and_head_of_projects_write(self):
        self.estimate.contributor_ids = self.other_project_manager
        head = new_test_user(self.env, "cqp_head", "project.group_project_manager")
        for user in (self.other_project_manager, head):
            with self.subTest(user=user.name):
                item = (
                    self.estimate.with_user(user)
                    .env["quote.estimate.item"]
                    .create({"estimate_id": self.estimate.id, "name": "Survey", "duration": 1})
                )
                item.duration = 2
                item.unlink()
        self.estimate.contributor_ids = False
        with self.assertRaises(AccessError):
            self.estimate.with_user(self.other_project_manager).planned_start = "2031-01-01"

    def test_salesperson_reads_and_does_not_write(self):
        items = self._fill_estimate(self.order)
        estimate = self.estimate.with_user(self.salesperson)
        self.assertEqual(estimate.total_days, 22)
        self.assertEqual(len(estimate.item_ids.mapped("name")), 7)
        for change in (
            lambda: estimate.write({"technical_content": "<p>Mine</p>"}),
            lambda: items["survey"].with_user(self.salesperson).write({"duration": 1}),
            lambda: estimate.workload_ids[0].write({"days": 1}),
            lambda: estimate.cost_ids.unlink(),
        ):
            with self.assertRaises(AccessError):
                change()
        estimate.message_post(body="When can you have it?")

    def test_salesperson_who_manages_projects_writes_own_estimates_only(self):
        """Being a salesperson opens no estimate of somebody else's for writing."""
        for user in (self.salesperson, self.sales_manager):
            user.group_ids += self.env.ref("project.group_project_user")
            estimate = self.estimate.with_user(user)
            with self.subTest(user=user.name):
                self.assertTrue(estimate.read(["name"]))
                with self.assertRaises(AccessError):
                    estimate.technical_content = "<p>Mine</p>"
                with self.assertRaises(AccessError):
                    estimate.env["quote.estimate.item"].create(
                        {"estimate_id": estimate.id, "name": "Mine"}
                    )

    def test_what_follows_from_others_is_not_written_by_hand(self):
        items = self._fill_estimate(self.order)
        row, cost = self.estimate.workload_ids[0], self.estimate.cost_ids[0]
        for record, values in (
            (self.estimate, {"state": "ready"}),
            (self.estimate, {"order_id": self._create_quote().id}),
            (self.estimate, {"project_manager_id": self.other_project_manager.id}),
            (self.estimate, {"total_cost": 1}),
            (self.estimate, {"total_days": 1}),
            (self.estimate, {"contingency_amount": 1}),
            (self.estimate, {"quote_step": "scope"}),
            (items["survey"], {"start_day": 5}),
            (items["survey"], {"is_critical": False}),
            (items["survey"], {"company_id": self.company.id}),
            (row, {"daily_cost": 1}),
            (row, {"daily_price": 1}),
            (row, {"rate_missing": False}),
            (row, {"cost": 1}),
            (cost, {"cost": 1}),
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                record.write(values)
        with self.assertRaises(AccessError):
            self.estimate.create({"order_id": self.order.id})
        with self.assertRaises(AccessError):
            self.estimate.unlink()
        with self.assertRaises(AccessError):
            row.with_context(default_daily_cost=1).create(
                {
                    "estimate_id": self.estimate.id,
                    "item_id": items["model"].id,
                    "role_id": self.roles[2].id,
                    "days": 1,
                    "daily_cost": 1,
                }
            )

    def test_context_brings_neither_rate_nor_state(self):
        """Defaults of the context are the caller's: they are no way around the rate card."""
        item = self._add_item("Survey", 1)
        values = {
            "estimate_id": self.estimate.id,
            "item_id": item.id,
            "role_id": self.roles[0].id,
            "days": 1,
        }
        rows = self.estimate.env["quote.estimate.workload"]
        for name, value in (("daily_cost", 1), ("rate_missing", True), ("cost", 7)):
            with self.subTest(default=name), self.assertRaises(AccessError):
                rows.with_context(**{f"default_{name}": value}).create(values)
        self.assertEqual(rows.create(values).daily_cost, 400)

    def test_estimates_of_another_company_are_invisible(self):
        company = self.env["res.company"].create({"name": "Altea Conseil"})
        head = new_test_user(
            self.env,
            "cqp_far_head",
            "project.group_project_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self._fill_estimate(self.order)
        for model in ("quote.estimate", "quote.role.rate", *self.ROW_MODELS):
            with self.subTest(model=model):
                found = (
                    self.env[model].with_user(head).search([("company_id", "=", self.company.id)])
                )
                self.assertFalse(found)

    def test_texts_fetch_nothing_and_run_nothing(self):
        self.estimate.technical_content = (
            '<p style="position:fixed;color:red">How</p><script>alert(1)</script>'
            '<img src="http://tracker.example/x.png"><a href="javascript:alert(1)">x</a>'
        )
        text = str(self.estimate.technical_content)
        self.assertIn("How", text)
        for trap in ("position", "script", "tracker"):
            self.assertNotIn(trap, text)

    def test_gantt_runs_nothing(self):
        self._add_item("<script>alert(1)</script>", 1)
        self.assertNotIn("<script", str(self.estimate.gantt_svg))
