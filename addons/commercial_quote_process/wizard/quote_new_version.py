from odoo import api, fields, models


class QuoteNewVersion(models.TransientModel):
    """Why a new version is made and where its work starts again."""

    _name = "quote.new.version"
    _description = "New version of a quote"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True)
    reason = fields.Selection(
        selection=lambda self: self._get_choices("version_reason"),
        required=True,
        default="client",
    )
    kind = fields.Selection(
        selection=lambda self: self._get_choices("version_kind"),
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

    @api.model
    def _get_choices(self, name):
        """Return the choices of a field of the quote, in the language of the user.

        :param str name: a selection field of ``sale.order``
        :rtype: list(tuple(str, str))
        """
        return self.env["sale.order"]._fields[name]._description_selection(self.env)

    def action_create_version(self):
        """Make the version and open it.

        :rtype: dict
        """
        self.ensure_one()
        version = self.order_id._new_version(
            self.reason, note=self.note, restart_step=self.restart_step, kind=self.kind
        )
        return version._get_form_action()
