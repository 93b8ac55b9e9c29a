from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import PLAN_KEY, PLAN_PASS

TOTALS = (
    "total_days",
    "workload_cost",
    "other_cost",
    "overhead_amount",
    "contingency_amount",
    "total_cost",
)


class QuoteEstimateEditorMixin(models.AbstractModel):
    """What the plan editor and the workload matrix of the browser read, and where they write."""

    _name = "quote.estimate.editor.mixin"
    _description = "Editor of an estimate"

    content_revision = fields.Integer(
        copy=False,
        readonly=True,
        export_string_translation=False,
        help="Grows with every change of an estimate without a quote; with one, the quote counts.",
    )

    # === PUBLIC === #

    def get_editor_data(self):
        """Return all that the editors of the plan and of the workload show.

        :return: ``id``, ``revision``, ``editable``, ``name``, ``planned_start``, ``start_delay``,
            ``hours_per_day``, ``currency_id``, ``calendar``, ``sees_prices``, ``sees_costs``
            (without it, costs are 0), ``items`` in the order of the plan, ``roles``, ``workload``
            and ``totals``; plain values
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "id": self.id,
            "revision": self._get_content_revision(),
            "editable": self.is_editable,
            "name": self.name,
            "planned_start": fields.Date.to_string(self.planned_start),
            "start_delay": self.start_delay,
            "hours_per_day": self.hours_per_day,
            "currency_id": self.currency_id.id,
            "calendar": self._get_editor_calendar(),
            "sees_prices": self._sees_prices(),
            "sees_costs": self._sees_costs(),
            "items": self._get_editor_items(),
            "roles": self._get_editor_roles(),
            "workload": self.workload_ids._get_editor_rows(),
            "totals": self._get_editor_totals(),
        }

    def apply_plan(self, commands, revision):
        """Apply a batch of changes to the plan and the workload: all of them, or none.

        A *ref* is the id of an item, or the key of a row made by an earlier command of the batch.

        - ``{"op": "create", "key", "vals"}`` with ``kind``, ``name``, ``parent`` (ref or False),
          ``duration``, ``not_before`` (working days), ``not_before_date``, ``after`` (list of
          pairs of ref and lag in working days), ``description``, ``acceptance_criteria``
        - ``{"op": "write", "ref", "vals"}`` with the same values
        - ``{"op": "unlink", "ref"}``: a phase goes with what is inside
        - ``{"op": "order", "refs"}``: the complete order of the rows
        - ``{"op": "workload", "item", "role", "vals"}`` with ``days``, or ``days_low``,
          ``days_likely`` and ``days_high``; zero removes the row

        :param list commands: applied in their order
        :param int revision: content revision that the person saw
        :return: ``revision``, ``ids`` by key, ``slots`` that changed by id (start, end, slack,
            critical), ``workload`` rows touched and ``totals``; or ``stale`` and ``data`` (see
            ``get_editor_data``) when somebody changed the estimate in between: nothing is written
        :rtype: dict
        :raise AccessError: for people who may only read this estimate
        :raise UserError: when the quote is closed for its technical part, or a command is wrong
        """
        self.ensure_one()
        self.check_access("write")
        if not isinstance(commands, list) or type(revision) is not int:
            raise UserError(self._get_plan_error_message("malformed", {}))
        self._check_plan_open()
        if not self._claim_content_revision(revision):
            return {"stale": True, "data": self.get_editor_data()}
        return self.with_context(**{PLAN_KEY: PLAN_PASS})._apply_plan_commands(commands)

    # === REVISION === #

    def _get_revised_record(self):
        """Return the record, in superuser mode, whose ``content_revision`` counts: the quote."""
        self.ensure_one()
        estimate_sudo = self.sudo()
        return estimate_sudo.order_id or estimate_sudo

    def _get_content_revision(self):
        return self._get_revised_record().content_revision

    def _claim_content_revision(self, revision):
        """Move the content revision when it is the one expected; waits for whoever is writing.

        Two people who save at the same moment are put in a row here, before either of them has
        written anything: the second one starts again over the first one's result (Odoo tries a
        transaction again that another one overtook), and finds its revision stale.

        :param int revision: the revision expected
        :return: whether it was
        :rtype: bool
        """
        record_sudo = self._get_revised_record()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET content_revision = COALESCE(content_revision, 0) + 1"
                " WHERE id = %s AND COALESCE(content_revision, 0) = %s",
                SQL.identifier(record_sudo._table),
                record_sudo.id,
                min(max(revision, -1), 2**31 - 1),
            )
        )
        claimed = bool(self.env.cr.rowcount)
        record_sudo.invalidate_recordset(["content_revision"], flush=False)
        return claimed

    def _check_plan_open(self):
        """Refuse changes of a plan that its quote has closed.

        :raise UserError: with what to do instead
        """
        orders_sudo = self.sudo().order_id
        orders_sudo.filtered("quote_process")._check_content_editable("technical")

    # === DATA === #

    def _sees_prices(self):
        """Return whether the current user may read what a day is sold at."""
        rates = self.env["quote.role.rate"]
        return rates._has_field_access(rates._fields["daily_price"], "read")

    def _get_editor_calendar(self):
        """Return the days of the week that are worked, and with a start the holidays after it."""
        weekdays, holidays = self._get_working_calendar()
        start = self.planned_start
        return {
            "weekdays": sorted(weekdays),
            "holidays": sorted(day.isoformat() for day in holidays if start and day >= start),
        }

    def _get_editor_items(self):
        return [
            {
                "id": item.id,
                "kind": item.kind,
                "name": item.name,
                "parent_id": item.parent_id.id,
                "duration": item.duration,
                "not_before": item.not_before,
                "not_before_date": fields.Date.to_string(item.not_before_date),
                "after": [list(pair) for pair in item._get_lags().items()],
                "description": item.description or "",
                "acceptance_criteria": item.acceptance_criteria or "",
                "start": item.start_day,
                "end": item.end_day,
                "slack": item.slack,
                "critical": item.is_critical,
            }
            for item in self.item_ids._sorted_as_tree()
        ]

    def _get_editor_roles(self):
        """Return every active role, at the rate that a new row of this estimate would get.

        Whoever reads an estimate reads the names of its roles, salespeople too.
        """
        roles_sudo = self.env["project.role"].sudo().search_fetch([], ["name"])
        rates_sudo = self._get_role_rates(roles_sudo)
        names = ["daily_cost", "rate_missing", *(["daily_price"] if self._sees_prices() else [])]
        rows = []
        for role_sudo in roles_sudo:
            rate = self.env["quote.estimate.workload"]._prepare_rate_values(
                rates_sudo.get(role_sudo)
            )
            rate |= dict.fromkeys(self.env["quote.role.rate"]._get_hidden_names(), 0.0)
            rows.append(
                {
                    "id": role_sudo.id,
                    "name": role_sudo.name,
                    **{name: rate[name] for name in names},
                }
            )
        return rows

    def _get_role_rates(self, roles):
        """Return the rates that new rows of this estimate get, on its day and for its client.

        :param roles: ``project.role`` recordset
        :return: see ``quote.role.rate._get_rates``
        :rtype: dict
        """
        day = self._get_rate_date()
        client_sudo = self.sudo().order_id.partner_id
        return self.env["quote.role.rate"]._get_rates(roles, self.company_id, client_sudo, day)

    def _get_editor_totals(self):
        hidden = self._get_hidden_names()
        return {name: 0.0 if name in hidden else self[name] for name in TOTALS}
