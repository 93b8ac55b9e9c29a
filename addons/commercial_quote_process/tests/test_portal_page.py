from datetime import timedelta

from odoo.fields import Command, Date
from odoo.tests import tagged

from .portal_common import PortalCase


@tagged("post_install", "-at_install")
class TestPortalPage(PortalCase):
    """What the client reads: the whole proposal, and nothing of what it costs us."""

    def test_page_shows_the_proposal_and_three_answers(self):
        order = self._create_quote_at(
            "sent",
            note="<p>Our general terms</p>",
            scope_exclusions="<p>Furniture</p>",
            scope_assumptions="<p>Access to the cellar</p>",
        )
        page = self._page(order)
        text = self._text(page)
        for words in (
            "Sort, digitise and publish the archives.",
            "An open-source archive server.",
            "One consultant, one engineer, one developer.",
            "Data model approved",
            "Furniture",
            "Access to the cellar",
            "Our general terms",
        ):
            self.assertIn(words, text)
        self.assertTrue(page.xpath("//*[local-name()='svg']"))
        for modal in ("modalaccept", "modalchanges", "modaldecline"):
            self.assertEqual(len(page.xpath(f"//*[@id='{modal}']")), 1)
        reasons = self.env["quote.decline.reason"].search([])
        options = page.xpath("//select[@name='decline_reason_id']/option/@value")
        self.assertEqual(options, ["", *map(str, reasons.ids)])

    def test_costs_never_reach_the_client(self):
        order = self._create_quote_at("sent")
        forms = self._plant_costs(order)
        for params in ({}, {"report_type": "html"}):
            text = self._open(order, **params).text
            for form in forms:
                self.assertNotIn(form, text)

    def test_foreign_images_and_positions_are_not_shown(self):
        order = self._create_quote_at(
            "sent",
            scope_content='<p style="position:fixed;top:0">Scope</p>'
            '<img src="http://192.0.2.1/spy.png">',
        )
        page = self._open(order).text
        self.assertNotIn("192.0.2.1", page)
        self.assertNotIn("position:fixed", page.replace(" ", ""))

    def test_old_version_points_to_the_new_one(self):
        order = self._create_quote_at("sent")
        version = order._new_version("client", restart_step="financial")
        self.assertNotIn("has been replaced", self._text(self._page(order)))
        version.action_request_validation()
        if version.quote_step == "validation":
            version.with_user(self.commercial_approver).action_approve()
        version.action_quotation_sent()
        order.invalidate_recordset()
        page = self._page(order)
        link = page.xpath("//*[@name='quote_replaced']//a/@href")[0]
        self.assertIn(f"/my/orders/{version.id}?access_token=", link)
        self.assertFalse(page.xpath("//*[@name='quote_answer_bar']"))
        self.assertEqual(self._accept(order)["force_refresh"], True)
        self.assertEqual(order.quote_step, "superseded")
        self.assertFalse(order.signature)

    def test_expired_quote_offers_to_ask_for_an_extension(self):
        order = self._create_quote_at("sent")
        order.sudo()._gated().validity_date = Date.today() - timedelta(days=1)
        page = self._page(order)
        self.assertIn("Ask for an extension", self._text(page))
        self.assertFalse(page.xpath("//*[@id='accept']"))
        self.assertIn("expired", self._accept(order)["error"])
        self.assertStill(order, "sent", "sent")


@tagged("post_install", "-at_install")
class TestPortalContents(PortalCase):
    """The page is one document: contents that lead to its sections, facts first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at(
            "sent",
            note="<p>Our general terms</p>",
            client_order_ref="TENDER-7",
            scope_content="<h1>Our reading</h1><h4>Your needs</h4><p>Archives.</p>",
        )

    def test_contents_lead_to_each_section_and_to_nothing_else(self):
        page = self._page(self.order)
        links = page.xpath("//aside//nav//a/@href")
        keys = [section["key"] for section in self.order.sudo()._get_proposal_sections()]
        self.assertEqual(links, [*(f"#offer_{key}" for key in keys), "#offer_questions"])
        for link in links:
            self.assertEqual(len(page.xpath(f"//*[@id='{link[1:]}']")), 1, link)
        sections = page.xpath("//*[@id='portal_sale_content']//section/@id")
        self.assertEqual(sections, [f"offer_{key}" for key in keys])

    def test_page_tells_those_who_do_not_see_it_what_is_what(self):
        page = self._page(self.order)
        ids = page.xpath("//*[@id]/@id")
        self.assertEqual(len(ids), len(set(ids)))
        wrap = page.xpath("//*[@id='wrap']")[0]
        for node in wrap.xpath(".//input[not(@type='hidden')]|.//select|.//textarea"):
            label = node.xpath(f"//label[@for='{node.get('id')}']") or node.xpath("ancestor::label")
            self.assertTrue(label or node.get("aria-label"), node.get("name"))
        for node in wrap.xpath(".//button|.//a[@href]"):
            self.assertTrue(self._text(node) or node.get("aria-label"), node.get("class"))
        for name in ("for", "aria-controls", "aria-describedby", "aria-labelledby"):
            for value in wrap.xpath(f".//*[@{name}]/@{name}"):
                self.assertTrue(set(value.split()) <= set(ids), f"{name}={value}")

    def test_headings_stand_in_order(self):
        page = self._page(self.order)
        headings = "self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6"
        outside = "not(ancestor::*[hasclass('modal')])"
        found = page.xpath(f"//*[@id='wrap']//*[{headings}][{outside}]")
        levels = [int(node.tag[1]) for node in found]
        titles = page.xpath("//*[hasclass('modal-title')]")
        self.assertEqual([node.tag for node in titles], ["h2"] * 4, "one per dialog")
        self.assertEqual((levels[0], levels.count(1)), (1, 1))
        for before, level in zip(levels, levels[1:], strict=False):
            self.assertLessEqual(level, before + 1)

    def test_what_just_happened_is_read_out(self):
        self.assertFalse(self._page(self.order).xpath("//*[@autofocus]"))
        page = self._page(self.order, message="quote_passed_on")
        (status,) = page.xpath("//*[@autofocus]")
        self.assertEqual((status.get("name"), status.get("tabindex")), ("quote_status", "-1"))
        self.assertIn("passed on", self._text(status))

    def test_section_left_out_is_not_on_the_page(self):
        self.order.sudo()._gated().proposal_hidden_sections = ["technical", "price"]
        page = self._page(self.order)
        self.assertFalse(page.xpath("//*[@id='offer_technical']"))
        self.assertNotIn("An open-source archive server.", self._text(page))
        self.assertTrue(page.xpath("//*[@id='offer_price']"), "a price is always shown")

    def test_facts_stand_first(self):
        head = self._page(self.order).xpath("//header[@id='quote_page']")[0]
        text = self._text(head)
        for words in (self.order.name, "Ville de Bressac", self.company.name, "TENDER-7"):
            self.assertIn(words, text)
        self.assertEqual(head.get("data-step"), "sent")
        self.assertEqual(head.get("data-token"), self.order.sudo()._portal_ensure_token())

    def test_headings_of_texts_stand_below_the_ones_of_sections(self):
        section = self._page(self.order).xpath("//*[@id='offer_scope']")[0]
        headings = section.xpath(".//h1|.//h2|.//h3|.//h4|.//h5|.//h6")
        self.assertEqual([node.tag for node in headings], ["h2", "h3", "h4"])

    def test_price_of_a_stock_quotation_keeps_its_own_page(self):
        product = self.env["product.product"].create({"name": "Chair", "list_price": 40.0})
        order = self.env["sale.order"].create(
            {
                "partner_id": self.client.id,
                "team_id": self.stock_team.id,
                "note": "<p>Stock terms</p>",
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        order.action_quotation_sent()
        page = self._page(order)
        for identifier in ("introduction", "informations", "details", "terms", "sidebar_content"):
            self.assertTrue(page.xpath(f"//*[@id='{identifier}']"), identifier)
        for identifier in ("quote_page", "offer_price", "offer_questions"):
            self.assertFalse(page.xpath(f"//*[@id='{identifier}']"), identifier)
        self.assertIn("viewed by customer", str(order.message_ids.mapped("body")))

    def test_a_fetch_leaves_nothing_in_the_discussion(self):
        before = self.order.message_ids
        response = self._open(self.order)
        self.order.invalidate_recordset()
        self.assertEqual(self.order.message_ids, before)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
