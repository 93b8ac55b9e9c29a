import base64
import hashlib

from odoo import fields, models

from ..tools import acceptance_chain
from ..tools.fingerprint import FINGERPRINT_VERSION

# Fields that identify a person: the chain holds their salted digests, not their values.
PERSONAL_FIELDS = (
    "signer_name",
    "signer_function",
    "partner_name",
    "partner_email",
    "user_login",
    "ip_address",
    "user_agent",
)
# The other fields that the chain covers, as they are.
SEALED_FIELDS = (
    "order_name",
    "quote_version",
    "kind",
    "signed_at",
    "evidence_date",
    "session_hash",
    "auth_mode",
    "fingerprints",
    "fingerprint_version",
    "terms_accepted",
    "terms_version",
    "terms_hash",
    "amount_untaxed",
    "amount_total",
    "purchase_order_number",
    "signature_hash",
    "document_digests",
)


class QuoteAcceptance(models.Model):
    """What the client agreed to, when, how and on which content. One row per accepted quote."""

    _name = "quote.acceptance"
    _inherit = ["quote.immutable.mixin"]
    _description = "Acceptance of a quote"
    _order = "id desc"
    _rec_name = "order_name"

    # What was accepted
    order_id = fields.Many2one(
        "sale.order", string="Quote", required=True, readonly=True, ondelete="restrict"
    )
    quote_root_id = fields.Many2one(
        "sale.order", string="First version", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    order_name = fields.Char(string="Number", readonly=True)
    quote_version = fields.Integer(string="Version", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount_untaxed = fields.Monetary(string="Untaxed amount", readonly=True)
    amount_total = fields.Monetary(readonly=True)
    fingerprints = fields.Json(
        readonly=True, help="SHA-256 of each aspect of the content at the time of the acceptance."
    )
    fingerprint_version = fields.Integer(readonly=True, default=FINGERPRINT_VERSION)
    terms_accepted = fields.Boolean(
        string="General terms ticked",
        readonly=True,
        help="The client ticked the general terms in the same request as the signature.",
    )
    terms_version = fields.Char(string="Version of the general terms", readonly=True)
    terms_hash = fields.Char(string="SHA-256 of the general terms", readonly=True)
    # The text must stay byte for byte what was hashed; its sources are sanitized fields.
    terms_text = fields.Html(string="General terms", readonly=True, sanitize=False)

    # How, by whom, when
    kind = fields.Selection(
        [
            ("portal", "Signed on the portal"),
            ("paper", "Signed on paper"),
            ("purchase_order", "Purchase order"),
            ("award_notice", "Award notice"),
        ],
        string="Accepted by",
        required=True,
        readonly=True,
    )
    signer_name = fields.Char(string="Signed by", required=True, readonly=True)
    signer_function = fields.Char(string="Function", readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Client",
        readonly=True,
        ondelete="set null",
        help="The addressee whose link or account was used.",
    )
    partner_name = fields.Char(string="Name of the client", readonly=True)
    partner_email = fields.Char(string="Address the quote was sent to", readonly=True)
    signed_at = fields.Datetime(
        string="Recorded on", required=True, readonly=True, help="Time of the server, UTC."
    )
    evidence_date = fields.Date(string="Date on the document", readonly=True)
    purchase_order_number = fields.Char(string="Purchase order number", readonly=True)
    auth_mode = fields.Selection(
        [
            ("token", "Link of the quote"),
            ("portal_user", "Portal account"),
            ("internal", "Recorded by an employee"),
        ],
        string="Identified by",
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    user_login = fields.Char(string="Login", readonly=True)
    ip_address = fields.Char(string="IP address", readonly=True)
    user_agent = fields.Char(string="Browser", readonly=True)
    session_hash = fields.Char(
        readonly=True, help="SHA-256 of the browser session, to tell two sessions apart."
    )
    signature = fields.Binary(string="Drawn signature", attachment=True, readonly=True)
    signature_hash = fields.Char(string="SHA-256 of the drawn signature", readonly=True)
    document_ids = fields.One2many(
        "quote.acceptance.document", "acceptance_id", string="Documents", readonly=True
    )
    document_digests = fields.Json(
        readonly=True, help="SHA-256 of each document that came with the acceptance."
    )

    # The chain. Computed once, before the row is inserted: without dependency on purpose.
    salt = fields.Char(
        readonly=True, groups="base.group_system", default=lambda self: acceptance_chain.new_salt()
    )
    personal_digests = fields.Json(
        compute="_compute_row_hash", store=True, precompute=True, groups="base.group_system"
    )
    previous_hash = fields.Char(
        string="Hash of the previous row", compute="_compute_row_hash", store=True, precompute=True
    )
    row_hash = fields.Char(string="Hash", compute="_compute_row_hash", store=True, precompute=True)

    _order_uniq = models.UniqueIndex("(order_id)", "This quote has already been accepted.")
    # Two rows cannot follow the same one: the chain of a family never forks.
    _chain_uniq = models.UniqueIndex(
        "(quote_root_id, COALESCE(previous_hash, ''))",
        "Another version of this quote was accepted at the same time.",
    )

    # === COMPUTE METHODS === #

    def _compute_row_hash(self):
        for acceptance in self:
            previous = acceptance._get_previous()
            acceptance.personal_digests = acceptance._get_personal_digests()
            acceptance.previous_hash = previous.row_hash
            acceptance.row_hash = acceptance._get_content_hash()

    def _get_previous(self):
        self.ensure_one()
        domain = [("quote_root_id", "=", self.quote_root_id.id)]
        if self.ids:
            domain.append(("id", "<", self.id))
        return self.search(domain, order="id desc", limit=1)

    def _get_personal_digests(self):
        self.ensure_one()
        salt = self.sudo().salt
        return {name: acceptance_chain.digest(self[name], salt) for name in PERSONAL_FIELDS}

    def _get_content_hash(self):
        """Return the hash of what the row says, chained to the row before.

        :rtype: str
        """
        self.ensure_one()
        payload = {name: self[name] for name in SEALED_FIELDS}
        payload["order"] = self.order_id.id
        payload["currency"] = self.currency_id.name
        payload["persons"] = self.sudo().personal_digests
        return acceptance_chain.row_hash(payload, self.previous_hash)

    # === VERIFICATION === #

    def _get_problems(self):
        """Compare the rows with their chain, their images and their documents.

        :return: what does not match, one sentence each; empty when all is as it was recorded
        :rtype: list[str]
        """
        problems = []
        families = self.sudo().search([("quote_root_id", "in", self.quote_root_id.ids)], order="id")
        for family_sudo in families.grouped("quote_root_id").values():
            broken = acceptance_chain.find_break(
                [(row.previous_hash, row._get_content_hash(), row.row_hash) for row in family_sudo]
            )
            if broken is not None:
                problems.append(
                    self.env._(
                        "The acceptance of %(quote)s is not what was recorded, or one before it is"
                        " missing.",
                        quote=family_sudo[broken].order_name,
                    )
                )
        for acceptance_sudo in self.sudo():
            problems += acceptance_sudo._get_content_problems()
        return problems

    def _get_content_problems(self):
        self.ensure_one()
        problems = []
        digests = self._get_personal_digests()
        for name in PERSONAL_FIELDS:
            # An erased value leaves its digest behind; a value that is there must match it.
            if self[name] and digests[name] != self.personal_digests[name]:
                label = self._fields[name]._description_string(self.env)
                problems.append(self.env._("“%(field)s” has been changed.", field=label))
        image = self.with_context(bin_size=False).signature
        image_hash = hashlib.sha256(base64.b64decode(image)).hexdigest() if image else ""
        if image_hash != (self.signature_hash or ""):
            problems.append(self.env._("The drawn signature has been changed."))
        if sorted(self.document_digests or []) != sorted(
            document.sha256 for document in self.document_ids if document.kind == "evidence"
        ):
            problems.append(self.env._("A document of the acceptance was added or removed."))
        return problems + self.document_ids._get_problems()

    def action_verify(self):
        """Verify the acceptance and its chain, and tell the result.

        :return: the notification to show
        :rtype: dict
        """
        self.check_access("read")
        problems = self._get_problems()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if problems else "success",
                "sticky": bool(problems),
                "message": "\n".join(problems)
                or self.env._("The acceptance and its documents are as they were recorded."),
            },
        }
