import io
import re
import zipfile
from datetime import datetime

from openpyxl import Workbook

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .workbook_common import WorkbookCase

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@tagged("post_install", "-at_install")
class TestBrokenWorkbook(WorkbookCase):
    """Step 3: files that cannot be imported say why and where, and change nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exported = cls.estimate._export_workbook()

    # === MEANS === #

    def _check(self, name, content, *expected):
        """Check that a file is refused for what is expected, on screen and by RPC alike.

        :param expected: messages, each one with its place: "Plan, row 5, column F: ..."
        """
        with self.subTest(kind=name):
            before = self._snapshot()
            _changes, problems, _outdated = self.estimate._read_workbook(content)
            messages = [self.estimate._get_problem_message(problem) for problem in problems]
            self.assertEqual(messages, list(expected))
            revision = self.estimate._get_content_revision()
            with self.assertRaises(UserError) as refused, self.cr.savepoint():
                self.estimate._apply_workbook(content, revision)
            self.assertEqual(refused.exception.args[0], "\n".join(expected))
            wizards = self.env["quote.estimate.import"].with_user(self.project_manager)
            shown = wizards.new({"estimate_id": self.estimate.id})._get_preview(content)
            self.assertFalse(shown["is_ready"])
            text = re.sub(r"\s+", " ", html2plaintext(shown["preview"]))
            self.assertIn("nothing has been changed", text)
            self.assertEqual(self._snapshot(), before)

    def _check_change(self, name, change, *expected):
        """Check a file in which a person has changed cells.

        :param change: function of the workbook of openpyxl
        """
        workbook = self._open(self.exported)
        change(workbook)
        self._check(name, self._save(workbook), *expected)

    def _check_cell(self, name, sheet, cell, value, message):
        """Check a file in which one cell is wrong; the message names it."""
        row, column = re.sub(r"\D", "", cell), re.sub(r"\d", "", cell)

        def change(workbook):
            workbook[sheet][cell] = value

        place = f"{sheet}, row {row}, column {column}: "
        self._check_change(name, change, f"{place}{message}")

    def _replace(self, member, old, new, add=None):
        """Return the exported file with another text in one of its members."""
        file = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(self.exported)) as source,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            for info in source.infolist():
                content = source.read(info.filename)
                if info.filename == member:
                    self.assertIn(old, content)
                    content = content.replace(old, new)
                target.writestr(info.filename, content)
            for extra, content in (add or {}).items():
                target.writestr(extra, content)
        return file.getvalue()

    # === FILES THAT ARE NO SPREADSHEET === #

    def test_files_of_other_kinds(self):
        none = "This is no Excel workbook (.xlsx): choose another file."
        other = io.BytesIO()
        with zipfile.ZipFile(other, "w") as archive:
            archive.writestr("letter.txt", "Dear client")
        document = io.BytesIO()
        with zipfile.ZipFile(document, "w") as archive:
            archive.writestr("content.xml", "<office/>")
        self._check("a text", b"Name;Days\nSurvey;3", none)
        self._check("a picture", b"\x89PNG\r\n\x1a\n" + bytes(500), none)
        self._check("another zip", other.getvalue(), none)
        self._check(
            "OpenDocument",
            document.getvalue(),
            "This is another kind of spreadsheet: save it as an Excel workbook (.xlsx).",
        )
        self._check(
            "an old workbook",
            OLE_MAGIC + bytes(600),
            "This is a file of an old spreadsheet (.xls): save it as an Excel workbook (.xlsx).",
        )

    def test_empty_file(self):
        self._check("empty", b"", "The file is empty: choose another one.")

    def test_damaged_files(self):
        message = "The file is damaged: open it in a spreadsheet, save it and try again."
        sheet = "xl/worksheets/sheet1.xml"
        self._check("half of it", self.exported[: len(self.exported) // 2],
                    "This is no Excel workbook (.xlsx): choose another file.")  # fmt: skip
        self._check("broken XML", self._replace(sheet, b"</sheetData>", b"</sheet"), message)
        self._check("no such text", self._replace(sheet, b"<v>5</v>", b"<v>99999</v>"), message)

    def test_protected_files(self):
        message = "The file is protected by a password: save it without one."
        stream = "EncryptedPackage".encode("utf-16-le")
        self._check("by the office suite", OLE_MAGIC + bytes(600) + stream, message)
        # The first bit of the flags of each member says that it is encrypted.
        content = bytearray(self.exported)
        for match in re.finditer(rb"PK\x03\x04", self.exported):
            content[match.start() + 6] |= 1
        for match in re.finditer(rb"PK\x01\x02", self.exported):
            content[match.start() + 8] |= 1
        self._check("by the zip", bytes(content), message)

    def test_macros(self):
        message = "The file contains macros: save it as an Excel workbook without them (.xlsx)."
        kinds = "[Content_Types].xml"
        normal = b"spreadsheetml.sheet.main+xml"
        macro = self._replace(kinds, normal, b"sheet.macroEnabled.main+xml")
        self._check("declared", macro, message)
        hidden = self._replace(kinds, normal, normal, add={"xl/vbaProject.bin": b"Sub Auto"})
        self._check("hidden", hidden, message)

    # === FILES THAT ARE TOO MUCH === #

    def test_too_much(self):
        self._check(
            "a large file",
            self.exported + bytes(6 * 1024 * 1024),
            "The file is larger than 5 MB: remove what does not belong to it.",
        )
        text = b"<si><t>" + b"x" * 10_000_000 + b"</t></si></sst>"
        content = self._replace("xl/sharedStrings.xml", b"</sst>", text)
        self._check(
            "ten million letters",
            content,
            "The file contains more than 3000000 characters of text.",
        )
        bomb = self._replace("xl/sharedStrings.xml", b"</sst>", b"</sst>" + b" " * 40_000_000)
        self.assertLess(len(bomb), 200_000)
        self._check(
            "a zip bomb", bomb, "The file grows beyond 16 MB when it is opened, and is not read."
        )
        rows = b"".join(
            b'<row r="%d">%s</row>' % (row, b"".join(b"<c><v>1</v></c>" for _ in range(50)))
            for row in range(100, 3200)
        )
        cells = self._replace("xl/worksheets/sheet1.xml", b"</sheetData>", rows + b"</sheetData>")
        self._check(
            "many cells",
            cells,
            "Plan: The file has more than 150000 cells: remove what is not needed.",
        )

    def test_entities_that_grow(self):
        bomb = b'<!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet'
        self._check(
            "entities",
            self._replace("xl/worksheets/sheet1.xml", b"<worksheet", bomb),
            "The file contains declarations that no spreadsheet needs, and is not read.",
        )

    def test_a_cell_at_the_end_of_the_world(self):
        def change(workbook):
            workbook["Plan"]["XFD1048576"] = "x"

        self._check_change(
            "a far cell",
            change,
            "Plan: Cell XFD1048576 is too far from the table: delete the rows and columns beyond"
            " it.",
        )
        # A wrong declared size alone costs nothing, and is no reason to refuse.
        sheet = "xl/worksheets/sheet1.xml"
        content = self._replace(
            sheet, b'<dimension ref="A1:M10"/>', b'<dimension ref="A1:XFD1048576"/>'
        )
        self.assertFalse(self.estimate._read_workbook(content)[1])

    # === SHEETS AND COLUMNS === #

    def test_missing_sheets(self):
        self._check_change(
            "one sheet",
            lambda workbook: workbook.remove(workbook["Workload"]),
            "Workload: The sheet “Workload” is missing.",
        )
        blank = Workbook()
        self._check(
            "another workbook",
            self._save(blank),
            "Plan: The sheet “Plan” is missing.",
            "Workload: The sheet “Workload” is missing.",
            "Other costs: The sheet “Other costs” is missing.",
            "Requirements: The sheet “Requirements” is missing.",
        )

    def test_missing_columns(self):
        self._check_change(
            "a column",
            lambda workbook: workbook["Plan"].delete_cols(6),
            "Plan, row 3: The column “Duration (days)” is missing.",
        )
        self._check_change(
            "the first column",
            lambda workbook: workbook["Other costs"].delete_cols(1),
            "Other costs, row 3: The column “ID” is missing.",
        )

    def test_roles(self):
        self._check_cell(
            "unknown",
            "Workload",
            "D3",
            "Consultent",
            "There is no role “Consultent”. Similar roles: Consultant.",
        )
        self._check_cell(
            "twice",
            "Workload",
            "E3",
            "Consultant",
            "The role “Consultant” has another column already.",
        )
        self.env["project.role"].create({"name": "Engineer"})
        self._check_cell(
            "two of this name",
            "Workload",
            "D3",
            "Engineer",
            "Several roles are called “Engineer”: give them different names.",
        )

    # === CELLS === #

    def test_numbers(self):
        days = "Workload"
        survey = f"D{self._find(self._open(self.exported)[days], 'C', 'Survey')}"
        self._check_cell("negative days", days, survey, -1, "-1 is negative: type zero or more.")
        self._check_cell("text", days, survey, "a week", "“a week” is no number.")
        self._check_cell("too big", days, survey, 1e6, "1000000 is more than 99999.")
        self._check_cell("yes or no", days, survey, True, "“True” is no number.")
        self._check_cell(
            "negative duration", "Plan", "F5", -0.5, "-0.5 is negative: type zero or more."
        )
        self._check_cell("a date", "Plan", "F5", datetime(2031, 1, 2), "“2031-01-02” is no number.")
        self._check_cell(
            "negative cost", "Other costs", "G5", "-1", "-1 is negative: type zero or more."
        )

    def test_dates(self):
        message = "“%s” is no date: type one such as 2031-12-31."
        for value in ("12/01/2031", "next week", "31"):
            self._check_cell("a date as text", "Plan", "H5", value, message % value)
        self._check_cell("long ago", "Plan", "H5", datetime(1950, 1, 1), message % "1950-01-01")

    def test_formulas_and_errors(self):
        formula = "There is a formula here: type the value instead."
        self._check_cell("in a name", "Plan", "E5", '="Sur"&"vey"', formula)
        self._check_cell("never computed", "Plan", "F5", "=1+2", formula)
        self._check_cell("in days", "Workload", "D8", "=2+3", formula)
        self._check_cell("an error", "Plan", "F5", "#REF!", "The cell shows the error #REF!.")
        # A formula that has been computed is a number like another one.
        sheet = "xl/worksheets/sheet1.xml"
        row = re.search(rb'<c r="F5"[^>]*>', zipfile.ZipFile(io.BytesIO(self.exported)).read(sheet))
        content = self._replace(sheet, row[0] + b"<v>", row[0] + b"<f>1+2</f><v>")
        self.assertTrue(self.estimate._read_workbook(content)[0].is_empty())

    def test_merged_cells(self):
        self._check_change(
            "rows",
            lambda workbook: workbook["Plan"].merge_cells("E5:E6"),
            "Plan, row 5, column E: Cells are merged here: unmerge them, so that each row has its"
            " own.",
        )
        self._check_change(
            "all of it",
            lambda workbook: workbook["Workload"].merge_cells("B2:D9"),
            "Workload, row 4, column B: Cells are merged here: unmerge them, so that each row has"
            " its own.",
        )

    def test_choices(self):
        self._check_cell(
            "kind",
            "Plan",
            "D5",
            "Epic",
            "“Epic” is not possible here. Choose one of: Phase, Task, Milestone, Deliverable.",
        )
        self._check_cell("no kind", "Plan", "D5", None, "The kind is missing.")
        self._check_cell(
            "rebilled",
            "Other costs",
            "I5",
            "maybe",
            "“maybe” is not possible here. Choose one of: Yes, No.",
        )

    def test_names_and_texts(self):
        self._check_cell("no name", "Plan", "E5", None, "The name is missing.")
        self._check_cell(
            "a long name", "Plan", "E5", "x" * 300, "The text has 300 characters; at most 250 fit."
        )
        self._check_cell("no cost name", "Other costs", "C5", " ", "The name is missing.")

    # === ROWS === #

    def test_ids(self):
        first = self.items["design"].id
        self._check_cell(
            "twice",
            "Plan",
            "A5",
            first,
            f"The ID {first} is in row 4 already: clear it, for a copied row to be new.",
        )
        other = self._create_quote_at("financial").sudo().estimate_id.item_ids[0]
        message = (
            f"The ID {other.id} is of no row of this estimate: clear it, for the row to be new."
        )
        self._check_cell("of another estimate", "Plan", "A5", other.id, message)
        self._check_cell("no number", "Plan", "A5", "x1", "“x1” is no whole number from 1 on.")
        cost = self._create_quote_at("financial").sudo().estimate_id.cost_ids[0]
        message = (
            f"The ID {cost.id} is of no row of this estimate: clear it, for the row to be new."
        )
        self._check_cell("another cost", "Other costs", "A5", cost.id, message)

    def test_the_file_of_another_estimate(self):
        other = self._create_quote_at("financial").sudo().estimate_id
        self._check(
            "another file",
            other.with_user(self.project_manager)._export_workbook(),
            "This file is the spreadsheet of another estimate. To take its rows over as new ones,"
            " clear the columns “ID” first.",
        )

    def test_levels(self):
        self._check_cell(
            "a jump", "Plan", "C5", 3, "Level 3 is too deep after the row above: at most 2."
        )
        self._check_cell(
            "inside a task", "Plan", "C6", 3, "Level 3 would be inside “Survey”, which is no phase."
        )
        self._check_cell("no level", "Plan", "C5", 0, "“0” is no whole number from 1 on.")
        self._check_cell(
            "the first row", "Plan", "C4", 2, "Level 2 is too deep after the row above: at most 1."
        )

    def test_dependencies(self):
        self._check_cell(
            "a circle",
            "Plan",
            "I5",
            "3",
            "These rows wait for each other in a circle: “Survey” → “Data model” → “Survey”.",
        )
        self._check_cell("no such row", "Plan", "I5", "99", "No row of the plan has the number 99.")
        self._check_cell(
            "words",
            "Plan",
            "I5",
            "Survey",
            "“Survey” cannot be read: type numbers of rows, such as 3; 5+2.",
        )
        self._check_cell(
            "made a date",
            "Plan",
            "I5",
            datetime(2031, 2, 3),
            "The spreadsheet has made a date of what was typed: format the cell as text first.",
        )

        def repeat(workbook):
            workbook["Plan"]["B7"] = 1

        self._check_change(
            "the same number",
            repeat,
            "Plan, row 7, column B: The number 1 is in row 4 already.",
        )

    def test_days_in_the_wrong_place(self):
        sheet = self._open(self.exported)["Workload"]
        phase, survey = self._find(sheet, "C", "Design"), self._find(sheet, "C", "Survey")
        self._check_cell(
            "on a phase", "Workload", f"D{phase}", 2, "“Design” is no task: put the days on a task."
        )

        def copy_row(workbook):
            workbook["Workload"][f"A{survey + 1}"] = self.items["survey"].id

        self._check_change(
            "a task twice",
            copy_row,
            f"Workload, row {survey + 1}, column B: This task has its days in row {survey}"
            " already.",
        )

        def add_row(workbook):
            row = workbook["Workload"].max_row + 1
            workbook["Workload"][f"D{row}"] = 3

        self._check_change(
            "of no task",
            add_row,
            f"Workload, row {sheet.max_row + 1}, column B: The number of the task is missing.",
        )
        self._check_cell(
            "a duration of a milestone",
            "Plan",
            "F7",
            3,
            "Only tasks have a duration: clear the cell, or make the row a task.",
        )

    def test_three_points(self):
        survey, consultant = self.items["survey"], self.roles[0]
        points = {"days_low": 1, "days_likely": 2, "days_high": 6}
        self._apply({"op": "workload", "item": survey.id, "role": consultant.id, "vals": points})
        self.exported = self.estimate._export_workbook()
        sheet = self._open(self.exported)["Workload"]
        row = self._find(sheet, "C", "Survey")
        low = next(cell.column_letter for cell in sheet[3] if cell.value == "Consultant – low")
        self._check_cell(
            "in no order",
            "Workload",
            f"{low}{row}",
            5,
            "Type all of low, likely and high, none greater than the next one.",
        )
        self._check_cell(
            "and other days",
            "Workload",
            f"D{row}",
            4,
            "4 days were typed, but low, likely and high give 2.5: clear either of them.",
        )
