"""The people of the story, and a quote of theirs at each step of the process.

The demo data tells the same story with the same people; tests never depend on it.
"""

from odoo.fields import Command, Date
from odoo.tests import TransactionCase, new_test_user

SALES = "sales_team.group_sale_salesman"
SALES_ALL = "sales_team.group_sale_salesman_all_leads"
SALES_MANAGER = "sales_team.group_sale_manager"
PROJECT = "project.group_project_user"
PROJECT_MANAGER = "project.group_project_manager"
COMMERCIAL = "commercial_quote_process.group_quote_approver_commercial"
OPERATIONAL = "commercial_quote_process.group_quote_approver_operational"


# The people of the story, each with the lowest rights of the part played.
PEOPLE = {
    "salesperson": ("claire", "Claire Morel", SALES),
    "other_salesperson": ("hugo", "Hugo Renard", SALES),
    "project_manager": ("paul", "Paul Lambert", PROJECT),
    "other_project_manager": ("nadia", "Nadia Haddad", PROJECT),
    "head_of_projects": ("luc", "Luc Morvan", PROJECT_MANAGER),
    "commercial_approver": ("sophie", "Sophie Delmas", COMMERCIAL),
    "operational_approver": ("marc", "Marc Tessier", OPERATIONAL),
    "sales_manager": ("irene", "Irène Castel", SALES_MANAGER),
    "stranger": ("bruno", "Bruno Stranger", "base.group_user"),
}


class QuoteProcessMixin:
    """Set up people, client, rates; for TransactionCase and HttpCase alike."""

    @classmethod
    def _setup_people(cls):
        """Create the people of the story, all at once: each class of tests has them anew."""
        for part, user in zip(PEOPLE, cls._new_users(*PEOPLE.values()), strict=True):
            setattr(cls, part, user)

    @classmethod
    def _new_user(cls, login, name, groups):
        return cls._new_users((login, name, groups))

    @classmethod
    def _new_users(cls, *people):
        """Create users, nobody of whom is invited by mail, from login, name and groups of each."""
        users = cls.env["res.users"].with_context(no_reset_password=True)
        return users.create([cls._prepare_user(*person) for person in people]).with_env(cls.env)

    @classmethod
    def _prepare_user(cls, login, name, groups):
        return {
            "login": f"cqp_{login}",
            "password": f"cqp_{login}_password",
            "name": name,
            "email": f"{login}@altea.example.com",
            "notification_type": "inbox",
            "group_ids": [Command.set([cls.env.ref(group).id for group in groups.split(",")])],
        }

    @classmethod
    def _setup_clients(cls):
        cls.client = cls.env["res.partner"].create(
            {"name": "Ville de Bressac", "is_company": True, "email": "mairie@bressac.example.com"}
        )
        cls.signer = cls.env["res.partner"].create(
            {
                "name": "Julie Perrin",
                "parent_id": cls.client.id,
                "email": "julie.perrin@bressac.example.com",
                "function": "Directrice générale des services",
            }
        )
        cls.portal_user = new_test_user(
            cls.env,
            login="cqp_julie",
            name="Julie Perrin",
            groups="base.group_portal",
            partner_id=cls.signer.id,
            context={"no_reset_password": True},
        )

    @classmethod
    def _setup_company(cls):
        cls.company = cls.env.company
        cls.team = cls.env.ref("commercial_quote_process.team_services")
        cls.team.company_id = False
        # Rules of the demo data, where it is loaded, ask other people than those of the story.
        rules = cls.env["quote.validation.rule"].search([])
        (rules - cls.env.ref("commercial_quote_process.validation_rule_default")).active = False
        cls.stock_team = cls.env["crm.team"].create({"name": "Shop", "company_id": False})
        cls.roles = cls.env["project.role"].create(
            [{"name": "Consultant"}, {"name": "Engineer"}, {"name": "Developer"}]
        )
        cls.rates = cls.env["quote.role.rate"].create(
            [
                {
                    "role_id": role.id,
                    "company_id": cls.company.id,
                    "date_from": "2020-01-01",
                    "daily_cost": cost,
                    "daily_price": price,
                }
                for role, cost, price in zip(
                    cls.roles, (400.0, 450.0, 350.0), (800.0, 850.0, 700.0), strict=True
                )
            ]
        )

    @classmethod
    def _setup_story(cls):
        cls._setup_people()
        cls._setup_clients()
        cls._setup_company()

    # === A QUOTE AT EACH STEP === #

    @classmethod
    def _create_lead(cls, **values):
        return (
            cls.env["crm.lead"]
            .with_user(cls.salesperson)
            .create(
                {
                    "name": "Extension of the town archives",
                    "type": "opportunity",
                    "partner_id": cls.client.id,
                    "team_id": cls.team.id,
                    "user_id": cls.salesperson.id,
                    **values,
                }
            )
        )

    @classmethod
    def _create_quote(cls, **values):
        """Return a quote at the scope step, as its salesperson."""
        lead = values.pop("lead", None) or cls._create_lead()
        return (
            cls.env["sale.order"]
            .with_user(cls.salesperson)
            .create(
                {
                    "partner_id": cls.client.id,
                    "team_id": cls.team.id,
                    "user_id": cls.salesperson.id,
                    "opportunity_id": lead.id,
                    "scope_content": "<p>Sort, digitise and publish the archives.</p>",
                    "scope_agreed_on": Date.today(),
                    "project_manager_id": cls.project_manager.id,
                    **values,
                }
            )
        )

    @classmethod
    def _plan_items(cls):
        """Return a small plan: two phases, three tasks in a row, a milestone and a deliverable."""
        return [
            {"kind": "phase", "key": "design", "name": "Design"},
            {"kind": "task", "key": "survey", "name": "Survey", "parent": "design", "duration": 3},
            {
                "kind": "task",
                "key": "model",
                "name": "Data model",
                "parent": "design",
                "duration": 5,
                "after": ["survey"],
            },
            {"kind": "phase", "key": "build", "name": "Build"},
            {
                "kind": "task",
                "key": "portal",
                "name": "Publication portal",
                "parent": "build",
                "duration": 10,
                "after": ["model"],
            },
            {
                "kind": "milestone",
                "key": "approved",
                "name": "Data model approved",
                "parent": "design",
                "after": ["model"],
            },
            {
                "kind": "deliverable",
                "key": "site",
                "name": "Public site",
                "parent": "build",
                "after": ["portal"],
            },
        ]

    @classmethod
    def _fill_estimate(cls, order):
        """Write the technical part of a quote as its project manager; return items by key."""
        estimate = order.sudo().estimate_id.with_user(cls.project_manager)
        items = {}
        for rank, row in enumerate(cls._plan_items()):
            items[row["key"]] = estimate.env["quote.estimate.item"].create(
                {
                    "estimate_id": estimate.id,
                    "kind": row["kind"],
                    "name": row["name"],
                    "sequence": rank,
                    "parent_id": items[row["parent"]].id if "parent" in row else False,
                    "duration": row.get("duration", 0),
                    "depend_on_ids": [Command.set([items[key].id for key in row.get("after", ())])],
                }
            )
        workload = [("survey", 0, 3), ("model", 1, 5), ("portal", 2, 12), ("portal", 0, 2)]
        estimate.env["quote.estimate.workload"].create(
            [
                {
                    "estimate_id": estimate.id,
                    "item_id": items[key].id,
                    "role_id": cls.roles[role].id,
                    "days": days,
                }
                for key, role, days in workload
            ]
        )
        estimate.env["quote.estimate.cost"].create(
            {
                "estimate_id": estimate.id,
                "family": "travel",
                "name": "Visits",
                "quantity": 4,
                "unit_cost": 125.0,
            }
        )
        estimate.technical_content = "<p>An open-source archive server.</p>"
        estimate.organisation_content = "<p>One consultant, one engineer, one developer.</p>"
        return items

    @classmethod
    def _price(cls, order, margin=30.0):
        """Set the price of a quote at its financial step, by target margin."""
        wizard = (
            order.env["quote.pricing"]
            .with_context(**order.action_price()["context"])
            .create({"mode": "margin", "target_margin_percent": margin})
        )
        wizard.action_apply()

    @classmethod
    def _create_quote_at(cls, step, **values):
        """Return a quote of the salesperson at a step, brought there by the people of the story.

        :param str step: "scope", "technical", "financial", "validation", "ready" or "sent"
        """
        order = cls._create_quote(**values)
        if step == "scope":
            return order
        order.action_start_technical()
        if step == "technical":
            return order
        cls._fill_estimate(order)
        order.sudo().estimate_id.with_user(cls.project_manager).action_ready()
        cls._price(order)
        if step == "financial":
            return order
        order.action_request_validation()
        if step == "validation":
            return order
        order.with_user(cls.commercial_approver).action_approve()
        if step == "sent":
            order.action_quotation_sent()
        return order


class QuoteProcessCase(QuoteProcessMixin, TransactionCase):
    """A database with the people of the story, and nothing of the demo data."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_story()
