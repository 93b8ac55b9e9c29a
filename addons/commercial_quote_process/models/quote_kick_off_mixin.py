from markupsafe import Markup

from odoo import fields, models

from ..tools.working_days import working_day

# Working days in which a project manager begins with a signed quote.
DAYS_TO_BEGIN = 2


class QuoteKickOffMixin(models.AbstractModel):
    """What is asked of the project manager once the quote is signed. In superuser mode."""

    _name = "quote.kick.off.mixin"
    _description = "Kick-off of a project"

    def _after_acceptance(self):
        result = super()._after_acceptance()
        self._tell_project_manager()
        return result

    def _tell_project_manager(self):
        """Give the person who leads the project one activity on it, with what to begin with."""
        self.ensure_one()
        project = self._get_estimate_project()
        project._switch_on_features()
        if not project.user_id:
            return
        order = self.with_context(lang=project.user_id.lang or self.env.lang)
        summary = order.env._("%(quote)s is signed: start the project", quote=self.name)
        if not self.project_manager_id.active:
            summary = order.env._(
                "%(quote)s is signed: choose a project manager, then start the project",
                quote=self.name,
            )
        project.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=order._get_kick_off_checklist(project),
            user_id=project.user_id.id,
            date_deadline=self._get_kick_off_deadline(project),
        )

    def _get_kick_off_deadline(self, project):
        """Return the day by which the project manager begins: some days from now, T0 at last."""
        today = fields.Date.context_today(self.with_context(tz=self.estimate_id._get_tz()))
        calendar = self.estimate_id._get_working_calendar()
        soon = working_day(today, DAYS_TO_BEGIN, *calendar)
        return max(min(soon, project.sold_start or soon), today)

    def _get_kick_off_checklist(self, project):
        """Return what to begin with, as a list to tick off.

        :param project: the ``project.project``
        :rtype: Markup
        """
        steps = self._get_kick_off_steps(project)
        return Markup('<ul class="o_checklist">%s</ul>') % Markup().join(
            Markup('<li id="checkId-%s">%s</li>') % (rank, step)
            for rank, step in enumerate(steps, start=1)
        )

    def _get_kick_off_steps(self, project):
        """Return the sentences of the checklist; an overrider adds its own.

        :param project: the ``project.project``
        :rtype: list(str)
        """
        self.ensure_one()
        signer = self.quote_acceptance_ids[:1].signer_name or self.partner_id.name
        steps = [
            self.env._("Read the page “Hand-over” of the project: what was promised, what is open"),
            self.env._(
                "Talk it over with %(person)s, who sold it",
                person=self._get_responsible_user().name or self.env._("the salesperson"),
            ),
            self.env._("Put people on the tasks, role by role"),
            self.env._("Invite %(person)s to the kick-off meeting", person=signer),
        ]
        shift = self.estimate_id._get_start_shift(project.sold_start)
        if shift:
            steps.insert(
                2,
                self.env._(
                    "Tell the client the new dates: the plan is shifted by %(days)s working days",
                    days=shift,
                ),
            )
        return steps
