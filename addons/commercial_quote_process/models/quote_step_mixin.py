from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import (
    CLOSED_STEPS,
    QUOTE_STEPS,
    QUOTE_TURNS,
    STAGE_OF_STEP,
    STATE_OF_STEP,
    TRANSITIONS,
    TURN_OF_STEP,
)
from .quote_responsible_mixin import ACTIVITY_TURN

ACTIVITY_VALIDATION = "commercial_quote_process.activity_type_validation"


class QuoteStepMixin(models.AbstractModel):
    """Where a quote stands, whose turn it is, and the only way to move it."""

    _name = "quote.step.mixin"
    _description = "Steps of a quote"

    # Decided when the quote is created, and never again: no dependency on purpose.
    quote_process = fields.Boolean(
        string="Follows the offer process",
        compute="_compute_quote_process",
        store=True,
        precompute=True,
        copy=False,
        help="Decided when the quote is created: by its team, or by the team of its opportunity.",
    )
    quote_step = fields.Selection(
        QUOTE_STEPS,
        string="Step",
        compute="_compute_quote_step",
        store=True,
        precompute=True,
        copy=False,
        index="btree_not_null",
        group_expand="_order_steps",
    )
    quote_step_since = fields.Datetime(
        string="Since",
        compute="_compute_quote_step",
        store=True,
        precompute=True,
        copy=False,
    )
    quote_turn = fields.Selection(
        QUOTE_TURNS,
        string="Whose turn",
        compute="_compute_quote_turn",
        store=True,
        precompute=True,
        copy=False,
    )
    quote_turn_user_id = fields.Many2one(
        "res.users",
        string="In the hands of",
        compute="_compute_quote_turn",
        store=True,
        precompute=True,
        copy=False,
        index="btree_not_null",
    )
    quote_step_log_ids = fields.One2many(
        "quote.step.log", "order_id", string="History of the steps", copy=False
    )
    content_revision = fields.Integer(
        string="Content revision",
        copy=False,
        default=0,
        help="Grows with every change of the content; a decision carries the revision it saw.",
    )

    # === COMPUTE METHODS === #

    def _compute_quote_process(self):
        """Take part in the process when the team, or the opportunity's team, has opted in."""
        for order in self:
            order.quote_process = order._is_process_opted_in()

    def _is_process_opted_in(self):
        """Return whether a new quote with these values belongs to the process.

        :rtype: bool
        """
        self.ensure_one()
        team_sudo = self.team_id.sudo()
        opportunity_sudo = self.opportunity_id.sudo()
        return team_sudo.use_quote_process or opportunity_sudo.team_id.use_quote_process

    def _compute_quote_step(self):
        now = fields.Datetime.now()
        for order in self:
            order.quote_step = "scope" if order.quote_process else False
            order.quote_step_since = now if order.quote_process else False

    @api.depends("quote_step", "user_id", "project_manager_id", "validity_date")
    def _compute_quote_turn(self):
        today = fields.Date.context_today(self)
        for order in self:
            turn = TURN_OF_STEP.get(order.quote_step, False)
            if turn == "client" and order.validity_date and order.validity_date < today:
                turn = "salesperson"
            order.quote_turn = turn
            order.quote_turn_user_id = order._get_turn_user(turn)

    def _get_turn_user(self, turn):
        """Return the one person who has the ball, when it is one person.

        :param str turn: a key of ``const.QUOTE_TURNS``, or False
        :rtype: res.users
        """
        self.ensure_one()
        if turn == "salesperson":
            return self.user_id
        if turn == "project_manager":
            return self.project_manager_id
        return self.env["res.users"]

    # === MOVING === #

    def _move_to_step(self, step, reason=None):
        """Move quotes to a step. Every move of the process ends up here.

        The caller has checked that the acting person may decide this move; this method checks
        that the move exists, writes Odoo's own state with it, and keeps the history.

        :param str step: a key of ``const.QUOTE_STEPS``
        :param str reason: why, in the words of the person who decided; shown in the history
        :raise UserError: when the move does not exist from the quote's current step
        """
        self._check_transition(step)
        previous_steps = {order.id: order.quote_step for order in self}
        orders_sudo = self.sudo()
        orders_sudo._gated().write(self._prepare_step_values(step))
        # Computed now, so that the step and whose turn it is are written by one statement.
        orders_sudo.mapped("quote_turn_user_id")
        if step in CLOSED_STEPS:
            orders_sudo._action_cancel()
        orders_sudo._log_step(step, reason)
        orders_sudo._close_activities_of(orders_sudo._get_finished_activities(previous_steps))
        self._on_step_changed(previous_steps, step)
        # Where the stage stands for both steps, there is nothing to follow.
        stage = STAGE_OF_STEP.get(step)
        moved_sudo = orders_sudo.filtered(
            lambda order: STAGE_OF_STEP.get(previous_steps[order.id]) != stage
        )
        moved_sudo.opportunity_id._sync_stage_with_quotes(reason)

    def _prepare_step_values(self, step):
        """Return the values to write on quotes that enter a step.

        Odoo's state follows the step, except for an order (``action_confirm`` writes it with all
        that a confirmation brings) and for a closed quote (``_action_cancel`` does).

        :param str step: a key of ``const.QUOTE_STEPS``
        :rtype: dict
        """
        values = {"quote_step": step, "quote_step_since": fields.Datetime.now()}
        state = STATE_OF_STEP[step]
        # Writing the state it already has would make Odoo recompute every line.
        if state in ("draft", "sent") and any(order.state != state for order in self):
            values["state"] = state
        if step == "sent":
            values["sent_on"] = fields.Datetime.now()
        return values

    def _check_transition(self, step):
        """Refuse a move that does not exist from the step at which a quote is.

        :param str step: see ``_move_to_step``
        :raise UserError: with where the quote is
        """
        for order in self:
            if step not in TRANSITIONS.get(order.quote_step, ()):
                raise UserError(order._get_transition_error(step))

    def _get_transition_error(self, step):
        if not self.quote_process:
            return self.env._("%(quote)s does not follow the offer process.", quote=self.name)
        labels = dict(self._fields["quote_step"]._description_selection(self.env))
        return self.env._(
            "Quote %(quote)s is at the step “%(current)s”: it cannot go to “%(target)s” from"
            " there.",
            quote=self.name,
            current=labels[self.quote_step],
            target=labels[step],
        )

    def _log_step(self, step, reason=None):
        self.env["quote.step.log"].sudo()._enter(self, step, reason)

    def _get_finished_activities(self, previous_steps):
        """Return the activities that a move ends: whoever had the ball has played it.

        An overrider adds pairs to what ``super()`` returns.

        :param dict previous_steps: step left, by id of quote
        :return: pairs of records and external ids of types of activities
        :rtype: list
        """
        return [(self, (ACTIVITY_TURN, ACTIVITY_VALIDATION))]

    def _on_step_changed(self, previous_steps, step):
        """React to a move. Extend it, with ``super()`` first.

        :param dict previous_steps: step left, by id of quote
        :param str step: step entered, the same for all quotes
        """

    # === EXPIRY === #

    @api.model
    def _refresh_expired_turns(self):
        """Give the ball back to the salesperson of quotes that expired in the client's hands.

        :return: the quotes concerned
        :rtype: sale.order
        """
        expired = self.search(
            [
                ("quote_step", "=", "sent"),
                ("quote_turn", "=", "client"),
                ("validity_date", "<", fields.Date.context_today(self)),
            ]
        )
        self.env.add_to_compute(self._fields["quote_turn"], expired)
        self.env.add_to_compute(self._fields["quote_turn_user_id"], expired)
        return expired
