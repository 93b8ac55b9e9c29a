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


class WrongValue(UserError):
    """A value that a form sent and that cannot be kept.

    :param str message: the sentence for the person who typed it
    :param str field: name of the input, to which the page takes the person back
    """

    def __init__(self, message, field):
        super().__init__(message)
        self.field = field


class GateClosed(UserError):
    """A closed door, with a button to what opens it. The browser shows both in one dialog.

    :param str message: the sentence for the person at the door
    :param dict action: Odoo action of the button
    :param str button: label of the button
    """

    def __init__(self, message, action, button):
        super().__init__(message)
        # Goes to the browser with the error.
        self.context = {"action": action, "button": button}
