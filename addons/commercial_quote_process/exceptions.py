"""Refusals that a caller must tell apart."""

from odoo.exceptions import UserError


class AcceptanceRefused(UserError):
    """An acceptance that cannot be recorded.

    :param str message: the sentence for the person at the door
    :param str code: "already" (accepted before), "changed" (what was shown is not what the quote
        says now), "terms" (general terms not accepted, or another version), "closed"
    """

    def __init__(self, message, code):
        super().__init__(message)
        self.code = code
