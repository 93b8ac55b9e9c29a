from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

ACTIVITY_CONTRIBUTION = "commercial_quote_process.activity_type_contribution"

# What contributors write: rows, and messages about them. A field that is not named here belongs
# to whoever answers for the estimate: texts, dates, rates, percentages.
CONTRIBUTION_FIELDS = frozenset(
    {
        "activity_ids",
        "cost_ids",
        "item_ids",
        "message_follower_ids",
        "message_ids",
        "message_main_attachment_id",
        "requirement_ids",
        "workload_ids",
    }
)


class QuoteEstimateDeskMixin(models.AbstractModel):
    """Who works on an estimate: one person answers for it, others are asked for a part of it.

    Contributors write rows: plan, workload, costs, answers to requirements. They write neither the
    texts nor the rates of the estimate, nor hand it over, nor send it back, nor ask others.
    """

    _name = "quote.estimate.desk.mixin"
    _description = "People of an estimate"

    is_responsible = fields.Boolean(
        compute="_compute_is_responsible",
        export_string_translation=False,
        help="The current user hands this estimate over: its project manager, or a head of"
        " projects.",
    )

    is_whole_editable = fields.Boolean(
        compute="_compute_is_whole_editable",
        export_string_translation=False,
        help="The current user may edit the estimate as a whole, not only its rows.",
    )

    # Defined by the estimate, named here for what follows from it.
    is_editable = fields.Boolean()

    @api.depends("is_editable", "is_responsible", "is_template")
    @api.depends_context("uid")
    def _compute_is_whole_editable(self):
        for estimate in self:
            estimate.is_whole_editable = estimate.is_editable and (
                estimate.is_template or estimate.is_responsible
            )

    @api.depends("project_manager_id")
    @api.depends_context("uid")
    def _compute_is_responsible(self):
        is_head = self.env.user.has_group("project.group_project_manager")
        for estimate in self:
            estimate.is_responsible = is_head or estimate.project_manager_id == self.env.user

    def _check_is_responsible(self):
        """Refuse people who do not answer for these estimates, contributors included.

        :raise AccessError: for anybody but the project manager and the heads of projects
        """
        for estimate in self:
            if not estimate.is_responsible:
                raise AccessError(
                    self.env._(
                        "The technical part of %(quote)s is handed over by %(person)s.",
                        quote=estimate.name,
                        person=estimate.project_manager_id.name or self.env._("nobody yet"),
                    )
                )

    def _check_writes_whole(self):
        """Refuse people who write rows of these estimates only.

        :raise AccessError: for contributors
        """
        for estimate in self.filtered(lambda e: not (e.is_template or e.is_responsible)):
            raise AccessError(
                self.env._(
                    "%(person)s answers for the texts, dates, rates and percentages of %(quote)s."
                    " Contributors write its plan, workload and costs.",
                    person=estimate.project_manager_id.name or self.env._("Nobody yet"),
                    quote=estimate.name,
                )
            )

    def write(self, vals):
        """Contributors write rows; who contributes is decided by whoever answers for it all."""
        if not self.env.su and not vals.keys() <= CONTRIBUTION_FIELDS:
            self.check_access("write")
            self._check_writes_whole()
        if "contributor_ids" not in vals:
            return super().write(vals)
        if not self.env.su:
            self._check_is_responsible()
        before = {estimate: estimate.contributor_ids for estimate in self}
        result = super().write(vals)
        for estimate, contributors in before.items():
            estimate._dismiss_contributors(contributors - estimate.contributor_ids)
        return result

    # === CONTRIBUTORS === #

    def action_invite_contributor(self):
        """Ask colleagues to estimate a part.

        :rtype: dict
        """
        return self._get_people_dialog(
            "quote.contributor.invite", self.env._("Invite a contributor")
        )

    def _get_people_dialog(self, model, title):
        self.ensure_one()
        self.check_access("write")
        self._check_is_responsible()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_estimate_id": self.id},
        }

    def _invite_contributors(self, users, items, message, deadline):
        """Let colleagues write this estimate, and give each an activity that says what is asked.

        :param users: ``res.users`` recordset
        :param items: the ``quote.estimate.item`` records they are asked about; none means all
        :param str message: what is asked, as plain text
        :param date deadline: when it is expected
        :raise AccessError: for people who do not answer for this estimate
        :raise UserError: when the technical part is closed, or somebody cannot contribute
        """
        self.ensure_one()
        self.check_access("write")
        self._check_is_responsible()
        self.sudo().order_id.filtered("quote_process")._check_content_editable("technical")
        self._check_may_contribute(users)
        self.contributor_ids |= users
        note = self._prepare_invitation_note(items, message)
        for user in users:
            self.activity_schedule(
                ACTIVITY_CONTRIBUTION, date_deadline=deadline, user_id=user.id, note=note
            )
        self.message_post(body=note, partner_ids=users.partner_id.ids, subtype_xmlid="mail.mt_note")

    def _check_may_contribute(self, users):
        """Refuse people whom neither their rights nor their companies let in.

        :param users: ``res.users`` recordset
        :raise UserError: naming them
        """
        outsiders = users.filtered(
            lambda user: (
                user.share
                or not user.has_group("project.group_project_user")
                or self.company_id not in user.sudo().company_ids
            )
        )
        if outsiders:
            raise UserError(
                self.env._(
                    "%(people)s cannot open estimates of %(company)s: an administrator gives"
                    " access to projects in that company first.",
                    people=", ".join(outsiders.mapped("name")),
                    company=self.company_id.name,
                )
            )

    def _prepare_invitation_note(self, items, message):
        """Return what an invitation says: the message, then the rows of the plan concerned.

        :param items: ``quote.estimate.item`` recordset
        :param str message: plain text
        :rtype: Markup
        """
        lines = [Markup("<p>%s</p>") % message] if message else []
        if items:
            rows = Markup().join(Markup("<li>%s</li>") % item.name for item in items)
            lines.append(Markup("<ul>%s</ul>") % rows)
        return Markup().join(lines) or Markup("<p>%s</p>") % self.env._(
            "Please estimate your part."
        )

    def _dismiss_contributors(self, users):
        """Take back what these people were asked: they no longer see the estimate.

        :param users: ``res.users`` recordset
        """
        self.ensure_one()
        if users:
            estimate_sudo = self.sudo()
            estimate_sudo.activity_ids.filtered(lambda a: a.user_id in users).unlink()
            estimate_sudo.message_unsubscribe(users.partner_id.ids)

    # === THE PROJECT MANAGER IS REPLACED === #

    def action_assign_manager(self):
        """Give this estimate to a colleague.

        :rtype: dict
        """
        return self._get_people_dialog("quote.estimate.assign", self.env._("New project manager"))

    def _assign_manager(self, user, note=None):
        """Make a colleague the project manager of this estimate's quote, and tell the salesperson.

        People with project rights only do not write quotes: this is the one thing of it that
        whoever answers for the estimate decides.

        :param user: ``res.users``, the new project manager
        :param str note: what there is to know, as plain text
        :raise AccessError: for people who do not answer for this estimate
        :raise UserError: when the quote is closed, or the colleague cannot open it
        """
        self.ensure_one()
        self.check_access("write")
        self._check_is_responsible()
        self._check_may_contribute(user)
        order_sudo = self.sudo().order_id
        order_sudo.project_manager_id = user
        if order_sudo.user_id:
            self.sudo().message_post(
                body=note or self._get_take_over_message(self.env.user),
                partner_ids=order_sudo.user_id.partner_id.ids,
            )

    def _take_over(self, previous):
        """Give a new project manager what the previous one had to do, and tell both.

        Called in superuser mode, after the quote has its new project manager.

        :param previous: ``res.users``, may be empty
        """
        self.ensure_one()
        manager = self.project_manager_id
        self.message_post(body=self._get_take_over_message(previous))
        self.message_subscribe(manager.partner_id.ids)
        if previous in self.contributor_ids | self.order_id.user_id:
            return
        # Followers get the messages of a document even when they may no longer read it.
        self.message_unsubscribe(previous.partner_id.ids)
        activities = self.activity_ids.filtered(lambda a: a.user_id == previous)
        if manager:
            activities.user_id = manager
        else:
            activities.unlink()

    def _get_take_over_message(self, previous):
        manager = self.project_manager_id
        if not manager:
            return self.env._("%(old)s no longer manages this estimate.", old=previous.name)
        if not previous:
            return self.env._("%(new)s manages this estimate.", new=manager.name)
        return self.env._(
            "%(new)s takes this estimate over from %(old)s.", new=manager.name, old=previous.name
        )
