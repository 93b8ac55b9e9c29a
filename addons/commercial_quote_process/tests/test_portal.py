from datetime import timedelta

from lxml import html

from odoo.exceptions import AccessError
from odoo.fields import Command, Date
from odoo.tests import HttpCase, JsonRpcException, mute_logger, tagged

from .client_common import ClientMixin, draw_signature
from .common import QuoteProcessMixin

UNSENT_STEPS = ("scope", "technical", "financial", "validation", "ready")


class PortalCase(QuoteProcessMixin, ClientMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_story()
        cls._setup_terms()
        cls.portal_user.password = "cqp_julie_password"
        cls.salesperson.password = "cqp_claire_password"

    def _run_cron(self, xmlid):
        # A browser test already commits as a server does.
        self.env.ref(f"commercial_quote_process.{xmlid}").method_direct_trigger()
        self.env.invalidate_all()

    def _url(self, order, suffix="", **params):
        return order.sudo().get_portal_url(
            suffix=suffix, query_string="".join(f"&{key}={value}" for key, value in params.items())
        )

    def _open(self, order, suffix="", **params):
        return self.url_open(self._url(order, suffix, **params), allow_redirects=True)

    def _page(self, order, **params):
        response = self._open(order, **params)
        self.assertEqual(response.status_code, 200)
        return html.fromstring(response.content)

    def _text(self, page):
        return " ".join(page.text_content().split())

    def _answer(self, order, **values):
        """Return what the page of the quote would send, changed by ``values``."""
        order_sudo = order.sudo()
        return {
            "name": "Julie Perrin",
            "function": "Directrice",
            "signature": draw_signature(),
            "fingerprint": order_sudo._get_fingerprint()["all"],
            "terms_accepted": True,
            "terms_version": order_sudo._get_quote_terms()["version"],
            **values,
        }

    def _accept(self, order, token=None, **values):
        answer = self._answer(order, **values)
        answer["access_token"] = order.sudo()._portal_ensure_token() if token is None else token
        result = self.make_jsonrpc_request(f"/my/orders/{order.id}/accept", answer)
        order.invalidate_recordset()
        return result

    def _post(self, order, suffix, **data):
        self.url_open("/my")
        response = self.url_open(
            self._url(order, suffix),
            data={"csrf_token": self._csrf(), **data},
            allow_redirects=False,
        )
        order.invalidate_recordset()
        return response

    def _csrf(self):
        page = html.fromstring(self.url_open("/web/login").content)
        return page.xpath("//input[@name='csrf_token']/@value")[0]

    def assertStill(self, order, step, state):
        order.invalidate_recordset()
        self.assertEqual((order.quote_step, order.state), (step, state))
        self.assertFalse(order.sudo().quote_acceptance_ids)
        self.assertFalse(order.signature)


@tagged("post_install", "-at_install")
class TestPortalGate(PortalCase):
    """A quote that was never sent cannot be opened, printed, answered or paid by its link."""

    def test_link_of_an_unsent_quote_shows_nothing_of_it(self):
        for step in UNSENT_STEPS:
            order = self._create_quote_at(step)
            for params in ({}, {"report_type": "pdf"}, {"report_type": "html"}):
                with self.subTest(step=step, **params):
                    text = self._text(html.fromstring(self._open(order, **params).content))
                    self.assertIn("This offer is being prepared", text)
                    self.assertNotIn(order.name, text)
                    self.assertNotIn("archives", text)

    def test_no_route_of_an_unsent_quote_does_anything(self):
        order = self._create_quote_at("ready")
        before = self.env["mail.message"].search_count([])
        for suffix in ("/document/1", "/download_edi", "/signed-copy"):
            response = self.url_open(self._url(order, suffix), allow_redirects=False)
            self.assertNotEqual(response.status_code, 200, suffix)
            self.assertNotIn(order.name, response.text)
        self.assertEqual(self._accept(order)["error"], "Invalid order.")
        for suffix, data in (
            ("/decline", {"decline_message": "No", "decline_reason_id": "1"}),
            ("/request-changes", {"message": "More"}),
        ):
            self.assertEqual(self._post(order, suffix, **data).status_code, 303)
        self.assertStill(order, "ready", "draft")
        self.assertEqual(self.env["mail.message"].search_count([]), before)

    @mute_logger("odoo.http")
    def test_quote_cannot_be_paid_before_it_is_signed(self):
        provider, method = self._get_payment_means()
        for step, reason in (("ready", "access token is invalid"), ("sent", "to be signed first")):
            order = self._create_quote_at(step)
            params = {
                "access_token": order.sudo()._portal_ensure_token(),
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "token_id": None,
                "amount": order.amount_total,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": "/my",
            }
            response = self.url_open(
                f"/my/orders/{order.id}/transaction",
                json={"jsonrpc": "2.0", "method": "call", "params": params},
            )
            with self.subTest(step=step):
                self.assertIn(reason, response.json()["error"]["data"]["message"])
                self.assertFalse(order.sudo().transaction_ids)

    def test_discussion_of_an_unsent_quote_is_closed(self):
        order = self._create_quote_at("ready")
        order.message_post(
            body="Internal price talk", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        for user in (None, "cqp_julie"):
            self.authenticate(user, user and f"{user}_password")
            with self.subTest(user=user), mute_logger("odoo.http"):
                try:
                    result = self.make_jsonrpc_request(
                        "/mail/chatter_fetch",
                        {
                            "thread_model": "sale.order",
                            "thread_id": order.id,
                            "token": order.sudo()._portal_ensure_token(),
                        },
                    )
                except JsonRpcException as error:
                    result = str(error)
                self.assertNotIn("Internal price talk", str(result))

    def test_portal_account_sees_it_only_once_sent(self):
        unsent = self._create_quote_at("ready")
        sent = self._create_quote_at("sent")
        orders = self.env["sale.order"].with_user(self.portal_user)
        self.assertEqual(orders.search([("id", "in", (unsent | sent).ids)]), sent)
        lines = unsent.order_line.with_user(self.portal_user)
        self.assertFalse(lines.search([("id", "in", lines.ids)]))
        for records in (unsent.with_user(self.portal_user), lines):
            with self.assertRaises(AccessError):
                records.read(["name"])
        self.authenticate("cqp_julie", "cqp_julie_password")
        text = self._text(html.fromstring(self.url_open("/my/quotes").content))
        self.assertIn(sent.name, text)
        self.assertNotIn(unsent.name, text)
        response = self.url_open(f"/my/orders/{unsent.id}", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("being prepared", self._open(unsent).text)

    def test_employee_previews_a_draft_that_says_so(self):
        order = self._create_quote_at("financial")
        self.authenticate("cqp_claire", "cqp_claire_password")
        page = self._page(order)
        self.assertIn("The client does not see this page yet", self._text(page))

    def test_closed_quote_that_was_never_sent_stays_hidden(self):
        order = self._create_quote_at("ready")
        order.action_cancel()
        self.assertIn("being prepared", self._open(order).text)

    def test_quote_outside_the_process_behaves_as_in_stock(self):
        product = self.env["product.product"].create({"name": "Chair", "list_price": 40.0})
        order = self.env["sale.order"].create(
            {
                "partner_id": self.client.id,
                "team_id": self.stock_team.id,
                "require_signature": True,
                "require_payment": False,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        page = self._page(order)
        self.assertFalse(page.xpath("//*[@id='modalchanges']"))
        result = self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {
                "access_token": order._portal_ensure_token(),
                "name": "Julie Perrin",
                "signature": draw_signature(),
            },
        )
        self.assertIn("sign_ok", result["redirect_url"])
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.quote_acceptance_ids)

    def test_wrong_token_is_answered_as_in_stock(self):
        order = self._create_quote_at("ready")
        other = self._create_quote_at("sent")
        for token in ("", "x", other.sudo()._portal_ensure_token()):
            response = self.url_open(
                f"/my/orders/{order.id}?access_token={token}", allow_redirects=False
            )
            self.assertEqual(response.status_code, 303)
            self.assertEqual(
                self._accept(other if token == "x" else order, token=token)["error"],
                "Invalid order.",
            )

    def test_link_given_to_one_client_does_not_open_the_quote_of_another(self):
        order = self._create_quote_at("scope")
        token = order.sudo()._portal_ensure_token()
        order.partner_id = self.client
        self.assertEqual(order.sudo().access_token, token)
        order.partner_id = self.env["res.partner"].create({"name": "Another town"})
        self.assertNotEqual(order.sudo()._portal_ensure_token(), token)

    def test_mail_to_the_client_has_no_button_before_sending(self):
        groups = {}
        for step in ("ready", "sent"):
            order = self._create_quote_at(step)
            message = order.message_post(body="Hello", partner_ids=self.client.ids)
            groups[step] = {
                name: options["has_button_access"]
                for name, _filter, options in order._notify_get_recipients_groups(message, "Quote")
                if name in ("portal_customer", "portal")
            }
        self.assertEqual(set(groups["ready"].values()), {False})
        self.assertEqual(set(groups["sent"].values()), {True})


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
class TestPortalSignature(PortalCase):
    """The client signs what was shown, once, with a real name and a real signature."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("sent", note="<p>Our general terms</p>")

    def test_link_holder_signs(self):
        result = self._accept(self.order, purchase_order="PO 2026/117")
        self.assertIn("sign_ok", result["redirect_url"])
        self.assertEqual((self.order.quote_step, self.order.state), ("accepted", "sale"))
        acceptance = self.order.sudo().quote_acceptance_ids
        self.assertEqual(
            (acceptance.signer_name, acceptance.signer_function, acceptance.auth_mode),
            ("Julie Perrin", "Directrice", "token"),
        )
        self.assertEqual(acceptance.purchase_order_number, "PO 2026/117")
        self.assertTrue(acceptance.ip_address and acceptance.user_agent)
        self.assertFalse(acceptance._get_problems())
        page = self._page(self.order)
        self.assertIn("Your signed copy is being prepared", self._text(page))
        self._run_cron("ir_cron_after_acceptance")
        self.assertIn("Your signed copy", self._text(self._page(self.order)))
        self.assertEqual(self._open(self.order, "/signed-copy").status_code, 200)

    def test_portal_account_signs(self):
        self.authenticate("cqp_julie", "cqp_julie_password")
        self._accept(self.order, token="")
        acceptance = self.order.sudo().quote_acceptance_ids
        self.assertEqual(acceptance.auth_mode, "portal_user")
        self.assertEqual(acceptance.user_id, self.portal_user)

    def test_what_the_page_sends_is_what_it_showed(self):
        page = self._page(self.order)
        props = page.xpath(
            "//owl-component[@name='commercial_quote_process.quote_signature_form']/@props"
        )[0]
        self.assertIn(self.order._get_fingerprint()["all"], props)
        self.assertIn(self.order._get_quote_terms()["version"], props)

    def test_second_signature_is_told(self):
        self._accept(self.order)
        result = self._accept(self.order, name="Somebody Else")
        self.assertIn("already been accepted", result["error"])
        self.assertIn("quote_already", result["redirect_url"])
        self.assertEqual(len(self.order.sudo().quote_acceptance_ids), 1)
        self.assertEqual(self.order.signed_by, "Julie Perrin")

    def test_content_that_changed_since_it_was_shown(self):
        answer = self._answer(self.order)
        self.order.sudo()._gated().write({"note": "<p>Other terms</p>"})
        result = self._accept(self.order, **answer)
        self.assertTrue(result["force_refresh"])
        self.assertStill(self.order, "sent", "sent")

    def test_bad_answers_are_refused_and_change_nothing(self):
        cases = {
            "no name": {"name": None},
            "blank name": {"name": "  "},
            "name as object": {"name": {"a": 1}},
            "name as list": {"name": ["Julie"]},
            "long name": {"name": "J" * 129},
            "name with markup": {"name": "<b>Julie</b>"},
            "name with control": {"name": "Julie\x00Perrin"},
            "name right to left": {"name": "Julie \u202enirreP"},
            "function with markup": {"function": "<script>"},
            "function as object": {"function": {"a": 1}},
            "no signature": {"signature": None},
            "empty signature": {"signature": ""},
            "blank signature": {"signature": " "},
            "signature of signs": {"signature": "@@@@"},
            "signature of text": {"signature": "SGVsbG8gd29ybGQh"},
            "signature as list": {"signature": ["x"]},
            "signature as object": {"signature": {"x": 1}},
            "svg": {"signature": "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4="},
            "gif": {"signature": "R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs="},
            "nothing drawn": {"signature": draw_signature(ink=False)},
            "huge image": {"signature": "iVBORw0KGgo" + "A" * 500_000},
            "truncated image": {"signature": draw_signature()[:80]},
            "image too wide": {"signature": draw_signature(size=(5000, 20))},
            "no fingerprint": {"fingerprint": None},
            "forged fingerprint": {"fingerprint": "0" * 64},
            "fingerprint as list": {"fingerprint": ["x"]},
            "terms not ticked": {"terms_accepted": False},
            "terms as text": {"terms_accepted": "on"},
            "other terms": {"terms_version": "1999"},
            "terms as object": {"terms_version": {"a": 1}},
            "order number as object": {"purchase_order": {"a": 1}},
            "token as list": {"token": ["x"]},
            "token as object": {"token": {"a": 1}},
        }
        for name, values in cases.items():
            with self.subTest(case=name):
                result = self._accept(self.order, **values)
                self.assertTrue(result.get("error"), result)
                self.assertStill(self.order, "sent", "sent")

    def test_jpeg_signature_is_accepted(self):
        self._accept(self.order, signature=draw_signature(kind="JPEG"))
        self.assertEqual(self.order.quote_step, "accepted")

    def test_employee_does_not_sign_for_the_client(self):
        self.authenticate("cqp_claire", "cqp_claire_password")
        self.assertIn("employee", self._accept(self.order)["error"])
        self.assertStill(self.order, "sent", "sent")

    def test_signature_option_switched_off_still_needs_a_signature(self):
        self.order.sudo()._gated().write({"require_signature": False, "require_payment": True})
        page = self._page(self.order)
        self.assertTrue(page.xpath("//*[@id='accept']"))
        self.assertFalse(page.xpath("//*[@id='o_sale_portal_paynow']"))

    def test_options_are_not_edited_after_the_approval(self):
        line = self.order.order_line[0]
        before = (line.product_uom_qty, self.order.amount_total)
        for quantity in (-5, 1e12, "NaN"):
            self.make_jsonrpc_request(
                f"/my/orders/{self.order.id}/update_line_dict",
                {
                    "access_token": self.order.sudo()._portal_ensure_token(),
                    "line_id": line.id,
                    "input_quantity": quantity,
                },
            )
        self.order.invalidate_recordset()
        self.assertEqual((line.product_uom_qty, self.order.amount_total), before)


@tagged("post_install", "-at_install")
class TestPortalAnswers(PortalCase):
    """The client declines or asks for changes on the page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("sent")
        cls.reason = cls.env.ref("commercial_quote_process.decline_reason_price")

    def test_decline(self):
        recall = Date.today() + timedelta(days=60)
        response = self._post(
            self.order,
            "/decline",
            decline_reason_id=self.reason.id,
            decline_message="Too expensive for us",
            recall_date=str(recall),
        )
        self.assertIn("quote_declined", response.headers["Location"])
        self.assertEqual((self.order.quote_step, self.order.state), ("declined", "cancel"))
        message = self.order.message_ids.filtered(lambda m: "Too expensive" in (m.body or ""))
        self.assertEqual(message.author_id, self.client)
        self.assertEqual(self.order.opportunity_id.sudo().won_status, "lost")
        self.assertIn("has been recorded", self._open(self.order, message="quote_declined").text)

    def test_decline_without_a_reason_is_not_recorded(self):
        for data in (
            {},
            {"decline_reason_id": "999999"},
            {"decline_reason_id": "x"},
            {"decline_reason_id": self.reason.id, "recall_date": "2001-01-01"},
        ):
            with self.subTest(data=data):
                response = self._post(self.order, "/decline", decline_message="No", **data)
                self.assertIn("quote_not_recorded", response.headers["Location"])
                self.assertStill(self.order, "sent", "sent")

    def test_ask_for_changes(self):
        response = self._post(self.order, "/request-changes", message="<b>Two</b> more visits")
        self.assertIn("quote_changes_asked", response.headers["Location"])
        self.assertEqual(self.order.quote_step, "revision")
        message = self.order.message_ids.filtered(lambda m: "more visits" in (m.body or ""))
        self.assertIn("&lt;b&gt;Two", message.body)
        again = self._post(self.order, "/request-changes", message="And more")
        self.assertIn("quote_not_recorded", again.headers["Location"])

    def test_employee_does_not_answer_for_the_client(self):
        self.authenticate("cqp_claire", "cqp_claire_password")
        for suffix, data in (
            ("/decline", {"decline_reason_id": self.reason.id}),
            ("/request-changes", {"message": "More"}),
        ):
            response = self._post(self.order, suffix, **data)
            self.assertIn("quote_internal", response.headers["Location"])
        self.assertStill(self.order, "sent", "sent")

    @mute_logger("odoo.http")
    def test_answers_need_the_form_of_the_page(self):
        for suffix in ("/decline", "/request-changes"):
            response = self.url_open(
                self._url(self.order, suffix),
                data={"decline_reason_id": self.reason.id, "message": "More"},
                allow_redirects=False,
            )
            self.assertEqual(response.status_code, 400)
            self.assertNotEqual(self.url_open(self._url(self.order, suffix)).status_code, 200)
        self.assertStill(self.order, "sent", "sent")
