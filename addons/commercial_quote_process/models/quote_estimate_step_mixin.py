from odoo import fields, models
from odoo.exceptions import AccessError, UserError

ACTIVITY_TECHNICAL = "commercial_quote_process.activity_type_technical"


class QuoteEstimateStepMixin(models.AbstractModel):
    """The technical part from "to do" to "ready", and back when something is missing."""

    _name = "quote.estimate.step.mixin"
    _description = "Steps of an estimate"

    state = fields.Selection(
        [("todo", "To do"), ("in_progress", "In progress"), ("ready", "Handed over")],
        required=True,
        readonly=True,
        default="todo",
        tracking=True,
        group_expand=True,
    )

    # === WHO === #

    def _check_is_technical_owner(self):
        """Refuse people who do not write this technical part.

        :raise AccessError: for anybody but its project manager, its contributors and the heads
            of projects
        """
        user = self.env.user
        for estimate in self:
            owners = estimate.project_manager_id | estimate.contributor_ids
            if user not in owners and not user.has_group("project.group_project_manager"):
                raise AccessError(
                    self.env._(
                        "The technical part of %(quote)s belongs to %(person)s.",
                        quote=estimate.name,
                        person=estimate.project_manager_id.name or self.env._("nobody yet"),
                    )
                )

    # === MOVING === #

    def action_start(self):
        """Start to work on the technical part.

        :return: True
        :raise UserError: when the quote is closed for its technical part
        """
        self.check_access("write")
        self._check_is_technical_owner()
        orders_sudo = self.sudo().order_id
        orders_sudo._lock_for_decision()
        orders_sudo._check_content_editable("technical")
        estimates_sudo = self.sudo().filtered(lambda estimate: estimate.state == "todo")
        estimates_sudo.state = "in_progress"
        return True

    def action_ready(self):
        """Hand the finished technical part over to the salesperson.

        :return: True
        :raise UserError: when something is missing, with the culprit's name
        """
        self.check_access("write")
        self._check_is_responsible()
        orders_sudo = self.sudo().order_id
        orders_sudo._lock_for_decision()
        for estimate in self:
            estimate._check_step("technical")
            estimate._check_complete()
        self.sudo().state = "ready"
        self.sudo().activity_feedback([ACTIVITY_TECHNICAL])
        orders_sudo._move_to_step("financial")
        orders_sudo._schedule_salesperson_activity(
            self.env._("The technical part is ready: set the price")
        )
        return True

    def action_reopen(self, reason):
        """Take a finished technical part back to work.

        :param str reason: what must change
        :return: True
        """
        self.check_access("read")
        reason = self._check_reason(reason)
        orders_sudo = self.sudo().order_id
        orders_sudo._lock_for_decision()
        for estimate in self:
            estimate._check_may_reopen()
            estimate._check_step("financial")
        orders_sudo._move_to_step("technical", reason)
        orders_sudo._schedule_technical_activity(reason)
        return True

    def _check_may_reopen(self):
        """Let the owners of both parts reopen: the project manager, and the salesperson."""
        self.ensure_one()
        order = self.order_id.with_env(self.env)
        if not order.has_access("write"):
            self._check_is_responsible()

    def action_send_back(self, question):
        """Send the quote back to the salesperson with a question about its scope.

        :param str question: what the project manager needs to know
        :return: True
        """
        self.check_access("write")
        self._check_is_responsible()
        question = self._check_reason(question)
        orders_sudo = self.sudo().order_id
        orders_sudo._lock_for_decision()
        for estimate in self:
            estimate._check_step("technical")
        orders_sudo._move_to_step("scope", question)
        orders_sudo._schedule_salesperson_activity(
            self.env._("A question of the project manager"), question
        )
        return True

    # === CHECKS === #

    def _check_reason(self, reason):
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why: the person who gets the ball needs to know."))
        return reason.strip()

    def _check_step(self, step):
        """Refuse a move that the quote is not at the right step for.

        :param str step: the step the quote must be at
        """
        self.ensure_one()
        order_sudo = self.sudo().order_id
        if order_sudo.quote_step != step:
            labels = dict(order_sudo._fields["quote_step"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(quote)s is at the step “%(current)s”; this is done at the step"
                    " “%(needed)s”.",
                    quote=self.name,
                    current=labels[order_sudo.quote_step],
                    needed=labels[step],
                )
            )

    def _check_complete(self):
        """Refuse to hand over what cannot be priced.

        :raise UserError: naming the row that is wrong
        """
        self.ensure_one()
        tasks = self.item_ids.filtered(lambda item: item.kind == "task")
        if not tasks:
            raise UserError(
                self.env._("The plan of %(quote)s is empty: add its tasks first.", quote=self.name)
            )
        for task in tasks:
            if not task.duration:
                raise UserError(
                    self.env._("The task “%(task)s” has no duration: give it one.", task=task.name)
                )
        if not any(self.workload_ids.mapped("days")):
            raise UserError(
                self.env._(
                    "Nobody works on %(quote)s yet: give days to its tasks.", quote=self.name
                )
            )
        self._check_rates()
