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

    def _add_precomputed_values(self, vals_list):
        """Name the model of activities that are created in batches.

        Odoo would make a record in memory of each of them to ask for it: a third of the time.
        """
        if self.env.context.get("mail_activity_quick_update"):
            models_sudo = self.env["ir.model"].sudo()
            for vals in vals_list:
                if vals.get("res_model_id"):
                    vals["res_model"] = models_sudo.browse(vals["res_model_id"]).model
        return super()._add_precomputed_values(vals_list)

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
