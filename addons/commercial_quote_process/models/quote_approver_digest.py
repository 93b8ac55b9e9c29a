import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

_logger = logging.getLogger(__name__)

BATCH_SIZE = 500


class QuoteApproverDigest(models.AbstractModel):
    """One mail to each approver with all that has begun to wait for him, or is late.

    Sent by a job every few minutes: what is asked for meanwhile reaches its approvers as one mail,
    and no request waits for it. A request is marked in the transaction that makes its mails, so
    that each approver is told exactly once, whatever happens to the worker.
    """

    _name = "quote.approver.digest"
    _description = "Mails to approvers"

    # === WHEN === #

    @api.model
    def _get_new_domain(self):
        """Return the domain of the requests that nobody was told of.

        :rtype: Domain
        """
        return Domain(
            [("state", "=", "pending"), ("notified_on", "=", False), ("is_blocked", "=", False)]
        )

    @api.model
    def _get_due_domain(self):
        """Return the domain of the requests that approvers are to be told or reminded of.

        :rtype: Domain
        """
        return self._get_new_domain() | self.env["quote.validation"]._get_reminder_domain()

    @api.model
    def _cron_send(self, batch_size=BATCH_SIZE):
        """Job: tell approvers what waits for them, once, and remind them, once.

        :param int batch_size: requests told of between two commits
        """
        cron = self.env["ir.cron"]
        rows = self.env["quote.validation"].search(self._get_due_domain(), order="asked_on, id")
        cron._commit_progress(remaining=len(rows))
        for start in range(0, len(rows), batch_size):
            batch = rows[start : start + batch_size]
            if not self._send_safely(batch):
                # One of them cannot be told: the others must not wait for it.
                self._send_safely(batch.exists().filtered(self._is_tellable))
            if not cron._commit_progress(len(batch)):
                break

    @api.model
    def _send_safely(self, rows):
        """Tell approvers of these requests in one transaction.

        :param rows: ``quote.validation``
        :return: False when it failed and everything was undone
        :rtype: bool
        """
        try:
            locked = rows.try_lock_for_update(allow_referencing=True)
            self._send(locked.filtered_domain(self._get_due_domain()))
            self.env["ir.cron"]._commit_progress()
            return True
        except Exception:
            self.env.cr.rollback()
            _logger.info("Mails to the approvers of %s failed", rows.ids, exc_info=True)
            return False

    @api.model
    def _is_tellable(self, row):
        """Return whether the mail of one request can be written."""
        try:
            with self.env.cr.savepoint():
                for user in row.decider_ids:
                    self._prepare_mail_values(user, row)
            return True
        except Exception:
            _logger.warning("Approvers are not told of request %s", row.id, exc_info=True)
            return False

    # === THE MAILS === #

    @api.model
    def _send(self, rows):
        """Queue one mail per approver, and mark the requests as told.

        :param rows: ``quote.validation`` that are due
        """
        by_user = defaultdict(self.env["quote.validation"].browse)
        for row in rows:
            for user in row.decider_ids.filtered(lambda u, row=row: self._wants_mail(u, row)):
                by_user[user] |= row
        self.env["mail.mail"].sudo().create(
            [self._prepare_mail_values(user, found) for user, found in by_user.items()]
        )
        now = fields.Datetime.now()
        reminded = rows.filtered_domain(self.env["quote.validation"]._get_reminder_domain())
        rows.filtered(lambda row: not row.notified_on).write({"notified_on": now})
        reminded.write({"reminded_on": now})
        if by_user:
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    @api.model
    def _wants_mail(self, user, row):
        """Return whether an approver gets mails: as the company of the request says.

        :param user: the ``res.users`` who may decide
        :param row: the ``quote.validation``
        :rtype: bool
        """
        choice = row.company_id.quote_approver_mails or "preference"
        wanted = {"always": True, "never": False}.get(choice, user.notification_type == "email")
        return bool(wanted and user.active and user.email)

    @api.model
    def _prepare_mail_values(self, user, rows):
        """Return the values of the mail to one approver, in his language.

        It goes to him alone and is no message of a discussion. An overrider never adds costs or
        margins: a mail leaves the company's walls.

        :param user: the ``res.users`` who may decide
        :param rows: the ``quote.validation`` that he is told of
        :rtype: dict
        """
        digest = self.with_context(lang=user.lang, tz=user.tz or self.env.context.get("tz"))
        told = digest._get_told_documents(rows)
        waiting = digest.env["quote.validation"].search_count(
            [("state", "=", "pending"), ("decider_ids", "in", user.ids)]
        )
        company = rows[:1].company_id or user.company_id
        values = {
            "user": user,
            "told": told,
            "other_count": max(waiting - len(rows), 0),
            "list_url": f"{user.get_base_url()}/odoo/offers-to-validate",
            "company": company,
        }
        return {
            "subject": digest._get_subject(told),
            "body_html": digest.env["ir.qweb"]._render(
                "commercial_quote_process.approver_digest", values, minimal_qcontext=True
            ),
            "recipient_ids": [fields.Command.link(user.partner_id.id)],
            "email_from": company.email_formatted or user.email_formatted,
            "author_id": company.partner_id.id,
            "auto_delete": True,
        }

    @api.model
    def _get_subject(self, told):
        first = told[0]
        if len(told) > 1:
            return self.env._("%(count)s offers wait for your decision", count=len(told))
        if first["is_late"]:
            return self.env._(
                "Reminder: %(client)s, %(name)s waits for your decision",
                client=first["client"],
                name=first["name"],
            )
        return self.env._(
            "%(client)s: %(name)s waits for your decision",
            client=first["client"],
            name=first["name"],
        )

    @api.model
    def _get_told_documents(self, rows):
        """Return what a mail says of each document, the late ones first.

        :param rows: ``quote.validation``, one or several per document
        :rtype: list(dict)
        """
        documents = rows._get_documents()
        told = [
            self._get_told_document(documents[key], found)
            for key, found in rows.grouped(lambda row: (row.res_model, row.res_id)).items()
        ]
        return sorted(told, key=lambda values: not values["is_late"])

    @api.model
    def _get_told_document(self, document, rows):
        """Return what a mail says of one document.

        :param document: the document, in superuser mode
        :param rows: the ``quote.validation`` about it
        :rtype: dict
        """
        order = rows.order_id
        deadlines = [row.deadline for row in rows if row.deadline]
        base = document.get_base_url()
        link = order._get_decision_url() if order else f"/odoo/{document._name}/{document.id}"
        amount = format_amount(self.env, rows[0].amount, rows[0].currency_id)
        if order:
            amount = format_amount(self.env, order.amount_untaxed, order.currency_id)
        return {
            "name": document.display_name,
            "client": order.partner_id.display_name or document.display_name,
            "title": order.opportunity_id.name or "",
            "amount": amount,
            "asked_by": rows[0].asked_by_id.name,
            "rules": ", ".join(dict.fromkeys(rows.mapped("rule_name"))),
            "deadline": deadlines and format_date(self.env, min(deadlines)),
            "is_late": any(row.notified_on for row in rows),
            "url": f"{base}{link}",
        }
