"""Each door, one by one: closed to whoever has the lowest rights, and it says what to do next."""

import base64
import io
from functools import partial
from unittest.mock import patch

from reportlab.pdfgen import canvas

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import JsonRpcException, mute_logger, new_test_user, tagged
from odoo.tools.pdf import PdfFileReader

from ..exceptions import GateClosed
from .client_common import GIF, PDF, ClientMixin
from .common import QuoteProcessCase
from .test_portal import PortalCase


class DoorCase(ClientMixin, QuoteProcessCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_terms()
        cls.waiting = cls._create_quote_at("validation")
        cls.ready = cls._create_quote_at("ready")
        cls.sent = cls._create_quote_at("sent")
        cls.administrator = new_test_user(
            cls.env, "cqp_admin", "base.group_system,sales_team.group_sale_manager"
        )

    def assertStill(self, order, step, state):
        order.invalidate_recordset()
        self.assertEqual((order.quote_step, order.state), (step, state))

    def assertClosed(self, order, push):
        """Check that a door is closed, and that trying it changed nothing."""
        before = (order.quote_step, order.state, order._get_fingerprint())
        with self.assertRaises(UserError):
            push()
        order.invalidate_recordset()
        self.assertEqual((order.quote_step, order.state, order._get_fingerprint()), before)


@tagged("post_install", "-at_install")
class TestSendingDoors(DoorCase):
    """Mail, message, print, payment, invoice: nothing leaves before it is approved."""

    def _compose(self, orders, mode="comment", template=None, **values):
        return (
            self.env["mail.compose.message"]
            .with_user(self.salesperson)
            .with_context(
                default_model="sale.order",
                default_composition_mode=mode,
                default_template_id=template.id if template else False,
                **({} if "res_domain" in values else {"default_res_ids": orders.ids}),
            )
            .create({"subject": "Our offer", "body": "<p>Here it is</p>", **values})
        )

    def test_send_wizard_offers_the_next_step(self):
        financial = self._create_quote_at("financial")
        with self.assertRaises(GateClosed) as caught:
            financial.action_quotation_send()
        self.assertEqual(caught.exception.context["button"], "Ask for validation")
        action = caught.exception.context["action"]
        server_action = self.env["ir.actions.server"].browse(action["id"])
        server_action.with_user(self.salesperson).with_context(**action["context"]).run()
        self.assertStill(financial, "validation", "draft")
        with self.assertRaises(GateClosed) as caught:
            self.sent.order_line[:1].write({"price_unit": 1.0})
        self.assertEqual(caught.exception.context["button"], "Make a new version")
        with self.assertRaises(UserError) as caught:
            self.waiting.with_user(self.other_salesperson).sudo()._check_gate("send")
        self.assertNotIsInstance(caught.exception, GateClosed)

    def test_refusal_says_what_is_missing(self):
        for step, words in (
            ("scope", "needs its scope, its technical part"),
            ("technical", "waits for its technical part .Paul Lambert."),
            ("financial", "Finish its price and ask for its validation"),
        ):
            order = self._create_quote_at(step)
            with self.subTest(step=step), self.assertRaisesRegex(UserError, words):
                order.action_quotation_sent()

    def test_mass_mail_of_offers(self):
        template = self.env.ref("sale.email_template_edi_sale")
        orders = self.waiting | self.sent
        self.assertClosed(
            self.waiting, self._compose(orders, "mass_mail", template).action_send_mail
        )
        by_domain = self._compose(
            orders, "mass_mail", template, res_domain=str([("id", "in", orders.ids)])
        )
        self.assertClosed(self.waiting, by_domain._action_send_mail)

    def test_mail_template_sent_by_code(self):
        template = self.env.ref("sale.email_template_edi_sale")
        self.assertClosed(self.waiting, lambda: template.send_mail(self.waiting.id))
        self.assertClosed(self.waiting, lambda: self.waiting.message_post_with_source(template))

    def test_offer_attached_by_hand(self):
        order = self.waiting
        name = f"Quotation - {order.name}.pdf"
        attachment = order.env["ir.attachment"].create({"name": name, "raw": PDF})
        self.assertClosed(
            order, self._compose(order, attachment_ids=attachment.ids).action_send_mail
        )
        for values in (
            {"attachment_ids": attachment.ids, "subtype_xmlid": "mail.mt_comment"},
            {"attachments": [(name, PDF)], "partner_ids": self.client.ids},
        ):
            self.assertClosed(order, lambda values=values: order.message_post(body="Hi", **values))
        # Colleagues may talk about the draft, and the client may be written to.
        order.message_post(body="Look", attachments=[(name, PDF)], subtype_xmlid="mail.mt_note")
        order.message_post(body="Soon", partner_ids=self.client.ids, attachments=[("x.pdf", PDF)])

    def test_approved_offer_attached_by_hand_counts_as_sent(self):
        name = f"Quotation - {self.ready.name}.pdf"
        self.ready.message_post(
            body="Here it is", partner_ids=self.client.ids, attachments=[(name, PDF)]
        )
        self.assertStill(self.ready, "sent", "sent")

    def test_mails_of_odoo_wait_for_nothing(self):
        template = self.env.ref("sale.email_template_edi_sale")
        self.assertClosed(
            self.waiting, lambda: self.waiting.write({"pending_email_template_id": template.id})
        )
        before = len(self.waiting.message_ids)
        self.waiting.sudo()._send_order_notification_mail(template)
        self.assertEqual(len(self.waiting.message_ids), before)

    def test_link_is_not_shared_before_the_page_is_open(self):
        self.assertIn("waiting for its validation", self.waiting.access_warning)
        self.assertFalse(self.sent.access_warning)

    def test_printed_draft_is_marked_on_each_page(self):
        stream = io.BytesIO()
        pages = canvas.Canvas(stream)
        for number in ("one", "two"):
            pages.drawString(100, 100, number)
            pages.showPage()
        pages.save()
        report = self.env.ref("sale.action_report_saleorder").with_user(self.salesperson)
        report = report.with_context(force_report_rendering=True)
        with patch.object(
            self.registry["ir.actions.report"],
            "_run_wkhtmltopdf",
            lambda *_args, **_kwargs: stream.getvalue(),
        ):
            for order, marks in ((self.waiting, 2), (self.sent, 0)):
                content, _kind = report._render_qweb_pdf(report.report_name, order.ids)
                texts = [page.extract_text() for page in PdfFileReader(io.BytesIO(content)).pages]
                self.assertEqual(sum("DRAFT" in text for text in texts), marks, texts)

    def test_offer_that_was_sent_prints_as_it_was_once_it_is_closed(self):
        self.sent.action_cancel()
        self.assertFalse(self.sent._is_draft_for_print())
        self.ready.action_cancel()
        self.assertTrue(self.ready._is_draft_for_print())

    def test_payment_link_transaction_and_invoice(self):
        provider, method = self._get_payment_means()
        for order in (self.ready, self.sent):
            wizard = self.env["payment.link.wizard"].with_user(self.salesperson)
            wizard = wizard.with_context(active_model="sale.order", active_id=order.id)
            self.assertClosed(order, lambda wizard=wizard: wizard.create({}))
            values = {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
            }
            transactions_sudo = self.env["payment.transaction"].sudo()
            self.assertClosed(
                order,
                partial(
                    transactions_sudo.create,
                    {**values, "sale_order_ids": [Command.set(order.ids)]},
                ),
            )
            paid = transactions_sudo.create({**values, "reference": f"other-{order.id}"})
            self.assertClosed(
                order,
                lambda order=order, paid=paid: paid.with_user(self.administrator).write(
                    {"sale_order_ids": [Command.set(order.ids)]}
                ),
            )
            self.assertClosed(
                order,
                lambda order=order, paid=paid: order.write({"transaction_ids": paid.ids}),
            )
            self.assertClosed(order, order.sudo()._prepare_invoice)

    def test_payment_that_comes_anyway_is_told_and_skipped(self):
        provider, method = self._get_payment_means()
        paid = (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": method.id,
                    "amount": self.ready.amount_total,
                    "currency_id": self.ready.currency_id.id,
                    "partner_id": self.client.id,
                    "reference": "came-anyway",
                }
            )
        )
        self.env.cr.execute(
            "INSERT INTO sale_order_transaction_rel (sale_order_id, transaction_id)"
            " VALUES (%s, %s)",
            (self.ready.id, paid.id),
        )
        paid.invalidate_recordset()
        paid.state = "done"
        paid._check_amount_and_confirm_order()
        self.assertStill(self.ready, "ready", "draft")
        self.assertIn("Paid but not accepted", self.ready.sudo().activity_ids.mapped("summary"))


@tagged("post_install", "-at_install")
class TestContentDoors(DoorCase):
    """Wizards and buttons of Odoo that change an offer find it closed."""

    def test_discount_wizard(self):
        for kind in ("sol_discount", "so_discount", "amount"):
            wizard = (
                self.env["sale.order.discount"]
                .with_user(self.salesperson)
                .create(
                    {
                        "sale_order_id": self.ready.id,
                        "discount_type": kind,
                        "discount_percentage": 0.5,
                        "discount_amount": 10.0,
                    }
                )
            )
            self.assertClosed(self.ready, wizard.action_apply_discount)

    def test_update_of_prices_and_taxes_changes_nothing(self):
        for order in (self.ready, self.sent):
            before = order._get_fingerprint()
            for update in (order.action_update_prices, order.action_update_taxes):
                try:
                    update()
                except UserError:
                    continue
                order.invalidate_recordset()
                self.assertEqual(order._get_fingerprint(), before)

    def test_optional_lines(self):
        self.assertFalse(self.sent._can_be_edited_on_portal())
        self.assertClosed(
            self.ready, lambda: self.ready.order_line[:1].write({"is_optional": True})
        )

    def test_lines_that_sell_nothing(self):
        for values in (
            {
                "is_downpayment": True,
                "product_uom_qty": 0.0,
                "name": "Free support",
                "price_unit": 0,
            },
            {"display_type": "line_note", "name": "Free support"},
        ):
            for order in (self.ready, self.sent):
                self.assertClosed(
                    order,
                    partial(order.order_line.create, {"order_id": order.id, **values}),
                )

    def test_line_moved_by_command(self):
        draft = self._create_quote_at("financial")
        line = self.ready.order_line.filtered("product_id")[:1]
        self.assertClosed(self.ready, lambda: draft.write({"order_line": [Command.link(line.id)]}))
        self.assertClosed(
            self.ready,
            lambda: self.ready.write({"order_line": [Command.link(draft.order_line[:1].id)]}),
        )

    def test_salesperson_and_customer_changes_keep_the_team(self):
        self.stock_team.member_ids = self.other_salesperson
        self.sent.with_user(self.sales_manager).user_id = self.other_salesperson
        self.assertEqual(self.sent.team_id, self.team)

    def test_import_and_copy_start_as_drafts(self):
        result = (
            self.env["sale.order"]
            .with_user(self.salesperson)
            .load(
                ["partner_id/.id", "team_id/.id", "state"],
                [[str(self.client.id), str(self.team.id), "sale"]],
            )
        )
        self.assertFalse(result["ids"])
        for values in ({"state": "sale"}, {"quote_step": "ready"}, {"sent_on": "2026-01-01"}):
            with self.assertRaises(UserError):
                self.sent.copy(values)
        self.assertStill(self.sent.copy(), "scope", "draft")

    def test_order_made_of_a_file_starts_as_a_draft(self):
        attachment = self.sent.env["ir.attachment"].create({"name": "order.txt", "raw": b"x"})
        orders = self.env["sale.order"].with_user(self.salesperson)
        try:
            orders.with_context(
                default_team_id=self.team.id, default_state="sale"
            ).create_document_from_attachment(attachment.ids)
        except UserError:
            return
        self.fail("a file may not make an order that nobody signed")

    def test_mass_cancel_leaves_signed_quotes(self):
        self._sign(self.sent)
        wizard = self.env["sale.mass.cancel.orders"].with_user(self.salesperson)
        wizard = wizard.create({"sale_order_ids": [Command.set(self.sent.ids)]})
        self.assertClosed(self.sent, wizard.action_mass_cancel)

    def test_picture_of_an_approved_text(self):
        picture = self.ready.env["ir.attachment"].create(
            {"name": "plan.gif", "raw": base64.b64decode(GIF), "mimetype": "image/gif"}
        )
        order = self._create_quote(
            scope_content=f'<p>Plan</p><img src="/web/image/{picture.id}-abc/plan.gif">'
        )
        picture.write({"raw": base64.b64decode(GIF) + b" "})
        order.sudo()._gated().quote_step = "ready"
        for change in (
            lambda: picture.write({"raw": base64.b64decode(GIF)}),
            picture.unlink,
        ):
            with self.assertRaisesRegex(UserError, "This picture is part of"):
                change()


@tagged("post_install", "-at_install")
class TestSignedContent(DoorCase):
    """What the client signed stays, or its change is told where nobody can rewrite it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sign(cls, cls.sent)

    def test_signed_content_is_locked(self):
        self.assertTrue(self.sent.locked)
        line = self.sent.order_line.filtered("product_id")[:1]
        for user in (self.salesperson, self.sales_manager):
            order = self.sent.with_user(user)
            for change in (
                lambda order=order: order.write({"note": "<p>Other</p>"}),
                lambda order=order: order.write({"partner_id": self.signer.id}),
                lambda order=order: line.with_user(order.env.user).write({"price_unit": 1.0}),
                lambda order=order: line.with_user(order.env.user).unlink(),
                lambda order=order: order.order_line.create(
                    {"order_id": order.id, "product_id": line.product_id.id}
                ),
            ):
                self.assertClosed(self.sent, change)

    def test_only_a_manager_unlocks_and_every_change_is_told(self):
        for unlock in (
            self.sent.action_unlock,
            lambda: self.sent.write({"locked": False}),
            lambda: self.ready.action_lock(),
        ):
            self.assertClosed(self.sent, unlock)
        managed = self.sent.with_user(self.sales_manager)
        managed.action_unlock()
        self.assertIn("Unlocked", self.sent.quote_step_log_ids[:1].reason)
        line = managed.order_line.filtered("product_id")[:1]
        line.write({"price_unit": 1.0})
        managed.write({"note": "<p>Other</p>"})
        managed.order_line.create({"order_id": managed.id, "product_id": line.product_id.id})
        told = " ".join(self.sent.quote_step_log_ids.filtered("reason").mapped("reason"))
        for words in ("Unit Price", "Terms and conditions", "Line added"):
            self.assertIn(words, told)
        for log in self.sent.quote_step_log_ids:
            with self.assertRaises(UserError):
                log.sudo().write({"reason": "Nothing"})
        # The technical part, its plan and its costs stay closed.
        estimate = self.sent.sudo().estimate_id.with_user(self.project_manager)
        self.assertClosed(self.sent, lambda: estimate.item_ids[:1].write({"duration": 9}))

    def test_delivery_and_costs_go_on(self):
        line = self.sent.order_line.filtered("product_id")[:1]
        line.write({"qty_delivered": 1.0, "customer_lead": 2.0})
        self.assertTrue(self.sent.locked)

    def test_down_payments_are_invoiced_on_a_locked_quote(self):
        self.sales_manager.group_ids += self.env.ref("account.group_account_invoice")
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_user(self.sales_manager)
            .with_context(active_model="sale.order", active_ids=self.sent.ids)
            .create({"advance_payment_method": "percentage", "amount": 30})
        )
        before = self.sent._get_fingerprint()["terms"]
        wizard.create_invoices()
        self.assertEqual(len(self.sent.invoice_ids), 1)
        self.assertTrue(self.sent.locked)
        self.assertEqual(self.sent._get_fingerprint()["terms"], before)

    def test_back_to_draft_is_refused(self):
        self.assertClosed(self.sent, self.sent.action_draft)
        self.assertClosed(self.sent, self.sent.with_user(self.sales_manager).action_draft)


@tagged("post_install", "-at_install")
class TestTokenDoors(PortalCase):
    """Every route with a link, while the offer is being prepared and once it is in hand."""

    def test_options_cannot_be_changed_by_the_link(self):
        for step in ("ready", "sent"):
            order = self._create_quote_at(step)
            line = order.order_line.filtered("product_id")[:1]
            before = order._get_fingerprint()
            with mute_logger("odoo.http"):
                try:
                    self.make_jsonrpc_request(
                        f"/my/orders/{order.id}/update_line_dict",
                        {
                            "line_id": line.id,
                            "input_quantity": 99,
                            "access_token": order.sudo()._portal_ensure_token(),
                        },
                    )
                except JsonRpcException as error:
                    self.assertNotIn(order.name, str(error))
            order.invalidate_recordset()
            self.assertEqual(order._get_fingerprint(), before)

    def test_product_catalogue_finds_an_approved_quote_closed(self):
        order = self._create_quote_at("ready")
        self.authenticate("cqp_claire", "cqp_claire_password")
        before = order._get_fingerprint()
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self.make_jsonrpc_request(
                "/product/catalog/update_order_line_info",
                {
                    "res_model": "sale.order",
                    "order_id": order.id,
                    "product_id": order.order_line.product_id[:1].id,
                    "quantity": 9,
                },
            )
        order.invalidate_recordset()
        self.assertEqual(order._get_fingerprint(), before)

    def test_mail_link_of_an_unsent_quote_shows_nothing(self):
        order = self._create_quote_at("ready")
        token = order.sudo()._portal_ensure_token()
        response = self.url_open(
            f"/mail/view?model=sale.order&res_id={order.id}&access_token={token}"
        )
        self.assertNotIn(order.name, response.text)

    def test_client_writes_nothing_in_the_discussion_of_an_unsent_quote(self):
        order = self._create_quote_at("ready")
        before = len(order.message_ids)
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self.make_jsonrpc_request(
                "/mail/message/post",
                {
                    "thread_model": "sale.order",
                    "thread_id": order.id,
                    "post_data": {"body": "Hello", "message_type": "comment"},
                    "token": order.sudo()._portal_ensure_token(),
                },
            )
        order.invalidate_recordset()
        self.assertEqual(len(order.message_ids), before)

    def test_report_of_an_unsent_quote_is_not_given_to_a_portal_account(self):
        order = self._create_quote_at("ready")
        self.authenticate("cqp_julie", "cqp_julie_password")
        with mute_logger("odoo.http", "odoo.addons.web.controllers.report"):
            response = self.url_open(f"/report/html/sale.report_saleorder/{order.id}")
        self.assertNotIn(order.name, response.text)
