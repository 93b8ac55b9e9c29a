import base64
import io

from openpyxl import Workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext

from .common import QuoteProcessCase


@tagged("post_install", "-at_install")
class TestTaskList(QuoteProcessCase):
    """Step 3: a plain list of tasks becomes a plan; its columns are named by a person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("technical")
        cls.estimate = cls.order.sudo().estimate_id.with_user(cls.project_manager)

    def _get_form(self, content=None, text=None, user=None):
        lists = self.env["quote.task.list"].with_user(user or self.project_manager)
        form = Form(lists.with_context(default_estimate_id=self.estimate.id))
        if content is not None:
            form.file = base64.b64encode(content)
        if text is not None:
            form.text = text
        return form

    def _get_file(self, rows):
        workbook = Workbook()
        for row in rows:
            workbook.active.append(row)
        file = io.BytesIO()
        workbook.save(file)
        return file.getvalue()

    def _get_targets(self, form):
        return [column["target"] for column in form.column_ids._records]

    def _get_items(self):
        return [
            (item.kind, item.name, item.parent_id.name, item.duration)
            for item in self.estimate.item_ids._sorted_as_tree()
        ]

    # === WHAT WORKS === #

    def test_a_spreadsheet_with_all_columns(self):
        rows = [
            ["N°", "Tâche", "Jours", "Lot", "Profil", "Après", "Remarque"],
            [1, "Récolement", 3, "Conception", "Consultant", None, "Sur site"],
            [2, "Modèle", 4.5, "Conception", "engineer", "1+2", None],
            [None, None, None, None, None, None, None],
            [3, "Portail", 10, "Réalisation", None, "Modèle; 1", None],
        ]
        form = self._get_form(self._get_file(rows))
        self.assertTrue(form.has_header)
        self.assertEqual(
            self._get_targets(form),
            ["number", "name", "duration", "phase", "role", "after", "description"],
        )
        self.assertIn("Récolement", form.preview)
        self.assertFalse(self.estimate.item_ids)
        form.save().action_apply()
        self.assertEqual(
            self._get_items(),
            [
                ("phase", "Conception", False, 0),
                ("task", "Récolement", "Conception", 3),
                ("task", "Modèle", "Conception", 4.5),
                ("phase", "Réalisation", False, 0),
                ("task", "Portail", "Réalisation", 10),
            ],
        )
        items = {item.name: item for item in self.estimate.item_ids}
        self.assertEqual(items["Modèle"]._get_lags(), {items["Récolement"].id: 2})
        self.assertEqual(items["Portail"].start_day, 9.5)
        self.assertEqual(items["Récolement"].description, "Sur site")
        rows = [(row.role_id, row.days) for row in self.estimate.workload_ids]
        self.assertEqual(rows, [(self.roles[0], 3), (self.roles[1], 4.5)])

    def test_a_csv_of_any_program(self):
        text = 'Task;Effort\nSurvey;2,5\n"Data; model";4\n'
        for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
            form = self._get_form(text.encode(encoding))
            with self.subTest(encoding=encoding):
                self.assertEqual(self._get_targets(form), ["name", "days"])
                self.assertIn("Data; model", form.preview)
        form.role_id = self.roles[2]
        form.save().action_apply()
        self.assertEqual(
            self._get_items(), [("task", "Survey", False, 2.5), ("task", "Data; model", False, 4)]
        )
        self.assertEqual(self.estimate.workload_ids.mapped("days"), [2.5, 4])
        self.assertEqual(self.estimate.workload_cost, 6.5 * 350)

    def test_a_paste(self):
        self._fill_estimate(self.order)
        form = self._get_form(text="Training\t2\tBuild\nHandover\t1\tClosing")
        self.assertFalse(form.has_header)
        self.assertEqual(self._get_targets(form), ["name", "duration", False])
        with form.column_ids.edit(2) as column:
            column.target = "phase"
        form.save().action_apply()
        tasks = self.estimate.item_ids.filtered(lambda i: i.name in ("Training", "Handover"))
        self.assertEqual(tasks.mapped("parent_id.name"), ["Build", "Closing"])
        self.assertEqual(len(self.estimate.item_ids), 10)

    def test_names_only(self):
        form = self._get_form(text="- Survey\n\n- Data model\n")
        form.save().action_apply()
        self.assertEqual(
            self._get_items(), [("task", "Survey", False, 0), ("task", "Data model", False, 0)]
        )

    def test_columns_are_chosen_by_a_person(self):
        rows = [["Was", "Tage"], ["Aufnahme", 2], ["Modell", 3]]
        form = self._get_form(self._get_file(rows))
        self.assertTrue(form.has_header)
        self.assertEqual(self._get_targets(form), ["name", "duration"])
        with form.column_ids.edit(1) as column:
            column.target = "days"
        self.assertIn("Aufnahme", form.preview)
        form.role_id = self.roles[0]
        form.save().action_apply()
        self.assertEqual(self.estimate.total_days, 5)

    # === WHAT IS WRONG === #

    def test_all_problems_at_once(self):
        rows = [
            ["Task", "Days", "Role", "After"],
            ["Survey", "soon", "Consultant", None],
            [None, 3, None, None],
            ["x" * 300, -2, "Enginer", "Nobody"],
        ]
        form = self._get_form(self._get_file(rows))
        self.assertFalse(form.is_ready)
        expected = [
            "Row 2, column B: “soon” is no number.",
            "Row 3, column A: The name is missing.",
            "Row 4, column A: The text has 300 characters; at most 250 fit.",
            "Row 4, column B: -2 is negative: type zero or more.",
            "Row 4, column D: The list has no task “Nobody” to wait for.",
            "Row 4, column C: There is no role “Enginer”. Similar roles: Engineer.",
        ]
        self.assertIn("6 things are wrong", " ".join(html2plaintext(form.preview).split()))
        with self.assertRaises(UserError) as refused:
            form.save().action_apply()
        self.assertEqual(refused.exception.args[0].split("\n"), expected)
        self.assertFalse(self.estimate.item_ids)

    def test_files_that_are_no_list(self):
        for content, message in (
            (b"\x89PNG\r\n\x1a\n\0\0", "This is no spreadsheet (.xlsx) and no CSV file"),
            (b"   \n", "The file is empty"),
            (b"PK\x03\x04 nothing", "This is no Excel workbook"),
            (b"x\n" * 3000, "There are more than 2000 rows"),
            (self._get_file([]), "The file is empty"),
        ):
            form = self._get_form(content)
            with self.subTest(message=message):
                self.assertIn(message, form.preview)
                self.assertFalse(form.is_ready)
                with self.assertRaisesRegex(UserError, message.replace("(", ".").replace(")", ".")):
                    form.save().action_apply()
        self.assertFalse(self.estimate.item_ids)

    def test_columns_that_say_the_same(self):
        form = self._get_form(text="Survey\t2\t3\nModel\t3\t4")
        with form.column_ids.edit(2) as column:
            column.target = "duration"
        self.assertIn("Another column says this already", form.preview)
        with form.column_ids.edit(2) as column:
            column.target = False
        with form.column_ids.edit(0) as column:
            column.target = False
        self.assertIn("Choose the column with the names", form.preview)

    def test_tasks_that_wait_in_a_circle(self):
        form = self._get_form(text="Task;Days;After\nSurvey;1;2\nModel;1;1")
        with self.assertRaisesRegex(UserError, "in a circle: “Survey” → “Model” → “Survey”"):
            form.save().action_apply()

    # === RIGHTS, STEPS, OTHERS === #

    def test_readers_and_closed_quotes(self):
        for user in (self.salesperson, self.other_project_manager, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.estimate.with_user(user).action_import_tasks()
        self._fill_estimate(self.order)
        wizard = self._get_form(text="Survey\t2\nModel\t3").save()
        self.estimate.action_ready()
        for call in (wizard.action_apply, self.estimate.action_import_tasks):
            with self.assertRaisesRegex(UserError, "is finished. Reopen"):
                call()

    def test_a_change_meanwhile(self):
        wizard = self._get_form(text="Survey\t2\nModel\t3").save()
        self._fill_estimate(self.order)
        with self.assertRaisesRegex(UserError, "Somebody has changed this estimate"):
            wizard.action_apply()
        self.assertEqual(len(self.estimate.item_ids), 7)
