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


@tagged("post_install", "-at_install")
class TestPortalStatus(PortalCase):
    """Each state of a quote is told in one place, and nothing that is not so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("sent")

    def _status(self, **params):
        self.order.invalidate_recordset()
        page = self._page(self.order, **params)
        buttons = set(page.xpath("//aside//button/@name"))
        return self._text(page.xpath("//*[@name='quote_status']")[0]), buttons

    def test_open_offer_has_nothing_to_tell(self):
        text, buttons = self._status()
        self.assertFalse(text)
        self.assertEqual(
            buttons, {"quote_sign", "quote_ask_changes", "quote_decline", "quote_pass_on"}
        )

    def test_expired_offer_says_since_when(self):
        self.order.sudo()._gated().validity_date = Date.to_date("2020-02-29")
        text, buttons = self._status()
        self.assertIn("expired on February 29, 2020", text)
        self.assertIn("quote_ask_extension", buttons)
        self.assertNotIn("quote_sign", buttons)

    def test_changes_asked(self):
        self.order.sudo()._request_changes("More visits", self.client)
        text, buttons = self._status()
        self.assertIn("a new version is being prepared", text)
        self.assertNotIn("quote_ask_changes", buttons)

    def test_declined(self):
        reason = self.env.ref("commercial_quote_process.decline_reason_price")
        self.order.sudo()._decline(reason.id, "No", None, self.client)
        text, buttons = self._status()
        self.assertIn("You declined this offer", text)
        self.assertFalse(buttons)

    def test_signed_names_who_and_when(self):
        self._sign(self.order)
        text, buttons = self._status()
        self.assertIn("signed by Julie Perrin", text)
        self.assertIn("Your signed copy is being prepared", text)
        self.assertFalse(buttons)

    def test_address_never_makes_the_page_say_what_is_not_so(self):
        for message in ("sign_ok", "quote_already", "quote_declined", "quote_changes_asked"):
            with self.subTest(message=message):
                self.assertFalse(self._status(message=message)[0])
        self.assertIn("Nothing was signed", self._status(message="quote_changed")[0])

    def test_second_browser_sees_who_signed_instead(self):
        self._page(self.order)
        self._sign(self.order)
        result = self._accept(self.order, name="Somebody Else")
        page = self.url_open(result["redirect_url"])
        self.assertIn("Julie Perrin", page.text)
        self.assertIn("already been signed", page.text)


@tagged("post_install", "-at_install")
class TestPortalFiles(PortalCase):
    """The files of an offer are given when they are there; opening a page makes none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("sent")

    def _files(self, **params):
        url = f"/my/orders/{self.order.id}/files"
        token = self.order.sudo()._portal_ensure_token()
        return self.url_open(f"{url}?access_token={params.get('token', token)}").json()

    def _keep_document(self):
        documents = self.env["quote.sent.document"].sudo()
        return documents._add(self.order.sudo(), "printed", [("offer.pdf", b"%PDF-1.4 offer")])

    def _shown(self, name):
        page = self._page(self.order)
        classes = page.xpath(f"//aside//a[@name='{name}']/@class")
        waits = page.xpath("//aside//*[@data-waits-for]/@data-waits-for")
        return bool(classes) and "d-none" not in classes[0].split(), waits

    def test_the_page_waits_for_the_file_of_the_offer(self):
        self.order.sudo().sent_document_pending = True
        self.assertEqual(self._shown("quote_download"), (False, ["offer"]))
        self.assertEqual(self._files(), {"offer": False, "signed_copy": False})
        response = self.url_open(self._url(self.order, report_type="pdf"), allow_redirects=False)
        self.assertEqual(response.status_code, 303, "nothing is printed for a client")
        self._run_cron("ir_cron_sent_documents")
        self.assertEqual(self._files(), {"offer": True, "signed_copy": False})
        self.assertEqual(self._shown("quote_download"), (True, []))

    def test_the_client_receives_the_file_that_was_kept(self):
        self._run_cron("ir_cron_sent_documents")
        document_sudo = self.order.sudo()._get_sent_document()
        self.assertTrue(document_sudo)
        response = self._open(self.order, report_type="pdf", download="true")
        self.assertEqual(response.content, document_sudo.attachment_id.raw)

    def test_after_the_signature_it_is_the_signed_copy(self):
        self._sign(self.order)
        self.assertEqual(self._shown("quote_signed_copy"), (False, ["signed_copy"]))
        self._run_cron("ir_cron_after_acceptance")
        self.order.invalidate_recordset()
        self.assertEqual(self._shown("quote_signed_copy"), (True, []))
        self.assertEqual(self._files(), {"offer": False, "signed_copy": True})
        copy_sudo = self.order.sudo()._get_signed_copy()
        response = self._open(self.order, report_type="pdf")
        self.assertEqual(response.content, copy_sudo.attachment_id.raw)

    def test_nobody_else_learns_anything(self):
        self.assertEqual(self._files(token="x"), {})


@tagged("post_install", "-at_install")
class TestPortalLists(PortalCase):
    """The client's lists say where each proposal stands, in words for a client."""

    def _rows(self, path):
        page = self._get_page(path)
        return {
            self._text(row.xpath(".//a")[0]): self._text(row)
            for row in page.xpath("//table//tr[td]")
        }

    def test_lists_and_what_waits(self):
        waiting = self._create_quote_at("sent")
        expired = self._create_quote_at("sent")
        expired.sudo()._gated().validity_date = Date.today() - timedelta(days=1)
        asked = self._create_quote_at("sent")
        asked.sudo()._request_changes("More visits", self.client)
        declined = self._create_quote_at("sent")
        reason = self.env.ref("commercial_quote_process.decline_reason_price")
        declined.sudo()._decline(reason.id, "No", None, self.client)
        signed = self._create_quote_at("sent")
        self._sign(signed)
        unsent = self._create_quote_at("ready")
        cancelled = self._create_quote_at("ready")
        cancelled.action_cancel()
        self.authenticate("cqp_julie", "cqp_julie_password")
        rows = self._rows("/my/quotes")
        for order, words in (
            (waiting, "Awaiting your answer"),
            (expired, "Expired"),
            (asked, "Changes asked"),
            (declined, "Declined"),
        ):
            self.assertIn(words, rows[order.name])
        self.assertFalse({signed.name, unsent.name, cancelled.name} & set(rows))
        self.assertIn("Signed", self._rows("/my/orders")[signed.name])
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["quotation_count"]})
        self.assertEqual(counters["quotation_count"], 3, "the ones that are not answered for good")
