import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

from .quote_step_mixin import ACTIVITY_TURN

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
            if order_sudo._try_project():
                order_sudo._set_project_pending()

    def _try_project(self):
        """Create the project of this quote, all of it or nothing. In superuser mode.

        :return: what went wrong, or None
        :rtype: Exception
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self.with_company(self.company_id)._build_project()
        except (OperationalError, ConcurrencyError):
            # A conflict with another transaction: the whole request is tried again.
            raise
        except Exception as error:
            _logger.warning("Project of quote %s", self.name, exc_info=True)
            return error
        return None

    def _build_project(self):
        """Return the project of this quote, made from its estimate. In superuser mode.

        :rtype: project.project
        """
        self.ensure_one()
        existing = self._get_estimate_project()
        if existing or not self.estimate_id:
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
        :raise UserError: when the quote is not accepted, its project exists, or it fails again
        """
        self.check_access("write")
        self._lock_for_decision()
        for order in self:
            order_sudo = order.sudo()
            if order.quote_step != "accepted" or order_sudo._get_estimate_project():
                raise UserError(self.env._("%(quote)s waits for no project.", quote=order.name))
            if error := order_sudo._try_project():
                raise UserError(
                    self.env._(
                        "The project of %(quote)s still cannot be created: %(error)s",
                        quote=order.name,
                        error=error,
                    )
                ) from error
            order_sudo.activity_unlink([ACTIVITY_TURN])
            if not order_sudo.after_acceptance_pending:
                order_sudo._tell_project_manager()
        return True

    # === AFTER THE ACCEPTANCE === #

    def _after_acceptance(self):
        result = super()._after_acceptance()
        self._tell_project_manager()
        return result

    def _tell_project_manager(self):
        """Give the project manager an activity on the project that waits."""
        self.ensure_one()
        project = self._get_estimate_project()
        project._switch_on_features()
        if project.user_id:
            project.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("%(quote)s is signed: start the project", quote=self.name),
                user_id=project.user_id.id,
            )
