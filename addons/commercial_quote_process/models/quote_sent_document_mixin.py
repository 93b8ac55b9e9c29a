import hashlib

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.safe_eval import safe_eval, time

from ..const import OPEN_STEPS
from .quote_print_mixin import PRINT_KEY, QuotePrint

REPORT = "sale.action_report_saleorder"


class QuoteSentDocumentMixin(models.AbstractModel):
    """The one file of a version: the same bytes for the mail, the client's page and the archive.

    It is made when the version is about to be sent, by the mail composer or by a job, and is never
    printed again. What else leaves with the mail is kept beside it.
    """

    _name = "quote.sent.document.mixin"
    _description = "Offers as they were sent"

    sent_document_ids = fields.One2many(
        "quote.sent.document", "order_id", string="As sent", readonly=True, copy=False
    )
    sent_document_id = fields.Many2one(
        "quote.sent.document",
        string="Offer as sent",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The file that the client has: by mail, on the page, and here.",
    )

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {"sent_document_id", "sent_document_ids"}

    # === READING === #

    def _get_sent_document(self):
        """Return the file of this version that the client has; empty while it is being made.

        Nothing is printed to answer.

        :return: in superuser mode
        :rtype: quote.sent.document
        """
        self.ensure_one()
        return self.sudo().sent_document_id

    def _get_printed_file_sudo(self):
        """Return the file that printing gives: nothing that leaves, or has left, is made twice.

        What is about to leave is made here, once for the same content, and kept.

        :return: the signed copy, the offer as sent or to be sent, or nothing
        :rtype: quote.kept.file.mixin
        """
        self.ensure_one()
        order_sudo = self.sudo()
        if self._is_printed_as_sent():
            return order_sudo.sent_document_id.browse()
        if order_sudo.quote_step == "accepted":
            return order_sudo._get_signed_copy()
        if order_sudo.quote_step == "ready" and not order_sudo._get_gate_error("send"):
            return order_sudo._make_sent_document("made")
        return order_sudo.sent_document_id.filtered(
            lambda _file: order_sudo.quote_step in OPEN_STEPS
        )

    def _is_printed_as_sent(self):
        """Return whether what is being printed is the offer as it left, whatever came after.

        :rtype: bool
        """
        return isinstance(self.env.context.get(PRINT_KEY), QuotePrint)

    def action_open_sent_document(self):
        """Download the offer as it was sent with this version.

        :return: the action that downloads the file, False when there is none
        :rtype: dict | bool
        """
        self.ensure_one()
        document = self.sent_document_id
        return document and {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{document.attachment_id.id}?download=true",
            "target": "download",
        }

    # === MAKING === #

    def _make_sent_document(self, origin):
        """Return the file of what this version says now, made unless it has been.

        :param str origin: a key of ``quote.sent.document.origin``
        :return: in superuser mode
        :rtype: quote.sent.document
        """
        self.ensure_one()
        order_sudo = self.sudo()
        documents_sudo = self.env["quote.sent.document"].sudo()
        printing = QuotePrint()
        # Whoever prints it, and from where: the file is the same.
        context = {PRINT_KEY: printing, "lang": self._get_lang()}
        if self.env.context.get("force_report_rendering"):
            context["force_report_rendering"] = True
        reports_sudo = self.env["ir.actions.report"].with_user(SUPERUSER_ID)
        reports_sudo = reports_sudo.with_context(context)  # pylint: disable=context-overridden
        content, kind = reports_sudo.with_company(order_sudo.company_id)._render_qweb_pdf(
            REPORT, order_sudo.ids
        )
        # Without an engine, as in tests, the page itself is what there is.
        source = printing.source or hashlib.sha256(content).hexdigest()
        made_sudo = documents_sudo._find_by_source(source)
        if made_sudo.order_id == order_sudo:
            return made_sudo
        return documents_sudo._add(
            order_sudo,
            origin,
            [(f"{order_sudo.name}.{kind}", content)],
            source_sha256=source,
            fingerprint=order_sudo._get_fingerprint()["all"],
        )

    def _find_made_document_sudo(self, file_hashes):
        """Return the file among some that was made of what this version says now.

        :param file_hashes: SHA-256 of files
        :rtype: quote.sent.document
        """
        self.ensure_one()
        order_sudo = self.sudo()
        made_sudo = order_sudo.sent_document_ids.filtered(
            lambda document: document.source_sha256 and document.sha256 in file_hashes
        )
        if not made_sudo:
            return made_sudo
        fingerprint = order_sudo._get_fingerprint()["all"]
        return made_sudo.filtered(lambda document: document.fingerprint == fingerprint)[-1:]

    # === LEAVING BY MAIL === #

    def message_post(self, **kwargs):
        """The files of the mail that carries the offer are kept with the version."""
        message = super().message_post(**kwargs)
        if self.env.context.get("mark_so_as_sent"):
            self._keep_mailed_documents(message)
        return message

    def _keep_mailed_documents(self, message):
        """Keep the files that went to the client with a message.

        :param message: the ``mail.message`` that carries the offer
        """
        documents_sudo = self.env["quote.sent.document"].sudo()
        orders_sudo = self.sudo().filtered(lambda order: order.quote_step in OPEN_STEPS)
        files_sudo = message.sudo().attachment_ids
        if not orders_sudo or not files_sudo:
            return
        files = [(file_sudo.name, file_sudo.raw or b"") for file_sudo in files_sudo]
        hashes = {documents_sudo._hash(content) for _name, content in files}
        for order_sudo in orders_sudo:
            if made_sudo := order_sudo._find_made_document_sudo(hashes):
                order_sudo._set_sent_document(made_sudo)
            documents_sudo._add(order_sudo, "mail", files)

    def _check_printed_since_ready(self, files):
        """A file that bears the name of the offer is the one that was made of it."""
        result = super()._check_printed_since_ready(files)
        documents_sudo = self.env["quote.sent.document"].sudo()
        for order in self.filtered(lambda order: order.quote_step in OPEN_STEPS | {"ready"}):
            name = order._get_offer_file_name()
            hashes = {
                documents_sudo._hash(file_sudo.raw or b"")
                for file_sudo in files.sudo()
                if file_sudo.name.rpartition(".")[0] == name
            }
            if hashes and not order._find_made_document_sudo(hashes):
                raise UserError(
                    self.env._(
                        "The file “%(name)s” is not the offer as it is now: close this mail, and"
                        " open it again to send the right one.",
                        name=name,
                    )
                )
        return result

    def _get_offer_file_name(self):
        """Return the name under which mails carry the offer, without its extension.

        :rtype: str
        """
        self.ensure_one()
        report_sudo = self.env.ref(REPORT).sudo()
        order_sudo = self.sudo().with_context(lang=self._get_lang())
        return safe_eval(
            report_sudo.with_context(lang=self._get_lang()).print_report_name or "object.name",
            {"object": order_sudo, "time": time},
        )

    def _set_sent_document(self, document_sudo):
        """Say which file the client has. In superuser mode.

        :param document_sudo: the ``quote.sent.document`` of this version
        """
        self.write(
            {
                "sent_document_id": document_sudo.id,
                "sent_document_pending": False,
                "sent_document_failures": 0,
            }
        )
