from odoo import api, fields, models

from ..const import LIVE_STEPS, OPEN_STEPS


class QuoteNewVersion(models.TransientModel):
    """Why a new version is made and where its work starts again."""

    _name = "quote.new.version"
    _description = "New version of a quote"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True)
    reason = fields.Selection(
        selection=lambda self: self.env["sale.order"]._get_version_reasons(),
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
    draft_ids = fields.Many2many(
        "sale.order",
        compute="_compute_draft_ids",
        string="Versions being written",
        help="Versions of the same quote that have not been sent yet.",
    )

    @api.depends("order_id")
    def _compute_draft_ids(self):
        for wizard in self:
            family = wizard.order_id.version_ids - wizard.order_id
            wizard.draft_ids = family.filtered(
                lambda order: order.quote_step in LIVE_STEPS - OPEN_STEPS
            )

    @api.model
    def default_get(self, fields_list):
        """Propose the reason that the quote itself tells."""
        values = super().default_get(fields_list)
        order = self.env["sale.order"].browse(values.get("order_id"))
        if order and "reason" in fields_list and "default_reason" not in self.env.context:
            values["reason"] = self._get_usual_reason(order)
        return values

    @api.model
    def _get_usual_reason(self, order):
        """Return the reason that is proposed for a new version of a quote.

        :param order: ``sale.order``
        :return: a key of ``sale.order.version_reason``
        :rtype: str
        """
        if order.quote_step == "declined":
            return "price"
        return "expired" if order.is_expired and order.quote_step == "sent" else "client"

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
