from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..const import REFUSAL_PARTS

ACTIVITY_QUESTION = "commercial_quote_process.activity_type_question"


class QuoteQuestionMixin(models.AbstractModel):
    """What an approver asks before deciding: the validation stays pending meanwhile."""

    _name = "quote.question.mixin"
    _description = "Questions about a quote under validation"

    question_ids = fields.One2many(
        "quote.validation.question",
        "order_id",
        string="Questions",
        copy=False,
        groups="sales_team.group_sale_salesman",
    )
    validation_questions = fields.Json(
        string="Questions and answers",
        compute="_compute_validation_questions",
        compute_sudo=True,
        exportable=False,
        groups="sales_team.group_sale_salesman",
    )

    @api.depends("question_ids.answered_on")
    @api.depends_context("uid")
    def _compute_validation_questions(self):
        for order in self:
            order.validation_questions = order.question_ids._get_screen_values()

    @api.depends("question_ids.answered_on")
    def _compute_quote_turn_text(self):
        return super()._compute_quote_turn_text()

    def _get_turn_text(self):
        """Say first that a question waits for the reader: the approver waits for that."""
        text = super()._get_turn_text()
        mine_sudo = self.sudo().question_ids.filtered(
            lambda row: not row.answered_on and row.asked_to_id == self.env.user
        )
        if self.quote_step != "validation" or not mine_sudo:
            return text
        return self.env._(
            "A question of %(person)s waits for your answer. %(turn)s",
            person=", ".join(mine_sudo.asked_by_id.mapped("name")),
            turn=text,
        )

    # === ASKING === #

    def action_ask_question(self, question, part):
        """Ask the owner of a part of the quote a question, without deciding.

        The quote keeps waiting for its validation; each person asked gets an activity.

        :param str question: what the approver needs to know
        :param str part: "commercial" asks the salesperson, "technical" the project manager,
            "both" each of them
        :return: True
        :raise AccessError: when the user may not decide on this quote
        :raise UserError: when nothing was typed, or nobody could answer
        """
        self.ensure_one()
        self._check_reads_decisions()
        if not isinstance(question, str) or not question.strip():
            raise UserError(self.env._("Type your question first."))
        if part not in dict(REFUSAL_PARTS):
            raise UserError(self.env._("Choose whom to ask: salesperson, project manager or both."))
        self._lock_for_decision()
        self._check_decision()
        self._get_rows_to_decide_sudo()
        parts = ("technical", "commercial") if part == "both" else (part,)
        questions_sudo = (
            self.env["quote.validation.question"]
            .sudo()
            .create([self._prepare_question_values(question.strip(), part) for part in parts])
        )
        for question_sudo in questions_sudo:
            self._schedule_question_activity(question_sudo)
        return True

    def _prepare_question_values(self, question, part):
        """Return the values of a question about one part.

        :param str question: the text
        :param str part: "technical" or "commercial"
        :rtype: dict
        :raise UserError: when the part has no owner who could answer
        """
        self.ensure_one()
        order_sudo = self.sudo()
        if part == "technical":
            person = order_sudo.project_manager_id.filtered("active")
        else:
            person = self._get_responsible_user()
        if not person or person == self.env.user:
            raise UserError(
                self.env._(
                    "Nobody else looks after this part of %(quote)s: there is nobody to ask.",
                    quote=order_sudo.name,
                )
            )
        return {
            "order_id": order_sudo.id,
            "estimate_id": order_sudo.estimate_id.id if part == "technical" else False,
            "company_id": order_sudo.company_id.id,
            "part": part,
            "question": question,
            "asked_by_id": self.env.uid,
            "asked_to_id": person.id,
        }

    def _schedule_question_activity(self, question_sudo):
        """Tell whoever a question is for, where that person works."""
        document_sudo = question_sudo.estimate_id or question_sudo.order_id
        person = question_sudo.asked_to_id
        document_sudo.activity_schedule(
            ACTIVITY_QUESTION,
            date_deadline=question_sudo.company_id._quote_today(),
            user_id=person.id,
            summary=self.with_context(lang=person.lang).env._(
                "Question of %(person)s before the validation", person=self.env.user.name
            ),
            note=plaintext2html(question_sudo.question),
        )

    # === AFTER === #

    def _on_question_answered(self, question_sudo):
        """Close what asked for this answer, and tell the approver who waits for it.

        :param question_sudo: the ``quote.validation.question``, in superuser mode
        """
        document_sudo = question_sudo.estimate_id or question_sudo.order_id
        person = question_sudo.asked_to_id
        open_sudo = question_sudo.order_id.question_ids.filtered(
            lambda row: not row.answered_on and row.asked_to_id == person
        )
        if not open_sudo.filtered(lambda row: row.part == question_sudo.part):
            # Not marked as done: that would write question and answer into the discussion.
            document_sudo.activity_unlink([ACTIVITY_QUESTION], user_id=person.id)
        asker = question_sudo.asked_by_id
        self.sudo().with_context(lang=asker.lang)._notify_answer(question_sudo, asker)

    def _notify_answer(self, question_sudo, asker):
        """Notify whoever asked, and nobody else: the answer is no message of the discussion."""
        self.message_notify(
            partner_ids=asker.partner_id.ids,
            author_id=self.env.user.partner_id.id,
            subject=self.env._(
                "%(person)s answered your question on %(quote)s",
                person=question_sudo.answered_by_id.name,
                quote=self.name,
            ),
            body=plaintext2html(question_sudo.answer),
        )

    def _get_finished_activities(self, previous_steps):
        """Nobody has to answer any more once the quote left its validation."""
        left = self.filtered(lambda order: previous_steps[order.id] == "validation")
        finished = super()._get_finished_activities(previous_steps)
        return finished + [(records, (ACTIVITY_QUESTION,)) for records in (left, left.estimate_id)]
