from datetime import timedelta

from odoo.fields import Date
from odoo.tests import mute_logger, tagged

from .client_common import draw_signature
from .portal_common import PortalCase


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
        self.assertIn(self.portal_user.login, str(acceptance.evidence_page))

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
