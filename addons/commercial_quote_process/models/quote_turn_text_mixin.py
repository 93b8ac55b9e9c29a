from odoo import api, fields, models
from odoo.tools import format_date

from ..const import QUOTE_STEPS


class QuoteTurnTextMixin(models.AbstractModel):
    """Where a quote stands, in words for its screens and in the order of the process."""

    _name = "quote.turn.text.mixin"
    _description = "Whose turn it is, in words"

    quote_turn_text = fields.Char(
        string="Who has the ball",
        compute="_compute_quote_turn_text",
        help="Whose turn it is, and since when, in one sentence.",
    )

    @api.model
    def _order_steps(self, steps, domain):
        """Return the steps of a grouped list or kanban as they follow each other, not by name.

        :param list steps: those of the quotes that were found
        :param domain: what was searched for
        :rtype: list
        """
        return [step for step, _label in QUOTE_STEPS if step in steps]

    @api.depends("quote_turn", "quote_turn_user_id", "quote_step_since", "validity_date")
    @api.depends_context("uid", "lang", "tz")
    def _compute_quote_turn_text(self):
        for order in self:
            order.quote_turn_text = order.quote_process and order._get_turn_text()

    def _get_turn_text(self):
        """Return whose turn it is and since when, as a sentence for the current user.

        :rtype: str
        """
        self.ensure_one()
        if self.quote_turn == "nobody":
            return ""
        if self.quote_step == "sent" and self.quote_turn == "salesperson":
            return self._get_expired_text()
        user = self.quote_turn_user_id
        since = format_date(self.env, self.quote_step_since)
        if self.can_decide or (user and user == self.env.user):
            return self.env._("Your turn, since %(date)s", date=since)
        labels = dict(self._fields["quote_turn"]._description_selection(self.env))
        who = {"client": self.partner_id.name}.get(self.quote_turn) or user.name
        if not who:
            return self.env._(
                "Waiting for: %(role)s, since %(date)s", role=labels[self.quote_turn], date=since
            )
        return self.env._(
            "Waiting for %(person)s (%(role)s) since %(date)s",
            person=who,
            role=labels[self.quote_turn].lower(),
            date=since,
        )

    def _get_expired_text(self):
        """Return who has the ball since the offer expired in the client's hands.

        :rtype: str
        """
        user, expired_on = self.quote_turn_user_id, format_date(self.env, self.validity_date)
        if user == self.env.user:
            return self.env._("Your turn: the offer expired on %(date)s.", date=expired_on)
        if not user:
            return self.env._("The offer expired on %(date)s.", date=expired_on)
        return self.env._(
            "Waiting for %(person)s: the offer expired on %(date)s.",
            person=user.name,
            date=expired_on,
        )
