"""People and quotes to measure on: in stock Odoo, and in the process."""

ROLES, RATE = 3, {"date_from": "2020-01-01", "daily_cost": 400, "daily_price": 700}


def new_user(env, login, group):
    """Return a user with the rights of one part."""
    groups = [(4, env.ref(group).id), (4, env.ref("base.group_user").id)]
    values = {"name": login, "login": f"bench_{login}", "email": f"{login}@example.com"}
    return env["res.users"].create({**values, "group_ids": groups})


class Story:
    """One salesperson, one client and one product on a database.

    :param env: environment of a superuser
    """

    def __init__(self, env):
        self.env = env
        self.salesperson = new_user(env, "salesperson", "sales_team.group_sale_salesman")
        self.client = env["res.partner"].create({"name": "Client", "email": "c@example.com"})
        self.product = env["product.product"].create({"name": "Service", "type": "service"})
        self.team = env["crm.team"].create({"name": "Shop", "company_id": False})

    def prepare_values(self, lines):
        """Return the values of a quotation of so many lines."""
        values = {"product_id": self.product.id, "product_uom_qty": 2, "price_unit": 800}
        return {
            "partner_id": self.client.id,
            "team_id": self.team.id,
            "user_id": self.salesperson.id,
            "order_line": [(0, 0, {**values, "name": f"Line {n}"}) for n in range(lines)],
        }

    def make_quotations(self, count, lines):
        """Return quotations, as the salesperson sees them."""
        orders = self.env["sale.order"].create([self.prepare_values(lines) for _ in range(count)])
        return self.env["sale.order"].with_user(self.salesperson).browse(orders.ids)


class ProcessStory(Story):
    """The same people in the process, with a project manager and an approver."""

    # How many lines a price has: see quote.pricing.
    granularity = "task"

    def __init__(self, env):
        super().__init__(env)
        self.team = env.ref("commercial_quote_process.team_services")
        approvers = "commercial_quote_process.group_quote_approver_commercial"
        self.manager = new_user(env, "manager", "project.group_project_user")
        self.approver = new_user(env, "approver", approvers)
        self.roles = env["project.role"].create([{"name": f"Role {n}"} for n in range(ROLES)])
        env["quote.role.rate"].create([{"role_id": role.id, **RATE} for role in self.roles])

    def prepare_values(self, lines):
        lead = self.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "partner_id": self.client.id,
                "team_id": self.team.id,
                "user_id": self.salesperson.id,
            }
        )
        return {
            **super().prepare_values(lines),
            "opportunity_id": lead.id,
            "project_manager_id": self.manager.id,
            "scope_content": "<p>Scope of the service</p>",
        }

    def make_priced(self, count, size):
        """Return quotes priced from an estimate of ``size`` items: one line for each of them."""
        orders = self.make_quotations(count, 0)
        orders.action_start_technical()
        estimates = orders.sudo().estimate_id
        self.fill(estimates, size)
        for estimate in estimates.with_user(self.manager):
            estimate.action_ready()
        for order in orders:
            values = {"order_id": order.id, "mode": "margin", "granularity": self.granularity}
            pricing = order.env["quote.pricing"].create({**values, "target_margin_percent": 30.0})
            pricing.action_apply()
        return orders

    def fill(self, estimates, size):
        """Write plans of chained tasks in phases of ten rows, each task with its days."""
        model, phases = self.env["quote.estimate.item"], size // 10
        tasks = []
        for estimate in estimates:
            values = {"estimate_id": estimate.id}
            rows = [{**values, "kind": "phase", "name": f"Phase {n}"} for n in range(phases)]
            parents = model.create(rows).ids
            rows = [
                {**values, "kind": "task", "name": f"Task {n}", "duration": 2, "sequence": n}
                for n in range(size - phases)
            ]
            for number, row in enumerate(rows):
                row["parent_id"] = parents[number % phases] if phases else False
            tasks += model.create(rows)
        for before, task in zip(tasks, tasks[1:], strict=False):
            if before.estimate_id == task.estimate_id and task.sequence % 5:
                task.depend_on_ids = before
        self.env["quote.estimate.workload"].create(
            [
                {
                    "estimate_id": task.estimate_id.id,
                    "item_id": task.id,
                    "role_id": self.roles[task.sequence % ROLES].id,
                    "days": 1 + task.sequence % 4,
                }
                for task in tasks
            ]
        )
        self.env["quote.estimate.cost"].create(
            [
                {"estimate_id": e.id, "family": "travel", "name": "Visits", "unit_cost": 120}
                for e in estimates
            ]
        )
        texts = ("technical_content", "organisation_content")
        estimates.write(dict.fromkeys(texts, "<p>Text</p>"))
