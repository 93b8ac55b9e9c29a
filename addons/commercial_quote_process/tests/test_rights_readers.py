from base64 import b64encode
from pathlib import Path

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.tests import tagged

from .common import COMMERCIAL, OPERATIONAL, QuoteProcessCase
from .rights_table import RightsTable

MIGRATION = Path(__file__).parents[1] / "migrations/19.0.3.0.0/post-rights.py"
# From a quote to everything that whoever decides on it reads.
PATHS = (
    "",
    "order_line",
    "estimate_id",
    "estimate_id.item_ids",
    "estimate_id.item_ids.dependency_ids",
    "estimate_id.workload_ids",
    "estimate_id.cost_ids",
    "validation_ids",
    "quote_step_log_ids",
    "opportunity_id",
    "opportunity_id.specification_ids",
    "opportunity_id.requirement_ids",
)


class ReadersCase(QuoteProcessCase):
    """A quote with one record of everything that belongs to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_lead()
        cls.env["quote.specification"].create(
            {"lead_id": cls.lead.id, "file": b64encode(b"Needs"), "filename": "needs.txt"}
        )
        cls.env["quote.requirement"].create({"lead_id": cls.lead.id, "name": "Fast"})
        cls.order = cls._create_quote_at("financial", lead=cls.lead)

    def _get_records(self):
        """Return the records of the quote by path, in superuser mode."""
        order_sudo = self.order.sudo()
        return {path: order_sudo.mapped(path) if path else order_sudo for path in PATHS}

    def _assert_reads(self, user, expected):
        self.env.flush_all()
        self.env.invalidate_all()
        for path, records_sudo in self._get_records().items():
            if path == "validation_ids" and not records_sudo:
                continue
            records = records_sudo.with_user(user).sudo(False)
            self.assertTrue(records, path)
            with self.subTest(user=user.name, path=path):
                self.assertEqual(
                    records.search([("id", "in", records.ids)]),
                    records if expected else records[:0],
                )
                self.assertEqual(records.has_access("read"), expected)

    def _assert_writes_nothing(self, user):
        for path, records_sudo in self._get_records().items():
            records = records_sudo.with_user(user).sudo(False)
            with self.subTest(user=user.name, path=path):
                self.assertFalse(records.has_access("write"))
                self.assertFalse(records.has_access("unlink"))


@tagged("post_install", "-at_install")
class TestReaders(ReadersCase):
    """Approvers read what they decide on; whoever leads the team reads it all."""

    def test_approvers_read_what_waits_for_them_and_nothing_else(self):
        approvers = self.commercial_approver | self.operational_approver
        for user in approvers:
            self._assert_reads(user, expected=False)
        other = self._create_quote_at("financial")
        self.order.action_request_validation()
        for user in approvers:
            self._assert_reads(user, expected=True)
            self._assert_writes_nothing(user)
            self.assertFalse(other.with_user(user).has_access("read"))
            self.assertTrue(self.order.with_user(user).read(["margin", "estimated_cost"]))

    def test_what_changes_a_quote_is_offered_to_its_writers_only(self):
        self.order.action_request_validation()
        offered = {
            user: self.order.with_user(user).can_write_quote
            for user in (self.salesperson, self.sales_manager, self.commercial_approver)
        }
        self.assertEqual(
            offered,
            {self.salesperson: True, self.sales_manager: True, self.commercial_approver: False},
        )
        view = self.order.with_user(self.commercial_approver).get_view(view_type="form")
        for button in ("action_withdraw", "action_quotation_sent", "action_confirm"):
            self.assertRegex(view["arch"], f'name="{button}"[^>]*not can_write_quote')

    def test_whoever_decided_goes_on_reading_all_versions(self):
        self.order.action_request_validation()
        self.order.with_user(self.commercial_approver).action_refuse("Too dear", "commercial")
        self._assert_reads(self.commercial_approver, expected=True)
        self.commercial_approver.group_ids = self.env.ref("sales_team.group_sale_salesman")
        self._assert_reads(self.commercial_approver, expected=True)
        self.order.action_request_validation()
        self.order.with_user(self.operational_approver).action_approve()
        version = self.order._new_version("price", restart_step="financial")
        self.assertTrue(version.with_user(self.commercial_approver).has_access("read"))
        self.assertFalse(version.with_user(self.other_salesperson).has_access("read"))

    def test_people_named_by_a_rule_read_what_waits_for_them(self):
        self.env["quote.validation.rule"].search([]).action_archive()
        self.env["quote.validation.rule"].create(
            {"name": "Named", "user_ids": [Command.link(self.other_salesperson.id)]}
        )
        self._assert_reads(self.other_salesperson, expected=False)
        self.order.action_request_validation()
        self._assert_reads(self.other_salesperson, expected=True)
        self._assert_writes_nothing(self.other_salesperson)
        self._assert_reads(self.commercial_approver, expected=False)
        self.order.with_user(self.other_salesperson).action_approve()
        self.assertEqual(self.order.quote_step, "ready")

    def test_leaders_work_on_the_quotes_of_their_team(self):
        leader = self._new_user("laure", "Laure Petit", "sales_team.group_sale_salesman")
        self._assert_reads(leader, expected=False)
        self.team.user_id = leader
        self._assert_reads(leader, expected=True)
        self.order.with_user(leader).client_order_ref = "Taken over"
        self.lead.with_user(leader).priority = "2"
        self.assertFalse(self.order.sudo().estimate_id.with_user(leader).has_access("write"))
        stock_order = self.env["sale.order"].create(
            {"partner_id": self.client.id, "team_id": self.stock_team.id, "user_id": self.env.uid}
        )
        self.stock_team.user_id = leader
        self.assertFalse(stock_order.with_user(leader).has_access("read"), "stock is left as it is")

    def test_approvers_are_no_heads_of_sales_or_projects(self):
        for user in (self.commercial_approver, self.operational_approver):
            for group in (
                "sales_team.group_sale_salesman_all_leads",
                "project.group_project_manager",
            ):
                self.assertFalse(user.has_group(group), f"{user.name}: {group}")

    def test_groups_are_entries_of_one_privilege(self):
        privilege = self.env.ref("commercial_quote_process.privilege_quote_approval")
        groups = self.env.ref(COMMERCIAL) | self.env.ref(OPERATIONAL)
        self.assertEqual(privilege.group_ids, groups)
        self.assertEqual(privilege.category_id, self.env.ref("base.module_category_sales"))


@tagged("post_install", "-at_install")
class TestReadersOfBefore(QuoteProcessCase):
    """An update narrows what approvers read, and takes no right that they have from elsewhere."""

    def test_update_leaves_rights_that_people_have_otherwise(self):
        all_leads = self.env.ref("sales_team.group_sale_salesman_all_leads")
        heads = self.env.ref("project.group_project_manager")
        commercial, operational = self.env.ref(COMMERCIAL), self.env.ref(OPERATIONAL)
        commercial.implied_ids |= all_leads
        operational.implied_ids |= heads
        own = self.env.ref("commercial_quote_process.rule_quote_validation_own")
        domain = own.domain_force
        script = load_script(str(MIGRATION), "post_rights")
        own.domain_force = script.FORMER_VALIDATION_DOMAIN
        self.commercial_approver.group_ids |= all_leads
        boss = self._new_user("boss", "Odile Roux", COMMERCIAL)
        self.assertTrue(boss.has_group("sales_team.group_sale_salesman_all_leads"))
        script.migrate(self.env.cr, "19.0.2.0.0")
        self.assertFalse(boss.has_group("sales_team.group_sale_salesman_all_leads"))
        self.assertTrue(boss.has_group("sales_team.group_sale_salesman"))
        self.assertTrue(
            self.commercial_approver.has_group("sales_team.group_sale_salesman_all_leads")
        )
        self.assertFalse(self.operational_approver.has_group("project.group_project_manager"))
        self.assertTrue(self.sales_manager.has_group("sales_team.group_sale_salesman_all_leads"))
        self.assertEqual(script.VALIDATION_DOMAIN, domain)
        self.assertEqual(own.domain_force, domain)
        own.domain_force = "[('id', '=', 0)]"
        script.migrate(self.env.cr, "19.0.2.0.0")
        self.assertEqual(own.domain_force, "[('id', '=', 0)]", "the company's own rule")


@tagged("post_install", "-at_install")
class TestOtherCompany(ReadersCase):
    """Whoever works in another company sees and links nothing of this one, whatever the role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Altéa Labs"})
        groups = ("sales_team.group_sale_manager", "project.group_project_manager")
        cls.foreigner = cls._new_user(
            "fiona", "Fiona Walsh", ",".join([*groups, COMMERCIAL, OPERATIONAL])
        )
        cls.foreigner.write(
            {
                "company_ids": [Command.set(cls.other_company.ids)],
                "company_id": cls.other_company.id,
            }
        )
        cls.env["quote.validation.rule"].search([]).company_id = cls.company
        cls.env["quote.followup.step"].search([]).company_id = cls.company
        cls.env["quote.approver.absence"].create(
            {
                "user_id": cls.commercial_approver.id,
                "substitute_id": cls.other_salesperson.id,
                "date_from": "2020-01-01",
                "date_to": "2020-01-31",
            }
        )
        cls.env["quote.cost.unit"].create({"name": "Hotel", "family": "travel", "unit_cost": 90.0})
        cls.lead.company_id = cls.company
        cls.order.action_request_validation()
        cls.order.with_user(cls.commercial_approver).action_approve()
        cls.order.action_quotation_sent()

    def _get_records_of_company(self):
        """Return records of this company of every model of ours that has companies."""
        records = {}
        for name in RightsTable(self.env).get_own_models():
            if "company_id" in self.env[name]._fields or name == "quote.approver.absence":
                domain = [("company_id", "in", self.company.ids)]
                model = self.env[name].sudo()
                records[name] = model.search(domain if "company_id" in model._fields else [])
        return records

    def test_records_of_another_company_are_neither_found_nor_read(self):
        both = self.foreigner.copy({"login": "cqp_both", "email": "both@altea.example.com"})
        both.company_ids |= self.company
        records_by_model = self._get_records_of_company()
        self.assertGreater(len([name for name in records_by_model if records_by_model[name]]), 10)
        for name, records_sudo in records_by_model.items():
            for records in (
                records_sudo.with_user(self.foreigner).sudo(False),
                records_sudo.with_user(both)
                .sudo(False)
                .with_context(allowed_company_ids=self.other_company.ids),
            ):
                if not records or not records.browse().has_access("read"):
                    continue
                with self.subTest(model=name, user=records.env.user.login):
                    self.assertFalse(records.search([("id", "in", records.ids)]))
                    self.assertFalse(records[0].has_access("read"))
                    self.assertFalse(records[0].has_access("write"))

    def test_nothing_of_another_company_is_linked(self):
        env = self.env(user=self.foreigner, context={"allowed_company_ids": self.other_company.ids})
        own_lead = env["crm.lead"].create(
            {"name": "Labs", "type": "opportunity", "company_id": self.other_company.id}
        )
        client = env["res.partner"].create({"name": "Labs client"})
        own_order = env["sale.order"].create(
            {"partner_id": client.id, "opportunity_id": own_lead.id}
        )
        attempts = {
            "lead": lambda: own_order.write({"opportunity_id": self.lead.id}),
            "version": lambda: own_order.write({"previous_version_id": self.order.id}),
            "estimate": lambda: own_order.write({"estimate_id": self.order.sudo().estimate_id.id}),
            "team of a rule": lambda: env["quote.validation.rule"].create(
                {
                    "name": "Foreign",
                    "company_id": self.company.id,
                    "user_ids": [Command.link(self.foreigner.id)],
                }
            ),
            "absence": lambda: env["quote.approver.absence"].create(
                {
                    "user_id": self.operational_approver.id,
                    "substitute_id": self.foreigner.id,
                    "date_from": "2030-01-01",
                    "date_to": "2030-01-31",
                }
            ),
            "rate": lambda: env["quote.role.rate"].create(
                {
                    "role_id": self.roles[0].id,
                    "company_id": self.company.id,
                    "date_from": "2040-01-01",
                    "daily_cost": 1.0,
                }
            ),
            "requirement": lambda: env["quote.requirement"].create(
                {"lead_id": self.lead.id, "name": "Foreign"}
            ),
            "specification": lambda: env["quote.specification"].create(
                {"lead_id": self.lead.id, "file": b64encode(b"x")}
            ),
            "approval": lambda: self.order.with_env(env).action_approve(),
            "version of it": lambda: self.order.with_env(env).action_new_version("price"),
            "comparison": lambda: self.order.with_env(env).get_comparison(self.order.id),
        }
        for label, attempt in attempts.items():
            with self.subTest(attempt=label), self.assertRaises(UserError):
                attempt()

    def test_approvers_of_another_company_are_asked_nothing(self):
        self.assertNotIn(self.foreigner, self.order.sudo().validation_ids.decider_ids)
