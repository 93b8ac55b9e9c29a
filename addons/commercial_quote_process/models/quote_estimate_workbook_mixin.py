from odoo import models
from odoo.exceptions import AccessError

from ..tools.estimate_workbook import THREE_POINT, format_after, get_digest
from ..tools.estimate_workbook_writer import write_workbook

# An estimate of a handful of roles shows all of them, ready to be filled in; beyond, those at work.
FEW_ROLES = 12


class QuoteEstimateWorkbookMixin(models.AbstractModel):
    """The estimate as a spreadsheet: plan, workload, other costs, requirements."""

    _name = "quote.estimate.workbook.mixin"
    _description = "Spreadsheet of an estimate"
    _inherit = ["quote.estimate.workbook.word.mixin", "quote.estimate.workbook.import.mixin"]

    # === PUBLIC === #

    def action_export_workbook(self):
        """Download the estimate as a spreadsheet.

        :return: an action that opens the file
        :rtype: dict
        """
        self.ensure_one()
        self._check_workbook_access()
        return {
            "type": "ir.actions.act_url",
            "url": f"/quote/estimate/{self.id}/workbook",
            "target": "download",
        }

    def action_import_workbook(self):
        """Ask for the spreadsheet to import into this estimate.

        :return: the action of the wizard
        :raise UserError: when the quote is closed for its technical part
        """
        self.ensure_one()
        self.check_access("write")
        self._check_plan_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import a spreadsheet"),
            "res_model": "quote.estimate.import",
            "view_mode": "form",
            "target": "new",
            "context": {"default_estimate_id": self.id},
        }

    def _check_workbook_access(self):
        """Refuse people who may not read what the estimate costs: the file is about that.

        :raise AccessError: with what is missing
        """
        self.check_access("read")
        rows = self.env["quote.estimate.workload"]
        if not rows._has_field_access(rows._fields["daily_cost"], "read"):
            raise AccessError(
                self.env._("Your company keeps the costs of estimates to those who write them.")
            )

    def _export_workbook(self):
        """Return the estimate as an XLSX file, in the language of the user.

        :rtype: bytes
        """
        self.ensure_one()
        self._check_workbook_access()
        data = self._get_workbook_data()
        return write_workbook(
            {
                **data,
                "estimate_id": self.id,
                "lang": self.env.lang or "en_US",
                "digest": self._get_workbook_digest(data),
                "title": self.display_name,
                "legend": self.env._(
                    "Grey columns are computed. Leave the ID of a row where it is; a new row has"
                    " none. “After” names rows by their number: 3+2 is two days after row 3."
                ),
                "titles": self._get_workbook_titles(),
                "labels": self._get_workbook_labels(),
                "choices": self._get_workbook_choices(),
                "currency": self._get_workbook_currency(),
                "roles": self._get_workbook_role_rows(),
                "totals": self._get_workbook_totals(),
                "hidden": self._get_workbook_hidden(),
            }
        )

    # === DATA === #

    def _get_workbook_data(self):
        """Return the rows of the estimate as plain values.

        :return: ``plan``, ``costs`` and ``requirements`` as lists of dicts, ``workload`` as a dict
            by ids of an item and a role, ``may`` (what the user may do with requirements)
        :rtype: dict
        """
        self.ensure_one()
        items = self.item_ids._sorted_as_tree()
        numbers = {item.id: number for number, item in enumerate(items, start=1)}
        requirements = self.env["quote.requirement"]
        # A template has no opportunity, and so no requirements.
        operations = ("create", "unlink") if self.sudo().order_id.opportunity_id else ()
        return {
            "plan": self._get_workbook_plan(items, numbers),
            "workload": self._get_workbook_days(),
            "costs": self._get_workbook_costs(numbers),
            "requirements": self._get_workbook_requirements(numbers),
            "may": [name for name in operations if requirements.has_access(name)],
        }

    def _get_workbook_plan(self, items, numbers):
        levels, rows = {False: 0}, []
        for item in items:
            levels[item.id] = levels[item.parent_id.id] + 1
            lags = item._get_lags()
            rows.append(
                {
                    "id": item.id,
                    "number": numbers[item.id],
                    "level": levels[item.id],
                    "parent": item.parent_id.id,
                    "after_ids": lags,
                    "after": format_after({numbers[other]: lag for other, lag in lags.items()}),
                    "start": item.start_day,
                    "end": item.end_day,
                    "duration": item.duration or None,
                    "not_before": item.not_before or None,
                    "start_date": item.start_date or None,
                    "end_date": item.end_date or None,
                    "not_before_date": item.not_before_date or None,
                    **{
                        name: item[name] or ""
                        for name in ("kind", "name", "description", "acceptance_criteria")
                    },
                }
            )
        return rows

    def _get_workbook_days(self):
        sees_prices = self._sees_prices()
        return {
            (row.item_id.id, row.role_id.id): {
                "days": row.days,
                **{part: row[f"days_{part}"] for part in THREE_POINT},
                "daily_cost": row.daily_cost,
                "cost": row.cost,
                "daily_price": row.daily_price if sees_prices else 0.0,
                "price": row.price if sees_prices else 0.0,
            }
            for row in self.workload_ids
        }

    def _get_workbook_costs(self, numbers):
        return [
            {
                "id": row.id,
                "family": row.family,
                "name": row.name,
                "item": row.item_id.id or None,
                "item_number": numbers.get(row.item_id.id),
                "quantity": row.quantity,
                "unit": row.unit or "",
                "unit_cost": row.unit_cost,
                "cost": row.cost,
                "is_rebilled": "yes" if row.is_rebilled else "no",
            }
            for row in self.cost_ids
        ]

    def _get_workbook_requirements(self, numbers):
        requirements = self.requirement_ids.with_context(quote_estimate_id=self.id)
        return [
            {
                "id": row.id,
                "number": row.number or None,
                "items": row.estimate_item_ids.ids,
                "item_text": "; ".join(str(numbers[i]) for i in row.estimate_item_ids.ids),
                **{
                    name: row[name] or ""
                    for name in ("reference", "name", "priority", "compliance", "comment")
                },
            }
            for row in requirements
        ]

    def _get_workbook_digest(self, data):
        """Return a digest of what a file may change, to tell that the estimate has changed since.

        :param dict data: see ``_get_workbook_data``
        :rtype: str
        """
        days = [
            (*cell, row["days"], *(row[part] for part in THREE_POINT))
            for cell, row in sorted(data["workload"].items())
        ]
        computed = {"start", "end", "start_date", "end_date"}
        plan = [{k: v for k, v in row.items() if k not in computed} for row in data["plan"]]
        return get_digest([plan, days, data["costs"], data["requirements"]])

    # === AROUND THE ROWS === #

    def _get_workbook_roles(self):
        """Return every active role and those at work; readers of an estimate read their names.

        :rtype: project.role
        """
        roles_sudo = self.env["project.role"].sudo().search_fetch([], ["name"])
        return roles_sudo | self.workload_ids.role_id.sudo()

    def _get_workbook_role_rows(self):
        """Return the roles that get a column, with the rate of a new row."""
        used = self.workload_ids.role_id
        roles_sudo = self._get_workbook_roles()
        if len(roles_sudo) > FEW_ROLES:
            roles_sudo = roles_sudo & used.sudo()
        rates_sudo = self._get_role_rates(roles_sudo)
        sees_prices = self._sees_prices()
        return [
            {
                "id": role_sudo.id,
                "name": role_sudo.name,
                "daily_cost": rates_sudo[role_sudo].daily_cost if role_sudo in rates_sudo else 0.0,
                "daily_price": rates_sudo[role_sudo].daily_price
                if sees_prices and role_sudo in rates_sudo
                else 0.0,
            }
            for role_sudo in roles_sudo.sorted(lambda role: (role not in used, role.name))
        ]

    def _get_workbook_currency(self):
        currency = self.currency_id
        decimals = f".{'0' * currency.decimal_places}" if currency.decimal_places else ""
        symbol = (currency.symbol or "").replace('"', "")
        money = f"#,##0{decimals}"
        before = currency.position == "before"
        return {
            "rounding": currency.rounding,
            "format": f'"{symbol}"{money}' if before else f'{money} "{symbol}"',
        }

    def _get_workbook_totals(self):
        names = ("workload_cost", "other_cost", "overhead_amount", "overhead_percent")
        names += ("contingency_amount", "contingency_percent", "total_cost")
        return {name: self[name] for name in names}

    def _get_workbook_hidden(self):
        """Return the columns that this file comes without, as "sheet.column"."""
        hidden = set() if self._sees_prices() else {"workload.price"}
        return hidden if self.planned_start else hidden | {"plan.start_date", "plan.end_date"}
