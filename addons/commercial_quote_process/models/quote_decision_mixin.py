from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..const import REFUSAL_PARTS


class QuoteDecisionMixin(models.AbstractModel):
    """The approver's side of a validation: who may decide, approving, refusing."""

    _name = "quote.decision.mixin"
    _description = "Decision on a quote"

    can_decide = fields.Boolean(
        string="You can decide",
        compute="_compute_can_decide",
        search="_search_can_decide",
        help="A validation waits for you.",
    )

    @api.depends("quote_step", "validation_ids.decider_ids")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        waiting = self.filtered(lambda order: order.quote_step == "validation")
        own_sudo = waiting._get_pending_rows_sudo().filtered(
            lambda row: self.env.user in row.decider_ids
        )
        own_ids = set(own_sudo.mapped("res_id"))
        for order in self:
            order.can_decide = order.id in own_ids

    @api.model
    def _search_can_decide(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("quote_step", "=", "validation") & Domain(
            "validation_ids",
            "any",
            [("state", "=", "pending"), ("decider_ids", "in", self.env.user.ids)],
        )

    # === THE SCREEN === #

    def action_decide(self):
        """Open the screen on which an approver decides on this quote.

        :rtype: dict
        """
        self.ensure_one()
        self._check_reads_decisions()
        return {
            "type": "ir.actions.client",
            "tag": "quote_decision",
            "params": {"resId": self.id},
        }

    def _get_decision_url(self):
        """Return the address of the decision screen, the list of what waits behind it.

        :rtype: str
        """
        self.ensure_one()
        return f"/odoo/offers-to-validate/quote-decision/{self.id}"

    # === DECIDING === #

    def action_approve(self, comment=None, fingerprint=None):
        """Approve quotes as the current user.

        :param str comment: kept with the decision
        :param str fingerprint: fingerprint of the whole content (key ``all``) on the approver's
            screen; the decision is refused when the content is no longer that one
        :return: True
        :raise AccessError: when the user may not decide
        :raise UserError: when there is nothing to decide, or the content has moved
        """
        return self._approve(comment, dict.fromkeys(self.ids, fingerprint))

    def _approve(self, comment, fingerprints):
        """Approve quotes, each bound to the content that was on the approver's screen.

        :param str comment: see ``action_approve``
        :param dict fingerprints: fingerprint by id of quote
        :return: True
        """
        self._check_reads_decisions()
        self._lock_for_decision()
        self._check_decision(fingerprints)
        self._approve_validation(comment)
        return True

    def action_refuse(self, reason, parts, fingerprint=None):
        """Refuse quotes as the current user, and send the parts concerned back to their owners.

        :param str reason: what must change
        :param str parts: "technical", "commercial" or "both"
        :param str fingerprint: see ``action_approve``
        :return: True
        """
        self._check_reads_decisions()
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say what must change: a refusal needs its reason."))
        if parts not in dict(REFUSAL_PARTS):
            raise UserError(self.env._("Choose the part to rework: technical, commercial or both."))
        self._lock_for_decision()
        self._check_decision(dict.fromkeys(self.ids, fingerprint))
        self._refuse_validation(reason.strip(), parts)
        return True

    def _check_decision(self, fingerprints=None):
        """Refuse a decision on quotes that wait for none, or that are not what was on screen.

        :param dict fingerprints: fingerprint by id of quote, see ``action_approve``
        :raise UserError: with what to do
        """
        for order in self:
            if order.quote_step != "validation":
                raise UserError(order._get_already_decided_message())
        seen = {key: value for key, value in (fingerprints or {}).items() if value}
        current = self._get_fingerprints() if seen else {}
        for order in self:
            if order.id in seen and seen[order.id] != current[order.id]["all"]:
                raise UserError(
                    self.env._(
                        "%(quote)s has changed since you opened it. Open it again before you"
                        " decide.",
                        quote=order.name,
                    )
                )
