from odoo import api, fields, models
from odoo.tools import SQL

from ..const import ACTIVITY_KEY, ACTIVITY_PASS


class QuoteActivityMixin(models.AbstractModel):
    """Activities of the process: given to people and taken back in batches.

    Odoo's own methods work record by record and person by person; a decision on a hundred quotes
    would pay for each. To be inherited before ``mail.thread``.
    """

    _name = "quote.activity.mixin"
    _description = "Activities of the process"

    # === GIVING === #

    def _prepare_activity_values(self, user, **values):
        """Return the values of an activity of one person on this record.

        :param user: ``res.users`` record
        :param values: more values of ``mail.activity``
        :rtype: dict
        """
        self.ensure_one()
        if "res_name" not in values:
            # Odoo would compute it, and write it later.
            values["res_name"] = self.sudo().display_name
        if "date_deadline" not in values:
            values["date_deadline"] = fields.Date.context_today(self)
        return {"res_id": self.id, "user_id": user.id, **values}

    def _create_activities(self, activity_type, values_list, notify=False):
        """Create activities of one type of ours; whoever gets one is not made a follower.

        :param str activity_type: external id of the type
        :param list values_list: see ``_prepare_activity_values``
        :param bool notify: whether a job tells the people as well, as Odoo itself would at once
        """
        if not values_list:
            return
        model_sudo = self.env["ir.model"]._get(self._name).sudo()
        # Odoo would read the name of the model again from its record.
        model_sudo._fields["model"]._insert_cache(model_sudo, [self._name])
        common = {
            "res_model_id": model_sudo.id,
            "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(activity_type),
            "automated": True,
            "quote_to_notify": notify,
        }
        zones = self._get_time_zones({values["user_id"] for values in values_list})
        context = {"mail_activity_quick_update": True, ACTIVITY_KEY: ACTIVITY_PASS}
        activities_sudo = self.env["mail.activity"].sudo().with_context(**context)
        activities_sudo.create(
            [{**common, "user_tz": zones[v["user_id"]], **v} for v in values_list]
        )

    def _get_time_zones(self, user_ids):
        """Return the time zone of people by the id of their user, read together.

        Odoo would read it, and who their partners are, one by one.
        """
        people_sudo = self.env["res.users"].sudo().browse(user_ids)
        people_sudo.fetch(["partner_id"])
        people_sudo.partner_id.fetch(["tz"])
        return {user_sudo.id: user_sudo.partner_id.tz for user_sudo in people_sudo}

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        if self.env.context.get(ACTIVITY_KEY) is ACTIVITY_PASS:
            return True
        return super().message_subscribe(partner_ids=partner_ids, subtype_ids=subtype_ids)

    # === TAKING BACK === #

    def _close_activities(self, *activity_types):
        """Delete what the process asked of people on these records.

        :param activity_types: external ids of types of ours
        """
        self._close_activities_of([(self, activity_types)])

    @api.model
    def _close_activities_of(self, finished):
        """Delete what the process asked of people, and update their counters.

        One statement: these rows are of our own types and made by nobody else, and Odoo's
        deletion would search five other tables for what may hang on a record.

        :param list finished: pairs of records and external ids of types of ours
        """
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        conditions = [
            SQL(
                "res_model = %s AND res_id IN %s AND activity_type_id IN %s",
                records._name,
                tuple(records.ids),
                tuple(get_id(xmlid, raise_if_not_found=False) or 0 for xmlid in activity_types),
            )
            for records, activity_types in finished
            if records
        ]
        if not conditions:
            return
        activities_sudo = self.env["mail.activity"].sudo()
        activities_sudo.flush_model()
        rows = self.env.execute_query(
            SQL(
                "DELETE FROM mail_activity WHERE (%s) AND automated AND active"
                " RETURNING id, user_id, date_deadline",
                SQL(" OR ").join(SQL("(%s)", condition) for condition in conditions),
            )
        )
        if rows:
            activities_sudo.browse(row[0] for row in rows).invalidate_recordset(flush=False)
            for records, _activity_types in finished:
                records.invalidate_recordset(["activity_ids"], flush=False)
                records.modified(["activity_ids"])
            self._notify_closed_activities(rows)

    def _notify_closed_activities(self, rows):
        """Take deleted activities off the counters of the people who see them.

        :param rows: id, id of the person and deadline of each activity
        """
        counts, today = {}, fields.Date.today()
        for _activity_id, user_id, deadline in rows:
            if user_id and deadline <= today:
                counts[user_id] = counts.get(user_id, 0) + 1
        people_sudo = self.env["res.users"].sudo().browse(counts)
        people_sudo.fetch(["partner_id"])
        for user_sudo in people_sudo:
            payload = {"activity_deleted": True, "count_diff": -counts[user_sudo.id]}
            user_sudo._bus_send("mail.activity/updated", payload)

    # === NOTES === #

    def _log_notes(self, bodies):
        """Write a note of the current user in the history of each record, which tells nobody.

        Unlike Odoo's own notes, these look for no address to which an answer could go.

        :param dict bodies: body (``Markup``) by id of record
        """
        author_sudo = self.env.user.partner_id.sudo()
        common = {
            "model": self._name,
            "author_id": author_sudo.id,
            "email_from": author_sudo.email_formatted,
            "reply_to": author_sudo.email_formatted,
            "message_type": "notification",
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
            "is_internal": True,
            "record_alias_domain_id": False,
            "record_company_id": False,
        }
        self.env["mail.message"].sudo().create(
            [{**common, "res_id": record_id, "body": body} for record_id, body in bodies.items()]
        )
