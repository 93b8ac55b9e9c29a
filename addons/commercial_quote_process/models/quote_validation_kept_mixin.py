from odoo import models

from ..tools.fingerprint import FINGERPRINT_VERSION

# States of a request that has been decided on, or was before it was set aside.
DECIDED_STATES = ("approved", "refused", "withdrawn", "outdated")


class QuoteValidationKeptMixin(models.AbstractModel):
    """Earlier approvals that still hold, as nothing that their rule watches has changed."""

    _name = "quote.validation.kept.mixin"
    _description = "Kept approvals"

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
