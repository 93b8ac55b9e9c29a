from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import mute_logger, tagged

from .portal_answer_common import PortalAnswerCase

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@tagged("post_install", "-at_install")
class TestPortalChanges(PortalAnswerCase):
    """The client says section by section what should change; nothing of it is lost."""

    def _ask(self, sections=("price", "technical"), files=None, **values):
        data = {
            "section": list(sections),
            **{f"comment_{key}": f"Change {key}" for key in sections},
        }
        return self._send("/request-changes", {**data, **values}, files)

    def test_page_offers_the_sections_of_the_proposal(self):
        page = self._page(self.order)
        form = page.xpath("//*[@id='modalchanges']//form")[0]
        keys = form.xpath(".//input[@name='section']/@value")
        self.assertEqual(keys, [s["key"] for s in self.order._get_proposal_sections()])
        for key in keys:
            self.assertTrue(form.xpath(f".//textarea[@name='comment_{key}']"))
        self.assertTrue(form.xpath(".//input[@name='file'][@multiple]"))

    def test_changes_are_kept_by_section_with_their_files(self):
        result = self._ask(
            message="Soon <b>please</b>",
            files=[("file", ("../plan.png", PNG)), ("file", ("needs.txt", b"More rooms"))],
        )
        self.assertIn("quote_changes_asked", result["redirect_url"])
        self.assertEqual(self.order.quote_step, "revision")
        rows = self.order.change_request_ids
        self.assertEqual(
            [(row.section, row.part, row.comment) for row in rows.sorted("id")],
            [
                ("technical", "technical", "Change technical"),
                ("price", "commercial", "Change price"),
                ("general", "commercial", "Soon <b>please</b>"),
            ],
        )
        self.assertEqual(set(rows.mapped("asked_by")), {self.client.name})
        files = rows.sudo().file_ids
        self.assertEqual(files.mapped("name"), ["plan.png", "needs.txt"])
        self.assertEqual(files[1].attachment_id.raw, b"More rooms")
        self.assertFalse(files._get_problems())
        message = self.order.message_ids.filtered(lambda m: "Change price" in (m.body or ""))
        self.assertIn("&lt;b&gt;please", message.body)
        activity = self.order.activity_ids.filtered(lambda a: a.user_id == self.salesperson)
        self.assertIn("Change technical", activity.note)

    def test_what_is_asked_stays_as_it_was_asked(self):
        self._ask()
        rows = self.order.change_request_ids
        for change in (
            lambda: rows.write({"comment": "Nothing"}),
            lambda: rows.sudo().write({"section": "price"}),
            lambda: rows.sudo().unlink(),
            lambda: rows.sudo().with_context(force_delete=True).unlink(),
            lambda: rows.sudo().write({"outcome": "done"}),
        ):
            with self.assertRaises(UserError):
                change()

    def test_only_ticked_sections_count(self):
        self._ask(sections=("price",), comment_terms="Not ticked")
        self.assertEqual(self.order.change_request_ids.mapped("section"), ["price"])

    def test_bad_requests_are_refused_in_words(self):
        too_many = [("file", (f"{rank}.txt", b"x")) for rank in range(6)]
        cases = {
            "nothing": ({"section": []}, None, "Say what should change."),
            "blank": ({"section": ["price"], "comment_price": "  \n "}, None, "in “Price”"),
            "unknown section": ({"section": ["cost"], "comment_cost": "x"}, None, "Say what"),
            "control characters": ({"message": "\x00\x07\u202e"}, None, "Say what"),
            "too many files": ({"message": "x"}, too_many, "5 files at most"),
            "script": ({"message": "x"}, [("file", ("a.html", b"<script>"))], "cannot be sent"),
            "picture of text": ({"message": "x"}, [("file", ("a.svg", b"<svg/>"))], "cannot be"),
            "disguised": ({"message": "x"}, [("file", ("a.pdf", b"MZ\x90"))], "cannot be sent"),
            "empty": ({"message": "x"}, [("file", ("a.txt", b""))], "is empty"),
            "too big": ({"message": "x"}, [("file", ("a.txt", b"x" * 10485761))], "too big"),
        }
        for name, (data, files, words) in cases.items():
            with self.subTest(case=name):
                result = self._send("/request-changes", data, files)
                self.assertIn(words, result["error"])
                self.assertStill(self.order, "sent", "sent")
        self.assertFalse(self.order.change_request_ids)

    def test_long_texts_are_cut_and_not_lost(self):
        self._ask(sections=("price",), comment_price="x" * 9000)
        self.assertEqual(len(self.order.change_request_ids.comment), 5000)

    @mute_logger("odoo.http")
    def test_file_opens_no_way_to_other_records(self):
        """The form names its quote by its link: nothing that it sends points elsewhere."""
        other = self._create_quote_at("sent")
        attachments = self.env["ir.attachment"].sudo()
        before = attachments.search([]).ids
        self._ask(
            files=[("file", ("a.txt", b"x"))],
            order_id=str(other.id),
            res_id=str(other.id),
            res_model="sale.order",
            request_id="1",
            attachment_ids="1",
        )
        file_sudo = attachments.search([("id", "not in", before), ("name", "=", "a.txt")])
        self.assertEqual(file_sudo.res_model, "quote.change.request")
        self.assertIn(file_sudo.res_id, self.order.change_request_ids.ids)
        self.assertFalse(other.change_request_ids)
        self.assertFalse(file_sudo.access_token)
        self.assertEqual(self.url_open(f"/web/content/{file_sudo.id}").status_code, 404)
        for token in ("x", "pl.x", other.sudo()._portal_ensure_token()):
            url = f"/my/orders/{self.order.id}/request-changes?access_token={token}"
            self.assertIn("error", self._send("", {"message": "x"}, url=url))

    def test_new_version_starts_with_the_list(self):
        self._ask()
        version = self.order._new_version("client", restart_step="technical")
        todo = version.change_todo_ids
        self.assertEqual(todo, self.order.change_request_ids.sorted("id"))
        self.assertEqual(version.change_todo_count, 2)
        technical = todo.filtered(lambda row: row.part == "technical")
        manager_rows = technical.with_user(self.project_manager)
        estimate = version.sudo().estimate_id.with_user(self.project_manager).sudo(False)
        self.assertEqual(estimate.change_todo_ids, manager_rows)
        self.assertEqual(manager_rows.comment, "Change technical")
        manager_rows.action_done("Two more servers")
        (todo - technical).action_decline_change("The price holds")
        self.assertEqual(version.change_todo_count, 0)
        self.assertEqual(technical.answered_in_id, version)
        (todo - technical).action_reopen_change()
        self.assertEqual(version.change_todo_count, 1)

    def test_answers_are_for_who_looks_after_the_part(self):
        self._ask()
        self.order._new_version("client", restart_step="technical")
        price = self.order.change_request_ids.filtered(lambda row: row.section == "price")
        with self.assertRaises(UserError):
            price.action_decline_change(" ")
        for user in (self.project_manager, self.other_salesperson, self.stranger, self.portal_user):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                price.with_user(user).sudo(False).action_done()

    def test_answer_that_the_client_received_stays(self):
        self._ask(sections=("price",))
        version = self.order._new_version("client", restart_step="financial")
        row = self.order.change_request_ids
        row.action_done("Five percent less")
        version.sudo().sent_on = "2026-01-01 10:00:00"
        with self.assertRaises(UserError):
            row.action_reopen_change()

    def test_salesperson_notes_what_was_said(self):
        wizard = (
            self.env["quote.ask.changes"]
            .with_user(self.salesperson)
            .with_context(default_order_id=self.order.id)
            .create(
                {
                    "line_ids": [
                        Command.clear(),
                        Command.create({"section": "plan", "comment": "Two weeks earlier"}),
                    ],
                    "reason": "By phone",
                    "attachment_ids": [
                        Command.create({"name": "call.txt", "raw": b"Notes of the call"})
                    ],
                }
            )
        )
        self.assertEqual(wizard.asked_by_id, self.client)
        wizard.action_request_changes()
        rows = self.order.change_request_ids
        self.assertEqual(rows.mapped("section"), ["plan", "general"])
        self.assertEqual(rows.noted_by_id, self.salesperson)
        self.assertEqual(rows.sudo().file_ids.name, "call.txt")

    def test_other_salesperson_notes_nothing(self):
        with self.assertRaises(AccessError):
            self.env["quote.ask.changes"].with_user(self.other_salesperson).create(
                {"order_id": self.order.id, "reason": "x"}
            ).action_request_changes()
