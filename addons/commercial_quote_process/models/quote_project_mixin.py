import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

from .quote_step_mixin import ACTIVITY_TURN

_logger = logging.getLogger(__name__)

PENDING_FIELDS = frozenset({"is_project_pending", "project_pending_reason"})


class QuoteProjectMixin(models.AbstractModel):
    """From an accepted quote to its project: once, and never at the cost of the signature."""

    _name = "quote.project.mixin"
    _description = "Project of a quote"
    _inherit = ["quote.kick.off.mixin"]

    is_project_pending = fields.Boolean(
        string="Project to create",
        copy=False,
        readonly=True,
        help="The quote was accepted, but its project could not be created yet, or was deleted.",
    )
    project_pending_reason = fields.Text(
        string="Why the project is missing", copy=False, readonly=True
    )

    _is_project_pending_idx = models.Index("(id) WHERE is_project_pending IS TRUE")

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | PENDING_FIELDS

    @api.depends("order_line.product_id", "order_line.project_id")
    def _compute_project_ids(self):
        """Let people without sales rights, who invoice for example, open orders.

        Odoo looks for the projects by a field that is hidden from them, and does so for everybody
        as soon as a project with milestones has switched these on.
        """
        if self.env.user.has_group("sales_team.group_sale_salesman"):
            return super()._compute_project_ids()
        orders_sudo = self.sudo()
        result = super(QuoteProjectMixin, orders_sudo)._compute_project_ids()
        for order, order_sudo in zip(self, orders_sudo, strict=True):
            projects = order_sudo.project_ids.with_env(self.env)._filtered_access("read")
            order.project_ids = projects
            order.project_count = len(projects.filtered("active"))
        return result

    def _create_project_from_estimate(self):
        """Create the project of each accepted quote, with its whole plan.

        Runs inside the transaction that accepts the quote. A plan that cannot be built is set
        aside and told to the salesperson: the acceptance stands.
        """
        for order_sudo in self.sudo():
            if error := order_sudo._try_project():
                order_sudo._set_project_pending(order_sudo._get_project_error_text(error))

    def _try_project(self):
        """Create the project of this quote, all of it or nothing. In superuser mode.

        :return: what went wrong, or None
        :rtype: Exception
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                # In the language of those who work on it, not of the client who signs.
                lang = self._get_project_lang()
                self.with_company(self.company_id).with_context(lang=lang)._build_project()
        except (OperationalError, ConcurrencyError):
            # A conflict with another transaction: the whole request is tried again.
            raise
        except Exception as error:
            _logger.warning("Project of quote %s", self.name, exc_info=True)
            return error
        return None

    def _get_project_lang(self):
        """Return the language of the project: the one of the person who leads it."""
        manager = self.estimate_id._get_project_manager() if self.estimate_id else self.user_id
        return manager.lang or self.company_id.partner_id.lang or self.env.lang

    def _get_project_error_text(self, error):
        """Return what went wrong as a sentence for the people of the company.

        :param Exception error: see ``_try_project``
        :rtype: str
        """
        if isinstance(error, UserError):
            return str(error)
        return self.env._(
            "unexpected error (%(error)s), see the log of the server", error=type(error).__name__
        )

    def _build_project(self):
        """Return the project of this quote, made from its estimate. In superuser mode.

        :rtype: project.project
        """
        self.ensure_one()
        existing = self._get_estimate_project()
        if existing or not self.estimate_id:
            return existing
        project = self.estimate_id._create_project()
        if self.project_id != project:
            self.project_id = project
        self.order_line.filtered("is_service").project_id = project
        if self.is_project_pending:
            self.write({"is_project_pending": False, "project_pending_reason": False})
        return project

    def _get_estimate_project(self):
        """Return the project already made for this quote, archived ones included.

        :rtype: project.project
        """
        self.ensure_one()
        projects_sudo = self.env["project.project"].sudo().with_context(active_test=False)
        return projects_sudo.search([("estimate_id", "=", self.estimate_id.id)], limit=1)

    def _set_project_pending(self, reason):
        """Show that accepted quotes have no project, and ask their salespeople to see to it.

        :param str reason: why, as plain text
        """
        self.write({"is_project_pending": True, "project_pending_reason": reason})
        self._schedule_salesperson_activity(
            self.env._("The project could not be created: try again from the order"), reason
        )

    # === TRYING AGAIN === #

    def action_retry_project(self):
        """Try again to create the project of an accepted quote.

        :return: True
        :raise UserError: when the quote is not accepted, its project exists, or it fails again
        """
        self.check_access("write")
        self._lock_for_decision()
        for order in self:
            order_sudo = order.sudo()
            order_sudo._check_project_missing()
            if error := order_sudo._try_project():
                raise UserError(
                    self.env._(
                        "The project of %(quote)s still cannot be created: %(error)s",
                        quote=order.name,
                        error=order_sudo._get_project_error_text(error),
                    )
                ) from error
            order_sudo.activity_unlink([ACTIVITY_TURN])
            if not order_sudo.after_acceptance_pending:
                order_sudo._tell_project_manager()
        return True

    def _check_project_missing(self):
        """Refuse to create a project that nobody waits for.

        :raise UserError: with what there is instead
        """
        project = self._get_estimate_project()
        if self.quote_step != "accepted" or (project and project.active):
            raise UserError(self.env._("%(quote)s waits for no project.", quote=self.name))
        if project:
            raise UserError(
                self.env._(
                    "The project of %(quote)s exists: “%(project)s” is archived. Unarchive it"
                    " instead of creating another one.",
                    quote=self.name,
                    project=project.name,
                )
            )

    def _on_project_deleted(self, name):
        """Show that somebody deleted the project of accepted quotes; it can be created again.

        :param str name: name of the project
        """
        waiting = self.filtered(lambda order: order.quote_step == "accepted")
        if not waiting:
            return
        reason = self.env._(
            "“%(project)s” was deleted by %(person)s on %(date)s",
            project=name,
            person=self.env.user.name,
            date=fields.Date.context_today(self),
        )
        waiting.write({"is_project_pending": True, "project_pending_reason": reason})
        waiting._log_notes(dict.fromkeys(waiting.ids, reason))
