from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import REFUSAL_PARTS
from ..tools.fingerprint import FINGERPRINT_VERSION
from .quote_step_mixin import ACTIVITY_VALIDATION


class QuoteApprovalMixin(models.AbstractModel):
    """The validation of a quote: asking, approving, refusing part of it, taking it back."""

    _name = "quote.approval.mixin"
    _description = "Approval of a quote"

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

    # === WHAT RULES COMPARE === #

    def _get_validation_company(self):
        return self.company_id

    def _get_validation_team(self):
        return self.team_id

    def _get_validation_figures(self):
        """Amounts without taxes, in the company's currency at the quote's rate."""
        self.ensure_one()
        order_sudo = self.sudo()
        lines = order_sudo.order_line.filtered(lambda line: not line.display_type)
        rate = order_sudo.currency_rate or 1.0
        amount, margin = order_sudo.amount_untaxed, order_sudo.margin
        return {
            "amount": amount / rate,
            "cost": (amount - margin) / rate,
            "currency": order_sudo.company_id.currency_id,
            "margin_percent": 100 * margin / amount if amount else 0.0,
            "discount_percent": max(lines.mapped("discount"), default=0.0),
            "days": order_sudo.estimated_days,
        }

    def _get_validation_fingerprint(self):
        return self._get_fingerprint()

    def _is_self_approval_allowed(self):
        return self.sudo().company_id.quote_allow_self_approval

    # === ASKING === #

    def action_request_validation(self):
        """Ask the approvers, each of whom gets an activity.

        :return: True
        :raise UserError: when the quote is not finished
        """
        self.check_access("write")
        self._lock_for_decision()
        for order in self:
            order._check_finished()
        self._request_validation()
        self._move_to_step("validation")
        self.sudo()._schedule_validation_activities()
        return True

    def _check_finished(self):
        """Refuse to ask for the validation of a quote that an approver could not judge.

        :raise UserError: with what is missing
        """
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: not line.display_type)
        if not lines:
            raise UserError(
                self.env._("%(quote)s has no price yet: set its price first.", quote=self.name)
            )
        if self.amount_total <= 0:
            raise UserError(
                self.env._(
                    "The total of %(quote)s is not positive: correct its lines first.",
                    quote=self.name,
                )
            )
        if any(not line.product_id for line in lines):
            raise UserError(
                self.env._("A line of %(quote)s has no product: choose one.", quote=self.name)
            )

    def _schedule_validation_activities(self):
        """Give one activity to each person who may decide."""
        model_id = self.env["ir.model"]._get_id("sale.order")
        activity_type = self.env.ref(ACTIVITY_VALIDATION)
        today = fields.Date.context_today(self)
        values = [
            {
                "res_model_id": model_id,
                "res_id": order.id,
                "activity_type_id": activity_type.id,
                "summary": activity_type.summary,
                "date_deadline": today,
                "user_id": user.id,
                "automated": True,
            }
            for order in self
            for user in order._get_deciders(order._get_pending_rows_sudo().rule_id, order.env.user)
        ]
        # One activity per approver is one mail per approver: the list "To validate" is enough.
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(values)

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

    def _on_validation_approved(self):
        result = super()._on_validation_approved()
        order_sudo = self.sudo()
        comment = self._get_last_comment()
        self._move_to_step("ready", comment)
        order_sudo._post_decision(
            self.env._("Approved by %(person)s", person=self.env.user.name), comment
        )
        order_sudo._schedule_salesperson_activity(
            self.env._("Approved: send the quote to the client")
        )
        return result

    def _on_validation_refused(self, reason, parts):
        result = super()._on_validation_refused(reason, parts)
        order_sudo = self.sudo()
        back_to_technical = parts in ("technical", "both") and self.project_manager_id
        self._move_to_step("technical" if back_to_technical else "financial", reason)
        refused_parts = self.env["quote.validation"]._fields["refused_parts"]
        labels = dict(refused_parts._description_selection(self.env))
        order_sudo._post_decision(
            self.env._(
                "Refused by %(person)s, to rework: %(part)s",
                person=self.env.user.name,
                part=labels[parts],
            ),
            reason,
        )
        if back_to_technical:
            order_sudo._schedule_technical_activity(reason)
        if parts in ("commercial", "both") or not back_to_technical:
            order_sudo._schedule_salesperson_activity(self.env._("Refused: rework"), reason)
        return result

    def _get_last_comment(self):
        rows_sudo = self.sudo().validation_ids.filtered("decided_on")
        return rows_sudo.sorted(lambda row: (row.decided_on, row.id))[-1:].comment

    def _post_decision(self, title, comment):
        body = Markup("<b>%s</b>") % title
        if comment:
            body += Markup("<br/>%s") % comment
        self.message_post(
            body=body, author_id=self.env.user.partner_id.id, subtype_xmlid="mail.mt_note"
        )

    # === TAKING BACK === #

    def action_withdraw(self, reason=None):
        """Take quotes back from validation, or give up their approval, to change them.

        :param str reason: why
        :return: True
        """
        self.check_access("write")
        self._lock_for_decision()
        for order in self:
            if order.quote_step not in ("validation", "ready"):
                raise UserError(
                    self.env._(
                        "%(quote)s is neither under validation nor approved: there is nothing to"
                        " withdraw.",
                        quote=order.name,
                    )
                )
        reason = reason or self.env._("Withdrawn by %(person)s", person=self.env.user.name)
        self._close_validations(reason)
        self._move_to_step("financial", reason)
        return True

    # === WHAT WAS APPROVED === #

    def _get_approval_error(self):
        """Return why the content in hand is not the one that was approved, or False.

        :rtype: str | bool
        """
        self.ensure_one()
        approved_sudo = self.sudo().validation_ids.filtered(lambda row: row.state == "approved")
        current = self._get_fingerprint()["all"]
        if approved_sudo and all(
            row.fingerprint_version != FINGERPRINT_VERSION or row.fingerprint["all"] == current
            for row in approved_sudo
        ):
            return False
        return self.env._(
            "%(quote)s is no longer what was approved. Withdraw it and ask for its validation"
            " again.",
            quote=self.name,
        )
