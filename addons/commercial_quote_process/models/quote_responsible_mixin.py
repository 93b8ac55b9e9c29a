from markupsafe import Markup

from odoo import models

ACTIVITY_TURN = "commercial_quote_process.activity_type_turn"


class QuoteResponsibleMixin(models.AbstractModel):
    """Who looks after the client of a quote, and what they are asked to do."""

    _name = "quote.responsible.mixin"
    _description = "Person in charge of a quote"

    def _get_responsible_user(self):
        """Return who looks after the client: the salesperson, or the team leader in his absence.

        :rtype: res.users
        """
        self.ensure_one()
        order_sudo = self.sudo()
        if order_sudo.user_id.active:
            return order_sudo.user_id
        return order_sudo.team_id.user_id.filtered("active")

    def _prefetch_people_told(self):
        """Read together what telling people of a decision takes: who decides, and the owners."""
        orders_sudo = self.sudo()
        people_sudo = orders_sudo.user_id | orders_sudo.project_manager_id | self.env.user.sudo()
        people_sudo.fetch(["active", "partner_id"])
        people_sudo.partner_id.fetch(["email", "email_normalized", "name", "tz"])

    def _schedule_salesperson_activity(self, summary, note=None):
        """Tell the people who look after the clients that the ball is theirs.

        :param str summary: what to do
        :param str note: what happened, as plain text
        """
        body = note and Markup("<p>%s</p>") % note
        values, stand_ins = [], {}
        for order in self:
            user = order._get_responsible_user()
            if user:
                values.append(order._prepare_activity_values(user, summary=summary, note=body))
            if user and user != order.sudo().user_id:
                stand_ins[user] = stand_ins.get(user, self.browse()) | order
        self._create_activities(ACTIVITY_TURN, values, notify=True)
        for user, orders in stand_ins.items():
            # A salesperson follows his own quotes; who stands in does from now on.
            orders.sudo().message_subscribe(partner_ids=user.partner_id.ids)
