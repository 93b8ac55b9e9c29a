import base64
import hashlib
import logging

from odoo import models

_logger = logging.getLogger(__name__)

# What is raised by a value that no version of the addon ever wrote: of another type, out of range.
UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class QuoteAcceptanceProblemMixin(models.AbstractModel):
    """Compares acceptances with their chain, their seals, their images and their documents.

    A change made in the database is found, not prevented. Whoever may rewrite every table can
    compute every hash again: only what stands elsewhere then tells - the hash on the signed copy
    in the client's hands, and the last seal in the server's log.
    """

    _name = "quote.acceptance.problem.mixin"
    _description = "Verification of acceptances"

    def _get_problems(self):
        """Compare the rows with their chain, their images and their documents.

        :return: what does not match, one sentence each; empty when all is as it was recorded
        :rtype: list[str]
        """
        seal_model = self.env["quote.acceptance.seal"]
        problems = self._find_problems(self._get_family_problems)
        problems += self._find_problems(seal_model._get_seal_problems, self)
        for acceptance_sudo in self.sudo():
            problems += acceptance_sudo._find_problems(acceptance_sudo._get_content_problems)
        return problems

    def _find_problems(self, find, *arguments):
        """Return what a search for problems finds; a value that it cannot read is one itself.

        Whoever spoils a value in the database must not silence the verification of all the others.

        :param find: function that returns sentences
        :param arguments: its arguments
        :rtype: list[str]
        """
        try:
            return find(*arguments)
        except UNREADABLE:
            _logger.warning("Verification of acceptances %s", self.ids, exc_info=True)
            return [
                self.env._(
                    "A value of these acceptances cannot be read, because it was changed in the"
                    " database (no. %(numbers)s).",
                    numbers=", ".join(map(str, self.ids)) or "-",
                )
            ]

    def _get_family_problems(self):
        return [
            self.env._(
                "The acceptance of %(quote)s is not what was recorded, or one before it is"
                " missing.",
                quote=broken_sudo.order_name,
            )
            for broken_sudo in self._find_family_breaks()
        ]

    def _get_content_problems(self):
        """Return what does not match in one row and in what hangs on it. In superuser mode.

        :rtype: list[str]
        """
        self.ensure_one()
        return [
            *self._get_personal_problems(),
            *self._get_terms_problems(),
            *self._get_signature_problems(),
            *self._get_sent_problems(),
            *self._get_document_problems(),
        ]

    def _get_personal_problems(self):
        if self.erasure_ids:
            return self._get_erasure_problems()
        digests, recorded = self._get_personal_digests(), self._get_json_dict("personal_digests")
        return [
            self.env._(
                "%(quote)s: “%(field)s” has been changed.",
                quote=self.order_name,
                field=self._fields[name]._description_string(self.env),
            )
            for name in self._get_personal_fields()
            if digests[name] != recorded.get(name)
        ]

    def _get_terms_problems(self):
        text = self.terms_text or ""
        if not self.terms_hash or hashlib.sha256(text.encode()).hexdigest() == self.terms_hash:
            return []
        return [
            self.env._(
                "%(quote)s: the text of the general terms has been changed.", quote=self.order_name
            )
        ]

    def _get_signature_problems(self):
        image = self.with_context(bin_size=False).signature
        image_hash = hashlib.sha256(base64.b64decode(image)).hexdigest() if image else ""
        is_recorded = not image if self.erasure_ids else image_hash == (self.signature_hash or "")
        if is_recorded:
            return []
        return [
            self.env._("%(quote)s: the drawn signature has been changed.", quote=self.order_name)
        ]

    def _get_sent_problems(self):
        """Compare the files that the client received with what the acceptance says of them."""
        recorded = {row.get("sha256") for row in self._get_json_rows("sent_documents")}
        documents = self.order_id.sent_document_ids.filtered(lambda row: row.sha256 in recorded)
        problems = documents._get_problems()
        if recorded - set(documents.mapped("sha256")):
            problems.append(
                self.env._("%(quote)s: a file that was sent is missing.", quote=self.order_name)
            )
        return problems

    def _get_document_problems(self):
        received = self.document_ids.filtered(lambda document: document.kind == "evidence")
        problems = []
        recorded = self.document_digests or []
        if not isinstance(recorded, list) or sorted(map(str, recorded)) != sorted(
            received.mapped("sha256")
        ):
            problems.append(
                self.env._(
                    "%(quote)s: a document of the acceptance was added or removed.",
                    quote=self.order_name,
                )
            )
        return problems + self.document_ids._get_problems()

    def action_verify(self):
        """Verify the acceptances, the documents and the whole chain of their companies.

        :return: the notification to show
        :rtype: dict
        """
        self.check_access("read")
        problems = self._get_problems()
        check_model = self.env["quote.acceptance.check"]
        for company_sudo in self.sudo().company_id:
            problems += self._find_problems(check_model._get_chain_problems, company_sudo)
        erased = [erasure_sudo._get_sentence() for erasure_sudo in self.sudo().erasure_ids]
        unsealed = self.sudo().filtered(lambda acceptance: not acceptance.seal_ids)
        waiting = [self.env._("The seal of the company follows in a few minutes.")]
        result = list(dict.fromkeys(problems)) or [
            self.env._("The acceptance and its documents are as they were recorded."),
            *(waiting if unsealed else []),
        ]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if problems else "success",
                "sticky": bool(problems),
                "message": "\n".join(result + erased),
            },
        }
