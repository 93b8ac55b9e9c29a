"""A deal full of figures and words that only the people who make the offer may read."""

import base64
import re

from .rights_table import MODULE, RightsTable
from .test_portal import PortalCase

# Planted in every internal text.
SECRET = "Zx7secret"
# Between the thousands of a number, in the languages of clients.
SEPARATOR = r"[\s,.’'\u00a0\u202f]?"
COSTS = (8765.43, 7654.32, 6543.21)
# What clients may read of the fields that the addon adds, by model: none of it is internal.
CLIENT_FIELDS = {
    "sale.order": {"quote_process", "quote_step", "quote_version", "sent_on"},
    "project.task": {"planned_date_begin"},
}


class LeakCase(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger.password = "cqp_bruno_password"
        cls.table = RightsTable(cls.env)
        cls.company.quote_show_changes_to_client = True
        for rate, cost in zip(cls.rates, COSTS, strict=True):
            rate.daily_cost = cost
        cls.first = cls._tell_story()
        cls.second = cls._tell_second_version()
        cls.estimate = cls.second.sudo().estimate_id
        cls._run_jobs()
        cls.env.flush_all()
        cls.env.invalidate_all()
        cls.pattern = cls._get_secret_pattern()

    @classmethod
    def _tell_story(cls):
        """Return a first version that was asked about, refused, approved and sent."""
        lead = cls._create_lead()
        lead.sudo().write(
            {"recall_reason": SECRET, "tender_decision_reason": SECRET, "description": SECRET}
        )
        cls.env["quote.specification"].create(
            {
                "lead_id": lead.id,
                "file": base64.b64encode(SECRET.encode()),
                "filename": "needs.txt",
                "note": SECRET,
            }
        )
        order = cls._create_quote(lead=lead)
        order.message_subscribe(cls.signer.ids)
        order.sudo().estimate_id.message_subscribe(cls.signer.ids)
        order.action_start_technical()
        cls._fill_estimate(order)
        estimate = order.sudo().estimate_id.with_user(cls.project_manager)
        estimate.write({"overhead_percent": 17.77, "contingency_percent": 13.33})
        estimate.cost_ids.write({"name": f"{SECRET} trips", "unit_cost": 4321.98})
        estimate.message_post(body=SECRET, subtype_xmlid="mail.mt_note")
        estimate.action_ready()
        cls._price(order, 31.37)
        order.action_request_validation()
        approver = order.with_user(cls.commercial_approver)
        approver.action_ask_question(SECRET, "technical")
        question_sudo = order.sudo().question_ids
        question_sudo.with_user(cls.project_manager).sudo(False).action_answer(SECRET)
        approver.action_refuse(SECRET, "commercial")
        cls._price(order, 29.43)
        order.action_request_validation()
        order.action_withdraw(SECRET)
        order.action_request_validation()
        approver.action_approve(SECRET)
        order.action_quotation_sent()
        return order

    @classmethod
    def _tell_second_version(cls):
        """Return a version that replaces the first one, in the client's hands."""
        version = cls.first._new_version("client", note=SECRET, restart_step="financial")
        cls._price(version, 27.61)
        version.action_request_validation()
        version.with_user(cls.operational_approver).action_approve(SECRET)
        version.action_quotation_sent()
        return version

    @classmethod
    def _run_jobs(cls):
        """Run every job of the addon: what it sends is looked at as well."""
        crons = cls.env["ir.cron"].search([])
        for cron in crons:
            if cron.get_external_id()[cron.id].startswith(f"{MODULE}."):
                cron.method_direct_trigger()

    # === WHAT MUST NOT COME OUT === #

    def _get_hidden_fields(self, name, user):
        """Return the names of the fields of ours that a user must not read on a model.

        :rtype: list(str)
        """
        allowed = CLIENT_FIELDS.get(name, ())
        return [
            field.name
            for field in self.table.get_own_fields(name)
            if field.name not in allowed
            and (
                (field.groups and not user.has_groups(field.groups))
                or (user.share and field._modules == (MODULE,))
            )
        ]

    @classmethod
    def _get_secret_pattern(cls):
        """Return an expression that finds the internal figures of the story in any format."""
        order_sudo = (cls.first | cls.second).sudo()
        estimates_sudo = order_sudo.estimate_id
        shown = {*order_sudo.mapped("amount_untaxed"), *order_sudo.mapped("amount_total")}
        shown |= {*order_sudo.order_line.mapped("price_unit")}
        figures = set()
        for records_sudo in (
            order_sudo,
            order_sudo.order_line,
            order_sudo.validation_ids,
            estimates_sudo,
            estimates_sudo.workload_ids,
            estimates_sudo.cost_ids,
            cls.rates.sudo(),
        ):
            for name in records_sudo._get_cost_fields():
                if records_sudo._fields[name].type in ("float", "monetary"):
                    figures |= {round(value, 2) for value in records_sudo.mapped(name)}
        figures = {figure for figure in figures - shown if figure >= 10 and figure % 1}
        return re.compile("|".join([SECRET, *map(cls._get_figure_pattern, sorted(figures))]))

    @staticmethod
    def _get_figure_pattern(figure):
        whole, cents = f"{figure:,.2f}".split(".")
        whole = whole.replace(",", SEPARATOR)
        return rf"(?<![\d.,]){whole}[.,]{cents}"

    def _get_story_records(self):
        """Return every record of our models that this database has, in superuser mode, by model.

        :rtype: dict
        """
        return {name: self.env[name].sudo().search([]) for name in self.table.get_own_models()}

    def _get_routes(self, records, name):
        """Return the ways in which a client of the API asks for a field, by name.

        :param records: records that the user may read
        :param str name: the field
        :rtype: dict
        """
        model = records.browse()
        # Odoo does not even look at "is set" of what always is.
        is_set = (name, "=", "x") if model._fields[name].required else (name, "!=", False)
        domains = [is_set], [(name, ">", 1)], [(name, "=", 1)], [(name, "in", [1])]
        return {
            "read": lambda: records.read([name]),
            "web_read": lambda: records.web_read({name: {}}),
            "web_search_read": lambda: model.web_search_read([], {name: {}}),
            "search_read": lambda: model.search_read([], [name]),
            **{
                f"search {domain[0][1:]}": lambda domain=domain: model.search(domain)
                for domain in domains
            },
            "search_count": lambda: model.search_count([is_set]),
            "order": lambda: model.search([], order=f"{name} desc"),
            "name_search": lambda: model.name_search("", [is_set]),
            "group": lambda: model.formatted_read_group([], [name], ["__count"]),
            "web_read_group": lambda: model.web_read_group([], [name], ["__count"]),
            "sum": lambda: model.formatted_read_group([], [], [f"{name}:sum"]),
            "max": lambda: model.formatted_read_group([], [], [f"{name}:max"]),
            "values": lambda: model.formatted_read_group([], [], [f"{name}:array_agg"]),
            "having": lambda: model.formatted_read_group(
                [], ["id"], ["__count"], having=[(f"{name}:sum", ">", 1)]
            ),
            "export": lambda: records.export_data([name]),
            "progress bar": lambda: model.read_progress_bar(
                [], name, {"field": name, "colors": {"1": "x"}}
            ),
            "search panel": lambda: model.search_panel_select_range(name),
        }
