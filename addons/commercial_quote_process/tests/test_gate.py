from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import QuoteProcessCase


@tagged("post_install", "-at_install")
class TestGate(QuoteProcessCase):
    """Not approved means not sent, not confirmed, by whatever door a salesperson tries."""

    def assertStill(self, order, step, state="draft"):
        order.invalidate_recordset()
        self.assertEqual((order.quote_step, order.state), (step, state))

    def test_every_unapproved_step_refuses_to_be_sent_or_confirmed(self):
        for step in ("scope", "technical", "financial", "validation"):
            order = self._create_quote_at(step)
            doors = {
                "send": order.action_quotation_send,
                "mark sent": order.action_quotation_sent,
                "confirm": order.action_confirm,
                "state sent": lambda order=order: order.write({"state": "sent"}),
                "state sale": lambda order=order: order.write({"state": "sale"}),
                "forced state": lambda order=order: order.with_context(
                    quote_gate_pass=True, quote_gate="GATE_PASS", install_mode=True
                ).write({"state": "sale"}),
                "comment that marks as sent": lambda order=order: order.with_context(
                    mark_so_as_sent=True
                ).message_post(body="Here is our offer"),
            }
            for door, push in doors.items():
                with self.subTest(step=step, door=door), self.assertRaises(UserError):
                    push()
                self.assertStill(order, step)

    def test_superuser_doors_of_portal_and_payment_are_closed_too(self):
        order = self._create_quote_at("financial")
        with self.assertRaises(UserError):
            order.sudo().action_confirm()
        with self.assertRaises(UserError):
            order.sudo()._validate_order()
        self.assertStill(order, "financial")
        self.assertFalse(order._has_to_be_signed())
        self.assertFalse(order._has_to_be_paid())

    def test_composer_refuses_to_carry_an_unapproved_offer(self):
        order = self._create_quote_at("validation")
        template = self.env.ref("sale.email_template_edi_sale")
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.salesperson)
            .with_context(
                default_model="sale.order",
                default_res_ids=order.ids,
                default_composition_mode="comment",
                default_template_id=template.id,
            )
            .create({})
        )
        with self.assertRaisesRegex(UserError, "waiting for its validation"):
            composer.action_send_mail()
        self.assertStill(order, "validation")

    def test_composer_sends_an_approved_offer_and_marks_it_sent(self):
        order = self._create_quote_at("ready")
        action = order.action_quotation_send()
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.salesperson)
            .with_context(**action["context"])
            .create({})
        )
        composer.action_send_mail()
        self.assertStill(order, "sent", "sent")
        self.assertTrue(order.sent_on)
        self.assertEqual(order.quote_turn, "client")

    def test_mail_opened_before_the_last_approval_is_not_sent(self):
        order = self._create_quote_at("ready")
        action = order.action_quotation_send()
        composer = self.env["mail.compose.message"].with_user(self.salesperson)
        composer = composer.with_context(**action["context"]).create({})
        print_of_the_offer = composer.env["ir.attachment"].create(
            {
                "name": f"Quotation - {order.name}.pdf",
                "raw": b"%PDF-1.4 the price of yesterday",
                "res_model": "mail.compose.message",
                "res_id": 0,
            }
        )
        composer.attachment_ids = print_of_the_offer
        print_of_the_offer.flush_recordset()
        self.env.cr.execute(
            "UPDATE ir_attachment SET create_date = create_date - interval '1 hour' WHERE id = %s",
            [print_of_the_offer.id],
        )
        print_of_the_offer.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "approved again .* open it again"):
            composer.action_send_mail()
        self.assertStill(order, "ready")

    def test_born_confirmed_is_refused(self):
        for state in ("sent", "sale", "cancel"):
            with self.subTest(state=state), self.assertRaises(UserError):
                self._create_quote(state=state)
        with self.assertRaises(UserError):
            self.env["sale.order"].with_user(self.salesperson).with_context(
                default_state="sale"
            ).create({"partner_id": self.client.id, "team_id": self.team.id})

    def test_system_fields_are_not_writable_nor_given_by_default(self):
        order = self._create_quote_at("scope")
        for name, value in {
            "quote_step": "ready",
            "quote_process": False,
            "quote_turn": "nobody",
            "content_revision": 0,
            "sent_on": "2026-01-01",
            "quote_version": 9,
            "estimate_id": False,
            "previous_version_id": order.id,
        }.items():
            with self.subTest(field=name):
                with self.assertRaises(AccessError):
                    order.write({name: value})
                with self.assertRaises(AccessError):
                    self._create_quote(**{name: value})
                with self.assertRaises(AccessError):
                    order.with_context(**{f"default_{name}": value}).create(
                        {"partner_id": self.client.id, "team_id": self.team.id}
                    )

    def test_signature_cannot_be_forged(self):
        order = self._create_quote_at("sent")
        for values in (
            {"signed_by": "Julie Perrin"},
            {"signed_on": "2026-01-01 10:00:00"},
            {"signature": "R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs="},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                order.write(values)

    def test_content_is_read_only_from_validation_on(self):
        for step in ("validation", "ready", "sent"):
            order = self._create_quote_at(step)
            line = order.order_line[0]
            estimate = order.sudo().estimate_id.with_user(self.project_manager)
            changes = {
                "customer": lambda order=order: order.write({"partner_id": self.signer.id}),
                "scope": lambda order=order: order.write({"scope_content": "<p>Other</p>"}),
                "line price": lambda line=line: line.write({"price_unit": 1.0}),
                "line by command": lambda order=order, line=line: order.write(
                    {"order_line": [(1, line.id, {"price_unit": 1.0})]}
                ),
                "line deleted": line.unlink,
                "line added": lambda order=order, line=line: line.create(
                    {"order_id": order.id, "product_id": line.product_id.id}
                ),
                "plan": lambda estimate=estimate: estimate.item_ids[0].write({"duration": 99}),
                "workload": lambda estimate=estimate: estimate.workload_ids[0].write({"days": 99}),
                "costs": lambda estimate=estimate: estimate.cost_ids.unlink(),
                "technical text": lambda estimate=estimate: estimate.write(
                    {"technical_content": "<p>Other</p>"}
                ),
            }
            fingerprint = order._get_fingerprint()
            for name, change in changes.items():
                with self.subTest(step=step, change=name), self.assertRaises(UserError):
                    change()
            order.invalidate_recordset()
            self.assertEqual(order._get_fingerprint(), fingerprint)

    def test_line_cannot_be_moved_into_or_out_of_a_closed_quote(self):
        closed = self._create_quote_at("ready")
        draft = self._create_quote_at("financial")
        with self.assertRaises(UserError):
            closed.order_line[0].order_id = draft
        with self.assertRaises(UserError):
            draft.order_line[0].order_id = closed

    def test_quote_cannot_leave_the_process(self):
        order = self._create_quote_at("financial")
        other_company = self.env["res.company"].create({"name": "Altéa Belgium"})
        stock_lead = self._create_lead(team_id=self.stock_team.id)
        for values in (
            {"team_id": self.stock_team.id},
            {"team_id": False},
            {"opportunity_id": stock_lead.id},
            {"company_id": other_company.id},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                order.write(values)
        self.team.use_quote_process = False
        self.assertTrue(order.quote_process)
        with self.assertRaises(UserError):
            order.action_quotation_sent()

    def test_approved_content_that_moved_is_not_sent(self):
        order = self._create_quote_at("ready")
        self.env.cr.execute(
            "UPDATE sale_order_line SET price_unit = 1 WHERE id = %s", (order.order_line[0].id,)
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "no longer what was approved"):
            order.action_quotation_sent()
        self.assertStill(order, "ready")

    def test_closed_quotes_are_not_set_back_to_draft_nor_deleted(self):
        order = self._create_quote_at("sent")
        with self.assertRaises(UserError):
            order.action_draft()
        order.action_cancel()
        self.assertStill(order, "cancelled", "cancel")
        with self.assertRaises(UserError):
            order.action_draft()
        with self.assertRaises(UserError):
            order.with_user(self.sales_manager).with_context(_force_unlink=True).unlink()
        self.assertTrue(order.exists())

    def test_first_draft_can_be_deleted(self):
        order = self._create_quote_at("scope")
        order.with_user(self.sales_manager).unlink()
        self.assertFalse(order.exists())

    def test_duplicate_starts_a_new_deal(self):
        order = self._create_quote_at("sent")
        duplicate = order.copy()
        self.assertEqual((duplicate.quote_step, duplicate.state), ("scope", "draft"))
        self.assertEqual(duplicate.quote_version, 1)
        self.assertEqual(duplicate.quote_root_id, duplicate)
        self.assertFalse(duplicate.sent_on)
        self.assertFalse(duplicate.validation_ids)
        self.assertNotEqual(duplicate.estimate_id, order.estimate_id)
