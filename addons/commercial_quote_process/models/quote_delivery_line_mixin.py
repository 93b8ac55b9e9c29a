from markupsafe import Markup

from odoo import api, models

from .quote_estimate_project_mixin import QUIET


class QuoteDeliveryLineMixin(models.AbstractModel):
    """A line as those who deliver meet it: its title, and what is sold after the signature."""

    _name = "quote.delivery.line.mixin"
    _description = "Line of a project"

    @api.depends("name")
    def _compute_display_name(self):
        """Phases are sold as one service: people tell them apart by the titles of the lines."""
        result = super()._compute_display_name()
        additions = self._additional_name_per_id()
        for line in self:
            line_sudo = line.sudo()
            if line_sudo.order_id.quote_process and line_sudo.is_from_estimate:
                title = (line_sudo.name or "").partition("\n")[0]
                name = f"{line_sudo.order_id.name} - {title}"
                line.display_name = f"{name} {additions.get(line.id) or ''}".rstrip()
        return result

    # === SOLD AFTER THE SIGNATURE === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        added_sudo = lines.sudo().filtered(lambda line: line._is_added_service())
        added_sudo._add_to_project()
        return lines

    def _is_added_service(self):
        """Return whether a line sells work that the client did not sign, on an accepted quote.

        :rtype: bool
        """
        self.ensure_one()
        return bool(
            self.order_id.quote_process
            and self.order_id._is_signed()
            and self.is_service
            and not (self.display_type or self.is_downpayment or self.is_expense)
            # A discount is a service for Odoo.
            and self.price_unit >= 0
            and not self._is_option()
        )

    def _add_to_project(self):
        """Give each line a task in the project of its quote, and tell who leads it.

        Odoo would make a project for them. In superuser mode.
        """
        for order, lines in self.grouped("order_id").items():
            project = order._get_estimate_project()
            if not project:
                continue
            lines.project_id = project
            tasks = lines._create_added_tasks(project)
            titles = ", ".join(tasks.mapped("name"))
            lang = project.user_id.lang or self.env.lang
            project.message_post(
                body=Markup("<p>%s</p>")
                % self.with_context(lang=lang).env._(
                    "Sold on %(quote)s after its signature: %(lines)s",
                    quote=order.name,
                    lines=titles,
                ),
                author_id=self.env.user.partner_id.id,
                partner_ids=project.user_id.partner_id.ids,
            )

    def _create_added_tasks(self, project):
        """Return one task per line, with the milestone that invoices it where one has to.

        :param project: the ``project.project`` of the quote
        :rtype: project.task
        """
        estimate = self.order_id.estimate_id
        values = [estimate._prepare_line_task_values(project, line) for line in self]
        tasks = self.env["project.task"].with_context(**QUIET).create(values)
        waiting = [
            (line, task)
            for line, task in zip(self, tasks, strict=True)
            if line._is_invoiced_at_milestones()
        ]
        milestones = self.env["project.milestone"].create(
            [
                {
                    "name": task.name,
                    "project_id": project.id,
                    "sale_line_id": line.id,
                    "quantity_percentage": 1.0,
                }
                for line, task in waiting
            ]
        )
        for (_line, task), milestone in zip(waiting, milestones, strict=True):
            task.milestone_id = milestone
        return tasks
