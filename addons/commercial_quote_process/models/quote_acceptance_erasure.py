from odoo import api, fields, models
from odoo.tools import format_date

from ..tools.acceptance_chain import row_hash
from .quote_acceptance import SEAL_JOB


class QuoteAcceptanceErasure(models.Model):
    """A person was erased from an acceptance: who asked for it, when, why and how far."""

    _name = "quote.acceptance.erasure"
    _inherit = ["quote.immutable.mixin"]
    _description = "Erasure of a person"
    _order = "id desc"
    _rec_name = "erased_on"

    acceptance_id = fields.Many2one(
        "quote.acceptance", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="acceptance_id.company_id", store=True, precompute=True, index=True
    )
    erased_on = fields.Datetime(
        string="Erased on", required=True, readonly=True, default=fields.Datetime.now
    )
    user_name = fields.Char(string="Erased by", required=True, readonly=True)
    user_ref = fields.Integer(string="User no.", required=True, readonly=True)
    reason = fields.Text(required=True, readonly=True)
    with_documents = fields.Boolean(
        string="Documents emptied",
        readonly=True,
        help="The signed copy and the documents received were emptied too; their hashes stay.",
    )
    seal_ids = fields.One2many("quote.acceptance.seal", "erasure_id", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        erasures = super().create(vals_list)
        self.env.ref(SEAL_JOB).sudo()._trigger()
        return erasures

    def _get_seal_content(self):
        """Return the hash of what the row says, for its seal.

        :rtype: str
        """
        self.ensure_one()
        names = ("erased_on", "user_name", "user_ref", "reason", "with_documents")
        values = {name: self[name] for name in names}
        return row_hash({**values, "acceptance": self.acceptance_id.id}, "")

    def _get_sentence(self):
        """Return what happened, in one sentence.

        :rtype: str
        """
        self.ensure_one()
        return self.env._(
            "The person was erased on %(date)s by %(user)s: %(reason)s",
            date=format_date(self.env, self.erased_on),
            user=self.user_name,
            reason=self.reason,
        )
