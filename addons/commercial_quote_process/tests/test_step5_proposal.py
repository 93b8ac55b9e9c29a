import stat
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import quote_print_mixin
from .client_common import ClientMixin
from .common import QuoteProcessCase
from .print_common import REPORT, PrintMixin

LAYOUTS = ("standard", "striped", "boxed", "bold", "bubble", "wave", "folder")


@tagged("post_install", "-at_install")
class TestProposal(ClientMixin, PrintMixin, QuoteProcessCase):
    """The printed proposal, by the real engine: complete, in one piece, and by itself."""

    # === WHAT IS IN IT === #

    def test_nothing_internal_is_printed(self):
        order = self._create_quote_at("ready")
        forms = self._plant_costs(order)
        text = "".join(self._print(order))
        self.assertIn("Publication portal", text)
        self.assertIn(order.name, text)
        approver = order.sudo().validation_ids.decided_by_id.name
        for hidden in (*forms, approver, "margin", "Margin", "cost", "Cost"):
            with self.subTest(hidden=hidden):
                self.assertNotIn(hidden, text)

    def test_sections_left_out_are_nowhere(self):
        order = self._create_quote_at(
            "ready",
            proposal_summary="<p>In one word</p>",
            proposal_hidden_sections=["technical", "plan", "price", "unknown"],
        )
        sections = [section["key"] for section in order._get_proposal_sections()]
        self.assertEqual(
            sections, ["summary", "scope", "organisation", "team", "milestones", "price"]
        )
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(REPORT, order.ids)
        self.assertIn(b"In one word", page)
        for part in (b"An open-source archive server", b"<svg", b'id="offer_plan"'):
            self.assertNotIn(part, page)

    def test_company_says_what_new_proposals_leave_out(self):
        settings = self.env["res.config.settings"].create({"quote_hidden_sections": ["team"]})
        settings.execute()
        self.assertIn("team", {section["key"] for section in settings.proposal_outline})
        order = self._create_quote()
        self.assertEqual(order._get_hidden_sections(), {"team"})
        # Each proposal decides for itself, and so do its versions.
        order.proposal_hidden_sections = False
        self.assertFalse(order.copy()._get_hidden_sections())

    def test_team_has_roles_and_the_project_manager_only(self):
        order = self._create_quote_at("ready")
        team = order.with_user(self.salesperson)._get_client_team()
        self.assertEqual(team[0]["people"], [self.project_manager.name])
        self.assertEqual(
            [member["role"] for member in team[1:]], ["Consultant", "Developer", "Engineer"]
        )
        self.assertEqual({key for member in team for key in member}, {"role", "people"})

    def test_small_deal_has_no_cover(self):
        order = self._create_quote()
        self.assertFalse(order._get_print_values()["is_long"])
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(REPORT, order.ids)
        self.assertNotIn(b"o_quote_cover", page)
        self.assertNotIn(b"quote_contents", page)

    def test_every_layout_keeps_the_table_of_odoo(self):
        order = self._create_quote_at("ready")
        for layout in LAYOUTS:
            view = self.env.ref(f"web.external_layout_{layout}")
            self.company.external_report_layout_id = view
            page, _kind = self.env["ir.actions.report"]._render_qweb_html(REPORT, order.ids)
            with self.subTest(layout=layout):
                self.assertEqual(page.count(b"o_main_table"), 1)
                self.assertEqual(page.count(b'name="quote_parties"'), 1)
                self.assertIn(b"tr_product", page)

    def test_language_of_the_client(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        order = self._create_quote_at("ready", validity_date="2031-03-09")
        order.partner_id.lang = "fr_FR"
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(REPORT, order.ids)
        self.assertIn("9 mars 2031", page.decode())

    # === BY ITSELF === #

    def test_texts_are_cleaned_when_they_are_written(self):
        bad = '<p style="position:fixed">Text</p><img src="http://192.0.2.1/a.png">'
        names = ("proposal_summary", "scope_content", "scope_exclusions", "scope_assumptions")
        order = self._create_quote(**dict.fromkeys((*names, "note"), bad))
        estimate = order.sudo().estimate_id.with_user(self.project_manager)
        estimate.write(dict.fromkeys(("technical_content", "organisation_content"), bad))
        for text in [*(order[name] for name in (*names, "note")), estimate.technical_content]:
            self.assertIn("Text", text)
            self.assertNotIn("192.0.2.1", text)
            self.assertNotIn("position", text)
        order.write(dict.fromkeys((*names, "note"), bad))
        for name in (*names, "note"):
            self.assertNotIn("192.0.2.1", order[name])
        outside = self.env["sale.order"].create({"partner_id": self.client.id, "note": bad})
        self.assertIn("192.0.2.1", outside.note)

    def test_image_that_its_author_may_not_see_is_not_printed(self):
        secret = self.env["ir.attachment"].create(
            {"name": "secret.png", "raw": b"\x89PNG secret", "mimetype": "image/png"}
        )
        reports = self.env["ir.actions.report"]
        address = f"/web/image/{secret.id}"
        self.assertIsNone(reports._read_print_file(address, self.salesperson))
        for elsewhere in ("http://192.0.2.1/x.png", "//192.0.2.1/x.png", "/etc/passwd", "x.png"):
            self.assertIsNone(reports._read_print_file(elsewhere, self.salesperson))

    def test_engine_that_hangs_is_stopped_and_the_job_goes_on(self):
        order = self._create_quote_at("sent")
        self.env["ir.config_parameter"].sudo().set_param(quote_print_mixin.TIMEOUT_PARAMETER, "1")
        with tempfile.TemporaryDirectory() as folder:
            engine = Path(folder) / "engine"
            engine.write_text("#!/bin/sh\nsleep 600 & wait\n")
            engine.chmod(engine.stat().st_mode | stat.S_IEXEC)
            real = quote_print_mixin._wkhtml()
            start = time.monotonic()
            with (
                patch.object(quote_print_mixin, "_wkhtml", lambda: real._replace(bin=str(engine))),
                self.assertLogs("odoo.addons.commercial_quote_process", "WARNING"),
                self.assertRaises(UserError),
            ):
                self._print(order)
            self.assertLess(time.monotonic() - start, 300)
        self.assertTrue(order.sent_document_pending)
