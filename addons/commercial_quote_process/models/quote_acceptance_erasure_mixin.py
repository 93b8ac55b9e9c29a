from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

ERASURE_GROUP = "commercial_quote_process.group_quote_evidence_erasure"


class QuoteAcceptanceErasureMixin(models.AbstractModel):
    """Erases the person who signed: the values go, their digests stay, the chain still verifies.

    The salt goes with the values: without it a digest says nothing about a name that is guessed.
    """

    _name = "quote.acceptance.erasure.mixin"
    _description = "Erasure of persons from acceptances"

    erasure_ids = fields.One2many("quote.acceptance.erasure", "acceptance_id", readonly=True)
    is_erased = fields.Boolean(string="Person erased", compute="_compute_is_erased")

    def _compute_is_erased(self):
        erasures = self.env["quote.acceptance.erasure"]
        groups = erasures._read_group([("acceptance_id", "in", self.ids)], ["acceptance_id"])
        erased = {acceptance.id for (acceptance,) in groups}
        for acceptance in self:
            acceptance.is_erased = acceptance.id in erased

    def _anonymise(self, reason, with_documents=False):
        """Erase the persons of these acceptances, for good.

        :param str reason: why; kept in a row that nobody can change
        :param bool with_documents: also empty the signed copy and the documents received, which
            name the person; only their hashes stay
        :return: the rows that say so
        :rtype: quote.acceptance.erasure
        :raise AccessError: when the user is not in the group for it
        :raise UserError: without a reason, or when there is nothing left to erase
        """
        self.check_access("read")
        if not self.env.user.has_group(ERASURE_GROUP):
            raise AccessError(self.env._("You are not allowed to erase persons from acceptances."))
        reason = reason.strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(self.env._("Say why the person is erased: it is kept."))
        for acceptance_sudo in self.sudo().sorted("id"):
            acceptance_sudo._check_erasable(with_documents)
            acceptance_sudo._erase_person()
            if with_documents:
                acceptance_sudo._empty_documents()
        values = {
            "user_name": self.env.user.name,
            "user_ref": self.env.uid,
            "reason": reason,
            "with_documents": with_documents,
        }
        rows = [{**values, "acceptance_id": acceptance.id} for acceptance in self]
        return self.env["quote.acceptance.erasure"].sudo().create(rows)

    def _check_erasable(self, with_documents):
        """Refuse to hide a change: only what still is as it was recorded is erased.

        :raise UserError: when the row does not match, or was erased before
        """
        self.lock_for_update(allow_referencing=True)
        if self.erasure_ids.filtered(lambda row: row.with_documents or not with_documents):
            raise UserError(
                self.env._("The person of %(quote)s is erased already.", quote=self.order_name)
            )
        if problems := self._get_problems():
            raise UserError("\n".join(problems))

    def _erase_person(self):
        """Empty the personal values of the row, of Odoo's own fields and of the discussion.

        In SQL: no method writes on evidence. Called in superuser mode.
        """
        if self.erasure_ids:
            return
        words = self._get_words_to_erase()
        self.env.flush_all()
        empty = [
            SQL("%s = %s", SQL.identifier(field), "" if self._fields[field].required else None)
            for field in self._get_personal_fields()
        ]
        empty.append(SQL("salt = NULL"))
        self.env.cr.execute(
            SQL("UPDATE quote_acceptance SET %s WHERE id = %s", SQL(", ").join(empty), self.id)
        )
        self._get_signature_attachments().unlink()
        self.env.invalidate_all()
        order = self.order_id._gated()
        order.write({"signed_by": False, "signature": False, "quote_recipients": False})
        self._get_family()._anonymise_client_traces()
        self._erase_traces(words)

    def _get_signature_attachments(self):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("res_field", "=", "signature"),
            ]
        )

    def _empty_documents(self):
        """Empty the files that name the person, and their copies in the discussion."""
        attachments_sudo = self.document_ids.attachment_id
        checksums = [checksum for checksum in attachments_sudo.mapped("checksum") if checksum]
        copies_sudo = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "sale.order"),
                ("res_id", "=", self.order_id.id),
                ("checksum", "in", checksums),
            ]
        )
        copies_sudo.unlink()
        attachments_sudo.write({"raw": b""})

    def _get_erasure_problems(self):
        """Return what an erased row still holds, or holds again. In superuser mode.

        :rtype: list[str]
        """
        if not self.salt and not any(self[name] for name in self._get_personal_fields()):
            return []
        return [
            self.env._(
                "%(quote)s: the person was erased, and values were written again since.",
                quote=self.order_name,
            )
        ]
