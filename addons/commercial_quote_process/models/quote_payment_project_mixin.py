from datetime import timedelta

from odoo import fields, models

from .quote_estimate_project_mixin import QUIET


class QuotePaymentProjectMixin(models.AbstractModel):
    """The milestones of a project, linked to the lines that they make invoiceable.

    Each payment after the acceptance is a milestone. A milestone of Odoo delivers a share of one
    line: where several lines are sold, milestones that follow the first one deliver the same share
    of the others. The last payment delivers what is left, the down payment's share included, which
    Odoo takes off that invoice.

    All methods run in superuser mode, in the transaction that accepts the quote.
    """

    _name = "quote.payment.project.mixin"
    _description = "Milestones that release invoices"

    def _create_milestones(self, project, plan):
        milestones = super()._create_milestones(project, plan)
        self._link_milestones(project, plan, milestones)
        return milestones

    def _create_line_tasks(self, project):
        tasks = super()._create_line_tasks(project)
        self._link_milestones(project, {}, {})
        return tasks

    # === SHARES === #

    def _link_milestones(self, project, plan, milestones):
        """Give each line that is invoiced at milestones its share of each of them.

        :param project: the ``project.project``
        :param dict plan: row of ``_get_plan`` by item
        :param dict milestones: ``project.milestone`` by item
        """
        lines = self.order_id.order_line.filtered(
            lambda line: line.product_uom_qty and line._is_invoiced_at_milestones()
        ).sorted(lambda line: (line.sequence, line.id))
        if not lines:
            return
        rows = self.order_id.payment_row_ids.filtered(lambda row: row.trigger != "acceptance")
        if rows:
            links = self._link_payments(project, plan, milestones, rows, lines)
        else:
            links = self._link_phases(project, plan, milestones, lines)
        followers = []
        for milestone, shares in links.items():
            first, *others = shares
            milestone.with_context(**QUIET).write(self._prepare_share_values(*first))
            followers += [self._prepare_follower_values(milestone, *share) for share in others]
        self.env["project.milestone"].with_context(**QUIET).create(followers)

    def _link_payments(self, project, plan, milestones, rows, lines):
        """Return the share of each line that each payment of the schedule delivers.

        :return: pairs (line, share from 0 to 1) by ``project.milestone``
        :rtype: dict
        """
        deadlines = {row: self._get_payment_deadline(project, plan, row) for row in rows}
        last_day = max(filter(None, deadlines.values()), default=fields.Date.today())
        ordered = rows.sorted(
            lambda row: (row.trigger == "end", deadlines[row] or last_day, row.sequence, row.id)
        )
        links, left = {}, 1.0
        for row in ordered:
            share = left if row == ordered[-1] else row.percent / 100
            left -= share
            milestone = milestones.get(row.item_id)
            if not milestone:
                milestone = self._create_payment_milestone(project, row, deadlines[row])
                if row.item_id:
                    milestones[row.item_id] = milestone
            links[milestone] = [(line, share) for line in lines]
        return links

    def _link_phases(self, project, plan, milestones, lines):
        """Return the shares of lines without a schedule: a phase is invoiced at its milestones.

        What has no milestone of its own is invoiced at the last one of the plan.

        :return: as ``_link_payments``
        :rtype: dict
        """
        ordered = sorted(milestones, key=lambda item: (item.end_day, item.sequence, item.id))
        links = {}
        for line in lines:
            own = [item for item in ordered if line.estimate_item_id in item._get_phases()]
            for item in own or ordered[-1:]:
                links.setdefault(milestones[item], []).append((line, 1.0 / (len(own) or 1)))
        return links

    # === VALUES === #

    def _get_payment_deadline(self, project, plan, row):
        """Return the day on which a payment is planned to become due, or False.

        :param row: ``quote.payment.row``
        :rtype: date | bool
        """
        if row.trigger == "date":
            return row.due_date
        if row.trigger == "delay":
            return self._get_acceptance_day() + timedelta(days=row.delay_days)
        if row.trigger == "end":
            return project.date
        return plan[row.item_id]["end_date"] if row.item_id in plan else False

    def _create_payment_milestone(self, project, row, deadline):
        return (
            self.env["project.milestone"]
            .with_context(**QUIET)
            .create(self._prepare_payment_milestone_values(project, row, deadline))
        )

    def _prepare_payment_milestone_values(self, project, row, deadline):
        """Return the values of a milestone that the plan does not have.

        :param row: ``quote.payment.row``
        :param deadline: date or False
        :rtype: dict
        """
        return {
            "name": row.name,
            "project_id": project.id,
            "deadline": deadline,
            "sale_line_id": False,
        }

    def _prepare_share_values(self, line, share):
        """Return the values by which a milestone delivers a share of a line.

        :param line: ``sale.order.line``
        :param float share: from 0 to 1
        :rtype: dict
        """
        return {"sale_line_id": line.id, "quantity_percentage": share}

    def _prepare_follower_values(self, milestone, line, share):
        """Return the values of the milestone by which another one delivers one more line.

        :param milestone: the ``project.milestone`` that is reached by people
        :rtype: dict
        """
        title = (line.name or "").split("\n")[0]
        return {
            "name": f"{milestone.name} - {title}",
            "project_id": milestone.project_id.id,
            "deadline": milestone.deadline,
            "payment_milestone_id": milestone.id,
            **self._prepare_share_values(line, share),
        }
