from odoo import api, fields, models

from ..tools.acceptance_chain import new_code
from ..tools.fingerprint import FINGERPRINT_VERSION

SEAL_JOB = "commercial_quote_process.ir_cron_acceptance_seal"


class QuoteAcceptance(models.Model):
    """What the client agreed to, when, how and on which content. One row per accepted quote."""

    _name = "quote.acceptance"
    _inherit = [
        "quote.acceptance.reading.mixin",
        "quote.acceptance.verification.mixin",
        "quote.acceptance.erasure.mixin",
        "quote.acceptance.trace.mixin",
        "quote.acceptance.problem.mixin",
        "quote.acceptance.chain.mixin",
        "quote.immutable.mixin",
    ]
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
    amount_total = fields.Monetary(string="Total, taxes included", readonly=True)
    fingerprints = fields.Json(
        readonly=True, help="SHA-256 of each aspect of the content at the time of the acceptance."
    )
    fingerprint_version = fields.Integer(readonly=True, default=FINGERPRINT_VERSION)
    chosen_options = fields.Json(
        readonly=True, help="The options that the client chose, with their amounts."
    )
    sent_documents = fields.Json(
        string="Files that were sent",
        readonly=True,
        help="SHA-256 and size of each file that the client received before the acceptance.",
    )
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
    # Plain numbers: a merge of contacts would rewrite a link, which is evidence.
    partner_ref = fields.Integer(string="Contact no.", readonly=True)
    partner_id = fields.Many2one(related="order_id.partner_id", string="Client")
    partner_name = fields.Char(
        string="Addressee", readonly=True, help="The contact whose link or account was used."
    )
    partner_email = fields.Char(string="Address of the addressee", readonly=True)
    sent_to = fields.Json(readonly=True, help="Who received the mail with the link.")
    passed_on_to = fields.Json(
        readonly=True, help="Whom the addressee passed the page on to, to sign."
    )
    view_events = fields.Json(readonly=True, help="When the page was opened before.")
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
    user_ref = fields.Integer(string="User no.", readonly=True)
    user_id = fields.Many2one("res.users", string="Recorded by", compute="_compute_user_id")
    user_login = fields.Char(string="Login", readonly=True)
    ip_address = fields.Char(string="IP address", readonly=True)
    user_agent = fields.Char(string="Browser", readonly=True)
    language = fields.Char(string="Language of the page", readonly=True)
    accept_language = fields.Char(string="Languages of the browser", readonly=True)
    session_hash = fields.Char(
        readonly=True, help="SHA-256 of the browser session, to tell two sessions apart."
    )
    signature = fields.Binary(string="Drawn signature", attachment=True, readonly=True)
    signature_hash = fields.Char(string="SHA-256 of the drawn signature", readonly=True)
    signature_mode = fields.Selection(
        [("draw", "Drawn"), ("auto", "Typed"), ("load", "Loaded from a file")],
        string="How it was signed",
        readonly=True,
        help="As the client's browser said.",
    )
    document_ids = fields.One2many(
        "quote.acceptance.document", "acceptance_id", string="Documents", readonly=True
    )
    document_digests = fields.Json(
        readonly=True, help="SHA-256 of each document that came with the acceptance."
    )
    verification_code = fields.Char(
        readonly=True, default=lambda self: new_code(), help="Opens the public verification page."
    )

    _order_uniq = models.UniqueIndex("(order_id)", "This quote has already been accepted.")
    # Two rows cannot follow the same one: the chain of a family never forks.
    _chain_uniq = models.UniqueIndex(
        "(quote_root_id, COALESCE(previous_hash, ''))",
        "Another version of this quote was accepted at the same time.",
    )
    _verification_code_uniq = models.UniqueIndex(
        "(verification_code)", "This verification code is in use."
    )

    @api.depends("user_ref")
    def _compute_user_id(self):
        users = self.env["res.users"].browse(filter(None, self.mapped("user_ref"))).exists()
        for acceptance in self:
            acceptance.user_id = users.filtered(lambda user, a=acceptance: user.id == a.user_ref)

    @api.model_create_multi
    def create(self, vals_list):
        acceptances = super().create(vals_list)
        self.env.ref(SEAL_JOB).sudo()._trigger()
        return acceptances
