from markupsafe import Markup

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools.acceptance_fields import HASH_VERSION, PERSONAL_FIELDS
from .client_common import draw_signature
from .evidence_common import EvidenceCase


@tagged("post_install", "-at_install")
class TestErasure(EvidenceCase):
    """A person can be erased, by who may, with a reason; the acceptance still verifies."""

    def test_only_the_group_erases(self):
        for user in (self.salesperson, self.sales_manager, self.env.ref("base.user_admin")):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.acceptance.with_user(user)._anonymise("Because")
        self.assertEqual(self.acceptance.signer_name, "Julie Perrin")
        with self.assertRaises(AccessError):
            self.env["quote.acceptance.erase"].with_user(self.sales_manager).create(
                {"acceptance_id": self.acceptance.id, "reason": "Because"}
            ).action_erase()

    def test_person_is_gone_everywhere_and_the_chain_verifies(self):
        self.order.sudo()._post_acceptance_message(self.acceptance)
        self.assertIn("Julie Perrin", str(self.order.message_ids[0].body))
        self._add_copy(self.acceptance)
        self._seal()
        eraser = self._eraser()
        self.acceptance.with_user(eraser)._anonymise("Asked for by mail")
        self._seal()
        acceptance = self.acceptance.sudo()
        self.env.invalidate_all()
        for name in PERSONAL_FIELDS[HASH_VERSION]:
            self.assertFalse(acceptance[name], name)
        self.assertFalse(acceptance.salt)
        self.assertFalse(acceptance.signature)
        self.assertFalse(self.order.signed_by or self.order.signature)
        traces = [*self.order.message_ids.mapped("body")]
        traces += self.order.sudo().quote_step_log_ids.mapped("reason")
        self.assertNotIn("Julie Perrin", " ".join(str(trace) for trace in traces))
        self.assertFalse(self._get_all_problems())
        message = acceptance.action_verify()["params"]["message"]
        self.assertIn("Irène Castel: Asked for by mail", message)
        self.assertTrue(all(acceptance.document_ids.attachment_id.mapped("raw")))

    def test_names_as_people_have_them_are_erased_with_what_names_them_elsewhere(self):
        order = self._create_quote_at("sent")
        names = ("Zoé d'Arc & Fils Jr.", "Anne Lefort")
        order._pass_on(names[1], "anne@bressac.example.com", "", "Julie Perrin")
        waiting = order.sudo().page_access_ids.mail_id
        acceptance = self._sign(order, signer_name=names[0])
        dialog = self._accept_wizard(order)
        project = order.sudo().project_ids
        for record in (order, order.opportunity_id, project, project.task_ids[:1]):
            record.sudo().message_post(
                body=f"{names[0]} <li>, {names[1]}; Annexe",
                email_from='"Anne Lefort" <anne@bressac.example.com>',
                author_id=False,
            )
        order.sudo()._post_acceptance_message(acceptance)
        order.sudo().project_ids.activity_schedule("mail.mail_activity_data_todo", note=names[0])
        acceptance.with_user(self._eraser())._anonymise("Asked for by mail")
        self.assertFalse(waiting.exists())
        traces = [
            *order.sudo().quote_step_log_ids.mapped("reason"),
            *project.activity_ids.mapped("note"),
        ]
        for messages in (
            order.message_ids,
            order.opportunity_id.sudo().message_ids,
            project.message_ids,
            project.task_ids.message_ids,
        ):
            traces += messages.mapped("body") + messages.mapped("email_from")
        text = " ".join(str(trace) for trace in traces)
        for word in (*names, "d'Arc", "d&#39;Arc", "anne@bressac"):
            self.assertNotIn(word, text)
        self.assertEqual(text.count("Annexe"), 4)
        self.assertFalse(dialog.exists())

    def test_short_name_breaks_no_page(self):
        order = self._create_quote_at("sent")
        acceptance = self._sign(order, signer_name="li")
        order.sudo().message_post(body=Markup("<ul><li>li, Li</li></ul>"))
        acceptance.with_user(self._eraser())._anonymise("Asked for by mail")
        self.assertIn("<ul><li>[erased], Li</li></ul>", order.message_ids[0].body)

    def test_documents_are_emptied_when_asked_for(self):
        self._add_copy(self.acceptance)
        digests = self.acceptance.document_ids.mapped("sha256")
        wizard = (
            self.env["quote.acceptance.erase"]
            .with_user(self._eraser())
            .create(
                {
                    "acceptance_id": self.acceptance.id,
                    "reason": "Asked for by mail",
                    "documents": "empty",
                }
            )
        )
        wizard.action_erase()
        self._seal()
        documents = self.acceptance.document_ids.sudo()
        self.assertFalse(any(documents.attachment_id.mapped("raw")))
        self.assertEqual(documents.mapped("sha256"), digests)
        self.assertFalse(self._get_all_problems())
        self.assertEqual(self.acceptance._match_document(digests[0]), "signed")

    def test_emptied_documents_without_erasure_are_found(self):
        self._add_copy(self.acceptance)
        self.acceptance.document_ids.attachment_id.sudo().write({"raw": b""})
        self.assertTrue(self._get_all_problems())

    def test_reason_is_needed_and_once_is_enough(self):
        acceptance = self.acceptance.with_user(self._eraser())
        for reason in ("", "  ", None, {"a": 1}):
            with self.subTest(reason=reason), self.assertRaises(UserError):
                acceptance._anonymise(reason)
        acceptance._anonymise("Asked for by mail")
        with self.assertRaises(UserError):
            acceptance._anonymise("Again")
        self.assertEqual(len(acceptance.erasure_ids), 1)

    def test_changed_acceptance_is_not_erased(self):
        self._update(self.acceptance, "signer_name", "Somebody Else")
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            self.acceptance.with_user(self._eraser())._anonymise("Asked for by mail")

    def test_values_written_again_after_the_erasure_are_found(self):
        self.acceptance.with_user(self._eraser())._anonymise("Asked for by mail")
        self._seal()
        for name in ("signer_name", "salt"):
            with self.subTest(column=name), self.cr.savepoint() as savepoint:
                self._update(self.acceptance, name, "Somebody Else")
                self.assertTrue(self._get_all_problems())
                savepoint.rollback()
        self.env["ir.attachment"].sudo().create(
            {
                "name": "signature",
                "res_model": "quote.acceptance",
                "res_id": self.acceptance.id,
                "res_field": "signature",
                "datas": draw_signature(),
            }
        )
        self.assertIn("signature", " ".join(self._get_all_problems()))

    def test_log_of_erasures_cannot_be_changed(self):
        erasure = self.acceptance.with_user(self._eraser())._anonymise("Asked for by mail")
        with self.assertRaises(UserError):
            erasure.sudo().write({"reason": "Another"})
        with self.assertRaises(UserError):
            erasure.sudo().unlink()
