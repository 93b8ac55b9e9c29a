from odoo import fields, models


class QuoteNewVersion(models.TransientModel):
    """Why a new version is made and where its work starts again."""

    _name = "quote.new.version"
    _description = "New version of a quote"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True)
    reason = fields.Selection(
        selection=lambda self: self.env["sale.order"]._fields["version_reason"].selection,
        required=True,
        default="client",
    )
    kind = fields.Selection(
        selection=lambda self: self.env["sale.order"]._fields["version_kind"].selection,
        required=True,
        default="replacement",
        help="A replacement ends this version when it is sent. A variant stands beside it until"
        " the client accepts one of them.",
    )
    restart_step = fields.Selection(
        [("scope", "Scope"), ("technical", "Technical part"), ("financial", "Price")],
        string="Start again at",
        required=True,
        default="financial",
    )
    note = fields.Text(string="What changes")

    def action_create_version(self):
        """Make the version and open it.

        :rtype: dict
        """
        self.ensure_one()
        version = self.order_id._new_version(
            self.reason, note=self.note, restart_step=self.restart_step, kind=self.kind
        )
        return version._get_form_action()
