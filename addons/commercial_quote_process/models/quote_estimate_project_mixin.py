from odoo import models

from ..const import GATE_KEY, GATE_PASS

# A plan of fifty tasks tells nobody anything task by task, and switches no feature of Odoo on.
QUIET = {
    GATE_KEY: GATE_PASS,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_notrack": True,
    "tracking_disable": True,
}


class QuoteEstimateProjectMixin(models.AbstractModel):
    """The project that an estimate becomes: phases, tasks, dates, milestones, dependencies.

    All methods run in superuser mode, in the company of the quote, in the transaction that
    accepts the quote. One batch per model, and nothing mailed.
    """

    _name = "quote.estimate.project.mixin"
    _description = "Project of an estimate"
    _inherit = ["quote.estimate.start.mixin"]

    def _create_project(self):
        """Create the project of this estimate with its whole plan.

        :rtype: project.project
        """
        self.ensure_one()
        start = self._get_project_start()
        left_out = self._get_options_left_out()
        plan = {row["item"]: row for row in self._get_plan(start) if row["item"] not in left_out}
        project = (
            self.env["project.project"]
            .with_context(**QUIET)
            .create({**self._prepare_project_values(plan), "sold_start": start})
        )
        project.message_subscribe(partner_ids=self._get_project_people().partner_id.ids)
        project.type_ids = self._create_task_stages()
        if plan:
            self._create_tasks(project, plan, self._create_milestones(project, plan))
        else:
            self._create_line_tasks(project)
        return project

    def _get_options_left_out(self):
        """Return the items that the client did not buy: options, with what is inside of them.

        :rtype: quote.estimate.item
        """
        options = self.order_id.order_line.filtered(lambda line: line._is_option())
        items = options.estimate_item_id
        return self.item_ids.filtered(lambda item: (item | item._get_phases()) & items)

    # === VALUES === #

    def _prepare_project_values(self, plan):
        """Return the values of the project.

        :param dict plan: row of ``_get_plan`` by item, with its dates
        :rtype: dict
        """
        order = self.order_id
        account = order.project_account_id
        if not account:
            accounts = self.env["account.analytic.account"].with_context(**QUIET)
            account = accounts.create(order._prepare_analytic_account_data())
        values = {
            "name": f"{order.partner_id.commercial_partner_id.name} - {order.name}",
            "estimate_id": self.id,
            "company_id": order.company_id.id,
            "partner_id": order.partner_id.id,
            "user_id": self._get_project_manager().id,
            "account_id": account.id,
            "allow_billable": True,
            "allow_milestones": True,
            "allow_task_dependencies": True,
            "sale_line_id": self._get_default_line().id,
            "reinvoiced_sale_order_id": order.id,
        }
        dated = [row for row in plan.values() if row["start_date"] and row["end_date"]]
        if dated:
            values["date_start"] = min(row["start_date"] for row in dated)
            values["date"] = max(row["end_date"] for row in dated)
        return values

    def _get_project_manager(self):
        """Return who leads the project: the project manager, or who looks after the client.

        :rtype: res.users
        """
        order = self.order_id
        manager = (order.project_manager_id or self.project_manager_id).filtered("active")
        return manager or order._get_responsible_user()

    def _get_project_people(self):
        """Return who follows the project: its manager, who wrote the estimate, the salesperson.

        The client does not: tasks show hours. Its manager shares it when the time has come.

        :rtype: res.users
        """
        people = self._get_project_manager() | self.contributor_ids
        people |= self.order_id._get_responsible_user()
        return people.filtered(lambda user: user.active and not user.share)

    def _create_task_stages(self):
        """Return the stages of the tasks, the same that Odoo gives to projects of an order."""
        names = [
            (self.env._("To Do"), False),
            (self.env._("In Progress"), False),
            (self.env._("Done"), False),
            (self.env._("Cancelled"), True),
        ]
        return self.env["project.task.type"].create(
            [
                {"name": name, "fold": fold, "sequence": 5 * rank}
                for rank, (name, fold) in enumerate(names, start=1)
            ]
        )

    def _get_default_line(self):
        """Return the order line of what no phase sells: the first service of the quote."""
        return self._get_service_lines()[:1]

    def _get_service_lines(self):
        """Return the order lines that sell work, in the order of the quote.

        :rtype: sale.order.line
        """
        lines = self.order_id.order_line.filtered(
            lambda line: (
                not line.display_type
                and line.is_service
                and not line.is_downpayment
                and not line._is_option()
            )
        )
        return lines.sorted(lambda line: (line.sequence, line.id))

    def _create_milestones(self, project, plan):
        """Return the milestone of each milestone of the plan.

        :rtype: dict
        """
        items = [item for item in plan if item.kind == "milestone"]
        milestones = (
            self.env["project.milestone"]
            .with_context(**QUIET)
            .create(
                [
                    {
                        **self._prepare_milestone_values(item, plan[item]),
                        "project_id": project.id,
                    }
                    for item in items
                ]
            )
        )
        return dict(zip(items, milestones, strict=True))

    def _prepare_milestone_values(self, item, row):
        """Return the values of the milestone of a milestone of the plan.

        Without a sequence, Odoo lists milestones by their deadline, and so after they have moved.
        An overrider returns ``{**super()._prepare_milestone_values(...), ...}``.

        :param item: ``quote.estimate.item``
        :param dict row: its row of ``_get_plan``
        :rtype: dict
        """
        return {
            "name": item.name,
            "deadline": row["end_date"],
            "estimate_item_id": item.id,
        }
