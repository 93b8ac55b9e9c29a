from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import REFUSAL_PARTS


class QuoteDecisionMixin(models.AbstractModel):
    """The approver's side of a validation: who may decide, approving, refusing."""

    _name = "quote.decision.mixin"
    _description = "Decision on a quote"

    can_decide = fields.Boolean(
        string="You can decide",
        compute="_compute_can_decide",
        help="A validation waits for you.",
    )

    @api.depends("quote_step")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        waiting = self.filtered(lambda order: order.quote_step == "validation")
        (self - waiting).can_decide = False
        for order in waiting:
            try:
                order.can_decide = bool(order._get_rows_to_decide_sudo())
            except (AccessError, UserError):
                order.can_decide = False

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
        self.check_access("read")
        self._lock_for_decision()
        for order in self:
            order._check_decision(fingerprint)
        self._approve_validation(comment)
        return True

    def action_refuse(self, reason, parts):
        """Refuse quotes as the current user, and send the parts concerned back to their owners.

        :param str reason: what must change
        :param str parts: "technical", "commercial" or "both"
        :return: True
        """
        self.check_access("read")
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say what must change: a refusal needs its reason."))
        if parts not in dict(REFUSAL_PARTS):
            raise UserError(self.env._("Choose the part to rework: technical, commercial or both."))
        self._lock_for_decision()
        for order in self:
            order._check_decision()
        self._refuse_validation(reason.strip(), parts)
        return True

    def _check_decision(self, fingerprint=None):
        """Refuse a decision on a quote that waits for none, or that is not what was on screen.

        :param str fingerprint: see ``action_approve``
        """
        self.ensure_one()
        if self.quote_step != "validation":
            raise UserError(self._get_already_decided_message())
        if fingerprint and fingerprint != self._get_fingerprint()["all"]:
            raise UserError(
                self.env._(
                    "%(quote)s has changed since you opened it. Open it again before you decide.",
                    quote=self.name,
                )
            )
