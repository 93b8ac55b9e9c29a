from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.fingerprint import FINGERPRINT_VERSION

# States of a request that still counts.
STANDING_STATES = {"pending", "approved"}


class QuoteValidationMixin(models.AbstractModel):
    """Any document that people validate before it goes further.

    A consumer model says what the figures are and what happens after a decision; who may decide
    and how decisions are kept is the same for all.
    """

    _name = "quote.validation.mixin"
    _description = "Document to validate"

    validation_ids = fields.One2many(
        "quote.validation",
        "res_id",
        string="Validations",
        domain=lambda self: [("res_model", "=", self._name)],
        copy=False,
        bypass_search_access=True,
    )

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

    def _get_validation_figures(self):
        """Return what rules compare: ``amount`` and ``cost`` in ``currency``,
        ``margin_percent``, ``discount_percent`` (0 to 100) and ``days``.

        :rtype: dict
        """
        return {
            "amount": 0.0,
            "cost": 0.0,
            "currency": self._get_validation_company().currency_id,
            "margin_percent": 0.0,
            "discount_percent": 0.0,
            "days": 0.0,
        }

    def _get_validation_fingerprint(self):
        """Return the fingerprint of the content a decision is about: a dict with a key ``all``.

        :rtype: dict
        """
        raise NotImplementedError

    def _is_self_approval_allowed(self):
        """Return whether a person may approve what the same person asked for.

        :rtype: bool
        """
        return False

    def _on_validation_approved(self):
        """React when every request of the document has been approved."""

    def _on_validation_refused(self, reason, parts):
        """React when a request has been refused.

        :param str reason: why
        :param str parts: a key of ``const.REFUSAL_PARTS``
        """

    # === ASKING === #

    def _request_validation(self):
        """Ask for the validation of each document under every rule that applies to it.

        :return: the rows made
        :rtype: quote.validation
        :raise UserError: when no rule applies, or nobody could decide
        """
        values = []
        for document in self:
            rules = self.env["quote.validation.rule"]._get_rules_for(document)
            if not rules:
                raise UserError(
                    self.env._(
                        "No validation rule covers %(document)s. Ask an administrator to add one.",
                        document=document.display_name,
                    )
                )
            for rule in rules:
                document._check_has_approver(rule)
            values += [document._prepare_validation_values(rule) for rule in rules]
        return self.env["quote.validation"].sudo().create(values)

    def _check_has_approver(self, rule):
        if not self._get_deciders(rule, self.env.user):
            raise UserError(
                self.env._(
                    "Nobody can approve %(document)s under the rule “%(rule)s”: ask an"
                    " administrator to name an approver other than you.",
                    document=self.display_name,
                    rule=rule.name,
                )
            )

    def _prepare_validation_values(self, rule):
        """Return the values of the request of this document under a rule.

        :param rule: the ``quote.validation.rule`` that asks for it
        :rtype: dict
        """
        self.ensure_one()
        figures = self._get_validation_figures()
        return {
            "res_model": self._name,
            "res_id": self.id,
            "company_id": self._get_validation_company().id,
            "rule_id": rule.id,
            "rule_name": rule.name,
            "asked_by_id": self.env.uid,
            "asked_on": fields.Datetime.now(),
            "fingerprint": self._get_validation_fingerprint(),
            "fingerprint_version": FINGERPRINT_VERSION,
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
        approvers = rules.sudo()._get_approvers(self)
        return approvers if self._is_self_approval_allowed() else approvers - asked_by

    # === DECIDING === #

    def _approve_validation(self, comment=None):
        """Approve, as the current user, the requests that wait for a person like him.

        :param str comment: shown with the decision
        :raise AccessError: when this user may not decide
        """
        for document in self:
            rows_sudo = document._get_rows_to_decide_sudo()
            rows_sudo.write(document._prepare_decision_values("approved", comment))
            if not document._get_pending_rows_sudo():
                document._on_validation_approved()

    def _refuse_validation(self, reason, parts):
        """Refuse, as the current user, and send the document back.

        :param str reason: why; required
        :param str parts: a key of ``const.REFUSAL_PARTS``
        :raise AccessError: when this user may not decide
        """
        for document in self:
            rows_sudo = document._get_rows_to_decide_sudo()
            rows_sudo.write(
                {
                    **document._prepare_decision_values("refused", reason),
                    "refused_parts": parts,
                }
            )
            document._close_validations(self.env._("Refused under another rule"))
            document._on_validation_refused(reason, parts)

    def _close_validations(self, reason, state="withdrawn"):
        """Set aside the requests and approvals that stand, because the document goes back.

        :param str reason: why they no longer hold
        :param str state: "withdrawn" or "outdated"
        """
        rows_sudo = self.sudo().validation_ids.filtered(lambda r: r.state in STANDING_STATES)
        if rows_sudo:
            rows_sudo.write({"state": state, "closed_reason": reason})

    def _prepare_decision_values(self, state, comment):
        return {
            "state": state,
            "decided_by_id": self.env.uid,
            "decided_on": fields.Datetime.now(),
            "comment": comment,
        }

    def _get_pending_rows_sudo(self):
        return self.sudo().validation_ids.filtered(lambda row: row.state == "pending")

    def _get_rows_to_decide_sudo(self):
        """Return the pending requests that the current user may decide on.

        :raise UserError: when nothing is pending (somebody else has decided)
        :raise AccessError: when the user is no approver, or asked for it himself
        """
        self.ensure_one()
        pending_sudo = self._get_pending_rows_sudo()
        if not pending_sudo:
            raise UserError(self._get_already_decided_message())
        user = self.env.user
        mine_sudo = pending_sudo.filtered(
            lambda row: user in self._get_deciders(row.rule_id, row.asked_by_id)
        )
        if mine_sudo:
            return mine_sudo
        if user in pending_sudo.rule_id._get_approvers(self):
            raise AccessError(
                self.env._("You asked for this validation yourself: another approver decides.")
            )
        raise AccessError(
            self.env._(
                "You are not an approver of %(document)s. It waits for: %(people)s.",
                document=self.display_name,
                people=", ".join(pending_sudo.rule_id._get_approvers(self).mapped("name")),
            )
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
