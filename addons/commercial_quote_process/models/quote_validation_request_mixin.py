from odoo import fields, models
from odoo.exceptions import UserError


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
            (self - waiting)._finish_validation(rows_sudo - waiting_sudo)

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
