import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

BATCH_SIZE = 50
# A quote that failed this often is left to its salesperson, with an activity.
MAX_FAILURES = 3
# Minutes to wait before what has failed is tried again: a printer that is down comes back.
RETRY_MINUTES = 5
PENDING = [("after_acceptance_pending", "=", True)]


class QuoteAfterAcceptanceMixin(models.AbstractModel):
    """What follows an acceptance without the client waiting for it.

    A stored flag says that it is due. Each quote is done in one transaction that also lowers the
    flag: killed at any moment, the job does each thing exactly once. Each attempt is counted before
    it is made: a quote that takes its worker down comes after the others, and is given up at last.
    """

    _name = "quote.after.acceptance.mixin"
    _description = "After the acceptance of quotes"

    after_acceptance_pending = fields.Boolean(
        string="Signed copy being prepared",
        copy=False,
        readonly=True,
        help="The confirmation mail, the signed copy and the won opportunity are still to come.",
    )
    after_acceptance_failures = fields.Integer(
        string="Failures after acceptance",
        copy=False,
        readonly=True,
        help="How often the scheduled action has tried to prepare what follows the acceptance.",
    )

    _after_acceptance_pending_idx = models.Index("(id) WHERE after_acceptance_pending IS TRUE")

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {
            "after_acceptance_pending",
            "after_acceptance_failures",
        }

    def _plan_after_acceptance(self):
        """Leave the rest to the job. Called in superuser mode."""
        self.write({"after_acceptance_pending": True, "after_acceptance_failures": 0})
        self._trigger_after_acceptance()

    def _trigger_after_acceptance(self, minutes=0):
        """Let the job run, now or in some minutes."""
        at = fields.Datetime.now() + timedelta(minutes=minutes) if minutes else None
        self.env.ref("commercial_quote_process.ir_cron_after_acceptance").sudo()._trigger(at)

    def action_retry_after_acceptance(self):
        """Try again to prepare the signed copy, the mail and the rest.

        :return: True
        """
        self.check_access("write")
        stuck_sudo = self.sudo().filtered(
            lambda order: order.quote_acceptance_ids and not order._get_signed_copy()
        )
        if stuck_sudo:
            stuck_sudo._plan_after_acceptance()
        return True

    # === JOB === #

    @api.model
    def _cron_after_acceptance(self, limit=BATCH_SIZE):
        """Prepare what follows the acceptances that are waiting for it."""
        cron = self.env["ir.cron"]
        orders = self.search(PENDING, order="after_acceptance_failures, id", limit=limit)
        waiting = len(orders) if len(orders) < limit else self.search_count(PENDING)
        cron._commit_progress(remaining=waiting)
        for order in orders:
            # One by one: the cache is emptied at each commit.
            order[0]._try_after_acceptance()
            if not cron._commit_progress(1):
                break

    def _try_after_acceptance(self):
        """Do what follows one acceptance, or leave it as it was for another time."""
        self.ensure_one()
        try:
            order = self._count_attempt()
            if order:
                order._after_acceptance()
                self.env.flush_all()
        except OperationalError:
            # Somebody is working on this quote: nothing of ours has failed.
            self.env.cr.rollback()
            for order in self._lock_pending():
                order.after_acceptance_failures -= 1
            self._trigger_after_acceptance(RETRY_MINUTES)
        except Exception:
            self.env.cr.rollback()
            _logger.exception("After the acceptance of quote %s", self.id)
            self._after_acceptance_failed()

    def _count_attempt(self):
        """Lock this quote, and count the attempt so that it counts even if it kills its worker.

        :return: the quote, locked again; empty when there is nothing to do now
        :rtype: sale.order
        """
        order = self._lock_pending()
        if order.after_acceptance_failures >= MAX_FAILURES:
            order._give_up_after_acceptance()
            return order.browse()
        if order:
            order.after_acceptance_failures += 1
            self.env["ir.cron"]._commit_progress()
            order = order._lock_pending()
        return order

    def _lock_pending(self):
        """Return this quote, locked, when what follows its acceptance is still to be done."""
        order = self.try_lock_for_update(allow_referencing=True)
        if not order and self.exists():
            self._trigger_after_acceptance(RETRY_MINUTES)
        return order.filtered_domain(PENDING)

    def _after_acceptance(self):
        """Do what follows one acceptance. An overrider calls ``super()`` first."""
        self.ensure_one()
        acceptance = self.quote_acceptance_ids
        self.write({"after_acceptance_pending": False, "after_acceptance_failures": 0})
        self._post_acceptance_message(acceptance)
        message = self._post_confirmation()
        self._add_signed_copy(acceptance, message)
        self.opportunity_id._set_won_from_quote(self)

    def _after_acceptance_failed(self):
        """Try again later; give up after a few times, in front of the salesperson."""
        order = self.exists()
        if order.after_acceptance_failures < MAX_FAILURES:
            self._trigger_after_acceptance(RETRY_MINUTES)
        else:
            order._give_up_after_acceptance()

    def _give_up_after_acceptance(self):
        self.after_acceptance_pending = False
        self._schedule_salesperson_activity(
            self.env._("Signed copy not sent"),
            self.env._(
                "%(quote)s is accepted, but its signed copy could not be prepared. Send it from"
                " the order.",
                quote=self.name,
            ),
        )

    # === PIECES === #

    def _post_acceptance_message(self, acceptance):
        """Tell the followers who accepted, in the client's name.

        Some follow the confirmations of a team and nothing else: they are told as well.
        """
        confirmed = self.env.ref("sale.mt_order_confirmed", raise_if_not_found=False)
        followers = self.message_follower_ids.filtered(lambda f: confirmed in f.subtype_ids)
        self.with_context(mail_notify_force_send=False).message_post(
            body=self._get_acceptance_reason(acceptance),
            author_id=self.partner_id.id,
            partner_ids=followers.partner_id.filtered(lambda p: not p.partner_share).ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _post_confirmation(self):
        """Send the confirmation to the client; the mail leaves by the queue.

        :return: the message, empty when the company has no confirmation mail
        :rtype: mail.message
        """
        template = self._get_confirmation_template()
        if not template:
            return self.env["mail.message"]
        return self.with_context(mail_notify_force_send=False).message_post_with_source(
            template,
            email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature",
            subtype_xmlid="mail.mt_comment",
        )

    def _add_signed_copy(self, acceptance, message):
        """Keep the file that the client received; print it when no mail carried it."""
        printed = message.attachment_ids.filtered(lambda file: file.mimetype == "application/pdf")
        if printed:
            content = printed[0].raw
        else:
            content, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
                "sale.action_report_saleorder", self.ids
            )
        env = self.with_context(lang=self._get_lang()).env
        name = env._("%(quote)s - signed.pdf", quote=self.name)
        self.env["quote.acceptance.document"]._add(acceptance, "signed_copy", [(name, content)])

    def _get_signed_copy(self):
        """Return the signed copy of this quote, when it has been prepared.

        :rtype: quote.acceptance.document
        """
        self.ensure_one()
        return self.quote_acceptance_ids.document_ids.filtered(lambda d: d.kind == "signed_copy")
