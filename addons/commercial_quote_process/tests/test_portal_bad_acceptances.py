import base64
import io
import json
import time
import zlib

from PIL import Image

from odoo.tests import JsonRpcException, mute_logger, new_test_user, tagged

from .client_common import GIF, PDF, draw_signature
from .test_portal import PortalCase

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
MOST_SECONDS = 1.0


def _encode(content):
    return base64.b64encode(content).decode()


def _draw(size, color, kind="PNG", mode="RGB"):
    stream = io.BytesIO()
    Image.new(mode, size, color).save(stream, kind)
    return _encode(stream.getvalue())


def _png_chunk(name, content):
    crc = zlib.crc32(name + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + name + content + crc


def _bomb(width, height):
    """Return a PNG of a few hundred bytes that says it has this many points."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(b"\x00" * 1000)), (b"IEND", b"")
    return _encode(b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(*chunk) for chunk in chunks))


SIGNED = base64.b64decode(draw_signature())

NAMES = {
    "nothing": None,
    "empty": "",
    "blank": "   ",
    "one letter": "J",
    "number": 42,
    "boolean": True,
    "object": {"a": 1},
    "list": ["Julie"],
    "too long": "J" * 129,
    "very long": "J" * 100_000,
    "markup": "<b>Julie</b>",
    "script": "<script>alert(1)</script>",
    "control": "Julie\x00Perrin",
    "escape": "Julie\x1b[2JPerrin",
    "right to left": "Julie \u202enirreP",
    "isolate": "Julie \u2066Perrin\u2069",
    "zero width": "Julie\u200bPerrin",
    "byte order mark": "\ufeffJulie",
    "word joiner": "Julie\u2060Perrin",
    "soft hyphen": "Ju\u00adlie",
    "joiner at the end": "Julie\u200d",
    "blank letters": "\u3164\u3164\u3164",
    "blank braille": "\u2800\u2800",
    "smileys": "\U0001f600\U0001f600",
    "name with a smiley": "Julie \U0001f600",
    "digits": "12345",
    "signs": "... --- ...",
    "private": "\ue000\ue001",
    "covered": "Ju" + "\u0301" * 30 + "lie",
    "half a character": "Julie \ud83d",
}
FUNCTIONS = {
    "markup": "<i>CEO</i>",
    "object": {"a": 1},
    "list": ["CEO"],
    "number": 7,
    "too long": "C" * 129,
    "right to left": "CEO \u202e",
    "digits": "007",
}
SIGNATURES = {
    "nothing": None,
    "false": False,
    "empty": "",
    "blank": " ",
    "signs": "@@@@",
    "list": ["x"],
    "object": {"x": 1},
    "number": 3,
    "text": _encode(b"Hello world!"),
    "web page": _encode(b"<html><script>alert(1)</script></html>"),
    "svg": _encode(SVG),
    "gif": GIF,
    "pdf": _encode(PDF),
    "address of an image": "data:image/png;base64," + draw_signature(),
    "bmp": _draw((100, 50), "black", "BMP"),
    "webp": _encode(b"RIFF\x1a\x00\x00\x00WEBPVP8L" + b"\x00" * 20),
    "transparent": draw_signature(ink=False),
    "white": _draw((300, 100), "white"),
    "nearly white": _draw((300, 100), (250, 250, 250)),
    "black": _draw((300, 100), "black"),
    "one point": _draw((1, 1), "black"),
    "too wide": draw_signature(size=(5000, 20)),
    "50 million points": _bomb(10_000, 5_000),
    "4 thousand million points": _bomb(65_000, 65_000),
    "16 million points": _bomb(4_000, 4_000),
    "no points": _bomb(0, 0),
    "few points": _bomb(2_000, 1_000),
    "truncated": draw_signature()[:80],
    "cut in the middle": _encode(SIGNED[: len(SIGNED) // 2]),
    "only a header": _encode(SIGNED[:33]),
    "with a program behind": _encode(SIGNED + b"<script>alert(1)</script>"),
    "half a megabyte": "iVBORw0KGgo" + "A" * 500_000,
}
REFERENCES = {
    "object": {"a": 1},
    "list": ["PO"],
    "number": 117,
    "markup": "<b>PO</b>",
    "too long": "P" * 65,
    "control": "PO\x0017",
    "right to left": "PO \u202e17",
    "blank": "   ",
}
TERMS = {
    "not ticked": False,
    "nothing": None,
    "text": "true",
    "on": "on",
    "one": 1,
    "list": [True],
    "object": {"a": True},
}
CONTENTS = {
    "no fingerprint": {"fingerprint": None},
    "empty fingerprint": {"fingerprint": ""},
    "forged fingerprint": {"fingerprint": "0" * 64},
    "fingerprint as list": {"fingerprint": ["x"]},
    "fingerprint as object": {"fingerprint": {"a": 1}},
    "fingerprint as number": {"fingerprint": 0},
    "no version of the terms": {"terms_version": None},
    "other version of the terms": {"terms_version": "1999"},
    "version of the terms as object": {"terms_version": {"a": 1}},
    "version of the terms as list": {"terms_version": ["x"]},
}
OPTIONS = {
    "text": "1",
    "object": {"1": True},
    "texts": ["1"],
    "booleans": [True],
    "fractions": [1.5],
    "negative": [-1],
    "zero": [0],
    "nested": [[1]],
    "nothing in it": [None],
    "too many": list(range(1, 1000)),
}


@tagged("post_install", "-at_install")
class TestPortalBadAcceptances(PortalCase):
    """Whatever else than a real acceptance arrives is refused at once, and nothing has changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("sent", note="<p>Our general terms</p>")
        cls.other = cls._create_quote_at("sent", note="<p>Our general terms</p>")
        cls.orders = cls.order + cls.other
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        # What the page of the offer would send; found out once.
        self.answer = self._answer(self.order)
        self.token = self.order.sudo()._portal_ensure_token()

    def _send(self, token=None, **values):
        """Send the answer of the page, changed by ``values``."""
        answer = {**self.answer, **values, "access_token": self.token if token is None else token}
        return self.make_jsonrpc_request(f"/my/orders/{self.order.id}/accept", answer)

    def _get_state(self):
        """Return all that an acceptance could have changed."""
        self.env.invalidate_all()
        orders = self.orders.sudo()
        attachments = self.env["ir.attachment"].sudo()
        return {
            "steps": orders.mapped("quote_step"),
            "states": orders.mapped("state"),
            "signatures": [*orders.mapped("signature"), *orders.mapped("signed_by")],
            "references": orders.mapped("client_order_ref"),
            "totals": orders.mapped("amount_total"),
            "messages": len(orders.message_ids),
            "rows": self.env["quote.acceptance"].sudo().search_count([]),
            "files": attachments.search_count(
                [("res_model", "in", ("sale.order", "quote.acceptance"))]
            ),
            "projects": self.env["project.project"].sudo().search_count([]),
        }

    def _assert_refused(self, send, **case):
        """Send something, twice when the machine was busy: refused in a moment, nothing changed.

        :param send: function that sends it and returns the answer
        """
        before = self._get_state()
        with self.subTest(**case):
            for _attempt in range(2):
                start = time.monotonic()
                answer = send()
                seconds = time.monotonic() - start
                if seconds < MOST_SECONDS:
                    break
            self.assertLess(seconds, MOST_SECONDS)
            self.assertEqual(self._get_state(), before)
            return answer

    def _assert_message(self, answer, field=None, message=None):
        self.assertTrue((answer or {}).get("error"), answer)
        if field:
            self.assertEqual(answer.get("field"), field)
        if message:
            self.assertIn(f"message={message}", answer["redirect_url"])

    def _assert_values_refused(self, field, values, name=None):
        for case, value in values.items():
            answer = self._assert_refused(
                lambda value=value: self._send(**{name or field: value}),
                field=field,
                case=case,
            )
            with self.subTest(field=field, case=case):
                self._assert_message(answer, field)

    # === WHAT IS TYPED, DRAWN AND TICKED === #

    def test_names(self):
        self._assert_values_refused("name", NAMES)

    def test_functions(self):
        self._assert_values_refused("function", FUNCTIONS)

    def test_signatures(self):
        self._assert_values_refused("signature", SIGNATURES)

    def test_purchase_order_numbers(self):
        self._assert_values_refused("purchase_order", REFERENCES)
        # In words about the number, not about the name that is checked alike.
        self.assertIn("purchase order", self._send(purchase_order="P" * 65)["error"])

    def test_terms_that_are_not_ticked(self):
        self._assert_values_refused("terms", TERMS, "terms_accepted")

    def test_other_content_than_shown(self):
        for case, values in CONTENTS.items():
            answer = self._assert_refused(lambda values=values: self._send(**values), case=case)
            with self.subTest(case=case):
                self._assert_message(answer, message="quote_changed")
        self.order.sudo()._gated().write({"note": "<p>Other terms</p>"})
        answer = self._assert_refused(self._send, case="old page")
        # What nobody approved is closed, whatever the page showed.
        self._assert_message(answer, message="quote_closed")

    def test_options_that_are_none_of_this_offer(self):
        self._assert_values_refused("options", OPTIONS)
        lines = self.other.order_line.ids
        for case, options in (
            ("unknown", [987654321]),
            ("huge", [10**30]),
            ("of another offer", lines),
        ):
            answer = self._assert_refused(
                lambda options=options: self._send(options=options), case=case
            )
            with self.subTest(case=case):
                self._assert_message(answer, message="quote_changed")
        sold = self.order.order_line.ids[:1]
        answer = self._assert_refused(
            lambda: self._send(options=sold), case="a line that is no option"
        )
        self._assert_message(answer, message="quote_changed")

    # === WHO ASKS, AND HOW === #

    @mute_logger("odoo.http")
    def test_tokens(self):
        self.authenticate(None, None)
        for case, token in {
            "none": "",
            "wrong": "00000000-0000-0000-0000-000000000000",
            "of another offer": self.other.sudo()._portal_ensure_token(),
            "list": [self.order.sudo()._portal_ensure_token()],
            "object": {"a": 1},
            "boolean": True,
            "number": 1,
            "long": "0" * 100_000,
        }.items():
            answer = self._assert_refused(lambda token=token: self._send(token=token), case=case)
            with self.subTest(case=case):
                self._assert_message(answer)
                self.assertNotIn("redirect_url", answer)

    @mute_logger("odoo.http")
    def test_other_requests_than_the_page_makes(self):
        token = self.order.sudo()._portal_ensure_token()
        url = f"/my/orders/{self.order.id}/accept"
        answer = json.dumps({"jsonrpc": "2.0", "params": self._answer(self.order)})
        form = {"access_token": token, "name": "Julie Perrin", "signature": draw_signature()}
        json_type = {"Content-Type": "application/json"}
        for case, options in {
            "GET": {"params": form},
            "form of another site": {"data": form},
            "text": {"data": answer, "headers": {"Content-Type": "text/plain"}},
            "broken": {"data": answer[:-9], "headers": json_type},
            "list": {"data": "[]", "headers": json_type},
            "nothing": {"data": "null", "headers": json_type},
            "parameters as list": {"data": '{"params": [1]}', "headers": json_type},
            "unknown parameters": {"data": '{"params": {"a": {"b": 1}}}', "headers": json_type},
            "ten megabytes": {"data": '{"a": "' + "x" * 10_000_000, "headers": json_type},
        }.items():
            address = f"{url}?access_token={token}" if "params" not in options else url
            response = self._assert_refused(
                lambda address=address, options=options: self.url_open(address, **options),
                case=case,
            )
            with self.subTest(case=case):
                self.assertLess(response.status_code, 500)
                self.assertNotIn("sign_ok", response.text)

    def test_offer_that_does_not_exist(self):
        missing = self.order.browse(987654321)
        answer = self.make_jsonrpc_request(
            f"/my/orders/{missing.id}/accept", {**self._answer(self.order), "access_token": "x"}
        )
        self._assert_message(answer)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.models")
    def test_people_who_are_not_the_client(self):
        stranger = new_test_user(
            self.env, "cqp_outside", "base.group_portal", password="cqp_outside1"
        )
        self.assertNotEqual(
            stranger.partner_id.commercial_partner_id, self.client.commercial_partner_id
        )
        self.authenticate("cqp_outside", "cqp_outside1")
        answer = self._assert_refused(
            lambda: self._send(token=""), case="account of another company"
        )
        self._assert_message(answer)
        self.authenticate("cqp_claire", "cqp_claire_password")
        for token in (None, ""):
            answer = self._assert_refused(
                lambda token=token: self._send(token=token), case="employee"
            )
            self._assert_message(answer)

    # === WHEN === #

    def _set_step(self, step, state):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET quote_step = %s, state = %s WHERE id = %s",
            [step, state, self.order.id],
        )
        self.env.invalidate_all()

    @mute_logger("odoo.http")
    def test_offers_that_cannot_be_signed_now(self):
        for step, state in {
            "scope": "draft",
            "technical": "draft",
            "financial": "draft",
            "validation": "draft",
            "ready": "draft",
            "declined": "cancel",
            "superseded": "cancel",
            "cancelled": "cancel",
        }.items():
            self._set_step(step, state)
            answer = self._assert_refused(self._send, step=step)
            with self.subTest(step=step):
                self._assert_message(answer)
        self._set_step("sent", "sent")
        self.order.sudo()._gated().validity_date = "2020-01-01"
        answer = self._assert_refused(self._send, case="expired")
        self._assert_message(answer, message="quote_closed")

    def test_offer_that_nobody_approved(self):
        self.order.sudo().validation_ids.flush_recordset()
        self.env.cr.execute(
            "UPDATE quote_validation SET state = 'withdrawn' WHERE order_id = %s", [self.order.id]
        )
        self.env.invalidate_all()
        answer = self._assert_refused(self._send, case="not approved")
        self._assert_message(answer, message="quote_closed")

    def test_answer_that_is_sent_again(self):
        self._send()
        self.order.invalidate_recordset()
        self.assertEqual(self.order.quote_step, "accepted")
        again = self._assert_refused(lambda: self._send(name="Somebody Else"), case="replay")
        self._assert_message(again, message="quote_already")
        for step, state in (("accepted", "sale"), ("cancelled", "cancel"), ("sent", "sent")):
            self._set_step(step, state)
            again = self._assert_refused(
                lambda: self._send(name="Somebody Else"),
                case="replay",
                step=step,
            )
            self._assert_message(again)

    def test_good_ones_of_the_same_kind_are_taken(self):
        """What is refused above is refused for what is wrong in it, not for all the rest."""
        answer = self._accept(
            self.order,
            name="  Zoé  O'Brien-Nguyễn  ",
            function="Directrice (achats)",
            signature=draw_signature(kind="JPEG"),
            purchase_order="PO 2026/117 – lot n° 3",
            options=[],
        )
        self.assertIn("sign_ok", answer["redirect_url"])
        acceptance = self.order.sudo().quote_acceptance_ids
        self.assertEqual(acceptance.signer_name, "Zoé O'Brien-Nguyễn")
        self.assertFalse(acceptance._get_problems())

    def test_calls_of_the_method_itself(self):
        """The door behind the page is none that a browser can call."""
        self.authenticate("cqp_claire", "cqp_claire_password")
        for method in ("_record_acceptance", "_create_acceptance", "_anonymise"):
            with (
                self.subTest(method=method),
                self.assertRaises(JsonRpcException),
                mute_logger("odoo.http"),
            ):
                self.make_jsonrpc_request(
                    f"/web/dataset/call_kw/sale.order/{method}",
                    {
                        "model": "sale.order",
                        "method": method,
                        "args": [self.order.ids, "portal"],
                        "kwargs": {"signer_name": "Julie Perrin"},
                    },
                )
        self.assertStill(self.order, "sent", "sent")
