from odoo import api, fields, models

BATCH_SIZE = 50


class MailActivity(models.Model):
    _inherit = "mail.activity"

    quote_to_notify = fields.Boolean(
        groups=fields.NO_ACCESS,
        export_string_translation=False,
        help="A job still has to tell this person: a decision does not wait for its mails.",
    )

    _quote_to_notify_idx = models.Index("(id) WHERE quote_to_notify")

    @api.model
    def _cron_notify_quote_people(self):
        """Tell people what the process asks of them, each in the way the person has chosen.

        What is done by now is not told any more.
        """
        cron = self.env["ir.cron"]
        waiting = self.search([("quote_to_notify", "=", True)], order="id")
        cron._commit_progress(remaining=len(waiting))
        for start in range(0, len(waiting), BATCH_SIZE):
            batch = waiting[start : start + BATCH_SIZE].try_lock_for_update()
            batch.write({"quote_to_notify": False})
            for person, activities in batch.grouped("create_uid").items():
                # In the name of whoever made the move, as if told at once.
                activities_sudo = activities.with_user(person).sudo()
                activities_sudo.filtered(
                    lambda a, person=person: a.user_id != person
                ).action_notify()
            if not cron._commit_progress(len(batch)):
                return
