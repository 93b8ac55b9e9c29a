from odoo import api, fields, models

from ..const import OPEN_STEPS

SIGNATURE_MODES = ("draw", "auto", "load")
LANGUAGE_MAX = 128


class QuoteEvidenceMixin(models.AbstractModel):
    """What an acceptance says beside the signature: to whom, what was sent, seen and chosen."""

    _name = "quote.evidence.mixin"
    _description = "Evidence of acceptances"

    quote_recipients = fields.Json(
        string="Recipients of the offer",
        copy=False,
        readonly=True,
        help="Who received the mail with the offer: names and addresses at that time.",
    )

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {"quote_recipients"}

    # === WHO RECEIVED IT === #

    def message_post(self, **kwargs):
        """Who the mail with the offer goes to is remembered for the acceptance."""
        message = super().message_post(**kwargs)
        if self.env.context.get("mark_so_as_sent"):
            orders_sudo = self.sudo().filtered(lambda order: order.quote_step in OPEN_STEPS)
            if orders_sudo:
                orders_sudo.quote_recipients = self._get_external_recipients(message.sudo())
        return message

    def _get_external_recipients(self, message_sudo):
        """Return the people outside the company who receive a message.

        :rtype: list(dict)
        """
        partners_sudo = message_sudo.notified_partner_ids | message_sudo.partner_ids
        return [
            {"name": partner_sudo.name or "", "email": partner_sudo.email or ""}
            for partner_sudo in partners_sudo.filtered("partner_share")
        ]

    # === VALUES OF THE ROW === #

    def _prepare_acceptance_values(self, kind, evidence):
        return {
            **super()._prepare_acceptance_values(kind, evidence),
            **self._prepare_evidence_values(kind, evidence),
        }

    def _prepare_evidence_values(self, kind, evidence):
        """Return what the row says beside who signed what. Called in superuser mode.

        :param str kind: a key of ``quote.acceptance.kind``
        :param dict evidence: see ``_record_acceptance``; besides ``signature_mode`` ("draw",
            "auto" or "load"), ``language`` (code), ``accept_language`` (header of the browser) and
            ``options`` (ids of the lines that the client chose)
        :rtype: dict
        """
        self.ensure_one()
        mode = evidence.get("signature_mode")
        return {
            "signature_mode": mode if mode in SIGNATURE_MODES else False,
            "language": evidence.get("language") or self.env.lang,
            "accept_language": (evidence.get("accept_language") or "")[:LANGUAGE_MAX] or False,
            "sent_to": self.quote_recipients or False,
            "passed_on_to": self._get_passed_on_to() or False,
            "view_events": self._get_view_evidence() or False,
            "sent_documents": [
                {"sha256": document.sha256, "size": document.size}
                for document in self._get_files_of_client()
            ],
            "chosen_options": self._get_chosen_options(evidence.get("options") or []),
        }

    def _get_files_of_client(self):
        """Return the files that the client received with this version. In superuser mode.

        Not those that were made for a mail that never left.

        :rtype: quote.sent.document
        """
        added = self.sent_document_ids.filtered(lambda document: document.origin == "mail")
        return self.sent_document_id | added

    def _get_chosen_options(self, line_ids):
        """Return the options that the client chose, with their amounts.

        :param list line_ids: ids of order lines
        :rtype: list(dict)
        """
        return [
            {"line": line.id, "name": line.name, "amount_untaxed": line.price_subtotal}
            for line in self.order_line
            if line.id in line_ids
        ]
