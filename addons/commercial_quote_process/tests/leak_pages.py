import io
import json
import shutil
import subprocess
import zipfile

from odoo.tests import mute_logger

from ..models.quote_print_mixin import PRINT_KEY, QuotePrint
from .rights_table import MODULE


class PageSweep:
    """What browsers, mail programs and printers of outsiders get: pages, files, mails, messages."""

    def _get_routes_of_ours(self):
        """Return the routes that the addon adds or extends, and those of the client's home."""
        found = []
        for rule in self.env["ir.http"].routing_map().iter_rules():
            function = getattr(rule.endpoint.func, "__func__", rule.endpoint.func)
            ours = function.__module__.startswith(f"odoo.addons.{MODULE}.")
            if ours or (rule.rule.startswith("/my") and not rule.arguments):
                found.append(rule)
        return found

    def _get_url(self, rule, order):
        """Return the address of a route with the story in it.

        A route with an argument that is not known here fails the test: it must be looked at.
        """
        values = {
            "order_id": order.id,
            "estimate_id": order.sudo().estimate_id.id,
            "project_id": order.sudo().project_id.id or 1,
            "attachment_id": order.sudo().sent_document_ids[:1].attachment_id.id or 1,
            "document_id": order.sudo().sent_document_ids[:1].id or 1,
            "page": 1,
            "code": order.sudo().quote_acceptance_ids[:1].verification_code or "none",
        }
        unknown = rule.arguments - values.keys()
        self.assertFalse(unknown, f"give a value for the arguments of {rule.rule}")
        return rule.build({name: values[name] for name in rule.arguments})[1]

    def _assert_response_tells_nothing(self, response, **params):
        content = response.content
        texts = [response.text]
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                texts += [archive.read(name).decode(errors="ignore") for name in archive.namelist()]
        if content.startswith(b"%PDF"):
            texts.append(self._get_pdf_text(content))
        with self.subTest(status=response.status_code, **params):
            for text in texts:
                match = self.pattern.search(text)
                self.assertFalse(match, match and text[max(0, match.start() - 300) :][:700])

    def _get_pdf_text(self, content):
        if not shutil.which("pdftotext"):
            return ""
        command = ["pdftotext", "-layout", "-", "-"]
        return subprocess.run(
            command, input=content, capture_output=True, check=True
        ).stdout.decode()

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_qweb")
    def test_pages_tell_outsiders_nothing(self):
        visitors = {"link": None, "client": "cqp_julie", "employee": "cqp_bruno"}
        rules = self._get_routes_of_ours()
        self.assertGreater(len(rules), 8)
        for visitor, login in visitors.items():
            self.authenticate(login, login and f"{login}_password")
            for rule in rules:
                for order in self.first | self.second:
                    path = self._get_url(rule, order)
                    token = order.sudo()._portal_ensure_token()
                    for query in ("", f"?access_token={token}") if visitor == "link" else ("",):
                        self._visit(rule, f"{path}{query}", token, visitor)
                    if not rule.arguments:
                        break

    def _visit(self, rule, url, token, visitor):
        if rule.endpoint.routing["type"] == "jsonrpc":
            payload = {"params": {"access_token": token}}
            response = self.url_open(
                url, data=json.dumps(payload), headers={"Content-Type": "application/json"}
            )
        else:
            response = self.url_open(url)
        self._assert_response_tells_nothing(response, route=url, visitor=visitor)

    def test_documents_of_the_offer_tell_nothing(self):
        self.authenticate(None, None)
        for order in self.first | self.second:
            for kind in ("html", "text", "pdf"):
                response = self._open(order, report_type=kind)
                self._assert_response_tells_nothing(response, order=order.name, kind=kind)
        report = self.env["ir.actions.report"].with_user(self.salesperson)
        for order in self.first | self.second:
            # Printed now: the files that are kept were made without an engine.
            context = {"force_report_rendering": True, PRINT_KEY: QuotePrint()}
            content, _kind = report.with_context(**context)._render_qweb_pdf(
                "sale.report_saleorder", order.ids
            )
            self.assertTrue(content.startswith(b"%PDF"))
            self.assertFalse(self.pattern.search(self._get_pdf_text(content)))

    @mute_logger("odoo.http")
    def test_files_of_the_deal_are_given_to_nobody_else(self):
        attachments_sudo = self.env["ir.attachment"].sudo()
        files_sudo = attachments_sudo.search(
            [("res_model", "in", self.table.get_own_models()), ("res_id", "!=", False)]
        )
        self.assertTrue(files_sudo)
        for login in (None, "cqp_julie", "cqp_bruno"):
            self.authenticate(login, login and f"{login}_password")
            for file_sudo in files_sudo:
                urls = [f"/web/content/{file_sudo.id}", f"/web/image/{file_sudo.id}"]
                if file_sudo.res_field:
                    place = f"{file_sudo.res_model}/{file_sudo.res_id}/{file_sudo.res_field}"
                    urls += [f"/web/content/{place}", f"/web/image/{place}"]
                for url in urls:
                    response = self.url_open(url)
                    self._assert_response_tells_nothing(response, url=url, login=login)
                    if "content" in url:
                        self.assertNotEqual(response.status_code, 200, f"{login}: {url}")
        for user in self.outsiders:
            self.assertFalse(
                attachments_sudo.with_user(user)
                .sudo(False)
                .search([("id", "in", files_sudo.ids), ("res_field", "!=", "x")])
            )

    def test_mails_to_outsiders_tell_nothing(self):
        mails_sudo = self.env["mail.mail"].sudo().search([])
        internal_sudo = self.env["res.users"].sudo().search([("share", "=", False)]).partner_id
        for mail_sudo in mails_sudo:
            if mail_sudo.email_to or mail_sudo.recipient_ids - internal_sudo:
                text = f"{mail_sudo.subject} {mail_sudo.body_html}"
                with self.subTest(mail=mail_sudo.subject):
                    self.assertFalse(self.pattern.search(text), text[:1000])

    def test_messages_tell_outsiders_nothing(self):
        for user in self.outsiders:
            for model in ("mail.message", "mail.activity", "mail.tracking.value"):
                records = self.env[model].with_user(user)
                if not records.has_access("read"):
                    continue
                found = records.search([], limit=500)
                names = {"body", "subject", "note", "summary", "preview"} & records._fields.keys()
                self._assert_tells_nothing(found.read(names), model=model, user=user.login)
        self.authenticate("cqp_julie", "cqp_julie_password")
        for order in self.first | self.second:
            answer = self.make_jsonrpc_request(
                "/mail/thread/messages",
                {"thread_model": "sale.order", "thread_id": order.id, "fetch_params": {}},
            )
            self._assert_tells_nothing(answer, order=order.name)
