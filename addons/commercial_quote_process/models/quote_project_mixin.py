import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class QuoteProjectMixin(models.AbstractModel):
    """From an accepted quote to its project: once, and never at the cost of the signature."""

    _name = "quote.project.mixin"
    _description = "Project of a quote"

    is_project_pending = fields.Boolean(
        string="Project to create",
        copy=False,
        readonly=True,
        help="The quote was accepted, but its project could not be created yet.",
    )

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {"is_project_pending"}

    def _create_project_from_estimate(self):
        """Create the project of each accepted quote, with its whole plan.

        Runs inside the transaction that accepts the quote. A plan that cannot be built is set
        aside and told to the salesperson: the acceptance stands.
        """
        for order_sudo in self.sudo():
            order_sudo = order_sudo.with_company(order_sudo.company_id)
            try:
                with self.env.cr.savepoint():
                    order_sudo._build_project()
            except OperationalError:
                # A conflict with another transaction: the whole request is tried again.
                raise
            except Exception:
                _logger.warning("Project of quote %s", order_sudo.name, exc_info=True)
                order_sudo._set_project_pending()

    def _build_project(self):
        """Return the project of this quote, made from its estimate. In superuser mode.

        :rtype: project.project
        """
        self.ensure_one()
        existing = self._get_estimate_project()
        if existing or not self.estimate_id.item_ids:
            return existing
        project = self.estimate_id._create_project()
        self.project_id = project
        self.order_line.filtered("is_service").project_id = project
        self.is_project_pending = False
        return project

    def _get_estimate_project(self):
        """Return the project already made for this quote, archived ones included.

        :rtype: project.project
        """
        self.ensure_one()
        projects_sudo = self.env["project.project"].sudo().with_context(active_test=False)
        return projects_sudo.search([("estimate_id", "=", self.estimate_id.id)], limit=1)

    def _set_project_pending(self):
        self.is_project_pending = True
        self._schedule_salesperson_activity(
            self.env._("The project could not be created: try again from the order")
        )

    def action_retry_project(self):
        """Try again to create the project of an accepted quote.

        :return: True
        :raise UserError: when the quote is not accepted, or its project exists
        """
        self.check_access("write")
        for order in self:
            if order.quote_step != "accepted" or order._get_estimate_project():
                raise UserError(self.env._("%(quote)s waits for no project.", quote=order.name))
            order_sudo = order.sudo()
            order_sudo.with_company(order_sudo.company_id)._build_project()
        return True
