from odoo import fields, models
from odoo.exceptions import AccessError, UserError

# How many quotes the screen can leaf through.
QUEUE_SIZE = 200
# What an approver compares the quote with.
CHANGE_EVENTS = ("approved", "sent", "refused")


class QuoteDecisionScreenMixin(models.AbstractModel):
    """What an approver reads before deciding, on one screen, in the order of reading."""

    _name = "quote.decision.screen.mixin"
    _description = "Decision screen of a quote"

    def get_decision_data(self, seen=None):
        """Return all that the decision screen shows.

        People who may read the quote but not decide on it get the same, with the reason. The
        fingerprint goes back with the decision, which is refused when the content has moved.

        :param str seen: fingerprint of what was on the screen before, when it is read again
        :rtype: dict
        :raise AccessError: when the user may not read the quote, or nothing of its validations
        """
        self.ensure_one()
        self._check_reads_decisions()
        order_sudo = self.sudo()
        fingerprint = self._get_fingerprint()["all"]
        labels = dict(self._fields["quote_step"]._description_selection(self.env))
        return {
            "id": self.id,
            "name": order_sudo.name,
            "client": order_sudo.partner_id.display_name,
            "title": order_sudo.opportunity_id.name or "",
            "step": order_sudo.quote_step,
            "step_label": labels.get(order_sudo.quote_step, ""),
            "fingerprint": fingerprint,
            **self._get_decision_access(),
            "figures": self._get_decision_figures(),
            "facts": self._get_decision_facts(),
            **self._get_decision_deadline(),
            "standing": self._get_standing_rows(),
            "changes": self._get_decision_changes(),
            "changed": seen and seen != fingerprint and self._get_changes_since_seen(seen),
            "requests": self._get_validation_requests(),
            "refusal": self._get_last_refusal(),
            "questions": order_sudo.question_ids.with_env(self.env)._get_screen_values(),
            "owners": self._get_decision_owners(),
            "estimate_id": self._get_readable_estimate_id(),
            "queue": self._get_decision_queue(),
        }

    def _check_reads_decisions(self):
        """Refuse people who may read the quote but not what is decided on it, such as its client.

        :raise AccessError: for them
        """
        # One question in SQL: asked of records, the rules follow every relation to the deciders.
        if self.search_count([("id", "in", self.ids)]) != len(self):
            self._check_not_away()
            self.check_access("read")
        self._check_field_access(self._fields["validation_history"], "read")

    def _check_not_away(self):
        """Tell an absent approver who decides instead, and reads what is decided on.

        :raise AccessError: when somebody stands in for the current user on one of these quotes
        """
        user = self.env.user
        substitute = self.env["quote.approver.absence"]._get_substitutes(user).get(user)
        rules_sudo = substitute and self._get_pending_rows_sudo().rule_id
        if rules_sudo and any(user in rules_sudo._get_approvers(order) for order in self.sudo()):
            raise AccessError(
                self.env._(
                    "%(person)s decides for you during your absence. End it under “My absences” to"
                    " decide yourself.",
                    person=substitute.sudo().name,
                )
            )

    def _get_decision_access(self):
        """Return whether the current user may decide now, and why not.

        :return: ``can_decide`` and ``reason``
        :rtype: dict
        """
        self.ensure_one()
        try:
            self._check_decision()
            self._get_rows_to_decide_sudo()
        except (AccessError, UserError) as error:
            return {"can_decide": False, "reason": error.args[0]}
        return {"can_decide": True, "reason": ""}

    def _get_decision_deadline(self):
        """Return until when a decision is expected.

        :return: ``deadline`` (ISO date, or False) and ``is_overdue``
        :rtype: dict
        """
        self.ensure_one()
        deadline = self.sudo().validation_deadline
        return {
            "deadline": fields.Date.to_string(deadline) or False,
            "is_overdue": bool(deadline) and deadline < self.sudo().company_id._quote_today(),
        }

    # === WHAT HAS CHANGED === #

    def _get_decision_changes(self):
        """Return what has changed since each event of the quote's family, the latest first.

        :return: dicts with ``title`` and ``sentences``
        :rtype: list(dict)
        """
        self.ensure_one()
        found = [self._get_changes_since(event) for event in CHANGE_EVENTS]
        return [
            {
                "title": changes["since"]["label"],
                "sentences": [change["text"] for change in changes["changes"]],
            }
            for changes in sorted(
                (changes for changes in found if changes["since"]),
                key=lambda changes: changes["since"]["date"],
                reverse=True,
            )
        ]

    def _get_changes_since_seen(self, seen):
        """Return what has changed since the content that was on the approver's screen.

        :param str seen: fingerprint of that content
        :return: sentences; empty when nothing was kept of that content
        :rtype: list(str)
        """
        self.ensure_one()
        rows_sudo = self.sudo().validation_ids.filtered(
            lambda row: row.snapshot_id and (row.fingerprint or {}).get("all") == seen
        )
        if not rows_sudo:
            return []
        before = rows_sudo[-1:].snapshot_id.data
        changes = self._get_changes_in_words(before, self._get_content())
        return [change["text"] for change in changes]

    # === WHO AND WHAT NEXT === #

    def _get_decision_owners(self):
        """Return who may be asked a question, or gets the work back: names by part.

        :rtype: dict
        """
        self.ensure_one()
        order_sudo = self.sudo()
        return {
            "technical": order_sudo.project_manager_id.name or "",
            "commercial": order_sudo._get_responsible_user().name or "",
        }

    def _get_readable_estimate_id(self):
        """Return the estimate when the current user may open it, or False."""
        estimate = self.sudo().estimate_id.with_env(self.env)
        return estimate.id if estimate and estimate.has_access("read") else False

    def _get_decision_queue(self):
        """Return the ids of the quotes that wait for the current user, the oldest request first.

        :rtype: list(int)
        """
        return self.search(
            [("can_decide", "=", True)], order="quote_step_since, id", limit=QUEUE_SIZE
        ).ids
