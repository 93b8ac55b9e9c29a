from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .client_common import ClientMixin
from .common import QuoteProcessCase

REPORT = "sale.action_report_saleorder"


@tagged("post_install", "-at_install")
class TestReport(ClientMixin, QuoteProcessCase):
    """The printed proposal: what is sold, a mark on drafts, nothing of what it costs us."""

    def _print(self, order, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.salesperson)
        content, _kind = reports._render_qweb_html(REPORT, order.ids)
        return html.fromstring(content)

    def _text(self, page):
        return " ".join(page.text_content().split())

    def test_draft_mark_until_the_approval(self):
        for step, marked in (("financial", True), ("validation", True), ("ready", False)):
            page = self._print(self._create_quote_at(step))
            with self.subTest(step=step):
                self.assertEqual(bool(page.xpath("//*[@name='quote_draft_mark']")), marked)

    def test_whole_proposal_is_printed(self):
        order = self._create_quote_at(
            "ready", scope_exclusions="<p>Furniture</p>", scope_assumptions="<p>Cellar open</p>"
        )
        page = self._print(order)
        text = self._text(page)
        for words in (
            "Sort, digitise and publish the archives.",
            "An open-source archive server.",
            "One consultant, one engineer, one developer.",
            "Data model approved",
            "Public site",
            "Furniture",
            "Cellar open",
        ):
            self.assertIn(words, text)
        self.assertTrue(page.xpath("//*[local-name()='svg']"))

    def test_empty_texts_have_no_title(self):
        order = self._create_quote_at("scope", scope_content=False)
        text = self._text(self._print(order))
        for title in ("Technical proposal", "Out of scope", "Milestones"):
            self.assertNotIn(title, text)

    def test_costs_are_not_printed(self):
        order = self._create_quote_at("ready")
        forms = self._plant_costs(order)
        content = html.tostring(self._print(order), encoding="unicode")
        for form in forms:
            self.assertNotIn(form, content)

    def test_foreign_images_are_not_printed(self):
        order = self._create_quote_at(
            "ready", scope_content='<p>Scope</p><img src="http://192.0.2.1/spy.png">'
        )
        order.sudo().estimate_id._write(
            {"technical_content": '<p>Text</p><img src="https://192.0.2.1/spy.png">'}
        )
        self.env.invalidate_all()
        content = html.tostring(self._print(order), encoding="unicode")
        self.assertNotIn("192.0.2.1", content)

    def test_client_cannot_print_what_was_not_sent(self):
        order = self._create_quote_at("ready")
        # A request of the client's starts with nothing read.
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self._print(order, self.portal_user)

    def test_quote_outside_the_process_prints_as_in_stock(self):
        order = self.env["sale.order"].create({"partner_id": self.client.id})
        page = self._print(order, self.sales_manager)
        self.assertFalse(page.xpath("//*[@name='quote_draft_mark'] | //*[@id='offer_plan']"))
