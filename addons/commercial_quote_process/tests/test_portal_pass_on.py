from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import JsonRpcException, mute_logger, tagged

from .client_common import draw_signature
from .portal_answer_common import PortalAnswerCase
from .portal_common import DEAD_LINK


@tagged("post_install", "-at_install")
class TestPortalPassOn(PortalAnswerCase):
    """The client passes the page on to the person who signs, who gets a link of their own."""

    def _read(self, token, **kwargs):
        return self.url_open(self._personal_url(token), **kwargs)

    def test_person_gets_a_mail_from_the_queue(self):
        result = self._pass_on(message="For your signature")
        self.assertIn("quote_passed_on", result["redirect_url"])
        access = self.order.page_access_ids
        self.assertEqual((access.name, access.email), ("Anne Lefort", "anne@bressac.example.com"))
        self.assertEqual((access.given_by, access.state), (self.client.name, "open"))
        mail_sudo = self.env["mail.mail"].sudo().search([], order="id desc", limit=1)
        self.assertEqual(mail_sudo.state, "outgoing")
        self.assertEqual(mail_sudo.email_to, access.email)
        self.assertIn("For your signature", mail_sudo.body_html)
        self.assertNotIn(self.order.sudo().access_token, mail_sudo.body_html)
        token = self._get_personal_token()
        self.assertTrue(token.startswith("pl."))
        self.assertFalse(mail_sudo.model or mail_sudo.res_id)
        self.assertFalse(
            mail_sudo.mail_message_id.with_user(self.salesperson)
            .sudo(False)
            .search([("body", "ilike", token)])
        )
        mail_sudo.state = "exception"
        self.assertEqual(access.state, "unsent")
        self.assertNotIn(token, str(access.sudo().read()))
        self.assertNotIn(token, str(self.order.message_ids.mapped("body")))

    def test_personal_page_knows_no_other_link(self):
        self._pass_on()
        token = self._get_personal_token()
        secret = self.order.sudo()._portal_ensure_token()
        response = self._read(token)
        self.assertEqual(response.status_code, 200)
        self.assertIn("Anne Lefort", response.text)
        self.assertIn(token, response.text)
        self.assertNotIn(secret, response.text)
        self.assertNotIn("modalpasson", response.text)
        for suffix in ("/decline", "/request-changes"):
            answer = self._send("", {}, url=self._personal_url(token, suffix))
            self.assertNotIn(secret, str(answer))

    def test_person_signs_and_is_named(self):
        self._pass_on()
        token = self._get_personal_token()
        result = self._accept(self.order, token=token, name="Anne Lefort")
        self.assertIn("sign_ok", result["redirect_url"])
        self.assertIn(token, result["redirect_url"])
        self.assertEqual(self.order.quote_step, "accepted")
        acceptance_sudo = self.order.sudo().quote_acceptance_ids
        self.assertEqual(acceptance_sudo.passed_on_to["name"], "Anne Lefort")
        self.assertTrue(acceptance_sudo.passed_on_to["own_link"])
        self.assertIn("whose own link was used", str(acceptance_sudo.evidence_page))
        self.assertEqual(self._read(token).status_code, 200)

    def test_evidence_tells_by_which_link(self):
        self.assertEqual(self.order._get_passed_on_to(), {})
        self._pass_on()
        token = self._get_personal_token()
        passed = self.order._get_passed_on_to()
        self.assertEqual((passed["name"], passed["own_link"]), ("Anne Lefort", False))
        own = self.env["quote.page.access"]._open_order_sudo(self.order.id, token)
        self.assertTrue(own._get_passed_on_to()["own_link"])
        forged = self.order.with_context(quote_personal_link=[self.order.id, 1, "pl.x"])
        self.assertFalse(forged._get_passed_on_to()["own_link"])

    @mute_logger("odoo.http")
    def test_personal_link_opens_the_proposal_and_nothing_else_of_the_order(self):
        self._pass_on()
        token = self._get_personal_token()
        self._accept(self.order, token=token, name="Anne Lefort")
        payment = {"access_token": token, "amount": 10, "flow": "redirect"}
        with self.assertRaisesRegex(JsonRpcException, "ValidationError"):
            self.make_jsonrpc_request(f"/my/orders/{self.order.id}/transaction", payment)
        page = self._read(f"{token}&payment_amount=10").text
        self.assertNotIn("o_sale_portal_paynow", page)
        for suffix in ("/download_edi", "/something-of-another-addon"):
            response = self.url_open(self._personal_url(token, suffix), allow_redirects=False)
            self.assertIn(response.status_code, (303, 404))
            self.assertNotIn("Invoice", response.text)
        for suffix in ("", "/files", "/signed-copy"):
            response = self.url_open(self._personal_url(token, suffix))
            self.assertIn(response.status_code, (200,), suffix)

    def test_person_asks_for_changes_in_their_own_name(self):
        self._pass_on()
        url = self._personal_url(self._get_personal_token(), "/request-changes")
        result = self._send("", {"message": "Earlier please"}, url=url)
        self.assertIn("quote_changes_asked", result["redirect_url"])
        self.assertEqual(self.order.change_request_ids.asked_by, "Anne Lefort")
        message = self.order.message_ids.filtered(lambda m: "Earlier please" in m.body)
        self.assertIn("anne@bressac.example.com", message.email_from)
        self.assertFalse(message.author_id)

    def test_person_declines(self):
        self._pass_on()
        url = self._personal_url(self._get_personal_token(), "/decline")
        reason = self.env.ref("commercial_quote_process.decline_reason_price")
        self._send("", {"decline_reason_id": reason.id}, url=url)
        self.assertEqual(self.order.quote_step, "declined")

    def test_person_asks_a_question(self):
        self._pass_on()
        token = self._get_personal_token()
        params = {
            "thread_model": "sale.order",
            "thread_id": self.order.id,
            "post_data": {"body": "Who hosts it?", "subtype_xmlid": "mail.mt_comment"},
            "token": token,
        }
        self.make_jsonrpc_request("/mail/message/post", params)
        self.order.invalidate_recordset()
        message = self.order.message_ids.filtered(lambda m: "Who hosts it?" in (m.body or ""))
        self.assertIn("Anne Lefort", message.email_from)

    def test_link_dies_with_its_version_and_can_be_closed(self):
        self._pass_on()
        token = self._get_personal_token()
        access = self.order.page_access_ids
        with self.assertRaises(AccessError):
            access.with_user(self.other_salesperson).sudo(False).action_close()
        access.with_user(self.salesperson).sudo(False).action_close()
        text = self._read(token).text
        self.assertIn("This link has ended", text)
        self.assertIn("It was closed by", text)
        self.assertNotIn(self.order.name, text)
        self.assertEqual(self._accept(self.order, token=token)["error"], DEAD_LINK)
        self._pass_on(signer_email="other@bressac.example.com")
        token = self._get_personal_token()
        self.order.action_cancel()
        self.assertIn("This link has ended", self._read(token).text)

    @mute_logger("odoo.http")
    def test_wrong_links_open_nothing(self):
        self._pass_on()
        token = self._get_personal_token()
        other = self._create_quote_at("sent")
        wrong_links = (f"{token}x", "pl.", "pl.\u00e9", f"pl.{'x' * 5000}")
        for order, wrong in (*((self.order, wrong) for wrong in wrong_links), (other, token)):
            response = self.url_open(
                f"/my/orders/{order.id}?access_token={wrong}", allow_redirects=False
            )
            self.assertEqual(response.status_code, 303)
            self.assertTrue(response.headers["Location"].endswith("/my/orders/link-unknown"))
            self.assertEqual(self._accept(order, token=wrong)["error"], DEAD_LINK)
        for wrong in ("pl.\ud800", "\u00e9"):
            self.assertEqual(self._accept(self.order, token=wrong)["error"], DEAD_LINK)
        said = []
        for order_id in (self.order.id, 2**31 - 1):
            page = self._get_page(f"/my/orders/{order_id}?access_token=cut")
            said.append(self._text(page.xpath("//*[@name='quote_link_unknown']")[0]))
        self.assertIn("This link does not work", said[0])
        self.assertNotIn(self.order.name, said[0])
        self.assertEqual(said[0], said[1], "nobody learns which offers exist")
        # A link that is not the visitor's own opens nothing, not even with rights of his own.
        self.authenticate("cqp_julie", "cqp_julie_password")
        response = self._read(f"{token}x", allow_redirects=False)
        self.assertEqual(response.status_code, 303)

    def test_bad_values_are_refused_in_words(self):
        cases = {
            "no name": {"signer_name": ""},
            "name of digits": {"signer_name": "1234"},
            "markup": {"signer_name": "<b>Anne</b>"},
            "long name": {"signer_name": "A" * 200},
            "bidi name": {"signer_name": "Anne \u202eeeL"},
            "no address": {"signer_email": ""},
            "half an address": {"signer_email": "anne"},
            "half a domain": {"signer_email": "anne@bressac"},
            "two addresses": {"signer_email": "a@example.com, b@example.com"},
            "header": {"signer_email": "a@example.com\nBcc: b@example.com"},
            "control in the address": {"signer_email": "a\x00b@example.com"},
            "control in the name": {"signer_name": "Anne\x00Lefort"},
            "long address": {"signer_email": f"{'a' * 300}@example.com"},
            "long message": {"message": "x" * 2000},
            "address of the web": {"message": "See https://evil.example.com"},
            "colleague": {"signer_email": "hugo@altea.example.com"},
        }
        before = self.env["mail.mail"].sudo().search_count([])
        for name, values in cases.items():
            with self.subTest(case=name):
                answer = self._pass_on(**values)
                self.assertTrue(answer["error"])
                self.assertEqual([answer["field"]], list(values), "where the reader is taken")
                self.assertFalse(self.order.page_access_ids)
        self.assertEqual(self.env["mail.mail"].sudo().search_count([]), before)

    def test_controls_in_a_message_are_left_out(self):
        self._pass_on(message="Please\x00 sign\u202e")
        self.assertEqual(self.order.page_access_ids.message, "Please sign")

    def test_page_is_no_way_to_send_many_mails(self):
        for number in range(3):
            self.assertNotIn("error", self._pass_on(signer_email=f"p{number}@bressac.example.com"))
        self.assertIn(
            "several times", self._pass_on(signer_email="p9@bressac.example.com")["error"]
        )
        self.assertIn("already", self._pass_on(signer_email="p1@bressac.example.com")["error"])
        self.assertEqual(len(self.order.page_access_ids), 3)
        self.env.cr.execute(
            "UPDATE quote_page_access SET given_on = %s",
            [fields.Datetime.now() - timedelta(days=2)],
        )
        self.env.invalidate_all()
        self.assertNotIn("error", self._pass_on(signer_email="p9@bressac.example.com"))

    def test_personal_link_is_not_passed_on(self):
        self._pass_on()
        url = self._personal_url(self._get_personal_token(), "/pass-on")
        data = {"signer_name": "Eve", "signer_email": "eve@example.com"}
        self.assertIn("only you", self._send("", data, url=url)["error"])

    def test_employee_passes_nothing_on(self):
        self.authenticate("cqp_claire", "cqp_claire_password")
        self.assertIn("employee", self._pass_on()["error"])
        self.assertFalse(self.order.page_access_ids)

    def test_quote_has_a_link_of_its_own_beside_a_personal_one(self):
        order_sudo = self.order.sudo()
        order_sudo.access_token = False
        order_sudo._pass_on("Anne Lefort", "anne@bressac.example.com", "", "Julie Perrin")
        self.assertTrue(order_sudo.access_token, "the discussion compares each link with it")

    def test_links_are_history(self):
        self._pass_on()
        access_sudo = self.order.sudo().page_access_ids
        for change in (
            lambda: access_sudo.write({"email": "x@example.com"}),
            lambda: access_sudo.write({"token_hash": "x"}),
            access_sudo.unlink,
        ):
            with self.assertRaises(UserError):
                change()
        access_sudo.order_id._anonymise_client_traces()
        self.assertEqual((access_sudo.name, access_sudo.email), ("-", "-"))

    def test_account_of_the_client_passes_on_in_its_name(self):
        self.authenticate("cqp_julie", "cqp_julie_password")
        self._pass_on()
        self.assertEqual(self.order.page_access_ids.given_by, "Julie Perrin")

    def test_signature_image_is_checked_for_the_person_too(self):
        self._pass_on()
        result = self._accept(
            self.order, token=self._get_personal_token(), signature=draw_signature(ink=False)
        )
        self.assertTrue(result["error"])
        self.assertStill(self.order, "sent", "sent")
