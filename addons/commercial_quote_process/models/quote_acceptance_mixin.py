import base64
import hashlib

from odoo import api, fields, models

from ..exceptions import AcceptanceRefused
from .quote_pending_job_mixin import AFTER_ACCEPTANCE

# While the client waits nothing is tracked and nobody is told: the job afterwards tells everybody.
SILENT = {
    "mail_auto_subscribe_no_notify": True,
    "mail_create_nolog": True,
    "mail_notrack": True,
    "tracking_disable": True,
}


class QuoteAcceptanceMixin(models.AbstractModel):
    """From the client's yes to the order: check, record the evidence, confirm."""

    _name = "quote.acceptance.mixin"
    _description = "Acceptance of quotes"

    quote_acceptance_ids = fields.One2many(
        "quote.acceptance", "order_id", string="Acceptance", readonly=True
    )

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {"quote_acceptance_ids"}

    def _get_acceptance_action(self):
        """Return the wizard that asks for the evidence of an acceptance outside the portal.

        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "commercial_quote_process.quote_accept_action"
        )
        return {**action, "context": {"default_order_id": self.id}}

    # === RECORDING === #

    def _record_acceptance(self, kind, **evidence):
        """Record that the client accepted this quote, and confirm it.

        One transaction, lock first: whoever comes second sees what the first one did. No document
        is printed, no mail is written and nobody is told here; a job does all that.

        :param str kind: a key of ``quote.acceptance.kind``
        :param evidence: ``signer_name`` (required), ``signer_function``, ``signature`` (bytes),
            ``fingerprint`` (of what was shown; required on the portal), ``terms_accepted``,
            ``terms_version``, ``options`` (ids of the optional lines that the client takes),
            ``purchase_order_number``, ``evidence_date``, ``documents`` (pairs of name and bytes),
            ``auth_mode``, ``user``, ``ip_address``, ``user_agent``, ``session_hash``
        :return: the acceptance
        :rtype: quote.acceptance
        :raise AcceptanceRefused: when the quote, as it is now, cannot be accepted like this
        """
        self.ensure_one()
        order = self.with_context(**SILENT)
        order_sudo = order.sudo()
        # The family is locked with the quote: its chain has one end.
        (order_sudo | order_sudo.quote_root_id)._lock_for_decision()
        order._check_acceptance(kind, evidence)
        if options := evidence.get("options"):
            order_sudo._choose_options(options)
        acceptance_sudo = order_sudo._create_acceptance(kind, evidence)
        order_sudo._gated().write(order_sudo._prepare_signature_values(acceptance_sudo))
        order._move_to_step("accepted", self._get_acceptance_reason(acceptance_sudo))
        order.action_confirm()
        order_sudo._plan_pending(AFTER_ACCEPTANCE)
        return acceptance_sudo.with_env(self.env)

    def _create_acceptance(self, kind, evidence):
        """Return the new row of evidence, with its documents. Called in superuser mode."""
        acceptance = self.env["quote.acceptance"].create(
            self._prepare_acceptance_values(kind, evidence)
        )
        documents = evidence.get("documents")
        if documents:
            self.env["quote.acceptance.document"]._add(acceptance, "evidence", documents)
        return acceptance

    def _check_acceptance(self, kind, evidence):
        """Refuse an acceptance of something else than what the quote says now.

        :raise AcceptanceRefused: with a code for the caller and a sentence for the person
        """
        if self.quote_step == "accepted" or self.sudo().quote_acceptance_ids:
            already = self.env._("%(quote)s has already been accepted.", quote=self.name)
            raise AcceptanceRefused(self._with_last_move(already), "already")
        if error := self._get_gate_error("sign" if kind == "portal" else "confirm"):
            raise AcceptanceRefused(error, "closed")
        shown = evidence.get("fingerprint")
        if (kind == "portal" or shown) and shown != self._get_fingerprint()["all"]:
            raise AcceptanceRefused(
                self.env._("The offer has changed since it was shown. Please read it again."),
                "changed",
            )
        options = evidence.get("options")
        if options and (error := self._get_options_error(options)):
            raise AcceptanceRefused(error, "changed")
        if kind == "portal":
            self._check_terms_accepted(evidence)

    def _check_terms_accepted(self, evidence):
        if evidence.get("terms_accepted") is not True:
            raise AcceptanceRefused(
                self.env._("Please read the general terms and tick the box to accept them."),
                "terms",
            )
        if evidence.get("terms_version") != self._get_quote_terms()["version"]:
            raise AcceptanceRefused(
                self.env._("The general terms have changed since they were shown."), "changed"
            )

    def _get_acceptance_reason(self, acceptance_sudo):
        """Return how and by whom, for our own people, in whatever language the client reads."""
        order_sudo = self.sudo()
        lang = order_sudo.user_id.lang or order_sudo.company_id.partner_id.lang
        env = self.with_context(lang=lang).env
        labels = dict(acceptance_sudo._fields["kind"]._description_selection(env))
        return env._(
            "%(kind)s: %(name)s",
            kind=labels[acceptance_sudo.kind],
            name=acceptance_sudo.signer_name,
        )

    # === VALUES === #

    def _prepare_acceptance_values(self, kind, evidence):
        """Return the values of the row that records an acceptance. Called in superuser mode.

        :param str kind: a key of ``quote.acceptance.kind``
        :param dict evidence: see ``_record_acceptance``
        :rtype: dict
        """
        self.ensure_one()
        terms = self._get_quote_terms()
        signature = evidence.get("signature")
        user = evidence.get("user") or self.env["res.users"].browse(self.env.uid)
        return {
            "order_id": self.id,
            "quote_root_id": (self.quote_root_id or self).id,
            "company_id": self.company_id.id,
            "order_name": self.name,
            "quote_version": self.quote_version,
            "kind": kind,
            "currency_id": self.currency_id.id,
            "amount_untaxed": self.amount_untaxed,
            "amount_total": self.amount_total,
            "fingerprints": self._get_fingerprint(),
            "terms_accepted": evidence.get("terms_accepted") is True,
            "terms_version": terms["version"],
            "terms_hash": terms["hash"],
            "terms_text": terms["text"],
            "signer_name": evidence["signer_name"],
            "signer_function": evidence.get("signer_function"),
            "partner_ref": self.partner_id.id,
            "partner_name": self.partner_id.display_name,
            "partner_email": self.partner_id.email,
            "signed_at": fields.Datetime.now(),
            "evidence_date": evidence.get("evidence_date"),
            "purchase_order_number": evidence.get("purchase_order_number"),
            "auth_mode": evidence.get("auth_mode") or "internal",
            "user_ref": user.id,
            "user_login": user.login,
            "ip_address": evidence.get("ip_address"),
            "user_agent": (evidence.get("user_agent") or "")[:512],
            "session_hash": evidence.get("session_hash"),
            "signature": base64.b64encode(signature) if signature else False,
            "signature_hash": hashlib.sha256(signature).hexdigest() if signature else False,
            "document_digests": [
                hashlib.sha256(content).hexdigest()
                for _name, content in evidence.get("documents") or []
            ],
        }

    def _prepare_signature_values(self, acceptance_sudo):
        """Return the values of Odoo's own signature fields, that documents print.

        :rtype: dict
        """
        values = {
            "signed_by": acceptance_sudo.signer_name,
            "signed_on": acceptance_sudo.evidence_date or acceptance_sudo.signed_at,
        }
        if acceptance_sudo.signature:
            values["signature"] = acceptance_sudo.with_context(bin_size=False).signature
        if acceptance_sudo.purchase_order_number:
            values["client_order_ref"] = acceptance_sudo.purchase_order_number
        return values
