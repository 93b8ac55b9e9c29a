from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .quote_validation_decider_mixin import OPEN_STATES

# States of a request that still counts.
STANDING_STATES = {"queued", "pending", "approved"}


class QuoteValidationRoundMixin(models.AbstractModel):
    """Deciding on documents, round after round."""

    _name = "quote.validation.round.mixin"
    _description = "Decision on a validation"

    def _approve_validation(self, comment=None):
        """Approve, as the current user, the requests that wait for a person like him.

        The caller has locked the documents: of two people who decide at the same instant, the
        second one must see what the first one decided.

        :param str comment: shown with the decision
        :raise UserError: when nothing waits for a decision
        :raise AccessError: when this user may not decide
        """
        standing_sudo = self._search_rows_sudo(STANDING_STATES)
        self._write_decision(standing_sudo, {"state": "approved", "comment": comment})
        self._go_on_after_approval(standing_sudo)

    def _refuse_validation(self, reason, parts):
        """Refuse, as the current user, and send the documents back.

        The caller has locked the documents, as for an approval.

        :param str reason: why; required
        :param str parts: a key of ``const.REFUSAL_PARTS``
        :raise UserError: when nothing waits for a decision
        :raise AccessError: when this user may not decide
        """
        standing_sudo = self._search_rows_sudo(STANDING_STATES)
        values = {"state": "refused", "comment": reason, "refused_parts": parts}
        self._write_decision(standing_sudo, values)
        left_sudo = standing_sudo.filtered(lambda row: row.state in STANDING_STATES)
        left_sudo._set_aside(self.env._("Refused under another rule"))
        self._on_validation_refused(reason, parts)

    def _write_decision(self, standing_sudo, values):
        """Write what the current user decides on the requests that wait for a person like him.

        :param standing_sudo: the ``quote.validation`` rows of these documents that still count
        :param dict values: what is decided
        """
        by_represented = defaultdict(self.env["quote.validation"].sudo().browse)
        for row_sudo, represented in self._find_own_decisions_sudo(standing_sudo).items():
            by_represented[represented] |= row_sudo
        for represented, rows_sudo in by_represented.items():
            rows_sudo.write(
                {
                    **values,
                    "decided_by_id": self.env.uid,
                    "decided_on": fields.Datetime.now(),
                    "on_behalf_of_id": represented.id,
                }
            )

    def _close_validations(self, reason, state="withdrawn"):
        """Set aside the requests and approvals that stand, because the documents go back.

        :param str reason: why they no longer hold
        :param str state: "withdrawn" or "outdated"
        """
        self._search_rows_sudo(STANDING_STATES)._set_aside(reason, state)

    # === ROUND AFTER ROUND === #

    def _go_on_after_approval(self, standing_sudo):
        """Open the next round of the documents whose round is over, or end their validation.

        :param standing_sudo: the rows that counted before the approval
        """
        open_rows_sudo = standing_sudo.filtered(lambda row: row.state in OPEN_STATES)
        by_document = open_rows_sudo.grouped("res_id")
        rows_sudo = self.env["quote.validation"].sudo()
        over, left_sudo = self.browse(), rows_sudo.browse()
        for document in self:
            open_sudo = by_document.get(document.id, rows_sudo.browse())
            left_sudo |= open_sudo
            if "pending" in open_sudo.mapped("state"):
                continue
            over |= document
            next_round = min(open_sudo.mapped("validation_round"), default=0)
            rows_sudo |= open_sudo.filtered(
                lambda row, number=next_round: row.validation_round == number
            )
        if left_sudo:
            waiting_ids = set(left_sudo.mapped("res_id"))
            waiting = self.filtered(lambda document: document.id in waiting_ids)
            waiting._on_validation_decided(left_sudo)
        if rows_sudo:
            rows_sudo._start_waiting()
        going_on_ids = set(rows_sudo.mapped("res_id"))
        going_on = over.filtered(lambda document: document.id in going_on_ids)
        if going_on:
            going_on._on_validation_asked(rows_sudo)
        if over - going_on:
            approved_sudo = standing_sudo.filtered(lambda row: row.state == "approved")
            (over - going_on)._finish_validation(approved_sudo)

    def _finish_validation(self, approved_sudo):
        """End the validation of documents whose requests have all been approved.

        :param approved_sudo: the approved ``quote.validation`` rows, of these documents and maybe
            of others
        """
        self._on_validation_approved()

    # === WHO DECIDES === #

    def _search_rows_sudo(self, states):
        return self.env["quote.validation"].sudo()._search_rows(self, states)

    def _get_pending_rows_sudo(self):
        return self._search_rows_sudo(["pending"])

    def _get_rows_to_decide_sudo(self):
        """Return the pending requests that the current user may decide on.

        :rtype: quote.validation
        :raise UserError: when nothing is pending (somebody else has decided)
        :raise AccessError: when the user is no approver, or it is his own work
        """
        pending_sudo = self._get_pending_rows_sudo()
        return pending_sudo.browse().union(*self._find_own_decisions_sudo(pending_sudo))

    def _find_own_decisions_sudo(self, rows_sudo):
        """Return the pending requests that the current user may decide on, and for whom.

        Asked again at the moment of the decision: who may decide may have changed since the
        request.

        :param rows_sudo: the ``quote.validation`` rows of these documents that still count
        :return: by ``quote.validation``, the absent approver represented (an empty recordset when
            the user decides in the own name)
        :rtype: dict
        :raise UserError: when nothing is pending on one of the documents
        :raise AccessError: when the user may not decide on one of them
        """
        user = self.env.user
        pending_sudo = rows_sudo.filtered(lambda row: row.state == "pending")
        deciders_by_row = pending_sudo._get_current_deciders()
        by_document = defaultdict(dict)
        for row_sudo, deciders in deciders_by_row.items():
            by_document[row_sudo.res_id][row_sudo] = deciders
        decisions = {}
        for document in self:
            found = by_document[document.id]
            if not found:
                raise UserError(document._get_already_decided_message())
            own = {row: deciders[user] for row, deciders in found.items() if user in deciders}
            if not own:
                document._raise_not_a_decider(found)
            decisions |= own
        return decisions

    def _raise_not_a_decider(self, deciders_by_row):
        rows_sudo = self.env["quote.validation"].sudo().union(*deciders_by_row)
        if self.env.user in rows_sudo.rule_id._get_approvers(self):
            raise AccessError(self._get_approver_error(rows_sudo.asked_by_id))
        people = self.env["res.users"].union(
            *(p for found in deciders_by_row.values() for p in found)
        )
        if not people:
            raise AccessError(self.sudo().validation_block or self.env._("Nobody can decide."))
        raise AccessError(
            self.env._(
                "You are not an approver of %(document)s. It waits for: %(people)s.",
                document=self.display_name,
                people=", ".join(people.mapped("name")),
            )
        )

    def _get_approver_error(self, asked_by):
        """Return why the current user, an approver of this document, may not decide on it.

        :param asked_by: who asked for the validation
        :rtype: str
        """
        user = self.env.user
        if asked_by._get_same_people(user):
            return self.env._("You asked for this validation yourself: another approver decides.")
        if self._get_people_kept_out(asked_by)._get_same_people(user):
            return self.env._(
                "%(document)s is your own work: another approver decides.",
                document=self.display_name,
            )
        return self.env._(
            "Somebody decides for you during your absence. End it to decide yourself."
        )

    def _get_already_decided_message(self):
        decided_sudo = self.sudo().validation_ids.filtered("decided_on")
        last_sudo = decided_sudo.sorted(lambda row: (row.decided_on, row.id))[-1:]
        if not last_sudo:
            return self.env._(
                "Nobody has asked for the validation of %(document)s.", document=self.display_name
            )
        labels = dict(last_sudo._fields["state"]._description_selection(self.env))
        return self.env._(
            "%(document)s has already been decided on: %(decision)s by %(person)s.",
            document=self.display_name,
            decision=labels[last_sudo.state],
            person=last_sudo.decided_by_id.name,
        )
