from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import OPEN_STEPS

# Parts of a proposal that a client may want changed, and who looks after each.
CHANGE_SECTIONS = [
    ("summary", "Summary"),
    ("scope", "Context and scope"),
    ("technical", "Technical part"),
    ("organisation", "Organisation"),
    ("team", "Team"),
    ("plan", "Plan"),
    ("milestones", "Milestones and deliverables"),
    ("requirements", "Answers to the requirements"),
    ("price", "Price"),
    ("payment", "Payment"),
    ("assumptions", "Assumptions"),
    ("exclusions", "Out of scope"),
    ("terms", "General terms"),
    ("general", "In general"),
]
TECHNICAL_SECTIONS = frozenset(
    {"technical", "organisation", "team", "plan", "milestones", "requirements"}
)
ANSWER_FIELDS = frozenset({"outcome", "answer", "answered_by_id", "answered_on", "answered_in_id"})


class QuoteChangeRequest(models.Model):
    """One thing that the client wants changed in a version, and what became of it.

    What was asked is never rewritten. The answer may be, until the version that brings it is sent.
    """

    _name = "quote.change.request"
    _inherit = ["quote.history.mixin"]
    _description = "Change asked by the client"
    _order = "asked_on desc, id"
    _rec_name = "section"

    order_id = fields.Many2one(
        "sale.order",
        string="Version",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        help="The version that the client had in hand.",
    )
    quote_root_id = fields.Many2one("sale.order", readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    section = fields.Selection(CHANGE_SECTIONS, required=True, readonly=True)
    part = fields.Selection(
        [("technical", "Technical part"), ("commercial", "Commercial part")],
        compute="_compute_part",
        store=True,
        precompute=True,
    )
    comment = fields.Text(string="What should change", required=True, readonly=True)
    asked_by = fields.Char(required=True, readonly=True)
    asked_on = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    noted_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        help="The colleague who wrote down what the client said; empty when it came by the page.",
    )
    file_ids = fields.One2many("quote.change.file", "request_id", string="Files", readonly=True)

    # === ANSWER === #

    outcome = fields.Selection(
        [("done", "Done"), ("declined", "Not done")], string="Answer", readonly=True
    )
    answer = fields.Char(string="How, or why not", readonly=True)
    answered_by_id = fields.Many2one("res.users", string="Answered by", readonly=True)
    answered_on = fields.Datetime(readonly=True)
    answered_in_id = fields.Many2one(
        "sale.order", string="In the version", readonly=True, index="btree_not_null"
    )
    answer_text = fields.Text(
        string="What became of it", compute="_compute_answer_text", export_string_translation=False
    )
    can_answer = fields.Boolean(compute="_compute_can_answer")

    @api.depends("section")
    def _compute_part(self):
        for request in self:
            is_technical = request.section in TECHNICAL_SECTIONS
            request.part = "technical" if is_technical else "commercial"

    @api.depends("answer", "outcome")
    @api.depends_context("lang")
    def _compute_answer_text(self):
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        for request in self:
            words = [labels.get(request.outcome), request.answer]
            request.answer_text = ": ".join(word for word in words if word)

    @api.depends("outcome")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        for request in self:
            request.can_answer = not request._get_answer_error()

    def _is_history_change_allowed(self, vals):
        """The answer is no part of what was asked, until the client has read it."""
        return set(vals) == ANSWER_FIELDS and not any(row._is_answer_sent() for row in self)

    def _is_answer_sent(self):
        """Return whether the client has received the version that brings the answer.

        :rtype: bool
        """
        self.ensure_one()
        return bool(self.answered_in_id.sent_on)

    def action_open_request(self):
        """Open a change with its files.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change asked by the client"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # === ANSWERING === #

    def action_done(self, answer=None):
        """Note that these changes are made in the version being written.

        :param str answer: how, in a word
        :return: True
        :raise AccessError: when it is somebody else's to answer
        :raise UserError: when there is no version that could bring the change
        """
        self._answer("done", answer)
        return True

    def action_decline_change(self, answer=None):
        """Note that these changes are not made.

        :param str answer: why, in a word
        :return: True
        :raise UserError: when no reason is given
        """
        if not isinstance(answer, str) or not answer.strip():
            raise UserError(self.env._("Say in a word why this is not done."))
        self._answer("declined", answer)
        return True

    def action_reopen_change(self):
        """Take an answer back: the change is to be made again.

        :return: True
        """
        self._check_may_answer()
        self.sudo().write(dict.fromkeys(ANSWER_FIELDS, False))
        return True

    def _answer(self, outcome, answer):
        self._check_may_answer()
        answer = answer.strip()[:500] if isinstance(answer, str) else ""
        for request_sudo in self.sudo():
            request_sudo.write(
                {
                    "outcome": outcome,
                    "answer": answer,
                    "answered_by_id": self.env.uid,
                    "answered_on": fields.Datetime.now(),
                    "answered_in_id": request_sudo._get_version_sudo().id,
                }
            )

    def _check_may_answer(self):
        self.check_access("read")
        for request in self:
            if error := request._get_answer_error():
                raise error

    def _get_version_sudo(self):
        """Return the version being written that brings the answer, empty when there is none yet.

        :rtype: sale.order
        """
        self.ensure_one()
        request_sudo = self.sudo()
        later_sudo = request_sudo.quote_root_id.quote_family_ids.filtered(
            lambda order: (
                order.quote_version > request_sudo.order_id.quote_version
                and not order.sent_on
                and order.quote_step != "cancelled"
            )
        )
        return later_sudo.sorted("quote_version")[-1:]

    def _get_answer_error(self):
        """Return why the current user may not answer now, or False.

        :return: the exception to raise, or False
        :rtype: Exception | bool
        """
        self.ensure_one()
        request_sudo = self.sudo()
        if request_sudo._is_answer_sent():
            return UserError(self.env._("The client has already received this answer."))
        version_sudo = request_sudo._get_version_sudo()
        if not version_sudo and request_sudo.order_id.quote_step not in OPEN_STEPS:
            return UserError(self.env._("This offer is closed: there is nothing to answer."))
        order_sudo = version_sudo or request_sudo.order_id
        people_sudo = order_sudo.estimate_id.contributor_ids | order_sudo.project_manager_id
        is_mine = request_sudo.part == "technical" and self.env.user in people_sudo
        if not is_mine and not order_sudo.with_env(self.env).has_access("write"):
            return AccessError(self.env._("This is for the salesperson of the quote."))
        return False
