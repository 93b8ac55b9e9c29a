from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.fingerprint import FINGERPRINT_VERSION

# States of a request that has been decided on, or was before it was set aside.
DECIDED_STATES = ("approved", "refused", "withdrawn", "outdated")


class QuoteValidationRequestMixin(models.AbstractModel):
    """Asking for the validation of documents: under which rules, by whom, and what still holds."""

    _name = "quote.validation.request.mixin"
    _description = "Request of a validation"

    def _request_validation(self):
        """Ask for the validation of each document under every rule that applies to it.

        An earlier approval of a rule is kept when nothing that the rule watches has changed
        since; a document whose approvals are all kept is approved at once.

        :return: the rows made
        :rtype: quote.validation
        :raise UserError: when no rule applies, or nobody could decide
        """
        reasons = self.env["quote.validation.rule"]._get_reasons_by_document(self)
        self._check_rules_apply(reasons)
        requests = self._prepare_requests(reasons)
        snapshots = self.env["quote.content.snapshot"]._keep(self)
        kept = self._find_kept_approvals(requests, snapshots)
        first_rounds = self._get_first_rounds(requests, kept)
        values = []
        for request, deciders in requests.items():
            document, rule, approver = request
            figures, why = reasons[document]
            vals = {
                **document._prepare_validation_values(rule, figures),
                "approver_id": approver.id,
                "reason_data": why[rule],
                "snapshot_id": snapshots[document.id].id,
                "fingerprint": snapshots[document.id].fingerprint,
                "fingerprint_version": snapshots[document.id].fingerprint_version,
            }
            if request in kept:
                vals |= self._prepare_kept_values(kept[request])
            elif rule.validation_round > first_rounds[document]:
                vals["state"] = "queued"
            else:
                company = document._get_validation_company()
                vals |= rule._prepare_waiting_values(company, deciders)
            values.append(vals)
        rows_sudo = self.env["quote.validation"].sudo().create(values)
        self._announce_requests(rows_sudo)
        return rows_sudo

    def _announce_requests(self, rows_sudo):
        waiting_sudo = rows_sudo.filtered(lambda row: row.state == "pending")
        waiting_ids = set(waiting_sudo.mapped("res_id"))
        waiting = self.filtered(lambda document: document.id in waiting_ids)
        if waiting:
            waiting._on_validation_asked(waiting_sudo)
        if self - waiting:
            (self - waiting)._on_validation_approved()

    # === UNDER WHICH RULES, AND BY WHOM === #

    def _check_rules_apply(self, reasons):
        for document in self:
            if not reasons[document][1]:
                raise UserError(
                    self.env._(
                        "No validation rule covers %(document)s. Ask an administrator to add one.",
                        document=document.display_name,
                    )
                )

    def _prepare_requests(self, reasons):
        """Return what is to be asked for: once per rule, or once per approver of the rule.

        :param dict reasons: see ``quote.validation.rule._get_reasons_by_document``
        :return: who may decide, by (document, rule, approver or empty recordset)
        :rtype: dict
        :raise UserError: when nobody could decide under a rule
        """
        rows, user, nobody = self.env["quote.validation"], self.env.user, self.env["res.users"]
        pairs = [(document, rule) for document in self for rule in reasons[document][1]]
        all_of_them = [pair for pair in pairs if pair[1].approval_mode == "all"]
        principals = rows._find_principals([(*pair, user) for pair in all_of_them])
        people = dict(zip(all_of_them, principals, strict=True))
        requests = [(*pair, one) for pair in pairs for one in people.get(pair) or [nobody]]
        found = rows._find_deciders([(doc, rule, user, one) for doc, rule, one in requests])
        for (document, rule, _approver), deciders in zip(requests, found, strict=True):
            if not deciders:
                document._raise_nobody_decides(rule)
        return {
            request: nobody.union(*deciders)
            for request, deciders in zip(requests, found, strict=True)
        }

    def _raise_nobody_decides(self, rule):
        raise UserError(
            self.env._(
                "Nobody can approve %(document)s under the rule “%(rule)s”: ask an"
                " administrator to name an approver other than you.",
                document=self.display_name,
                rule=rule.name,
            )
        )

    def _get_first_rounds(self, requests, kept):
        """Return the round that each document starts with: the first one not satisfied yet.

        :rtype: dict
        """
        rounds = {}
        for request in requests.keys() - kept.keys():
            document, rule, _approver = request
            current = rounds.get(document, rule.validation_round)
            rounds[document] = min(current, rule.validation_round)
        return rounds

    def _prepare_validation_values(self, rule, figures):
        """Return the values of the request of this document under a rule.

        :param rule: the ``quote.validation.rule`` that asks for it
        :param dict figures: see ``quote.validation.mixin._get_validation_figures``
        :rtype: dict
        """
        self.ensure_one()
        return {
            "res_model": self._name,
            "res_id": self.id,
            "company_id": self._get_validation_company().id,
            "rule_id": rule.id,
            "rule_name": rule.name,
            "validation_round": rule.validation_round,
            "asked_by_id": self.env.uid,
            "asked_on": fields.Datetime.now(),
            "currency_id": figures["currency"].id,
            "amount": figures["amount"],
            "cost": figures["cost"],
            "margin_percent": figures["margin_percent"],
            "days": figures["days"],
        }

    def _get_deciders(self, rules, asked_by):
        """Return who may decide under these rules on what ``asked_by`` asked for.

        :param rules: ``quote.validation.rule`` recordset
        :param asked_by: the person who asked
        :rtype: res.users
        """
        self.ensure_one()
        nobody = self.env["res.users"]
        found = self.env["quote.validation"]._find_deciders(
            [(self, rule, asked_by, nobody) for rule in rules.sudo()]
        )
        return nobody.union(*(decider for deciders in found for decider in deciders))

    def _get_people_kept_out(self, asked_by):
        """Return the people who may not decide on this document: whose own request or work it is.

        :param asked_by: the person who asked
        :rtype: res.users
        """
        if self._is_self_approval_allowed():
            return self.env["res.users"]
        return asked_by | self._get_validation_authors()

    # === WHAT STILL HOLDS === #

    def _find_kept_approvals(self, requests, snapshots):
        """Return the earlier approvals that answer requests of now, and set aside the others.

        :param dict requests: see ``_prepare_requests``
        :param dict snapshots: ``quote.content.snapshot`` of now, by id of document
        :return: ``quote.validation`` by request
        :rtype: dict
        """
        kept = {}
        latest = self._get_latest_decisions()
        for request in requests:
            document, rule, approver = request
            row_sudo = latest.get((document.id, rule.id, approver.id))
            if not row_sudo or row_sudo.state == "refused":
                continue
            now = snapshots[document.id]
            changed = document._get_watched_changes(row_sudo, rule, now.fingerprint)
            if changed is None:
                kept[request] = row_sudo
            elif row_sudo.res_id == document.id and row_sudo.state in ("approved", "withdrawn"):
                document._set_outdated(row_sudo, now, changed)
        return self._filter_own_approvals(kept)

    def _get_latest_decisions(self):
        """Return the last decision on each document or its family, by rule and approver.

        :return: ``quote.validation`` by (id of the document, id of the rule, id of the approver)
        :rtype: dict
        """
        families = self._get_validation_family_ids()
        members = self.browse({member for family in families.values() for member in family})
        by_document = {}
        for row in self.env["quote.validation"].sudo()._search_rows(members, DECIDED_STATES):
            if row.decided_on:
                by_document.setdefault(row.res_id, []).append(row)
        return {
            (document_id, row.rule_id.id, row.approver_id.id): row
            for document_id, family in families.items()
            for row in sorted(
                (row for member in family for row in by_document.get(member, ())),
                key=lambda row: row.id,
            )
        }

    def _get_watched_changes(self, row_sudo, rule, fingerprint):
        """Return which aspects that a rule watches have changed since an approval.

        :param row_sudo: the approval
        :param rule: the ``quote.validation.rule`` it was given under
        :param dict fingerprint: of the content of now
        :return: names of aspects, or None when nothing that the rule watches has changed
        :rtype: list[str] | None
        """
        before_sudo = row_sudo.kept_from_id or row_sudo
        before = before_sudo.fingerprint or {}
        if before_sudo.fingerprint_version != FINGERPRINT_VERSION:
            fingerprint = self._get_validation_fingerprint_as(before_sudo.fingerprint_version)
        known = [aspect for aspect in rule._get_watched_aspects() if aspect in fingerprint]
        if not known:
            return None if before.get("all") == fingerprint.get("all", "") else []
        return [a for a in known if before.get(a) != fingerprint[a]] or None

    def _filter_own_approvals(self, kept):
        """Leave out earlier approvals by people whose own request or work it is this time."""
        if not kept:
            return kept
        people = self.env["res.users"].union(*(row.decided_by_id for row in kept.values()))
        user = self.env.user
        kept_out = self.env["quote.validation"]._find_kept_out(
            [(document, rule, user) for document, rule, _approver in kept], people
        )
        return {
            request: row_sudo
            for request, row_sudo in kept.items()
            if row_sudo.decided_by_id not in kept_out[request[0], user]
        }

    def _prepare_kept_values(self, row_sudo):
        """Return the values of a request that an earlier approval answers.

        :param row_sudo: the approval
        :rtype: dict
        """
        return {
            "state": "approved",
            "kept_from_id": (row_sudo.kept_from_id or row_sudo).id,
            "decided_by_id": row_sudo.decided_by_id.id,
            "decided_on": row_sudo.decided_on,
            "on_behalf_of_id": row_sudo.on_behalf_of_id.id,
            "comment": row_sudo.comment,
        }

    def _set_outdated(self, row_sudo, snapshot_sudo, aspects):
        """Note on an approval what has changed since, after why it was given up.

        :param row_sudo: the approval
        :param snapshot_sudo: what the document says now
        :param list aspects: what changed
        """
        approved_sudo = (row_sudo.kept_from_id or row_sudo).snapshot_id
        changes = self._get_validation_changes_text(
            approved_sudo.data or {}, snapshot_sudo.data, aspects
        )
        before = row_sudo.closed_reason
        row_sudo.write(
            {
                "state": "outdated",
                "closed_reason": f"{before}\n{changes}" if before else changes,
            }
        )
