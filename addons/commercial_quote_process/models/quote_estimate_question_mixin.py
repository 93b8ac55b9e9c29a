from odoo import api, fields, models


class QuoteEstimateQuestionMixin(models.AbstractModel):
    """Questions of approvers about a technical part, where its project manager works."""

    _name = "quote.estimate.question.mixin"
    _description = "Questions about an estimate"

    question_ids = fields.One2many("quote.validation.question", "estimate_id", string="Questions")
    validation_questions = fields.Json(
        string="Questions and answers",
        compute="_compute_validation_questions",
        compute_sudo=True,
        exportable=False,
    )

    @api.depends("question_ids.answered_on")
    @api.depends_context("uid")
    def _compute_validation_questions(self):
        for estimate in self:
            estimate.validation_questions = estimate.question_ids._get_screen_values()
