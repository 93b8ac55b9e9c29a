import base64
import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

from ..tools.signature import clean_name, clean_text

DOCUMENT_MAX_BYTES = 20_000_000
NUMBER_MAX = 64
# Files that people can read, today and in ten years, and that run nothing when they are opened.
READABLE_MIMETYPES = (
    "application/msword",
    "application/pdf",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "image/bmp",
    "image/jpeg",
    "image/png",
    "image/tiff",
    "image/webp",
)
# A mail is plain text with headers; programs keep it in a file of this ending.
MAIL_ENDING = ".eml"
MAIL_HEADER = re.compile(rb"\A(?:[!-9;-~]+:.*\r?\n)+")


class QuoteAccept(models.TransientModel):
    """The evidence of an acceptance that did not come through the portal."""

    _name = "quote.accept"
    _description = "Record the acceptance of a quote"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True)
    partner_id = fields.Many2one(related="order_id.partner_id")
    currency_id = fields.Many2one(related="order_id.currency_id")
    allowed_option_ids = fields.Many2many("sale.order.line", compute="_compute_allowed_option_ids")
    option_ids = fields.Many2many(
        "sale.order.line",
        string="Options",
        domain="[('id', 'in', allowed_option_ids)]",
        help="The options that the client takes, as the document says.",
    )
    amount_total = fields.Monetary(compute="_compute_amount_total")
    # What the person saw when the dialog opened: an acceptance of other content is refused. Not
    # readonly, else the browser does not send it back and it is computed anew when it is saved.
    fingerprint = fields.Char(compute="_compute_fingerprint", store=True, readonly=False)
    kind = fields.Selection(
        [
            ("paper", "Quote signed on paper"),
            ("purchase_order", "Purchase order"),
            ("award_notice", "Award notice of a tender"),
        ],
        string="The client answered by",
        required=True,
        default="paper",
    )
    signer_name = fields.Char(
        string="Signed by",
        compute="_compute_signer",
        store=True,
        readonly=False,
        help="Who signed, at the client's.",
    )
    signer_function = fields.Char(
        string="Function", compute="_compute_signer", store=True, readonly=False
    )
    evidence_date = fields.Date(
        string="Date of the document", required=True, default=fields.Date.context_today
    )
    purchase_order_number = fields.Char(string="Purchase order number")
    document = fields.Binary(attachment=False)
    document_name = fields.Char()

    @api.depends("order_id")
    def _compute_fingerprint(self):
        for wizard in self:
            wizard.fingerprint = wizard.order_id and wizard.order_id._get_fingerprint()["all"]

    @api.depends("order_id")
    def _compute_allowed_option_ids(self):
        for wizard in self:
            order = wizard.order_id._origin
            readable = bool(order) and order.has_access("read")
            wizard.allowed_option_ids = readable and order._get_option_lines().ids

    @api.depends("order_id", "option_ids")
    def _compute_amount_total(self):
        for wizard in self:
            order = wizard.order_id._origin
            allowed = set(wizard.allowed_option_ids.ids)
            line_ids = [line_id for line_id in wizard.option_ids._origin.ids if line_id in allowed]
            readable = bool(order) and order.has_access("read")
            wizard.amount_total = readable and order._get_amounts_with_options(line_ids)["total"]

    @api.depends("order_id")
    def _compute_signer(self):
        for wizard in self:
            signer = wizard.order_id.signer_id or wizard.order_id.partner_id
            person = signer if not signer.is_company else signer.browse()
            wizard.signer_name = person.name
            wizard.signer_function = person.function

    def action_accept(self):
        """Record the acceptance and confirm the quote.

        :return: an action that closes the dialog
        :raise UserError: when the evidence is incomplete, or the quote cannot be accepted
        """
        self.ensure_one()
        self.order_id.check_access("write")
        self.order_id._record_acceptance(self.kind, **self._prepare_evidence())
        return {"type": "ir.actions.act_window_close"}

    def _prepare_evidence(self):
        """Return the checked evidence, see ``sale.order._record_acceptance``.

        :rtype: dict
        """
        if self.evidence_date > fields.Date.context_today(self):
            raise UserError(self.env._("The date of the document cannot be in the future."))
        sent_on = self.order_id.sent_on
        if sent_on and self.evidence_date < fields.Datetime.context_timestamp(self, sent_on).date():
            raise UserError(
                self.env._("The document cannot have been signed before the offer was sent.")
            )
        number = self._clean_number()
        if self.kind == "purchase_order" and not number:
            raise UserError(self.env._("Give the number of the purchase order."))
        return {
            "signer_name": self._clean(self.signer_name),
            "signer_function": self._clean(self.signer_function) if self.signer_function else False,
            "evidence_date": self.evidence_date,
            "purchase_order_number": number,
            "options": self.option_ids.ids,
            "documents": [self._get_document()],
            "fingerprint": self.fingerprint,
            "auth_mode": "internal",
        }

    def _clean(self, value):
        try:
            return clean_name(value or "")
        except ValueError:
            raise UserError(
                self.env._("Give the name and the function of the person who signed, in letters.")
            ) from None

    def _clean_number(self):
        number = (self.purchase_order_number or "").strip()
        try:
            return number and clean_text(number, 1, NUMBER_MAX)
        except ValueError:
            raise UserError(
                self.env._(
                    "Give the number of the purchase order as it is printed: %(count)s characters"
                    " at most.",
                    count=NUMBER_MAX,
                )
            ) from None

    def _get_document(self):
        try:
            content = base64.b64decode(self.with_context(bin_size=False).document or b"")
        except ValueError:
            content = b""
        if not content:
            raise UserError(
                self.env._("Add the document by which the client accepted: it is the evidence.")
            )
        if len(content) > DOCUMENT_MAX_BYTES:
            raise UserError(self.env._("The document is too big: 20 MB at most."))
        name = self.document_name or self.order_id.name
        is_mail = name.lower().endswith(MAIL_ENDING) and MAIL_HEADER.match(content)
        if guess_mimetype(content) not in READABLE_MIMETYPES and not is_mail:
            raise UserError(
                self.env._("Add a PDF, an image, a text document or a mail (.eml), nothing else.")
            )
        return (name, content)
