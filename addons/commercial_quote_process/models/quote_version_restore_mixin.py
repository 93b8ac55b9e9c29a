from odoo import models
from odoo.exceptions import UserError

from ..const import CLOSED_STEPS, EDITABLE_STEPS


class QuoteVersionRestoreMixin(models.AbstractModel):
    """An older version comes back as a new one: nothing is rewound, nothing is overwritten."""

    _name = "quote.version.restore.mixin"
    _description = "Restoring a version"

    def action_restore_version(self):
        """Make a new version with the content of this older one, and open it.

        It starts where this one had come to, at the price at the latest: it is validated again
        before it is sent, and then ends the version of its branch that the client has in hand.

        :return: the action that opens the new version
        :rtype: dict
        :raise UserError: when there is nothing to restore, or a version has been accepted
        """
        self.ensure_one()
        self.check_access("write")
        self._lock_family()
        self._check_restorable()
        note = self.env._("Content of %(quote)s", quote=self.name)
        version = self._create_version(
            "restored", note, self._get_restored_step(), kind="replacement"
        )
        return version._get_form_action()

    def _is_older_version(self):
        """Return whether this version has ended, or a newer one was made.

        :rtype: bool
        """
        self.ensure_one()
        newest = max(self._get_family_sudo().mapped("quote_version"), default=0)
        return self.quote_step in CLOSED_STEPS or self.quote_version < newest

    def _check_restorable(self):
        """Refuse to restore what is still there, or what is over for good.

        :raise UserError: with what to do instead
        """
        if not self.quote_process or self.quote_step in EDITABLE_STEPS["commercial"]:
            raise UserError(
                self.env._("%(quote)s is still being written: go on with it.", quote=self.name)
            )
        self._check_no_acceptance()
        if not self._is_older_version():
            raise UserError(
                self.env._(
                    "%(quote)s is the current version: make a new version to change it.",
                    quote=self.name,
                )
            )

    def _get_restored_step(self):
        """Return the step at which work on the restored content starts again.

        :rtype: str
        """
        self.ensure_one()
        worked_on = [
            log.step
            for log in self.sudo().quote_step_log_ids.sorted("id", reverse=True)
            if log.step not in CLOSED_STEPS
        ]
        step = worked_on[0] if worked_on else "scope"
        if step not in EDITABLE_STEPS["commercial"]:
            return "financial"
        return "scope" if step == "technical" and not self.project_manager_id else step
