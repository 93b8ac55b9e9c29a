import io

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools.compliance_workbook import write_compliance_workbook
from .common import QuoteProcessCase, QuoteProcessMixin

PASTED = """1. Open formats (must)
2. Two languages
   on every page
- Free of charge"""


class RequirementCase(QuoteProcessCase):
    """A tender with requirements, its estimate in the hands of its project manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_lead(opportunity_kind="tender", tender_reference="2031-7")
        cls.requirements = cls.lead.env["quote.requirement"].create(
            [
                {"lead_id": cls.lead.id, "name": name, "reference": reference}
                for reference, name in (("3.1", "Open formats"), ("3.2", "Two languages"))
            ]
        )
        cls.order = cls._create_quote_at("technical", lead=cls.lead)
        cls.items = cls._fill_estimate(cls.order)
        cls.estimate = cls.order.sudo().estimate_id.with_user(cls.project_manager)

    def _answer_all(self):
        self.requirements.with_user(self.project_manager).write({"compliance": "compliant"})

    def _type(self, *commands):
        self.estimate.write({"requirement_ids": list(commands)})


@tagged("post_install", "-at_install")
class TestPasteRequirements(RequirementCase):
    """The list of the specification comes in by copy and paste, after a look at it."""

    def _paste(self, user, text, **values):
        wizard = self.env["quote.requirement.import"].with_user(user).create(values)
        wizard.text = text
        return wizard

    def test_salesperson_pastes_a_list_on_the_opportunity(self):
        wizard = self._paste(self.salesperson, PASTED, lead_id=self.lead.id)
        self.assertEqual(wizard.found_count, 3)
        wizard.line_ids[2].is_selected = False
        wizard.action_import()
        new = self.lead.requirement_ids - self.requirements
        self.assertEqual(new.mapped("name"), ["Two languages on every page"])
        self.assertEqual(new.reference, "2", "the number of the text stays with it")
        self.assertEqual(new.number, 3, "the order goes on after what was there")

    def test_what_is_already_there_is_not_ticked(self):
        wizard = self._paste(self.salesperson, PASTED, lead_id=self.lead.id)
        self.assertEqual(wizard.known_count, 1)
        self.assertEqual(wizard.line_ids.mapped("is_selected"), [False, True, True])
        self.assertEqual(wizard.line_ids.mapped("priority"), ["must", "must", "must"])

    def test_project_manager_pastes_rows_of_a_spreadsheet_on_the_estimate(self):
        text = "4.1\tAccessible\tshould\n4.2\tFast\tcould"
        self._paste(self.project_manager, text, estimate_id=self.estimate.id).action_import()
        new = self.lead.requirement_ids - self.requirements
        self.assertEqual(new.mapped("reference"), ["4.1", "4.2"])
        self.assertEqual(new.mapped("priority"), ["should", "could"])

    def test_nothing_is_nothing(self):
        for text in ("", " \n\t\n"):
            wizard = self._paste(self.salesperson, text, lead_id=self.lead.id)
            with self.assertRaisesRegex(UserError, "Paste the list"):
                wizard.action_import()
        with self.assertRaisesRegex(UserError, "one chapter at a time"):
            self._paste(self.salesperson, "x\n" * 1001, lead_id=self.lead.id).action_import()

    def test_strangers_paste_nothing(self):
        for user, values in (
            (self.other_salesperson, {"lead_id": self.lead.id}),
            (self.other_project_manager, {"estimate_id": self.estimate.id}),
            (self.project_manager, {"lead_id": self.lead.id}),
            (self.stranger, {"lead_id": self.lead.id}),
        ):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._paste(user, PASTED, **values).action_import()
        self.assertEqual(self.lead.requirement_ids, self.requirements)

    def test_a_closed_technical_part_takes_no_more(self):
        self._answer_all()
        self.estimate.action_ready()
        wizard = self._paste(self.salesperson, PASTED, lead_id=self.lead.id)
        with self.assertRaisesRegex(UserError, "Reopen the estimate"):
            wizard.action_import()


@tagged("post_install", "-at_install")
class TestAnswerRequirements(RequirementCase):
    """The project manager answers on the screen of the estimate, and links what covers it."""

    def test_answers_and_links_are_typed_on_the_estimate(self):
        first, second = self.requirements
        self._type(
            Command.update(
                first.id,
                {
                    "compliance": "compliant",
                    "comment": "By design",
                    "estimate_item_ids": [Command.link(self.items["portal"].id)],
                },
            ),
            Command.update(second.id, {"compliance": "non_compliant"}),
            Command.create({"name": "Free of charge", "priority": "could"}),
        )
        self.assertEqual(first.compliance, "compliant")
        self.assertEqual(first.item_ids, self.items["portal"])
        self.assertEqual(self.lead.requirement_ids[2].name, "Free of charge")
        self.estimate.invalidate_recordset()
        self.assertEqual(self.estimate.requirement_answered_count, 2)
        self.assertAlmostEqual(self.estimate.requirement_answered_percent, 200 / 3)
        self.assertAlmostEqual(self.estimate.requirement_coverage_percent, 100 / 3)
        self.assertEqual(self.estimate.requirement_unexplained_count, 1)
        self.assertAlmostEqual(self.lead.requirement_coverage_percent, 100 / 3)
        self.assertAlmostEqual(self.lead.requirement_answered_percent, 200 / 3)

    def test_unanswered_ones_are_listed(self):
        self.requirements[0].with_user(self.project_manager).compliance = "partial"
        action = self.estimate.action_answer_requirements()
        self.assertTrue(action["context"]["search_default_to_answer"])
        listed = (
            self.env["quote.requirement"]
            .with_user(self.project_manager)
            .search([*action["domain"], ("compliance", "=", "to_answer")])
        )
        self.assertEqual(listed, self.requirements[1])

    def test_answers_move_the_revision_of_the_quote(self):
        revision = self.order.content_revision
        self._type(Command.update(self.requirements[0].id, {"compliance": "partial"}))
        self.assertGreater(self.order.content_revision, revision)

    def test_requirements_and_items_of_other_deals_are_out_of_reach(self):
        other_order = self._create_quote_at(
            "technical", project_manager_id=self.other_project_manager.id
        )
        other_lead = other_order.sudo().opportunity_id
        foreign = self.env["quote.requirement"].create({"lead_id": other_lead.id, "name": "X"})
        with self.assertRaisesRegex(UserError, "those of its opportunity"):
            self._type(Command.update(foreign.id, {"compliance": "compliant"}))
        foreign_item = self.env["quote.estimate.item"].create(
            {"estimate_id": other_order.sudo().estimate_id.id, "name": "Secret"}
        )
        with self.assertRaisesRegex((ValidationError, AccessError), "opportunity|access"):
            self._type(
                Command.update(
                    self.requirements[0].id,
                    {"estimate_item_ids": [Command.link(foreign_item.id)]},
                )
            )
        with self.assertRaises(AccessError):
            self.estimate.with_user(self.other_project_manager).write(
                {"requirement_ids": [Command.update(foreign.id, {"comment": "x"})]}
            )
        self.assertEqual(foreign.compliance, "to_answer")

    def test_project_manager_deletes_no_requirement(self):
        with self.assertRaises(AccessError):
            self._type(Command.delete(self.requirements[0].id))

    def test_matrix_is_written_by_nobody(self):
        for user in (self.project_manager, self.salesperson):
            with self.assertRaises(AccessError):
                self.estimate.with_user(user).write({"compliance_matrix": {"rows": []}})

    # === HANDING OVER === #

    def test_tender_with_unanswered_requirements_warns_and_can_be_confirmed(self):
        action = self.estimate.action_ready()
        self.assertEqual(action["res_model"], "quote.estimate.ready")
        self.assertEqual(self.order.quote_step, "technical")
        wizard = (
            self.env["quote.estimate.ready"]
            .with_user(self.project_manager)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(wizard.unanswered_count, 2)
        self.assertIn("Two languages", wizard.unanswered_html)
        self.assertEqual(wizard.action_answer()["res_model"], "quote.requirement")
        wizard.action_confirm()
        self.assertEqual(self.order.quote_step, "financial")

    def test_answered_tender_and_other_deals_ask_nothing(self):
        self._answer_all()
        self.assertTrue(self.estimate.action_ready() is True)
        self.estimate.action_reopen("One more thing")
        self.requirements.with_user(self.project_manager).write({"compliance": "to_answer"})
        self.lead.opportunity_kind = "prospect"
        self.assertTrue(self.estimate.action_ready() is True)

    def test_other_reasons_come_before_the_question(self):
        self.estimate.workload_ids.unlink()
        with self.assertRaisesRegex(UserError, "Nobody works"):
            self.estimate.action_ready()
        with self.assertRaises(AccessError):
            self.estimate.with_user(self.salesperson).action_ready()


@tagged("post_install", "-at_install")
class TestComplianceOfVersions(RequirementCase):
    """What was answered in one version stays, whatever the next one answers."""

    def _hand_over(self):
        self.requirements[0].with_user(self.project_manager).write(
            {"compliance": "compliant", "item_ids": [Command.link(self.items["portal"].id)]}
        )
        self.requirements[1].with_user(self.project_manager).compliance = "partial"
        self.estimate.action_ready()

    def _send(self):
        self._hand_over()
        self._price(self.order)
        self.order.action_request_validation()
        self.order.with_user(self.commercial_approver).action_approve()
        self.order.action_quotation_sent()

    def test_new_version_has_links_and_answers_of_its_own(self):
        self._send()
        fingerprint = self.order._get_fingerprint()
        version = self.order._new_version("scope")
        estimate = version.sudo().estimate_id.with_user(self.project_manager)
        linked = self.requirements[0].with_context(quote_estimate_id=estimate.id)
        self.assertEqual(linked.estimate_item_ids.name, "Publication portal")
        self.assertEqual(linked.estimate_item_ids.estimate_id, estimate)
        estimate.write(
            {
                "requirement_ids": [
                    Command.update(
                        self.requirements[0].id,
                        {"compliance": "non_compliant", "estimate_item_ids": [Command.clear()]},
                    )
                ]
            }
        )
        self.assertEqual(self.requirements[0].item_ids, self.items["portal"])
        old = self.order._get_client_requirements()
        self.assertEqual([row["compliance"] for row in old], ["compliant", "partial"])
        self.assertEqual(old[0]["items"], ["Publication portal"])
        new = version._get_client_requirements()
        self.assertEqual(new[0]["compliance"], "non_compliant")
        self.assertEqual(new[0]["items"], [])
        self.assertEqual(self.order._get_fingerprint(), fingerprint)

    def test_offer_handed_over_without_requirements_stays_without(self):
        self.requirements.sudo().unlink()
        self.estimate.action_ready()
        self._price(self.order)
        self.order.action_request_validation()
        version = self.order._new_version("scope")
        self.lead.env["quote.requirement"].create({"lead_id": self.lead.id, "name": "Late"})
        self.assertFalse(self.order._get_client_requirements())
        self.assertEqual(len(version._get_client_requirements()), 1)

    def test_answers_are_part_of_what_is_approved(self):
        self._hand_over()
        before = self.order._get_fingerprint()
        self.estimate.action_reopen("Another answer")
        self.requirements[1].with_user(self.project_manager).comment = "After 2032"
        after = self.order._get_fingerprint()
        self.assertNotEqual(before["plan"], after["plan"])
        self.assertEqual(before["texts"], after["texts"])

    def test_answers_of_an_approved_offer_are_closed(self):
        self._send()
        for user in (self.salesperson, self.project_manager):
            with self.assertRaises(UserError):
                self.requirements[0].with_user(user).compliance = "partial"

    def test_reopened_matrix_is_live_again(self):
        self._hand_over()
        self.estimate.action_reopen("One answer is wrong")
        self.requirements[1].with_user(self.project_manager).compliance = "compliant"
        self.assertEqual(self.order._get_client_requirements()[1]["compliance"], "compliant")

    def test_proposal_prints_the_matrix_only_with_requirements(self):
        self._send()
        report = self.env["ir.actions.report"].with_context(force_report_rendering=False)
        content, _kind = report._render_qweb_html("sale.report_saleorder", self.order.ids)
        self.assertIn("Answers to the requirements", content.decode())
        self.assertIn("Partly compliant", content.decode())
        plain = self._create_quote_at("ready")
        content, _kind = report._render_qweb_html("sale.report_saleorder", plain.ids)
        self.assertNotIn("Answers to the requirements", content.decode())


@tagged("post_install", "-at_install")
class TestComplianceExport(QuoteProcessMixin, HttpCase):
    """The matrix as a spreadsheet, and on the page of the client."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_story()
        cls.lead = cls._create_lead()
        cls.lead.env["quote.requirement"].create(
            {
                "lead_id": cls.lead.id,
                "name": '=HYPERLINK("http://other.example","x")',
                "comment": "+cmd|' /C calc'!A0",
                "compliance": "partial",
            }
        )
        cls.order = cls._create_quote_at("sent", lead=cls.lead)
        cls.url = f"/quote/estimate/{cls.order.sudo().estimate_id.id}/compliance.xlsx"

    def test_people_who_read_the_estimate_download_it(self):
        for login in ("cqp_paul", "cqp_claire"):
            self.authenticate(login, login)
            response = self.url_open(self.url)
            self.assertEqual(response.status_code, 200)
            sheet = load_workbook(io.BytesIO(response.content)).active
            self.assertEqual(sheet["D2"].value, "Partly compliant")
            for cell in (sheet["B2"], sheet["E2"]):
                self.assertEqual(cell.data_type, "s", "what was typed is no formula")
        self.assertTrue(sheet["B2"].value.startswith("=HYPERLINK"))

    @mute_logger("odoo.http")
    def test_others_download_nothing(self):
        for login in ("cqp_nadia", "cqp_hugo", "cqp_bruno", "cqp_julie"):
            self.authenticate(login, login)
            response = self.url_open(self.url)
            self.assertNotEqual(response.status_code, 200, login)
            self.assertNotIn(b"PK", response.content[:2])
        self.authenticate(None, None)
        response = self.url_open(self.url, allow_redirects=False)
        self.assertIn(response.status_code, (302, 303))

    def test_client_reads_the_matrix_on_the_page(self):
        self.authenticate(None, None)
        page = self.url_open(self.order.get_portal_url()).text
        self.assertIn("Answers to the requirements", page)
        self.assertIn("Partly compliant", page)

    def test_empty_matrix_is_still_a_file(self):
        self.assertEqual(write_compliance_workbook([], ["x"] * 6, "[]:*?")[:2], b"PK")
