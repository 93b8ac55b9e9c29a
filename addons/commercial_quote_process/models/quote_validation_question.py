from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# The two parts of a quote that a question may be about, each with its owner.
QUESTION_PARTS = [("technical", "Technical part"), ("commercial", "Commercial part")]
ANSWER_FIELDS = frozenset({"answer", "answered_by_id", "answered_on"})


class QuoteValidationQuestion(models.Model):
    """What an approver asked before deciding, of whom, and the answer: never rewritten."""

    _name = "quote.validation.question"
    _description = "Question before a validation"
    _inherit = ["quote.history.mixin"]
    _order = "asked_on desc, id desc"
    _rec_name = "question"

    order_id = fields.Many2one(
        "sale.order", string="Quote", required=True, index=True, readonly=True, ondelete="cascade"
    )
    estimate_id = fields.Many2one(
        "quote.estimate",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The technical part that the question is about; empty for the commercial part.",
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    part = fields.Selection(QUESTION_PARTS, required=True, readonly=True)
    question = fields.Text(required=True, readonly=True)
    asked_by_id = fields.Many2one("res.users", string="Asked by", required=True, readonly=True)
    asked_on = fields.Datetime(
        string="Asked on", required=True, readonly=True, default=fields.Datetime.now
    )
    asked_to_id = fields.Many2one(
        "res.users", string="Asked of", required=True, readonly=True, index=True
    )
    answer = fields.Text(readonly=True)
    answered_by_id = fields.Many2one("res.users", string="Answered by", readonly=True)
    answered_on = fields.Datetime(string="Answered on", readonly=True)
    can_answer = fields.Boolean(
        compute="_compute_can_answer", help="The question waits for an answer that you may give."
    )

    @api.depends("answered_on", "order_id.quote_step")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        for question in self:
            question.can_answer = not question._get_answer_error()

    def _is_history_change_allowed(self, vals):
        """A question is asked once and answered once."""
        return set(vals) == ANSWER_FIELDS and not any(row.answered_on for row in self)

    # === ANSWERING === #

    def action_answer(self, answer):
        """Answer questions as the current user, and tell whoever asked.

        :param str answer: what the approver needs to know
        :return: True
        :raise AccessError: when the question is somebody else's to answer
        :raise UserError: when there is nothing to answer, or nothing was typed
        """
        self.check_access("read")
        if not isinstance(answer, str) or not answer.strip():
            raise UserError(self.env._("Type your answer first."))
        self.order_id.sudo()._lock_for_decision()
        self.invalidate_recordset()
        for question in self:
            if error := question._get_answer_error():
                raise error
        self.sudo().write(
            {
                "answer": answer.strip(),
                "answered_by_id": self.env.uid,
                "answered_on": fields.Datetime.now(),
            }
        )
        for question_sudo in self.sudo():
            question_sudo.order_id._on_question_answered(question_sudo)
        return True

    def _get_answer_error(self):
        """Return why the current user may not answer now, or False.

        :return: the exception to raise, or False
        :rtype: Exception | bool
        """
        self.ensure_one()
        if self.answered_on:
            return UserError(
                self.env._(
                    "%(person)s has already answered this question.",
                    person=self.sudo().answered_by_id.name,
                )
            )
        if self.sudo().order_id.quote_step != "validation":
            return UserError(
                self.env._("The quote no longer waits for its validation: nothing to answer.")
            )
        if self.env.user not in self._get_answerers_sudo():
            return AccessError(
                self.env._("This question is for %(person)s.", person=self.sudo().asked_to_id.name)
            )
        return False

    def _get_answerers_sudo(self):
        """Return who may answer: whom it was asked of, and who owns the part with him.

        :rtype: res.users
        """
        question_sudo = self.sudo()
        order_sudo = question_sudo.order_id
        people_sudo = question_sudo.asked_to_id
        if question_sudo.part == "technical":
            people_sudo |= order_sudo.project_manager_id | order_sudo.estimate_id.contributor_ids
        else:
            people_sudo |= order_sudo.user_id | order_sudo.team_id.user_id
        return people_sudo - question_sudo.asked_by_id

    def _get_screen_values(self):
        """Return the questions as plain values for a screen, the oldest first.

        Called on records that the current user may see, in superuser mode or not.

        :rtype: list(dict)
        """
        to_text = fields.Datetime.to_string
        return [
            {
                "id": question.id,
                "part": question.part,
                "question": question.question,
                "asked_by": question.asked_by_id.name,
                "asked_on": to_text(question.asked_on),
                "asked_to": question.asked_to_id.name,
                "answer": question.answer or "",
                "answered_by": question.answered_by_id.name or "",
                "answered_on": to_text(question.answered_on) or "",
                "can_answer": question.with_env(self.env(su=False)).can_answer,
            }
            for question in self.sudo().sorted(lambda row: (row.asked_on, row.id))
        ]
