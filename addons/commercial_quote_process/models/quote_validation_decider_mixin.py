from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Command

# States of a request that nobody has decided on.
OPEN_STATES = ("queued", "pending")


class QuoteValidationDeciderMixin(models.AbstractModel):
    """Who may decide on a request now: the approvers of its rule, or who stands in for them.

    Stored, so that lists, record rules and mails ask one column; a decision asks again.
    """

    _name = "quote.validation.decider.mixin"
    _description = "People who decide on a validation"

    approver_id = fields.Many2one(
        "res.users",
        readonly=True,
        help="The person whose own approval is asked for, when each approver gives one.",
    )
    decider_ids = fields.Many2many(
        "res.users",
        "quote_validation_decider_rel",
        string="Who may decide",
        readonly=True,
        context={"active_test": False},
        help="The approvers, or during their absence the people who stand in for them.",
    )
    is_blocked = fields.Boolean(
        string="Nobody can decide",
        readonly=True,
        help="All approvers have left, lost their rights, or asked for this validation themselves.",
    )

    # === WHO MAY DECIDE NOW === #

    @api.model
    def _find_deciders(self, requests):
        """Return who may decide on requests, and for whom.

        :param list requests: tuples (document, rule, person who asked, approver whose own approval
            it is or an empty recordset)
        :return: for each request, by person who may decide, the absent person represented (an
            empty recordset for a person who decides in the own name)
        :rtype: list[dict]
        """
        approvers = self._find_approvers([request[:2] for request in requests])
        everybody = self.env["res.users"].union(*approvers)
        substitutes = self.env["quote.approver.absence"]._get_substitutes(everybody)
        everybody = everybody.union(*substitutes.values())
        kept_out = self._find_kept_out(requests, everybody)
        return [
            self._choose_deciders(*request, people, kept_out[request[0], request[2]], substitutes)
            for request, people in zip(requests, approvers, strict=True)
        ]

    @api.model
    def _find_principals(self, requests):
        """Return the approvers whose business requests are: all but whose own work it is.

        :param list requests: tuples (document, rule, person who asked)
        :return: list of ``res.users``
        """
        approvers = self._find_approvers([request[:2] for request in requests])
        everybody = self.env["res.users"].union(*approvers)
        kept_out = self._find_kept_out(requests, everybody)
        return [
            people - kept_out[document, asked_by]
            for (document, _rule, asked_by), people in zip(requests, approvers, strict=True)
        ]

    @api.model
    def _find_approvers(self, pairs):
        """Return the approvers of rules on documents.

        :param list pairs: pairs (document, rule)
        :return: list of ``res.users``
        """
        return [rule._get_approvers(document) for document, rule in pairs]

    @api.model
    def _find_kept_out(self, requests, candidates):
        """Return who among candidates may not decide, as it is their own request or work.

        :param list requests: tuples (document, rule, person who asked, ...)
        :param candidates: ``res.users``
        :return: ``res.users`` by (document, person who asked)
        :rtype: dict
        """
        keys = {(request[0], request[2]) for request in requests}
        people = {(doc, asked_by): doc._get_people_kept_out(asked_by) for doc, asked_by in keys}
        nobody = candidates.browse()
        accounts = nobody.union(*people.values())._get_accounts(candidates)
        return {
            key: nobody.union(*(accounts.get(user, nobody) for user in users))
            for key, users in people.items()
        }

    @api.model
    def _choose_deciders(
        self, document, rule, asked_by, approver, approvers, kept_out, substitutes
    ):
        able = approvers - kept_out
        # Whoever cannot give an own approval any more leaves it to the others.
        principals = able & approver or able
        deciders = {}
        for principal in principals:
            substitute = substitutes.get(principal)
            if substitute and self._is_substitute_able(
                document, rule, substitute, approvers, kept_out
            ):
                deciders.setdefault(substitute, principal)
            else:
                # A substitute who is an approver as well decides in the own name.
                deciders[principal] = self.env["res.users"]
        return deciders

    @api.model
    def _is_substitute_able(self, document, rule, substitute, approvers, kept_out):
        """Return whether a person may stand in for an absent approver of a document.

        :rtype: bool
        """
        if substitute in kept_out:
            return False
        # Where each approver gives an own approval, nobody gives two.
        if rule.approval_mode == "all" and substitute in approvers:
            return False
        company = document._get_validation_company()
        return bool(substitute._get_able_to_decide(document.browse(), company))

    def _get_current_deciders(self):
        """Return who may decide on these rows at this moment, and for whom.

        :return: by row, see ``_find_deciders``
        :rtype: dict
        """
        documents = self._get_documents()
        rows_sudo = self.sudo()
        requests = [
            (documents[row.res_model, row.res_id], row.rule_id, row.asked_by_id, row.approver_id)
            for row in rows_sudo
        ]
        return dict(zip(rows_sudo, self._find_deciders(requests), strict=True))

    def _get_documents(self):
        """Return the documents of these rows, by model and id, prefetched together.

        :rtype: dict
        """
        ids = defaultdict(list)
        for row in self:
            ids[row.res_model].append(row.res_id)
        return {
            (model, document.id): document
            for model, found in ids.items()
            for document in self.env[model].sudo().browse(found)
        }

    # === KEEPING IT CURRENT === #

    @api.model
    def _refresh_all_deciders(self):
        """Look again at who may decide on whatever waits: people, rights or absences changed."""
        self.sudo().search([("state", "=", "pending")])._refresh_deciders()

    def _refresh_deciders(self):
        """Write who may decide on these rows where it is no longer the same, and tell.

        :return: the rows that changed
        :rtype: quote.validation
        """
        rows_sudo = self.sudo().filtered(
            lambda row: row.state == "pending" and row.res_model in self.env
        )
        changed_sudo = rows_sudo.browse()
        by_people = defaultdict(rows_sudo.browse)
        for row, deciders in rows_sudo._get_current_deciders().items():
            people = self.env["res.users"].union(*deciders)
            if people != row.decider_ids or bool(people) == row.is_blocked:
                by_people[people] |= row
        for people, rows in by_people.items():
            # Nobody who was told of these is left: the new people are told.
            rows.filtered(lambda row, new=people: not row.decider_ids & new).notified_on = False
            rows.write({"decider_ids": [Command.set(people.ids)], "is_blocked": not people})
            changed_sudo |= rows
        changed_sudo._tell_rerouted()
        return changed_sudo

    def _tell_rerouted(self):
        """Tell the documents of these rows that other people decide now."""
        documents = self._get_documents().values()
        for model in {document._name for document in documents}:
            rows = self.filtered(lambda row, model=model: row.res_model == model)
            self.env[model].browse(set(rows.mapped("res_id")))._on_validation_rerouted(rows)

    @api.model
    def _cron_refresh_deciders(self, batch_size=200):
        """Job: absences begin and end, people leave, whatever nobody was told of.

        :param int batch_size: rows looked at between two commits
        """
        rows = self.search([("state", "=", "pending")], order="id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(rows))
        for start in range(0, len(rows), batch_size):
            batch = rows[start : start + batch_size].exists()
            batch._refresh_deciders()
            if not cron._commit_progress(len(batch)):
                return

    # === THE NEXT ROUND === #

    def _start_waiting(self):
        """Ask the people of rows whose round begins."""
        rows_sudo = self.sudo()
        groups = defaultdict(rows_sudo.browse)
        for row, deciders in rows_sudo._get_current_deciders().items():
            people = self.env["res.users"].union(*deciders)
            groups[row.rule_id, row.company_id, people] |= row
        for (rule, company, people), rows in groups.items():
            rows.write(rule._prepare_waiting_values(company, people))
