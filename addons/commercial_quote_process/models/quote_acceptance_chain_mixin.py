from odoo import fields, models

from ..tools import acceptance_chain
from ..tools.acceptance_fields import HASH_VERSION, PERSONAL_FIELDS, SEALED_FIELDS


class QuoteAcceptanceChainMixin(models.AbstractModel):
    """The hash of an acceptance, chained to the one before it in the family of its quote.

    Computed once, before the row is inserted: without dependency on purpose.
    """

    _name = "quote.acceptance.chain.mixin"
    _description = "Chain of acceptances"

    hash_version = fields.Integer(
        string="Version of the hash",
        readonly=True,
        default=HASH_VERSION,
        help="Which algorithm the row was hashed with.",
    )
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

    def _get_personal_fields(self):
        """Return the names of the fields that identify a person, by the row's own algorithm.

        :rtype: tuple
        """
        self.ensure_one()
        return PERSONAL_FIELDS.get(self.hash_version, ())

    def _get_personal_digests(self):
        self.ensure_one()
        salt = self.sudo().salt
        return {
            name: acceptance_chain.digest(self[name], salt) for name in self._get_personal_fields()
        }

    def _get_content_hash(self):
        """Return the hash of what the row says, chained to the row before.

        :return: SHA-256 in hexadecimal; empty for an algorithm that does not exist
        :rtype: str
        """
        self.ensure_one()
        names = SEALED_FIELDS.get(self.hash_version)
        if not names:
            return ""
        payload = {name: self._get_sealed_value(name) for name in names}
        if self.hash_version == 1:
            payload["order"] = self.order_id.id
            payload["currency"] = self.currency_id.name
        payload["persons"] = self.sudo().personal_digests
        return acceptance_chain.row_hash(payload, self.previous_hash)

    def _get_sealed_value(self, name):
        value = self[name]
        return value.id if self._fields[name].relational else value

    def _get_json_rows(self, name):
        """Return a list of dicts as it was stored; empty when somebody put something else there.

        :param str name: a Json field
        :rtype: list(dict)
        """
        self.ensure_one()
        rows = self[name]
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    def _get_json_dict(self, name):
        """Return a dict as it was stored; empty when somebody put something else there.

        :param str name: a Json field
        :rtype: dict
        """
        self.ensure_one()
        value = self[name]
        return value if isinstance(value, dict) else {}

    def _find_family_breaks(self):
        """Return the first row that does not fit in its chain, of each family of these rows.

        :rtype: quote.acceptance
        """
        broken = self.browse()
        rows_sudo = self.sudo().search([("quote_root_id", "in", self.quote_root_id.ids)])
        for family_sudo in rows_sudo.sorted("id").grouped("quote_root_id").values():
            position = acceptance_chain.find_break(
                [(row.previous_hash, row._get_content_hash(), row.row_hash) for row in family_sudo]
            )
            if position is not None:
                broken += family_sudo[position]
        return broken
