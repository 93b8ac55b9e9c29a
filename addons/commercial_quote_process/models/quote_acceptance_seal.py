from odoo import api, fields, models

from ..tools.acceptance_chain import row_hash

BATCH_SIZE = 200
SEAL_VERSION = 1
# What a seal covers, in the order in which things are sealed: model, and its field on the seal.
SUBJECTS = (
    ("quote.acceptance", "acceptance_id"),
    ("quote.acceptance.document", "document_id"),
    ("quote.acceptance.erasure", "erasure_id"),
)


class QuoteAcceptanceSeal(models.Model):
    """One link of a company's chain: an acceptance, a document of one, or an erased person.

    A job adds them, numbered without a gap. Each holds the hash of what it seals and of the seal
    before it: a row that is changed, removed or inserted later does not fit any more.
    """

    _name = "quote.acceptance.seal"
    _inherit = ["quote.immutable.mixin"]
    _description = "Seal of an acceptance"
    _order = "company_id, number"
    _rec_name = "number"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    number = fields.Integer(required=True, readonly=True, help="Without a gap in each company.")
    acceptance_id = fields.Many2one(
        "quote.acceptance", required=True, readonly=True, index=True, ondelete="restrict"
    )
    document_id = fields.Many2one(
        "quote.acceptance.document", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    erasure_id = fields.Many2one(
        "quote.acceptance.erasure", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    sealed_on = fields.Datetime(string="Sealed on", required=True, readonly=True)
    hash_version = fields.Integer(required=True, readonly=True)
    content_hash = fields.Char(string="Hash of what is sealed", required=True, readonly=True)
    previous_hash = fields.Char(string="Hash of the previous seal", readonly=True)
    seal_hash = fields.Char(string="Hash of the seal", required=True, readonly=True)

    # Whatever two workers do at the same time: one chain, and each thing sealed once.
    _number_uniq = models.UniqueIndex("(company_id, number)", "This seal already exists.")
    _subject_uniq = models.UniqueIndex(
        "(acceptance_id, COALESCE(document_id, 0), COALESCE(erasure_id, 0))",
        "This has already been sealed.",
    )

    # === SEALING === #

    @api.model
    def _cron_seal(self, limit=BATCH_SIZE):
        """Seal what has been recorded since the last time, company by company."""
        cron = self.env["ir.cron"]
        waiting = self._count_waiting()
        cron._commit_progress(remaining=sum(waiting.values()))
        for company in waiting:
            while sealed := self._seal_company(company, limit):
                if not cron._commit_progress(sealed):
                    return

    def _count_waiting(self):
        """Return how many things wait for their seal, by company.

        :rtype: dict
        """
        waiting = {}
        for model, _name in SUBJECTS:
            groups = self.env[model]._read_group(
                [("seal_ids", "=", False)], ["company_id"], ["__count"]
            )
            for company, count in groups:
                waiting[company] = waiting.get(company, 0) + count
        return waiting

    def _seal_company(self, company, limit):
        """Add the next seals of a company, unless somebody else is doing it.

        :param res.company company: whose chain it is
        :param int limit: how many seals at most
        :return: how many were added
        :rtype: int
        """
        if not company.try_lock_for_update(allow_referencing=True):
            return 0
        head = self.search([("company_id", "=", company.id)], order="number desc", limit=1)
        number, previous, vals_list = head.number, head.seal_hash or "", []
        for model, name in SUBJECTS:
            domain = [("company_id", "=", company.id), ("seal_ids", "=", False)]
            left = limit - len(vals_list)
            for record in self.env[model].search(domain, order="id", limit=left) if left else ():
                number += 1
                values = self._prepare_seal_values(company, number, previous, name, record)
                previous = values["seal_hash"]
                vals_list.append(values)
        self.create(vals_list)
        return len(vals_list)

    def _prepare_seal_values(self, company, number, previous, name, record):
        """Return the values of one seal.

        :param str previous: hash of the seal before it; empty for the first one
        :param str name: field of the seal that names the record
        :param record: what is sealed
        :rtype: dict
        """
        acceptance = record if name == "acceptance_id" else record.acceptance_id
        values = {
            "company_id": company.id,
            "number": number,
            "acceptance_id": acceptance.id,
            "document_id": False,
            "erasure_id": False,
            name: record.id,
            "sealed_on": fields.Datetime.now(),
            "hash_version": SEAL_VERSION,
            "content_hash": record._get_seal_content(),
        }
        return {**values, "previous_hash": previous, "seal_hash": row_hash(values, previous)}

    # === VERIFICATION === #

    def _get_subject(self):
        self.ensure_one()
        return self.erasure_id or self.document_id or self.acceptance_id

    def _get_seal_hash(self):
        """Return the hash that this seal should have.

        :rtype: str
        """
        self.ensure_one()
        names = ("company_id", "number", "acceptance_id", "document_id", "erasure_id")
        values = {name: self[name].id if name != "number" else self.number for name in names}
        values |= {name: self[name] for name in ("sealed_on", "hash_version", "content_hash")}
        return row_hash(values, self.previous_hash)

    def _is_intact(self):
        """Return whether a seal says what it said, and what it seals as well.

        :rtype: bool
        """
        self.ensure_one()
        return (
            self._get_seal_hash() == self.seal_hash
            and self._get_subject()._get_seal_content() == self.content_hash
            and self._get_subject().company_id == self.company_id
        )

    @api.model
    def _get_seal_problems(self, acceptances):
        """Return what does not match between acceptances and their own seals.

        :param quote.acceptance acceptances: what is verified
        :rtype: list[str]
        """
        seals_sudo = self.sudo().search([("acceptance_id", "in", acceptances.ids)])
        return [
            self.env._(
                "Seal %(number)s: the acceptance of %(quote)s, a document of it or the seal itself"
                " has been changed.",
                number=seal_sudo.number,
                quote=seal_sudo.acceptance_id.order_name,
            )
            for seal_sudo in seals_sudo
            if not seal_sudo._is_intact()
        ]
