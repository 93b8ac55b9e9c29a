import logging

from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_amount, format_date

_logger = logging.getLogger(__name__)

# Longer lists of views say nothing more.
MOST_VIEWS = 12


class QuoteAcceptanceReadingMixin(models.AbstractModel):
    """An acceptance in words: on the evidence page of the signed copy, and on screen."""

    _name = "quote.acceptance.reading.mixin"
    _description = "Acceptances in words"

    evidence_page = fields.Html(compute="_compute_evidence_page", sanitize=False)

    def _compute_evidence_page(self):
        for acceptance in self:
            acceptance.evidence_page = bool(acceptance.id) and acceptance._render_evidence_page()

    def _render_evidence_page(self):
        """Return the page of evidence for the screen.

        Whoever looks into a spoilt row still opens it.

        :rtype: Markup
        """
        try:
            return self.env["ir.qweb"]._render(
                "commercial_quote_process.quote_evidence_page",
                {"acceptance": self.sudo(), "on_screen": True},
            )
        except Exception:
            _logger.warning("Evidence of acceptance %s", self.id, exc_info=True)
            return Markup("<p class='text-danger'>%s</p>") % self.env._(
                "A value of this acceptance cannot be read, because it was changed in the database."
                " The button “Verify” says what else does not match."
            )

    def _get_evidence_groups(self):
        """Return what the acceptance says, in the language of the environment.

        An overrider adds groups or rows to what ``super()`` returns.

        :return: dicts with ``title`` and ``rows``, pairs of a label and a text; empty ones left out
        :rtype: list(dict)
        """
        self.ensure_one()
        groups = [
            {"title": self.env._("What was accepted"), "rows": self._get_content_rows()},
            {"title": self.env._("Who accepted"), "rows": self._get_person_rows()},
            {"title": self.env._("How it was recorded"), "rows": self._get_record_rows()},
            {"title": self.env._("Hashes (SHA-256)"), "rows": self._get_hash_rows()},
        ]
        return [
            {**group, "rows": [(label, value) for label, value in group["rows"] if value]}
            for group in groups
        ]

    def _get_label(self, name):
        """Return the text of a selection field."""
        labels = dict(self._fields[name]._description_selection(self.env))
        return labels.get(self[name], "")

    def _get_content_rows(self):
        amount = format_amount(self.env, self.amount_total, self.currency_id)
        options = [
            f"{row['name']} ({format_amount(self.env, row['amount_untaxed'], self.currency_id)})"
            for row in self._get_json_rows("chosen_options")
        ]
        terms = self.terms_version and (
            self.env._("version %(version)s, box ticked", version=self.terms_version)
            if self.terms_accepted
            else self.env._("version %(version)s", version=self.terms_version)
        )
        return [
            (self.env._("Offer"), self.order_name),
            (self.env._("Version"), str(self.quote_version or 1)),
            (self.env._("Total, taxes included"), amount),
            (self.env._("Options chosen"), ", ".join(options)),
            (self.env._("General terms"), terms),
            (self.env._("Purchase order number"), self.purchase_order_number),
        ]

    def _get_person_rows(self):
        if self.is_erased:
            return [("", erasure._get_sentence()) for erasure in self.erasure_ids]
        return [
            (self.env._("Signed by"), self.signer_name),
            (self.env._("Function"), self.signer_function),
            (self.env._("Offer sent to"), self._say_people(self._get_addressees())),
            (self.env._("Passed on to"), self._say_passed_on_to()),
        ]

    def _say_passed_on_to(self):
        """Return to whom the page was passed on, and whether that person's own link was used."""
        passed_on_to = self._get_json_dict("passed_on_to")
        person = self._say_people([passed_on_to])
        if not person:
            return ""
        if passed_on_to.get("own_link"):
            return self.env._("%(person)s, whose own link was used", person=person)
        return self.env._("%(person)s, whose own link was not used", person=person)

    def _get_addressees(self):
        return self._get_json_rows("sent_to") or [
            {"name": self.partner_name, "email": self.partner_email}
        ]

    def _say_people(self, people):
        """Return names and addresses in one line."""
        texts = [
            f"{person['name']} <{person['email']}>"
            if person.get("name") and person.get("email")
            else person.get("name") or person.get("email") or ""
            for person in people
        ]
        return ", ".join(filter(None, texts))

    def _get_record_rows(self):
        date = self.evidence_date and format_date(self.env, self.evidence_date)
        label = self.env._("Recorded by") if self.auth_mode == "internal" else self.env._("Account")
        return [
            (self.env._("Kind"), self._get_label("kind")),
            (self.env._("Recorded on"), f"{fields.Datetime.to_string(self.signed_at)} UTC"),
            (self.env._("Date on the document"), date),
            (self.env._("Identified by"), self._get_label("auth_mode")),
            (label, self.auth_mode != "token" and self.user_login),
            (self.env._("Signature"), self._get_label("signature_mode")),
            (self.env._("IP address"), self.ip_address),
            (self.env._("Browser"), self.user_agent),
            (self.env._("Language"), self._say_language()),
            (self.env._("Page opened before"), self._say_views()),
        ]

    def _say_language(self):
        """Return the name of the language of the page; its code when it is not installed."""
        language = self.env["res.lang"]._get_data(code=self.language)
        return language.name or self.language

    def _say_views(self):
        """Return when the page was opened before, in one line."""
        events = self._get_json_rows("view_events")
        texts = [str(row.get("last") or "").replace("T", " ") for row in events[:MOST_VIEWS]]
        if rest := len(events) - len(texts):
            texts.append(self.env._("and %(count)s more", count=rest))
        return ", ".join(filter(None, texts))

    def _get_hash_rows(self):
        received = [(row.name, row.sha256) for row in self.document_ids if row.kind == "evidence"]
        seals = self.seal_ids.filtered(lambda row: not row.document_id and not row.erasure_id)
        return [
            (self.env._("Content of the offer"), self._get_json_dict("fingerprints").get("all")),
            *(
                (self.env._("File that was sent"), row["sha256"])
                for row in self._get_json_rows("sent_documents")
            ),
            (self.env._("General terms"), self.terms_hash),
            (self.env._("Image of the signature"), self.signature_hash),
            *received,
            (self.env._("Previous acceptance"), self.previous_hash),
            (self.env._("This acceptance"), self.row_hash),
            (
                self.env._("Seal %(number)s of the company", number=seals.number),
                seals.seal_hash,
            ),
        ]
