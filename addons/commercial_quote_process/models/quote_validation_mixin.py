from odoo import api, fields, models
from odoo.tools import format_list

from ..tools.fingerprint import FINGERPRINT_VERSION

# How many documents a rule is tried on.
MOST_CANDIDATES = 500


class QuoteValidationMixin(models.AbstractModel):
    """Any document that people validate before it goes further.

    A consumer model says what the figures are and what happens after a decision; who may decide
    and how decisions are kept is the same for all.
    """

    _name = "quote.validation.mixin"
    _description = "Document to validate"
    _inherit = [
        "quote.validation.request.mixin",
        "quote.validation.kept.mixin",
        "quote.validation.round.mixin",
        "quote.validation.block.mixin",
    ]

    validation_ids = fields.One2many(
        "quote.validation",
        "res_id",
        string="Validations",
        domain=lambda self: [("res_model", "=", self._name)],
        copy=False,
        bypass_search_access=True,
    )

    @api.model
    def _search_validation_candidates(self):
        """Return documents that still are, or will be, asked about: to try a rule on them.

        :return: documents that the user may read
        """
        return self.search([], limit=MOST_CANDIDATES)

    # === WHAT A CONSUMER SAYS === #

    def _get_validation_company(self):
        """Return the company whose people decide.

        :rtype: res.company
        """
        return self.company_id

    def _get_validation_team(self):
        """Return the sales team whose leader may have to decide.

        :rtype: crm.team
        """
        return self.env["crm.team"]

    def _get_validation_partner(self):
        """Return the customer whose country and tags rules look at.

        :rtype: res.partner
        """
        return self.env["res.partner"]

    def _get_validation_authors(self):
        """Return the people whose own work this document is: they do not approve it.

        :rtype: res.users
        """
        return self.env["res.users"]

    def _get_validation_figures(self):
        """Return what rules compare.

        ``amount`` and ``cost`` in ``currency``; ``margin_percent``, ``discount_percent`` and
        ``contingency_percent`` (0 to 100); ``days``; ``payment_term_id``, the payment terms of
        the document (id or False), and ``usual_payment_term_ids``, the ones that surprise nobody
        (a set of ids or False).

        :rtype: dict
        """
        return {
            "amount": 0.0,
            "cost": 0.0,
            "currency": self._get_validation_company().currency_id,
            "margin_percent": 0.0,
            "discount_percent": 0.0,
            "contingency_percent": 0.0,
            "days": 0.0,
            "payment_term_id": False,
            "usual_payment_term_ids": {False},
        }

    def _get_validation_fingerprint(self):
        """Return the fingerprint of the content a decision is about.

        A dict with a key ``all``, and one per aspect of ``const.ASPECTS`` that the document knows:
        an approval outlives changes of aspects that its rule does not watch.

        :rtype: dict
        """
        raise NotImplementedError

    def _get_validation_content(self):
        """Return what the document says, as plain values that JSON can hold.

        Kept with each request, so that a later change can be told.

        :rtype: dict
        """
        return {}

    def _get_validation_contents(self):
        """Return what these documents say. Overridden where it is cheaper to read them at once.

        :return: see ``_get_validation_content``, by id of document
        :rtype: dict
        """
        return {document.id: document._get_validation_content() for document in self}

    def _get_validation_fingerprints(self, contents=None):
        """Return the fingerprints of these documents. Overridden like the contents.

        :param dict contents: see ``_get_validation_contents``, when they have been read already
        :return: see ``_get_validation_fingerprint``, by id of document
        :rtype: dict
        """
        return {document.id: document._get_validation_fingerprint() for document in self}

    def _get_validation_fingerprint_as(self, version):
        """Return the fingerprint that an earlier version of the algorithm gives to the content.

        :param int version: see ``tools.fingerprint.FINGERPRINT_VERSION``
        :return: see ``_get_validation_fingerprint``; empty when that version is not known
        :rtype: dict
        """
        return self._get_validation_fingerprint() if version == FINGERPRINT_VERSION else {}

    def _get_validation_family_ids(self):
        """Return the documents whose earlier approvals may still hold for each document.

        :return: by id of the document, ids of the same model, its own included
        :rtype: dict
        """
        return {document.id: [document.id] for document in self}

    def _get_validation_changes_text(self, before, after, aspects):
        """Return what has changed between two contents, in words and without internal figures.

        :param dict before: see ``_get_validation_content``; empty when it is not known
        :param dict after: the same, of now
        :param list aspects: keys of ``const.ASPECTS`` that changed; empty when the document knows
            no aspects
        :rtype: str
        """
        if not aspects:
            return self.env._("The content has changed.")
        labels = self.env["quote.validation.rule"]._get_aspect_labels(aspects)
        return self.env._("Changed since: %(aspects)s.", aspects=format_list(self.env, labels))

    def _get_people_able_to_read(self, users):
        """Return who among these people can open a document of this kind to decide on it.

        :param users: ``res.users``
        :rtype: res.users
        """
        access = self.env["ir.model.access"]
        return users.filtered(
            lambda user: access.with_user(user).check(self._name, "read", raise_exception=False)
        )

    def _is_self_approval_allowed(self):
        """Return whether a person may approve what the same person asked for.

        :rtype: bool
        """
        return False

    def _on_validation_asked(self, rows_sudo):
        """React when requests wait for a decision: after the request, and after each round.

        Called once for all documents.

        :param rows_sudo: the ``quote.validation`` rows that wait from now on
        """

    def _on_validation_decided(self, rows_sudo):
        """React when requests have been approved and others of the same documents still wait.

        Called once for all documents.

        :param rows_sudo: the ``quote.validation`` rows that still wait, before the next round
        """

    def _on_validation_rerouted(self, rows_sudo):
        """React when other people than before decide on requests that wait, or nobody can.

        Called once for all documents.

        :param rows_sudo: the ``quote.validation`` rows concerned
        """

    def _on_validation_approved(self):
        """React when every request of these documents has been approved.

        Called once for all documents, also when the approvals are earlier ones that still hold
        (``quote.validation.kept_from_id``).
        """

    def _on_validation_refused(self, reason, parts):
        """React when a request of each of these documents has been refused.

        Called once for all documents.

        :param str reason: why
        :param str parts: a key of ``const.REFUSAL_PARTS``
        """
