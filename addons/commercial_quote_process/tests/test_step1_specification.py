from markupsafe import Markup

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .opportunity_common import IdentificationCase


@tagged("post_install", "-at_install")
class TestSpecification(IdentificationCase):
    """The newest document counts; whoever works on the quote reads it, nobody else does."""

    def test_newest_document_is_current(self):
        lead = self._create_lead()
        self.assertFalse(lead.current_specification_id)
        new = self._add_specification(lead, version="B", received_on="2030-02-01")
        old = self._add_specification(lead, version="A", received_on="2030-01-01")
        self.assertEqual(lead.current_specification_id, new)
        self.assertTrue(new.is_current)
        self.assertFalse(old.is_current)
        old.received_on = "2030-03-01"
        self.assertEqual(lead.current_specification_id, old)
        self.assertEqual(new.display_name, "CCTP.pdf - B")

    def test_document_without_a_file_is_refused(self):
        lead = self._create_lead()
        with self.assertRaisesRegex(UserError, "Add the document"):
            lead.env["quote.specification"].create({"lead_id": lead.id, "file": False})

    def test_document_ends_no_specification(self):
        lead = self._create_lead(no_specification=True)
        self.assertFalse(lead.specification_missing)
        self._add_specification(lead)
        self.assertFalse(lead.no_specification)
        self.assertFalse(lead.specification_missing)

    def test_summary_fetches_nothing_and_stays_in_its_place(self):
        lead = self._create_lead(
            specification_summary='<p style="position:fixed">Archives</p>'
            '<img src="http://other.example/x.png"/><script>alert(1)</script>'
        )
        self.assertNotIn("other.example", lead.specification_summary)
        lead.specification_summary += Markup('<img src="//other.example/y.png"/>')
        for harm in ("position", "other.example", "script"):
            self.assertNotIn(harm, lead.specification_summary)
        self.assertIn("Archives", lead.specification_summary)

    def test_rights_follow_the_opportunity(self):
        document = self._add_specification(self._create_lead())
        for user in (self.salesperson, self.commercial_approver, self.sales_manager):
            self.assertTrue(document.with_user(user).filename)
        for user in (self.other_salesperson, self.project_manager, self.stranger, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                document.with_user(user).read(["filename", "file"])
        with self.assertRaises(AccessError):
            document.with_user(self.salesperson).unlink()

    def test_designated_project_manager_reads_and_answers_the_requirements(self):
        lead = self._create_lead()
        document = self._add_specification(lead)
        requirement = lead.env["quote.requirement"].create({"lead_id": lead.id, "name": "Open"})
        order = self._create_quote(lead=lead)
        project_manager = self.project_manager
        self.assertEqual(document.with_user(project_manager).file, self.file)
        requirement.with_user(project_manager).write({"compliance": "compliant"})
        self.assertEqual(requirement.compliance, "compliant")
        with self.assertRaises(AccessError):
            document.with_user(project_manager).write({"note": "x"})
        with self.assertRaises(AccessError):
            requirement.with_user(project_manager).unlink()
        with self.assertRaises(AccessError):
            document.with_user(self.other_project_manager).read(["filename"])
        with self.assertRaises(AccessError):
            document.with_user(self.operational_approver).read(["filename"])
        order.sudo().estimate_id.contributor_ids = self.other_project_manager
        self.assertTrue(document.with_user(self.other_project_manager).filename)

    def test_requirements_are_numbered_per_opportunity(self):
        lead, other = self._create_lead(), self._create_lead()
        Requirement = lead.env["quote.requirement"]
        rows = Requirement.create(
            [
                {"lead_id": lead.id, "name": "Open formats"},
                {"lead_id": lead.id, "name": "Two languages", "number": 7},
                {"lead_id": other.id, "name": "Hosting in Europe"},
            ]
        )
        rows |= Requirement.create({"lead_id": lead.id, "name": "Accessible"})
        self.assertEqual(rows.mapped("number"), [1, 7, 1, 8])

    def test_requirements_close_with_the_technical_part(self):
        lead = self._create_lead()
        requirement = lead.env["quote.requirement"].create({"lead_id": lead.id, "name": "Open"})
        order = self._create_quote(lead=lead)
        revision = order.content_revision
        requirement.comment = "Yes"
        self.assertGreater(order.content_revision, revision)
        order.sudo().quote_step = "financial"
        with self.assertRaises(UserError):
            requirement.comment = "No"
        with self.assertRaises(UserError):
            lead.env["quote.requirement"].create({"lead_id": lead.id, "name": "Late"})
        self.assertEqual(requirement.comment, "Yes")

    def test_files_go_with_a_deleted_opportunity(self):
        lead = self._create_lead()
        document = self._add_specification(lead)
        domain = [("res_model", "=", document._name), ("res_id", "=", document.id)]
        domain.append(("res_field", "=", "file"))
        self.assertTrue(self.env["ir.attachment"].search(domain))
        lead.with_user(self.sales_manager).unlink()
        self.assertFalse(self.env["ir.attachment"].search(domain))


@tagged("post_install", "-at_install")
class TestMultiCompany(IdentificationCase):
    """What a client sent to one company is not for another one of the group."""

    def test_specification_of_another_company_is_out_of_reach(self):
        other_company = self.env["res.company"].create({"name": "Altea Ireland"})
        foreigner = self._new_user("fiona", "Fiona Walsh", "sales_team.group_sale_manager")
        foreigner.write(
            {"company_ids": [Command.set(other_company.ids)], "company_id": other_company.id}
        )
        lead = self._create_lead(company_id=self.company.id)
        document = self._add_specification(lead)
        self.assertFalse(
            self.env["quote.specification"].with_user(foreigner).search([("lead_id", "=", lead.id)])
        )
        with self.assertRaises(AccessError):
            document.with_user(foreigner).read(["file"])
