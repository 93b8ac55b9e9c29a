from odoo import models

from ..const import CLOSED_STEPS, LIVE_STEPS, OPEN_STEPS

# Steps of a version made earlier that stands until a later one of its branch is sent.
REPLACEABLE_STEPS = OPEN_STEPS | {"validation", "ready"}


class QuoteVersionReplacementMixin(models.AbstractModel):
    """What a version changes for the others of its family.

    A family has branches: the first version starts one, each variant another, and a replacement,
    a restored version included, goes on with the branch of the version it was made from. One
    version of a branch at most is in the client's hands.
    """

    _name = "quote.version.replacement.mixin"
    _description = "Versions that replace others"

    def _get_branch_sudo(self):
        """Return the versions of the same branch as this one, itself included.

        :rtype: sale.order
        """
        self.ensure_one()
        family_sudo = self._get_family_sudo().sorted("quote_version")
        starts = {}
        for version_sudo in family_sudo:
            goes_on = version_sudo.version_kind != "variant" and version_sudo.previous_version_id
            starts[version_sudo.id] = starts[goes_on.id] if goes_on else version_sudo.id
        return family_sudo.filtered(lambda version: starts[version.id] == starts[self.id])

    def _get_send_error(self):
        accepted = (
            self.quote_process
            and self.quote_version > 1
            and (self._get_family_sudo().filtered(lambda o: o.quote_step == "accepted") - self)
        )
        if accepted:
            return self.env._(
                "%(accepted)s has been accepted: %(quote)s can no longer be sent.",
                accepted=accepted[0].name,
                quote=self.name,
            )
        return super()._get_send_error()

    def _on_step_changed(self, previous_steps, step):
        super()._on_step_changed(previous_steps, step)
        if step not in ("sent", "accepted"):
            return
        for order in self:
            if previous_steps[order.id] in OPEN_STEPS and step == "sent":
                continue
            replaced = order._get_replaced_versions(step)
            if replaced:
                replaced._move_to_step(
                    "superseded", self.env._("Replaced by %(quote)s", quote=order.name)
                )

    def _get_replaced_versions(self, step):
        """Return the versions that end when this one enters a step.

        :param str step: "sent" or "accepted"
        :rtype: sale.order
        """
        self.ensure_one()
        if step == "accepted":
            others_sudo = self._get_family_sudo() - self
            return others_sudo.filtered(lambda order: order.quote_step in LIVE_STEPS)
        if self.quote_version == 1:
            # Whatever went on with its branch and was sent has ended it.
            return self.browse()
        # Two versions of a branch that are sent at the same time: the second one starts again.
        self._lock_family()
        return (self._get_branch_sudo() - self).filtered(
            lambda order: (
                order.quote_step in OPEN_STEPS
                or (
                    order.quote_version < self.quote_version
                    and order.quote_step in REPLACEABLE_STEPS
                )
            )
        )

    # === WHAT THE CLIENT IS TOLD === #

    def _get_replacing_version(self):
        """Return the version that replaced this one, when the same client may see it.

        :rtype: sale.order
        """
        self.ensure_one()
        if self.quote_step not in CLOSED_STEPS:
            return self.browse()
        candidates_sudo = self._get_versions_of_client_sudo().filtered(
            lambda order: order.quote_step in OPEN_STEPS | {"accepted"}
        )
        accepted_sudo = candidates_sudo.filtered(lambda order: order.quote_step == "accepted")
        if accepted_sudo:
            return accepted_sudo[0]
        later_sudo = (candidates_sudo & self._get_branch_sudo()).filtered(
            lambda order: not self.sent_on or order.sent_on >= self.sent_on
        )
        return later_sudo.sorted("sent_on")[-1:]

    def _get_open_variants(self):
        """Return the other versions that the same client may sign instead of this one.

        :rtype: sale.order
        """
        self.ensure_one()
        if self.quote_step not in OPEN_STEPS:
            return self.browse()
        return self._get_versions_of_client_sudo().filtered(
            lambda order: order.quote_step in OPEN_STEPS and not order.is_expired
        )

    def _get_versions_of_client_sudo(self):
        """Return the other versions of the family that were made for the same client.

        :rtype: sale.order
        """
        self.ensure_one()
        client = self.sudo().partner_id.commercial_partner_id
        return (self._get_family_sudo() - self).filtered(
            lambda order: order.partner_id.commercial_partner_id == client
        )
