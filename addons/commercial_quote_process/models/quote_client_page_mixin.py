from markupsafe import Markup

from odoo import api, models

from ..const import OPEN_STEPS
from ..tools.fingerprint import FINGERPRINT_VERSION
from ..tools.html_headings import nest_headings
from .quote_estimate_content_mixin import DEPENDENCY_FIELDS

# Titles of sections are headings of the second level: the ones of their texts begin below.
TEXT_LEVEL = 3


class QuoteClientPageMixin(models.AbstractModel):
    """What the client's page shows of a quote, read in few queries."""

    _name = "quote.client.page.mixin"
    _description = "The client's page"

    def _get_page_text(self, name):
        """Return a text of the proposal for the page: safe, and with its headings in order.

        :param str name: see ``_get_client_text``
        :rtype: Markup
        """
        return Markup(nest_headings(str(self._get_client_text(name)), TEXT_LEVEL))

    def _get_client_answers(self):
        """Return which answers the page offers the client now.

        An overrider changes what ``super()`` returns.

        :return: True or False by ``sign``, ``changes``, ``decline``, ``extension``, ``pass_on``
        :rtype: dict
        """
        self.ensure_one()
        is_open = self.quote_step in OPEN_STEPS
        can_sign = is_open and not self._get_gate_error("sign")
        return {
            "sign": can_sign,
            "changes": self.quote_step == "sent" and not self.is_expired,
            "decline": is_open,
            "extension": is_open and bool(self.is_expired),
            "pass_on": can_sign,
        }

    def _get_client_title(self):
        """Return the title of the proposal, as the client reads it.

        :rtype: str
        """
        self.ensure_one()
        return self.env._("Proposal %(quote)s", quote=self.name)

    def _get_expected_file(self):
        """Return which file is being made for the client: ``offer``, ``signed_copy`` or False.

        :rtype: str | bool
        """
        self.ensure_one()
        if self.quote_step == "accepted":
            return self.after_acceptance_pending and "signed_copy"
        return self.quote_step in OPEN_STEPS and self.sent_document_pending and "offer"

    def _get_shown_fingerprint(self, can_sign):
        """Return the fingerprint of what the page shows; in superuser mode.

        :param bool can_sign: whether the gate has just found that it is what was approved: then
            it is known
        :rtype: str
        """
        self.ensure_one()
        if can_sign:
            for row in self.validation_ids:
                if row.state == "approved" and row.fingerprint_version == FINGERPRINT_VERSION:
                    return row.fingerprint["all"]
        return self._get_fingerprint()["all"]

    # === READING === #

    def _prefetch_client_page(self, reader):
        """Read in few queries what the page shows, and what Odoo reads to show it.

        Called in superuser mode.

        :param reader: the ``res.users`` who opens the page
        """
        self.ensure_one()
        users = reader.sudo() | self.env.user | self.user_id | self.project_manager_id
        partners = self.partner_id | self.signer_id | self.company_id.partner_id | users.partner_id
        partners |= partners.commercial_partner_id
        partners.with_context(active_test=False).mapped("user_ids")
        self._prefetch_rows("order_line", self._get_column_names("sale.order.line"))
        self._prefetch_page_plan()
        self._prefetch_content()
        self._prefetch_approvals()

    def _prefetch_page_plan(self):
        """Read the plan with what its drawing needs, and the links between its rows."""
        estimate = self.estimate_id
        estimate.fetch(self._get_column_names("quote.estimate"))
        estimate._prefetch_rows("item_ids", self._get_column_names("quote.estimate.item"))
        items = estimate.item_ids
        items._prefetch_rows("dependency_ids", DEPENDENCY_FIELDS)
        links = items._fields["depend_on_ids"]
        missing = items.browse(links._cache_missing_ids(items))
        links._insert_cache(missing, [item.dependency_ids.depends_on_id.ids for item in missing])

    def _prefetch_approvals(self):
        """Read the validations of this quote at once: are they about what the page shows?"""
        field = self._fields["validation_ids"]
        if missing := self.browse(field._cache_missing_ids(self)):
            rows = self.env["quote.validation"].search_fetch(
                [("res_model", "=", self._name), ("res_id", "=", self.id)],
                ["fingerprint", "fingerprint_version", "snapshot_id", "state"],
            )
            field._insert_cache(missing, [rows.ids])

    @api.model
    def _get_column_names(self, model_name):
        """Return the names of the fields of a model that Odoo would read together, later.

        :param str model_name: name of the model
        :rtype: list(str)
        """
        return [
            name
            for name, field in self.env[model_name]._fields.items()
            if field.prefetch is True and field.store and field.column_type
        ]
