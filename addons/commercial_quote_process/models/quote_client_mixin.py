import hashlib

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import is_html_empty

from ..const import OPEN_STEPS
from ..tools.client_html import clean_client_html


class QuoteClientMixin(models.AbstractModel):
    """What the client sees of a quote, and by which doors: page, mail, payment, discussion."""

    _name = "quote.client.mixin"
    _description = "What the client sees of quotes"

    # === TERMS === #

    def _get_quote_terms(self):
        """Return the general terms that the client accepts with this quote.

        They are the quote's own terms and, when the company publishes its terms as a page, that
        page, in the client's language. The version names the text: another text is another one.

        :return: ``text`` (HTML), ``hash`` (SHA-256 of the text) and ``version``
        :rtype: dict
        """
        self.ensure_one()
        order_sudo = self.sudo().with_context(lang=self._get_lang())
        texts = [order_sudo.note, order_sudo._get_company_terms()]
        text = "\n".join(clean_client_html(text) for text in texts if not is_html_empty(text))
        digest = hashlib.sha256(text.encode()).hexdigest()
        label = order_sudo.company_id.quote_terms_label
        version = f"{label}/{digest[:8]}" if label else digest[:12]
        return {"text": Markup(text), "hash": digest, "version": version}

    def _get_company_terms(self):
        """Return the terms that the company publishes as a page, or False. In superuser mode."""
        used = self.env["ir.config_parameter"].get_param("account.use_invoice_terms")
        company = self.company_id
        return used and company.terms_type == "html" and company.invoice_terms_html

    # === CONTENT === #

    def _get_client_text(self, name):
        """Return one of the texts of the proposal, safe to show and to print.

        :param str name: "proposal_summary", "scope_content", "scope_exclusions",
            "scope_assumptions", "technical_content" or "organisation_content"
        :return: the text, or an empty one
        :rtype: Markup
        """
        self.ensure_one()
        return Markup(clean_client_html(self._get_client_source(name)))

    def _is_draft_for_print(self):
        """Return whether this quote prints as a draft: it may not leave the company yet.

        :rtype: bool
        """
        self.ensure_one()
        return bool(self.quote_process and self._get_gate_error("print"))

    # === DOORS OF THE PORTAL === #

    def write(self, vals):
        """A link that was given to one client never opens the quote of another."""
        if "partner_id" not in vals:
            return super().write(vals)
        given = self.filtered(
            lambda order: order.quote_process and order.partner_id.id != vals["partner_id"]
        )
        result = super().write(vals)
        given.sudo().access_token = False
        return result

    def _has_to_be_signed(self):
        """A process quote is always signed, whatever the options of the quote say."""
        if not self.quote_process:
            return super()._has_to_be_signed()
        return self.quote_step in OPEN_STEPS and not self.is_expired

    def _has_to_be_paid(self):
        """A process quote is accepted by its signature; what is due is paid afterwards."""
        return not self.quote_process and super()._has_to_be_paid()

    def _can_be_edited_on_portal(self):
        """What was approved is what is signed: the client changes nothing of it."""
        return not self.quote_process and super()._can_be_edited_on_portal()

    def _get_gate_error(self, door):
        error = super()._get_gate_error(door)
        if not error and door == "pay" and self.quote_process and self.quote_step != "accepted":
            return self.env._(
                "%(quote)s is paid once it has been accepted: it has to be signed first.",
                quote=self.name,
            )
        return error

    def _get_default_payment_link_values(self):
        self._check_gate("pay")
        return super()._get_default_payment_link_values()

    def _check_payment(self):
        """Refuse money for quotes that the client has not accepted, in words for the client.

        :raise ValidationError: which the payment page shows
        """
        for order in self:
            if error := order._get_gate_error("pay"):
                raise ValidationError(order._get_gate_error("portal") or error)

    def _prepare_invoice(self):
        """Invoice nothing, down payments included, before the client has accepted."""
        self._check_gate("pay")
        return super()._prepare_invoice()

    def _compute_access_warning(self):
        """Say, where a link is shared, that the client cannot open it yet."""
        result = super()._compute_access_warning()
        for order in self:
            if order.quote_process and not order._is_visible_to_client():
                order.access_warning = order._get_gate_error("send")
        return result

    @api.model
    def _get_thread_with_access(self, thread_id, **kwargs):
        """Close the discussion of a quote that the client does not see, link or not."""
        thread = super()._get_thread_with_access(thread_id, **kwargs)
        if (
            thread
            and not self.env.user._is_internal()
            and (not thread.sudo()._is_visible_to_client())
        ):
            return self.browse()
        return thread

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """No button to a page that the client may not open yet."""
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if self and not self._is_visible_to_client():
            for name, _filter, options in groups:
                if name in ("portal_customer", "portal", "follower", "customer"):
                    options["has_button_access"] = False
        return groups
