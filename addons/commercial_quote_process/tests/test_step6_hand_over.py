import base64

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged

from .common import QuoteProcessCase, QuoteProcessMixin
from .delivery_common import DeliveryMixin

MONDAY = "2026-03-02"


@tagged("post_install", "-at_install")
class TestHandOver(DeliveryMixin, QuoteProcessCase):
    """Step 6: whoever delivers reads what was promised, without any right on quotes."""

    def _get_note(self, project, user=None):
        return str(project.with_user(user or self.project_manager).hand_over_note)

    @freeze_time(MONDAY)
    def test_note_says_what_was_promised_for_when(self):
        order = self._create_quote_at("technical")
        items = self._fill_estimate(order)
        items["site"].acceptance_criteria = "Opens in two seconds"
        self._hand_in(order)
        project = self._accept(order)
        note = self._get_note(project)
        for text in (
            "Data model approved",
            "18 Mar 2026",
            "Public site",
            "Opens in two seconds",
            "Julie Perrin",
            "Claire Morel",
            "9 Mar 2026",
        ):
            self.assertIn(text, note)
        self.assertIn("sold relative to its acceptance", note)
        task = self._get_tasks(project)["Public site"].with_user(self.project_manager)
        self.assertEqual(task.acceptance_criteria, "Opens in two seconds")

    def test_note_is_in_the_language_of_its_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        order = self._create_quote_at("scope")
        order.partner_id.sudo().lang = "fr_FR"
        order.payment_row_ids = [Command.create({"trigger": "end", "percent": 100.0})]
        seen = []
        self.patch(type(order.payment_row_ids), "_get_due", lambda row: seen.append(row.env.lang))
        for lang in ("en_US", "fr_FR"):
            read = order.sudo().with_context(lang=lang)
            read._prepare_hand_over_values()["schedule"].mapped("due")
        self.assertEqual(seen, ["en_US", "fr_FR"])

    @freeze_time(MONDAY)
    def test_note_says_by_how_much_a_late_signature_shifts_the_plan(self):
        order = self._create_quote_at("technical")
        self._fill_estimate(order)
        estimate = order.sudo().estimate_id.with_user(self.project_manager)
        estimate.planned_start = "2026-02-16"
        self._hand_in(order)
        project = self._accept(order)
        # From Monday the 16th of February to Monday the 9th of March.
        note = self._get_note(project)
        self.assertIn("shifted by 15 working days", " ".join(note.split()))
        self.assertIn("16 Feb 2026", note)
        self.assertIn("2 Mar 2026", note)
        order.sudo()._tell_project_manager()
        self.assertIn("15 working days", project.activity_ids.note)

    def test_note_says_what_is_limited_and_what_is_open(self):
        lead = self._create_lead()
        lead.requirement_ids = [
            Command.create({"name": "Search in ten languages", "compliance": "partial"}),
            Command.create({"name": "Runs on site", "compliance": "compliant"}),
            Command.create({"name": "Open data export"}),
        ]
        order = self._create_quote(
            lead=lead,
            scope_exclusions="<p>Moving the boxes</p>",
            scope_assumptions="<p>One archivist helps</p>",
        )
        order.action_start_technical()
        self._fill_estimate(order)
        self._hand_in(order)
        note = self._get_note(self._accept(order))
        for text in (
            "Search in ten languages",
            "Partly compliant",
            "Open data export",
            "Moving the boxes",
            "One archivist helps",
        ):
            self.assertIn(text, note)
        self.assertNotIn("Runs on site", note)

    def test_note_says_what_the_client_asked_to_change(self):
        order = self._create_quote_at("sent")
        order.action_request_changes("A second training day")
        self.assertIn("A second training day", self._get_note(self._accept(order)))

    def test_note_tells_no_cost_and_no_margin(self):
        order = self._create_quote_at("sent")
        project = self._accept(order)
        order_sudo = order.sudo()
        note = self._get_note(project)
        for amount in (order_sudo.margin, order_sudo.estimated_cost, order_sudo.floor_price):
            for text in (f"{amount:,.2f}", f"{amount:.2f}", f"{amount:,.0f}", f"{amount:.0f}"):
                self.assertNotIn(text, note)

    def test_cost_and_margin_are_for_those_who_may_read_the_quote(self):
        order = self._create_quote_at("sent")
        project = self._accept(order)
        seller = project.with_user(self.salesperson)
        self.assertEqual(seller.sold_margin, order.sudo().margin)
        self.assertEqual(seller.sold_cost + seller.sold_margin, order.amount_untaxed)
        self.assertEqual(seller.sold_floor_price, order.sudo().floor_price)
        self.assertFalse(project.with_user(self.other_salesperson).sold_margin)
        with self.assertRaises(AccessError):
            project.with_user(self.project_manager).read(["sold_margin"])
        self.company.quote_show_costs = False
        project.invalidate_recordset()
        with self.assertRaises(AccessError):
            seller.read(["sold_margin"])

    def test_nobody_reads_the_note_of_a_quote_through_a_project_of_his_own(self):
        order = self._create_quote_at("sent")
        project = self._accept(order)
        head = self.env["project.project"].with_user(self.head_of_projects)
        with self.assertRaises(AccessError):
            head.create({"name": "Mine", "estimate_id": project.estimate_id.id})
        with self.assertRaises(AccessError):
            head.with_context(default_estimate_id=project.estimate_id.id).create({"name": "Mine"})
        values = {"name": "Mine", "estimate_id": project.estimate_id.id}
        fields_spec = {"hand_over_note": {}, "estimate_id": {}}
        result = head.onchange(values, ["estimate_id"], fields_spec)["value"]
        self.assertFalse(result.get("hand_over_note"))
        tasks = self.env["project.task"].with_user(self.other_project_manager)
        item = project.estimate_id.item_ids[0]
        with self.assertRaises(AccessError):
            tasks.create({"name": "Mine", "estimate_item_id": item.id})

    def test_people_of_the_estimate_follow_the_project_and_the_client_does_not(self):
        order = self._create_quote_at("technical")
        order.sudo().estimate_id.contributor_ids = self.other_project_manager
        self._fill_estimate(order)
        self._hand_in(order)
        project = self._accept(order)
        people = self.project_manager | self.other_project_manager | self.salesperson
        self.assertEqual(project.message_partner_ids, people.partner_id)
        self.assertFalse(project.tasks.message_partner_ids)
        tasks = self.env["project.task"].with_user(self.portal_user)
        self.assertFalse(tasks.search([("project_id", "=", project.id)]))

    def test_project_and_quote_lead_to_each_other(self):
        order = self._create_quote_at("sent")
        project = self._accept(order)
        seller = project.with_user(self.salesperson)
        action = seller.action_view_sold_quote()
        self.assertEqual((action["res_model"], action["res_id"]), ("sale.order", order.id))
        self.assertTrue(seller.can_open_sold_quote)
        self.assertEqual(seller.sold_quote_name, order.name)
        self.assertEqual(order.with_user(self.operational_approver).project_ids, project)
        manager = project.with_user(self.project_manager)
        self.assertEqual(manager.sold_quote_name, order.name)
        for user in (self.project_manager, self.other_salesperson):
            self.assertFalse(project.with_user(user).can_open_sold_quote, user.name)
            with self.assertRaises(AccessError):
                project.with_user(user).action_view_sold_quote()
        self.assertTrue(manager.can_open_estimate)
        self.assertFalse(project.with_user(self.other_project_manager).can_open_estimate)
        with self.assertRaises(AccessError):
            project.with_user(self.other_project_manager).action_view_estimate()

    def test_project_of_a_cancelled_order_says_so(self):
        order = self._create_quote_at("sent")
        project = self._accept(order).with_user(self.project_manager)
        self.assertFalse(project.is_sold_quote_cancelled)
        order._action_cancel()
        self.assertTrue(project.is_sold_quote_cancelled)


@tagged("post_install", "-at_install")
class TestSoldDocuments(DeliveryMixin, QuoteProcessMixin, HttpCase):
    """Documents of the quote are found on the project, where they are, by those who deliver."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_story()
        lead = cls._create_lead()
        cls.env["quote.specification"].create(
            {
                "lead_id": lead.id,
                "file": base64.b64encode(b"What the town wants"),
                "filename": "CCTP.txt",
            }
        )
        cls.order = cls._create_quote_at("sent", lead=lead)
        cls.file = cls.env["ir.attachment"].create(
            {
                "name": "Sketch.html",
                "raw": b"<script>alert(1)</script>",
                "res_model": "quote.estimate",
                "res_id": cls.order.sudo().estimate_id.id,
            }
        )
        cls.foreign = cls.env["ir.attachment"].create(
            {
                "name": "Secret.txt",
                "raw": b"Secret",
                "res_model": "sale.order",
                "res_id": cls.order.id,
            }
        )

    def _open(self, user, project, attachment):
        self.authenticate(user.login, user.login)
        return self.url_open(f"/quote/project/{project.id}/document/{attachment.id}")

    def test_project_manager_opens_the_documents_and_nothing_else(self):
        kept_sudo = self.env["quote.sent.document"].sudo()
        # Made for a mail that somebody closed again: the client never got it.
        unsent_sudo = kept_sudo._add(self.order.sudo(), "made", [("Unsent.pdf", b"%PDF-1.4 other")])
        project = self._accept(self.order)
        before = self.env["ir.attachment"].search_count([])
        documents = {
            document["name"]: document["attachment"]
            for document in self.order.sudo()._get_delivery_documents()
        }
        self.assertEqual(set(documents), {"CCTP.txt", "Sketch.html", "signed.pdf"})
        listed = str(project.with_user(self.project_manager).sold_documents)
        for name, attachment in documents.items():
            self.assertIn(name, listed)
            response = self._open(self.project_manager, project, attachment)
            self.assertEqual(response.status_code, 200, name)
            self.assertEqual(response.content, attachment.raw)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertEqual(self.env["ir.attachment"].search_count([]), before, "nothing is copied")
        for attachment in (self.foreign, unsent_sudo.attachment_id):
            response = self._open(self.project_manager, project, attachment)
            self.assertEqual(response.status_code, 404, attachment.name)
        for user in (self.salesperson, self.stranger, self.portal_user):
            self.assertEqual(self._open(user, project, self.file).status_code, 404, user.name)

    def test_people_outside_of_a_private_project_open_nothing(self):
        project = self._accept(self.order)
        project.privacy_visibility = "followers"
        response = self._open(self.other_project_manager, project, self.file)
        self.assertEqual(response.status_code, 404)
        self.assertEqual(self._open(self.project_manager, project, self.file).status_code, 200)
