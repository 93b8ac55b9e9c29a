from odoo import api, fields, models

from ..tools.followup_dates import working_day_from

ACTIVITY_FOLLOWUP = "commercial_quote_process.activity_type_followup"
# Why nobody follows up any more, by the step that a quote goes to.
REASON_OF_STEP = {
    "revision": "changes_asked",
    "accepted": "accepted",
    "declined": "declined",
    "superseded": "new_version",
    "cancelled": "cancelled",
}


class QuoteFollowupMixin(models.AbstractModel):
    """When a sent quote has to be followed up: planned at each step of the quote."""

    _name = "quote.followup.mixin"
    _description = "Follow-up of quotes"

    next_followup_step_id = fields.Many2one(
        "quote.followup.step",
        string="Next step",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Empty for the day on which the result of a tender is expected.",
    )
    next_followup_kind = fields.Selection(
        related="next_followup_step_id.kind", string="Kind of the next follow-up", tracking=False
    )
    followup_paused_until = fields.Date(
        string="Paused until",
        copy=False,
        readonly=True,
        help="The client is left in peace until that day.",
    )
    followup_ids = fields.One2many("quote.followup", "order_id", string="Follow-ups", readonly=True)

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {
            "followup_failures",
            "followup_ids",
            "followup_paused_until",
            "next_followup_on",
            "next_followup_step_id",
        }

    # === STEPS OF THE QUOTE === #

    def _on_step_changed(self, previous_steps, step):
        result = super()._on_step_changed(previous_steps, step)
        orders_sudo = self.sudo()
        if step == "sent":
            orders_sudo._plan_next_followup()
        else:
            planned_sudo = orders_sudo.filtered("next_followup_on")
            if planned_sudo:
                planned_sudo._stop_followups(REASON_OF_STEP[step])
        return result

    def _get_finished_activities(self, previous_steps):
        """The client has answered: nothing is left to follow up."""
        sent = self.filtered(lambda order: previous_steps[order.id] == "sent")
        return [*super()._get_finished_activities(previous_steps), (sent, (ACTIVITY_FOLLOWUP,))]

    def _on_client_view(self):
        result = super()._on_client_view()
        if self.quote_step == "sent" and self.env["quote.followup.step"]._has_view_steps():
            self._plan_next_followup()
        return result

    def _stop_followups(self, reason):
        """Write down why what was planned is not made any more. Called in superuser mode.

        :param str reason: a key of ``quote.followup.skip_reason``
        """
        # A quote whose changes are called off still waits for the result of its tender.
        told = self.filtered("next_followup_step_id") if reason == "changes_asked" else self
        told._write_followup_rows(reason)
        self._write_followup_fields({"next_followup_on": False, "next_followup_step_id": False})

    # === PLANNING === #

    def _plan_next_followup(self):
        """Set the day of the next follow-up of each quote. Called in superuser mode."""
        self._write_followup_plan(self._get_followup_calendar())

    def _write_followup_plan(self, calendar):
        """Write what comes next, one statement for the quotes with the same next step.

        :param dict calendar: pairs of a day and a step, the oldest first, by quote
        """
        groups = {}
        paused = self.filtered("followup_paused_until")
        working_days = paused._get_followup_calendars()
        for order, pairs in calendar.items():
            key = order._get_next_followup(pairs, working_days)
            groups.setdefault(key, []).append(order.id)
        for (day, step_id), ids in groups.items():
            self.browse(ids)._write_followup_fields(
                {
                    "next_followup_on": day,
                    "next_followup_step_id": step_id,
                    "followup_failures": 0,
                }
            )

    def _write_followup_fields(self, values):
        """Write what is planned: nobody is told, so nothing else of the quotes is read for it.

        :param dict values: values of our own fields
        """
        self.with_context(tracking_disable=True).write(values)

    def _get_next_followup(self, pairs, working_days):
        """Return when the next follow-up takes place, and which step it is.

        :param list pairs: pairs of a day and a step, the oldest first
        :param dict working_days: what ``_get_followup_calendars`` returns, for paused quotes
        :rtype: tuple[date | bool, int | bool]
        """
        self.ensure_one()
        if not pairs or self.quote_step != "sent":
            return False, False
        day, step = pairs[0]
        paused = self.followup_paused_until
        if paused and day < paused:
            day = working_day_from(paused, *working_days[self.company_id])
        if self.validity_date and day > self.validity_date:
            return False, False
        return day, step.id

    def _get_followup_calendar(self, made=None):
        """Return the follow-ups that are still to come, as pairs of a day and a step, by quote.

        Steps speak the language of the salesperson. A tender is not chased: its only date is the
        day its result is expected, with an empty step.

        :param dict made: what ``_get_made_followups`` returns, when it has been read already
        :rtype: dict[sale.order, list]
        """
        if made is None:
            made = self._get_made_followups()
        all_steps = self.env["quote.followup.step"].search(
            [("company_id", "in", [False, *self.company_id.ids])]
        )
        working_days = self._get_followup_calendars()
        anchors = self._get_followup_anchors(all_steps)
        plans, calendar = {}, {}
        for order in self:
            made_ids, _last, last_done = made.get(order.id, ((), None, None))
            lang = order.user_id.lang or self.env.lang
            if order.opportunity_id.opportunity_kind == "tender":
                day = None not in made_ids and order.opportunity_id.tender_result_date
                calendar[order] = [(day, all_steps.browse().with_context(lang=lang))] if day else []
                continue
            # Most quotes that are due on a day were sent on the same day.
            moments = {moment: days.get(order.id) for moment, days in anchors.items()}
            key = (order.company_id, order.team_id, lang, *moments.values())
            if key not in plans:
                steps = all_steps.with_context(lang=lang)._filter_for_order(order)
                plans[key] = steps._get_days(moments, working_days[order.company_id])
            # A step that is added later does not come back to what a later one has asked.
            since = last_done and order.company_id._quote_local_date(last_done)
            calendar[order] = [
                (day, step)
                for day, step in plans[key]
                if step.id not in made_ids and not (since and day < since)
            ]
        return calendar

    def _get_followup_anchors(self, steps):
        """Return the days from which steps count, by what they count from and by id of quote.

        :param quote.followup.step steps: the steps that are looked at
        :rtype: dict[str, dict[int, date]]
        """
        get_moments = {
            "after_sending": lambda order: order.sent_on or fields.Datetime.now(),
            "after_view": lambda order: order.last_viewed_on,
        }
        anchors = {}
        for kind in set(steps.mapped("moment")):
            if kind == "before_expiry":
                anchors[kind] = {order.id: order.validity_date for order in self}
                continue
            moments = ((order, get_moments[kind](order)) for order in self)
            anchors[kind] = {
                order.id: order.company_id._quote_local_date(moment)
                for order, moment in moments
                if moment
            }
        return anchors

    def _get_followup_calendars(self):
        """Return the days of the week that are worked, and the holidays, by company.

        :rtype: dict[res.company, tuple[frozenset, frozenset]]
        """
        return {company: company._get_quote_working_days() for company in self.company_id}

    # === ROWS === #

    def _prepare_followup_values(self, step, day, user=None, skip_reason=False, note=False):
        """Return the values of the row that says what became of a follow-up.

        :param quote.followup.step step: the step, in the language of the company's own people;
            empty for the result of a tender
        :param date day: when it was due
        :param res.users user: who got the activity
        :param str skip_reason: a key of ``quote.followup.skip_reason``, or False when it is done
        :param str note: in the words of the person who skipped it
        :rtype: dict
        """
        self.ensure_one()
        return {
            "order_id": self.id,
            "company_id": self.company_id.id,
            "kind": "step" if step else "tender_result",
            "step_id": step.id,
            "name": step.name or step.env._("Result of the tender"),
            "due_on": day,
            "done_on": fields.Datetime.now(),
            "outcome": "skipped" if skip_reason else "done",
            "skip_reason": skip_reason,
            "user_id": user.id if user else False,
            "note": note,
        }
