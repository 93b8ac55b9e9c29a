from markupsafe import Markup

from odoo import models

from ..tools.fingerprint import FINGERPRINT_VERSION


class QuoteApprovalMixin(models.AbstractModel):
    """What validation means for a quote: the figures rules compare, and what a decision changes."""

    _name = "quote.approval.mixin"
    _description = "Approval of a quote"

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

    # === AFTER A DECISION === #

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
