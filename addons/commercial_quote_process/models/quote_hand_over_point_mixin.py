from odoo import models
from odoo.tools import format_date

LIMITED = ("partial", "non_compliant")


class QuoteHandOverPointMixin(models.AbstractModel):
    """What a signature leaves open: answers, requirements, options, wishes of the client.

    All methods run in superuser mode.
    """

    _name = "quote.hand.over.point.mixin"
    _description = "Open points of a signed quote"

    def _get_hand_over_requirements(self):
        """Return the requirements that the offer does not fully meet, and those without an answer.

        :return: rows of the compliance matrix under ``limits`` and ``open``
        :rtype: dict
        """
        rows = self.estimate_id._get_labelled_compliance_rows()
        return {
            "limits": [row for row in rows if row["compliance"] in LIMITED],
            "open": [row for row in rows if row["compliance"] == "to_answer"],
        }

    def _get_open_points(self, requirements):
        """Return what is to be settled when the delivery starts.

        An overrider adds groups of its own to those of ``super()``.

        :param list requirements: rows of the compliance matrix without an answer
        :return: dicts with ``title`` and ``points``, a list of texts; only groups with points
        :rtype: list(dict)
        """
        groups = [
            (
                self.env._("Requirements without an answer"),
                [f"{row['reference']}. {row['name']}" for row in requirements],
            ),
            (self.env._("Questions that nobody answered"), self._get_unanswered_questions()),
            (self.env._("Changes that the client asked for"), self._get_changes_asked()),
            (
                self.env._("Options that the client did not take"),
                [line.name.partition("\n")[0] for line in self._get_options_not_taken()],
            ),
        ]
        return [{"title": title, "points": points} for title, points in groups if points]

    def _get_options_not_taken(self):
        return self.order_line.filtered(lambda line: line._is_option())

    def _get_unanswered_questions(self):
        """Return the questions of approvers, on any version, that were never answered."""
        family = (self.quote_root_id or self).quote_family_ids | self
        questions = self.env["quote.validation.question"].search(
            [("order_id", "in", family.ids), ("answered_on", "=", False)], order="asked_on, id"
        )
        return [
            self.env._(
                "%(question)s (asked by %(person)s)",
                question=question.question,
                person=question.asked_by_id.name,
            )
            for question in questions
        ]

    def _get_changes_asked(self):
        """Return what the client asked to change in the offers that led to this one."""
        family = (self.quote_root_id or self).quote_family_ids | self
        logs = self.env["quote.step.log"].search(
            [
                ("order_id", "in", family.ids),
                ("step", "=", "revision"),
                ("reason", "!=", False),
            ],
            order="entered_on, id",
        )
        return [
            self.env._(
                "%(date)s, on %(quote)s: %(change)s",
                date=format_date(self.env, log.entered_on, date_format="d MMM yyyy"),
                quote=log.order_id.name,
                change=log.reason,
            )
            for log in logs
        ]
