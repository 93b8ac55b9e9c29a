from lxml import html

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import JsonRpcException, mute_logger, tagged

from .client_common import draw_signature
from .portal_common import DEAD_LINK, PortalCase

UNSENT_STEPS = ("scope", "technical", "financial", "validation", "ready")


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

    def test_link_leads_to_a_page_apart_until_the_offer_is_sent(self):
        order = self._create_quote_at("ready")
        response = self.url_open(self._url(order), allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn(f"/my/orders/{order.id}/being-prepared", response.headers["Location"])
        apart = self.url_open(self._url(order, "/being-prepared"), allow_redirects=False)
        self.assertEqual(apart.status_code, 200)
        for token in ("", "x"):
            url = f"/my/orders/{order.id}/being-prepared?access_token={token}"
            response = self.url_open(url, allow_redirects=False)
            self.assertTrue(response.headers["Location"].endswith("/my"))
        order.action_quotation_sent()
        response = self.url_open(self._url(order, "/being-prepared"), allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertNotIn("being-prepared", response.headers["Location"])

    def test_no_route_of_an_unsent_quote_does_anything(self):
        order = self._create_quote_at("ready")
        before = self.env["mail.message"].search_count([])
        for suffix in ("/document/1", "/download_edi", "/signed-copy"):
            response = self.url_open(self._url(order, suffix), allow_redirects=False)
            self.assertNotEqual(response.status_code, 200, suffix)
            self.assertNotIn(order.name, response.text)
        self.assertEqual(self._accept(order)["error"], DEAD_LINK)
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
                DEAD_LINK,
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
