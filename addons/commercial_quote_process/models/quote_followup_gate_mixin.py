from types import SimpleNamespace

from odoo import api, fields, models
from odoo.tools import SQL, format_date


class QuoteFollowupGateMixin(models.AbstractModel):
    """What keeps a follow-up from being made. Each reason is one of ``quote.followup``."""

    _name = "quote.followup.gate.mixin"
    _description = "Reasons not to follow up a quote"

    followup_state = fields.Char(
        string="What comes next",
        compute="_compute_followup_state",
        help="The next follow-up, when it takes place, and what would stop it today.",
    )

    next_followup_name = fields.Char(string="What", compute="_compute_next_followup_name")

    # === COMPUTE METHODS === #

    @api.depends("next_followup_on", "next_followup_step_id.name")
    @api.depends_context("lang")
    def _compute_next_followup_name(self):
        result = self.env._("Result of the tender")
        for order in self:
            step = order.next_followup_step_id
            order.next_followup_name = order.next_followup_on and (step.name or result)

    @api.depends("next_followup_on", "followup_paused_until", "quote_step", "validity_date")
    @api.depends_context("uid", "lang")
    def _compute_followup_state(self):
        sent = self.filtered(lambda order: order.quote_step == "sent" and order.id)
        (self - sent).followup_state = False
        facts = sent.sudo()._get_followup_facts()
        for order in sent:
            order.followup_state = order.sudo()._get_followup_sentence(facts)

    def _get_followup_sentence(self, facts):
        """Return what comes next on this quote and what would stop it, as a sentence.

        :param facts: what ``_get_followup_facts`` returns
        :rtype: str
        """
        self.ensure_one()
        today = self.company_id._quote_today()
        if self._is_followup_expired(today):
            return self.env._("Stopped: the offer has expired. Extend its validity to go on.")
        if not self.next_followup_on:
            return self.env._("Nothing more is planned.")
        day = format_date(self.env, self.next_followup_on)
        name = self.next_followup_name
        reason = self._get_followup_stop(self.next_followup_step_id, facts)
        if reason:
            labels = dict(
                self.env["quote.followup"]._fields["skip_reason"]._description_selection(self.env)
            )
            return self.env._(
                "%(date)s: %(name)s. It will be skipped as things stand: %(reason)s.",
                date=day,
                name=name,
                reason=labels[reason],
            )
        paused = self.followup_paused_until
        if paused and paused > today:
            return self.env._("Paused. %(date)s: %(name)s", date=day, name=name)
        if self.next_followup_kind == "email":
            return self.env._(
                "%(date)s: %(name)s (mail to %(client)s)",
                date=day,
                name=name,
                client=self.partner_id.display_name,
            )
        return self.env._(
            "%(date)s: %(name)s (activity for %(person)s)",
            date=day,
            name=name,
            person=self._get_responsible_user().name,
        )

    # === FACTS, READ FOR A BATCH === #

    def _get_followup_facts(self):
        """Read what decides on the follow-ups of these quotes, once for all of them.

        :return: ``made``: see ``_get_made_followups``; ``wrote``: when somebody from outside
            wrote last, by id; ``planned``: ids of quotes with an activity planned by hand
        """
        ids = tuple(self.ids)
        return SimpleNamespace(
            made=self._get_made_followups() if ids else {},
            wrote=self._get_outside_messages(ids) if ids else {},
            planned=self._get_planned_by_hand(ids) if ids else frozenset(),
        )

    def _get_made_followups(self):
        """Return what has been made or skipped, by id of quote.

        :return: ids of the steps, None for the result of a tender; when the last one was made or
            skipped; when the last one was made, if any was
        :rtype: dict[int, tuple[list, datetime, datetime | None]]
        """
        groups = self.env["quote.followup"]._read_group(
            [("order_id", "in", self.ids)],
            ["order_id", "outcome"],
            ["step_id:array_agg", "done_on:max"],
        )
        made = {}
        for order, outcome, step_ids, last in groups:
            other_ids, other_last, done = made.get(order.id, ([], last, None))
            made[order.id] = (
                other_ids + step_ids,
                max(last, other_last),
                last if outcome == "done" else done,
            )
        return made

    def _get_outside_messages(self, ids):
        """Return when somebody from outside wrote last, on a quote or its opportunity, by id.

        :param tuple ids: ids of quotes
        :rtype: dict[int, datetime]
        """
        self.env["mail.message"].flush_model(["author_id", "date", "message_type", "model"])
        query = SQL(
            """
            SELECT discussion.order_id, MAX(message.date)
              FROM (SELECT id AS order_id, %(order_model)s AS model, id AS res_id
                      FROM sale_order WHERE id IN %(ids)s
                     UNION ALL
                    SELECT id, 'crm.lead', opportunity_id
                      FROM sale_order WHERE id IN %(ids)s AND opportunity_id IS NOT NULL
                   ) discussion
              JOIN mail_message message
                ON message.model = discussion.model AND message.res_id = discussion.res_id
              LEFT JOIN res_partner author ON author.id = message.author_id
             WHERE message.message_type IN ('comment', 'email')
               AND COALESCE(author.partner_share, TRUE)
             GROUP BY discussion.order_id
            """,
            order_model=self._name,
            ids=ids,
        )
        return dict(self.env.execute_query(query))

    def _get_planned_by_hand(self, ids):
        """Return which of these quotes have an open activity that somebody planned.

        :param tuple ids: ids of quotes
        :rtype: frozenset
        """
        self.env["mail.activity"].flush_model(["active", "automated", "res_id", "res_model"])
        query = SQL(
            "SELECT DISTINCT res_id FROM mail_activity WHERE res_model = %s AND res_id IN %s"
            " AND active AND automated IS NOT TRUE",
            self._name,
            ids,
        )
        return frozenset(order_id for (order_id,) in self.env.execute_query(query))

    # === GATES === #

    def _is_followup_expired(self, today):
        """Return whether the offer has expired in the client's hands.

        :param date today: the day of the company
        :rtype: bool
        """
        return bool(self.validity_date and self.validity_date < today)

    def _get_followup_stop(self, step, facts):
        """Return why a step is not made although it is due. Called in superuser mode.

        :param quote.followup.step step: the step; empty for the result of a tender
        :param facts: what ``_get_followup_facts`` returns
        :return: a key of ``quote.followup.skip_reason``, or False
        :rtype: str | bool
        """
        self.ensure_one()
        client = self.partner_id
        if step:
            if client.quote_no_followup or client.commercial_partner_id.quote_no_followup:
                return "no_contact"
            if self._has_client_written(facts):
                return "client_wrote"
            if self.id in facts.planned:
                return "planned_by_hand"
        if step.kind == "email":
            return self._get_followup_mail_stop()
        return not self._get_responsible_user() and "no_responsible"

    def _has_client_written(self, facts):
        """Return whether the client has written since the quote was sent, or last followed up."""
        wrote = facts.wrote.get(self.id)
        last = facts.made[self.id][1] if self.id in facts.made else None
        since = max(filter(None, (self.sent_on, last)), default=None)
        return bool(wrote and since and wrote > since)

    def _get_followup_mail_stop(self):
        """Return why no mail leaves to the client of this quote.

        :rtype: str | bool
        """
        client = self.partner_id
        if not self.company_id.quote_followup_emails:
            return "emails_off"
        if not client.email_normalized:
            return "no_email"
        if client.is_blacklisted:
            return "blacklisted"
        return client.message_bounce > 0 and "bounced"
