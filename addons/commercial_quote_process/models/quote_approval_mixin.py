from markupsafe import Markup

from odoo import api, models

from ..const import EDITABLE_STEPS, OPEN_STEPS
from .quote_step_mixin import ACTIVITY_VALIDATION
from .quote_validation_mixin import MOST_CANDIDATES

# Steps of a version whose payment terms have been approved.
APPROVED_STEPS = OPEN_STEPS | {"ready", "accepted"}


def _get_last(rows):
    """Return the decision that was taken last among ``quote.validation`` rows."""
    return max(rows, key=lambda row: (row.decided_on, row.id))


class QuoteApprovalMixin(models.AbstractModel):
    """What validation means for a quote: the figures rules compare, and what a decision changes."""

    _name = "quote.approval.mixin"
    _description = "Approval of a quote"

    # === WHAT RULES COMPARE === #

    def _get_validation_company(self):
        return self.company_id

    def _get_validation_team(self):
        return self.team_id

    def _get_validation_partner(self):
        return self.partner_id

    def _get_validation_authors(self):
        """The salesperson of the deal and the project manager who made the estimate."""
        order_sudo = self.sudo()
        return order_sudo.user_id | order_sudo.project_manager_id

    def _get_validation_guardians(self):
        """Return the person told when nobody is left who may decide, as rules are in his hands.

        :return: the team's leader when he is a sales manager, or else a sales manager
        :rtype: res.users
        """
        self.ensure_one()
        order_sudo = self.sudo()
        group_sudo = self.env.ref("sales_team.group_sale_manager").sudo()
        managers_sudo = group_sudo.all_user_ids._get_able_to_decide(self, order_sudo.company_id)
        leader_sudo = order_sudo.team_id.user_id & managers_sudo
        return leader_sudo or managers_sudo.sorted("id")[:1]

    @api.model
    def _search_validation_candidates(self):
        """Quotes that are being written or wait for their validation."""
        steps = EDITABLE_STEPS["commercial"] | {"validation"}
        domain = [("quote_process", "=", True), ("quote_step", "in", list(steps))]
        return self.search(domain, limit=MOST_CANDIDATES)

    def _get_people_able_to_read(self, users):
        """Salespeople of any level: whoever has no right on quotes could not open one."""
        return users & self.env.ref("sales_team.group_sale_salesman").sudo().all_user_ids

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
            "contingency_percent": order_sudo.estimate_id.contingency_percent,
            "days": order_sudo.estimated_days,
            "payment_term_id": order_sudo.payment_term_id.id,
            "usual_payment_term_ids": order_sudo._get_usual_payment_term_ids(),
        }

    def _get_usual_payment_term_ids(self):
        """Return the payment terms that surprise nobody: the client's, and those approved last.

        :return: ids, or False for no payment terms
        :rtype: set
        """
        self.ensure_one()
        client = self.partner_id.with_company(self.company_id)
        usual = {client.property_payment_term_id.id}
        version = self.previous_version_id
        while version and not (version.sent_on or version.quote_step in APPROVED_STEPS):
            version = version.previous_version_id
        return usual | {version.payment_term_id.id} if version else usual

    def _get_validation_family_ids(self):
        """All versions of the same offer, up to each one itself."""
        versions_sudo = self.sudo().filtered(lambda order: order.quote_version > 1)
        if not versions_sudo:
            return super()._get_validation_family_ids()
        family_sudo = versions_sudo._get_family_sudo()
        by_root = (family_sudo | self.sudo()).grouped("quote_root_id")
        return {
            order_sudo.id: [
                version_sudo.id
                for version_sudo in by_root[order_sudo.quote_root_id]
                if version_sudo.quote_version <= order_sudo.quote_version
            ]
            for order_sudo in self.sudo()
        }

    def _get_validation_changes_text(self, before, after, aspects):
        changes = self._get_changes_in_words(before, after, with_figures=False) if before else []
        watched = [change["text"] for change in changes if change["aspect"] in aspects]
        return "\n".join(watched) or super()._get_validation_changes_text(before, after, aspects)

    def _is_self_approval_allowed(self):
        return self.sudo().company_id.quote_allow_self_approval

    # === AFTER A DECISION === #

    def _on_validation_decided(self, rows_sudo):
        """Whoever has decided has nothing left to do on quotes that still wait for others."""
        result = super()._on_validation_decided(rows_sudo)
        waiting_sudo = rows_sudo.filtered(lambda row: row.state == "pending")
        tasks = {(row.res_id, user) for row in waiting_sudo for user in row.decider_ids}
        activities_sudo = self.env["mail.activity"].sudo()
        type_id = self.env["ir.model.data"]._xmlid_to_res_id(ACTIVITY_VALIDATION)
        activities_sudo = activities_sudo.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", type_id),
                ("automated", "=", True),
            ]
        )
        activities_sudo.filtered(lambda a: (a.res_id, a.user_id) not in tasks).unlink()
        return result

    def _finish_validation(self, approved_sudo):
        result = super()._finish_validation(approved_sudo)
        self._prefetch_people_told()
        asked = self.filtered(lambda order: order.quote_step != "validation")
        if asked:
            asked._move_to_step("validation")
        approved_sudo = approved_sudo.grouped("res_id")
        kept = self.filtered(lambda o: all(row.kept_from_id for row in approved_sudo[o.id]))
        if kept:
            kept._close_approved(
                self.env._("Still approved: nothing that the approvers watch has changed")
            )
        comments = (self - kept).grouped(lambda o: _get_last(approved_sudo[o.id]).comment)
        for comment, orders in comments.items():
            orders._close_approved(
                self.env._("Approved by %(person)s", person=self.env.user.name), comment
            )
        return result

    def _close_approved(self, title, comment=None):
        """Make approved quotes ready to be sent, and tell their salespeople.

        :param str title: what has been decided
        :param str comment: in the words of the person who decided
        """
        self._move_to_step("ready", comment or title)
        self.sudo()._post_decision(title, comment)
        self.sudo()._schedule_salesperson_activity(
            self.env._("Approved: send the quote to the client")
        )

    def _on_validation_refused(self, reason, parts):
        result = super()._on_validation_refused(reason, parts)
        self._prefetch_people_told()
        technical = self.filtered("project_manager_id") if parts != "commercial" else self.browse()
        if technical:
            technical._send_back("technical", reason, parts)
        if self - technical:
            (self - technical)._send_back("financial", reason, parts)
        return result

    def _send_back(self, step, reason, parts):
        """Give refused quotes back to the owners of the parts to rework.

        :param str step: where work goes on, "technical" or "financial"
        :param str reason: why
        :param str parts: a key of ``const.REFUSAL_PARTS``
        """
        orders_sudo = self.sudo()
        self._move_to_step(step, reason)
        refused_parts = self.env["quote.validation"]._fields["refused_parts"]
        labels = dict(refused_parts._description_selection(self.env))
        orders_sudo._post_decision(
            self.env._(
                "Refused by %(person)s, to rework: %(part)s",
                person=self.env.user.name,
                part=labels[parts],
            ),
            reason,
        )
        if step == "technical":
            orders_sudo._schedule_technical_activity(reason)
        if parts != "technical" or step != "technical":
            orders_sudo._schedule_salesperson_activity(self.env._("Refused: rework"), reason)

    def _post_decision(self, title, comment):
        """Note a decision in the discussion of these quotes, for internal eyes."""
        body = Markup("<b>%s</b>") % title
        if comment:
            body += Markup("<br/>%s") % comment
        self._message_log_batch(
            bodies={order.id: body for order in self}, author_id=self.env.user.partner_id.id
        )
