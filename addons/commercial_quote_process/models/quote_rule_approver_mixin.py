from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..const import ASPECTS


class QuoteRuleApproverMixin(models.AbstractModel):
    """Who decides under a rule, in which order, until when, and about what."""

    _name = "quote.rule.approver.mixin"
    _description = "Approvers of a validation rule"

    group_ids = fields.Many2many(
        "res.groups", string="Approver groups", help="The members of these groups decide."
    )
    user_ids = fields.Many2many("res.users", string="Approvers")
    use_team_leader = fields.Boolean(string="Team leader", help="The sales team's leader decides.")
    approval_mode = fields.Selection(
        [("any", "Any one of them"), ("all", "Each of them")],
        string="Needs the approval of",
        required=True,
        default="any",
        help="With “Each of them”, every approver of the moment of the request gives an own"
        " approval.",
    )
    validation_round = fields.Integer(
        string="Round",
        required=True,
        default=1,
        help="Rules of the same round are asked at the same time. The next round is asked once"
        " the rules of the one before are satisfied.",
    )
    deadline_days = fields.Integer(
        string="To decide within (working days)", help="0 means without a deadline."
    )
    reminder_days = fields.Integer(
        string="Reminder (working days before)",
        help="Approvers who have not decided are reminded so many working days before the"
        " deadline; 0 means on that day.",
    )
    watch_price = fields.Boolean(
        string="Price", default=True, help="Lines, amounts, taxes, customer."
    )
    watch_cost = fields.Boolean(
        string="Costs", default=True, help="Workload, rates, other costs, contingency."
    )
    watch_plan = fields.Boolean(
        string="Plan", default=True, help="Phases, tasks, dates, answers to the requirements."
    )
    watch_texts = fields.Boolean(
        string="Texts", default=True, help="Scope, technical and organisational part."
    )
    watch_terms = fields.Boolean(
        string="Terms", default=True, help="Payment terms, signature, general conditions."
    )

    _round_positive = models.Constraint(
        "CHECK(validation_round > 0)", "The first round of validations has the number 1."
    )
    _delays_not_negative = models.Constraint(
        "CHECK(COALESCE(deadline_days, 0) >= 0 AND COALESCE(reminder_days, 0) >= 0)",
        "Delays are numbers of working days, 0 or more.",
    )

    @api.constrains("group_ids", "user_ids", "use_team_leader")
    def _check_approvers(self):
        for rule in self:
            if not (rule.group_ids or rule.user_ids or rule.use_team_leader):
                raise ValidationError(
                    self.env._("Choose who may approve under the rule “%(rule)s”.", rule=rule.name)
                )

    @api.constrains("user_ids", "res_model")
    def _check_approvers_read(self):
        """Whoever cannot open a document cannot decide on it."""
        for rule in self:
            people_sudo = rule.sudo().user_ids.filtered("active")
            documents = self.env.get(rule.res_model)
            if documents is None:
                continue
            able = documents._get_people_able_to_read(people_sudo)
            if people_sudo - able:
                raise ValidationError(
                    self.env._(
                        "%(people)s cannot open what the rule “%(rule)s” is about: ask an"
                        " administrator for the right first.",
                        people=", ".join((people_sudo - able).mapped("name")),
                        rule=rule.name,
                    )
                )

    @api.constrains("watch_price", "watch_cost", "watch_plan", "watch_texts", "watch_terms")
    def _check_watched(self):
        for rule in self:
            if not rule._get_watched_aspects():
                raise ValidationError(
                    self.env._(
                        "Choose what the rule “%(rule)s” watches: without it, nothing would ever"
                        " be asked again.",
                        rule=rule.name,
                    )
                )

    def _get_watched_aspects(self):
        """Return the aspects of a document whose change ends an approval under these rules.

        :rtype: list[str]
        """
        return [aspect for aspect in ASPECTS if any(self.mapped(f"watch_{aspect}"))]

    @api.model
    def _get_aspect_labels(self, aspects):
        """Return the names of aspects in the user's language.

        :param aspects: iterable of keys of ``const.ASPECTS``
        :rtype: list[str]
        """
        return [self._fields[f"watch_{a}"]._description_string(self.env) for a in aspects]

    # === WHO === #

    def _get_approvers(self, document):
        """Return the people who decide under these rules, the asking person included.

        :param document: the document to decide on
        :rtype: res.users
        """
        company = document._get_validation_company()
        ids = set()
        for rule_sudo in self.sudo():
            team_sudo = document._get_validation_team().sudo()
            leader_id = rule_sudo.use_team_leader and team_sudo.user_id.id
            ids.update(rule_sudo._get_approver_ids(company.id, leader_id))
        return self.env["res.users"].sudo().browse(sorted(ids))

    @ormcache("self.id", "company_id", "leader_id")
    def _get_approver_ids(self, company_id, leader_id):
        """Return the ids of the people who decide under this rule; in superuser mode.

        Asked for by every request and decision, and seldom changed: whatever it depends on clears
        the cache.

        :param int company_id: the company of the document
        :param int leader_id: the leader of its team when the rule asks for him, or False
        :rtype: tuple(int)
        """
        leader = self.env["res.users"].browse(leader_id or [])
        users = self.user_ids | self.group_ids.all_user_ids | leader
        company = self.env["res.company"].browse(company_id)
        return tuple(users._get_able_to_decide(self.env[self.res_model], company).ids)

    def _prepare_waiting_values(self, company, deciders):
        """Return the values of a request under this rule that waits from now on.

        :param company: the company whose working days count
        :param deciders: who may decide
        :rtype: dict
        """
        self.ensure_one()
        deadline, remind_on = self._get_dates(company)
        return {
            "state": "pending",
            "deadline": deadline,
            "remind_on": remind_on,
            "decider_ids": [fields.Command.set(deciders.ids)],
            "is_blocked": not deciders,
        }

    # === UNTIL WHEN === #

    def _get_dates(self, company):
        """Return until when a request of now is decided, and when its approvers are reminded.

        :param company: the company whose working days count
        :return: deadline and day of the reminder, both False without a deadline
        :rtype: tuple
        """
        self.ensure_one()
        if not self.deadline_days:
            return False, False
        company_sudo = company.sudo()
        tomorrow = company_sudo._quote_today() + timedelta(days=1)
        deadline = self._plan_days(company_sudo, self.deadline_days, tomorrow)
        if not self.reminder_days:
            return deadline, deadline
        return deadline, self._plan_days(company_sudo, -self.reminder_days, deadline)

    @api.model
    def _plan_days(self, company_sudo, days, start):
        """Return the day so many working days from the beginning of another, or before it."""
        calendar = company_sudo.resource_calendar_id
        zone = pytz.timezone(calendar.tz or "UTC")
        moment = zone.localize(datetime.combine(start, time.min))
        end = calendar and calendar.plan_days(days, moment, compute_leaves=True)
        # Calendars of flexible hours, or without any, plan nothing: then every day counts.
        return end.date() if end else start + timedelta(days=days - (days > 0))
