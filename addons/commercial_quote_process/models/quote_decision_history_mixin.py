from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_list

from .quote_validation_round_mixin import STANDING_STATES

# Rows of one request are made within this time.
SAME_MOMENT = timedelta(seconds=10)


class QuoteDecisionHistoryMixin(models.AbstractModel):
    """What was asked and decided on a quote, request by request, as plain values for screens."""

    _name = "quote.decision.history.mixin"
    _description = "History of the validations of a quote"

    validation_history = fields.Json(
        compute="_compute_validation_history",
        compute_sudo=True,
        exportable=False,
        groups="sales_team.group_sale_salesman",
    )

    @api.depends("validation_ids.state")
    @api.depends_context("uid", "lang")
    def _compute_validation_history(self):
        for order in self:
            order.validation_history = order._get_validation_requests()

    def _get_validation_requests(self):
        """Return the requests made for this quote, the newest first, each with its rows.

        :return: dicts with ``asked_by``, ``asked_on`` and ``rows``
        :rtype: list(dict)
        """
        self.ensure_one()
        requests = []
        for row_sudo in self.sudo().validation_ids.sorted("id"):
            if not requests or self._is_other_request(row_sudo, requests[-1]):
                requests.append(row_sudo)
            else:
                requests[-1] |= row_sudo
        return [
            {
                "asked_on": fields.Datetime.to_string(rows_sudo[0].asked_on),
                "asked_by": rows_sudo[0].asked_by_id.name,
                "rows": [
                    self._get_validation_row_values(row)
                    for row in rows_sudo.sorted(lambda row: (row.validation_round, row.id))
                ],
            }
            for rows_sudo in reversed(requests)
        ]

    @api.model
    def _is_other_request(self, row_sudo, rows_sudo):
        """Return whether a row was not asked for together with these.

        A request asks for each rule and approver once, at one moment.

        :param row_sudo: a ``quote.validation``
        :param rows_sudo: earlier ones, of one request
        :rtype: bool
        """
        asked = {(row.rule_id, row.approver_id) for row in rows_sudo}
        return (
            row_sudo.asked_by_id != rows_sudo[0].asked_by_id
            or row_sudo.asked_on - rows_sudo[0].asked_on > SAME_MOMENT
            or (row_sudo.rule_id, row_sudo.approver_id) in asked
        )

    def _get_standing_rows(self):
        """Return the rows that count now, of every round; those of the last request when none do.

        :rtype: list(dict)
        """
        self.ensure_one()
        standing_sudo = self.sudo().validation_ids.filtered(
            lambda row: row.state in STANDING_STATES
        )
        if not standing_sudo:
            return next((request["rows"] for request in self._get_validation_requests()), [])
        ordered_sudo = standing_sudo.sorted(lambda row: (row.validation_round, row.id))
        return [self._get_validation_row_values(row) for row in ordered_sudo]

    def _get_validation_row_values(self, row_sudo):
        """Return one row of the history as plain values, in the reader's language.

        :param row_sudo: a ``quote.validation``, in superuser mode
        :rtype: dict
        """
        labels = {
            name: dict(row_sudo._fields[name]._description_selection(self.env))
            for name in ("state", "refused_parts")
        }
        reader = self.env(su=False)["quote.validation"]
        sees_figures = reader._has_field_access(row_sudo._fields["reason_internal"], "read")
        return {
            "id": row_sudo.id,
            "rule": row_sudo.rule_name or "",
            "round": row_sudo.validation_round,
            "reason": (row_sudo.reason_internal if sees_figures else row_sudo.reason) or "",
            "state": row_sudo.state,
            "state_label": labels["state"][row_sudo.state],
            "is_kept": bool(row_sudo.kept_from_id),
            "people": format_list(self.env, self._get_next_deciders(row_sudo).mapped("name"), "or"),
            "person": row_sudo.decided_by_id.name or "",
            "on_behalf_of": row_sudo.on_behalf_of_id.name or "",
            "decided_on": fields.Datetime.to_string(row_sudo.decided_on) or "",
            "comment": row_sudo.comment or "",
            "part": labels["refused_parts"].get(row_sudo.refused_parts, ""),
            "closed_reason": row_sudo.closed_reason or "",
        }

    def _get_next_deciders(self, row_sudo):
        """Return who decides on a row now, or will when its round begins.

        :param row_sudo: a ``quote.validation``, in superuser mode
        :rtype: res.users
        """
        if row_sudo.state == "pending":
            return row_sudo.decider_ids
        if row_sudo.state == "queued":
            return row_sudo.approver_id or row_sudo.rule_id._get_approvers(self)
        return self.env["res.users"]

    def _get_last_refusal(self):
        """Return who refused this quote, or the version it was made from, last, and why.

        :return: ``quote`` (number of the version), ``person``, ``on``, ``part`` and ``reason``; or
            False when nobody ever did
        :rtype: dict | bool
        """
        self.ensure_one()
        rows_sudo = self.env["quote.validation"].sudo()
        row_sudo = rows_sudo.search(
            [("order_id", "in", self._get_family_sudo().ids), ("state", "=", "refused")],
            order="decided_on desc, id desc",
            limit=1,
        )
        if not row_sudo:
            return False
        values = self._get_validation_row_values(row_sudo)
        return {
            "quote": row_sudo.order_id.name,
            "person": values["person"],
            "on": values["decided_on"],
            "part": values["part"],
            "reason": values["comment"],
        }
