import base64

from odoo import api, fields, models

from ..tools.acceptance_chain import is_code
from ..tools.qr_code import draw_qr_code

PAGE = "/quote/verify/"


class QuoteAcceptanceVerificationMixin(models.AbstractModel):
    """What somebody with a printed copy is told of an acceptance: what it is, and that it holds.

    Nothing of a person and no amount is in it.
    """

    _name = "quote.acceptance.verification.mixin"
    _description = "Public verification of acceptances"

    seal_ids = fields.One2many("quote.acceptance.seal", "acceptance_id", readonly=True)

    @api.model
    def _find_by_code(self, code):
        """Return the acceptance with a verification code, in superuser mode; or none.

        :param str code: as it came, of any type
        :rtype: quote.acceptance
        """
        # People who type what is printed do not mind capital letters.
        code = code.strip().upper() if isinstance(code, str) else code
        if not is_code(code):
            return self.sudo().browse()
        return self.sudo().search([("verification_code", "=", code)], limit=1)

    def _get_verification_url(self):
        """Return the address of the public page that verifies this acceptance.

        :rtype: str
        """
        self.ensure_one()
        acceptance_sudo = self.sudo()
        return f"{acceptance_sudo.order_id.get_base_url()}{PAGE}{acceptance_sudo.verification_code}"

    def action_open_verification(self):
        """Open the public page that verifies this acceptance.

        :rtype: dict
        """
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": self._get_verification_url(),
            "target": "new",
        }

    def _get_verification_qr(self):
        """Return the address of the verification page as the address of an image.

        The image is in the address itself: nothing is fetched when a page with it is printed.

        :rtype: str
        """
        self.ensure_one()
        image = draw_qr_code(self._get_verification_url())
        return f"data:image/png;base64,{base64.b64encode(image).decode()}"

    def _get_verification_status(self):
        """Return how the row stands, without reading any document.

        :return: "intact", "unsealed" (its seal follows in a few minutes) or "broken"
        :rtype: str
        """
        self.ensure_one()
        acceptance_sudo = self.sudo()
        if (
            acceptance_sudo._find_family_breaks()
            or acceptance_sudo._get_personal_problems()
            or acceptance_sudo._get_terms_problems()
        ):
            return "broken"
        seals_sudo = acceptance_sudo.seal_ids
        if not seals_sudo:
            return "unsealed"
        numbers = {number + step for number in seals_sudo.mapped("number") for step in (-1, 0, 1)}
        chain_sudo = seals_sudo.search(
            [("company_id", "=", acceptance_sudo.company_id.id), ("number", "in", list(numbers))],
            order="number",
        )
        hashes = {seal_sudo.number: seal_sudo.seal_hash for seal_sudo in chain_sudo}
        follows = all(
            (seal_sudo.previous_hash or "") == hashes[seal_sudo.number - 1]
            for seal_sudo in chain_sudo
            if seal_sudo.number - 1 in hashes
        )
        starts = all(seal.number == 1 or seal.number - 1 in hashes for seal in seals_sudo)
        intact = follows and starts and all(seal_sudo._is_intact() for seal_sudo in seals_sudo)
        return "intact" if intact else "broken"

    def _match_document(self, digest):
        """Return what a file is to this acceptance, by its hash.

        :param str digest: SHA-256 in hexadecimal
        :return: "signed" (the signed copy), "sent" (the offer as it was sent), "evidence" (a
            document that the company received) or "none"
        :rtype: str
        """
        self.ensure_one()
        acceptance_sudo = self.sudo()
        documents_sudo = acceptance_sudo.document_ids.filtered(lambda row: row.sha256 == digest)
        if documents_sudo:
            return "signed" if documents_sudo[0].kind == "signed_copy" else "evidence"
        sent = {row.get("sha256") for row in acceptance_sudo._get_json_rows("sent_documents")}
        sent |= set(acceptance_sudo.order_id._get_files_of_client().mapped("sha256"))
        return "sent" if digest in sent else "none"

    def _get_seal_content(self):
        """Return the hash of what the row says, for its seal.

        :rtype: str
        """
        self.ensure_one()
        return self.row_hash
