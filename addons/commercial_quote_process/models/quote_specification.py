from odoo import api, fields, models
from odoo.exceptions import ValidationError


class QuoteSpecification(models.Model):
    """A document of the client that says what is wanted; a new one makes the others history."""

    _name = "quote.specification"
    _description = "Specification"
    _order = "received_on desc, id desc"
    _rec_name = "version"

    lead_id = fields.Many2one(
        "crm.lead", string="Opportunity", required=True, index=True, ondelete="cascade"
    )
    file = fields.Binary(string="Document", attachment=True, required=True)
    filename = fields.Char(string="File name")
    version = fields.Char(
        help="What the client calls this version of the document, such as a date or a letter.",
    )
    received_on = fields.Date(
        string="Received on", required=True, default=fields.Date.context_today
    )
    note = fields.Text(help="What changed, or what to look at first.")
    is_current = fields.Boolean(
        string="Current",
        compute="_compute_is_current",
        help="The newest document is the one that counts.",
    )

    # === COMPUTE METHODS === #

    @api.depends("received_on", "lead_id.specification_ids.received_on")
    def _compute_is_current(self):
        for document in self:
            current = document.lead_id.sudo().current_specification_id
            document.is_current = document._origin.id == current._origin.id

    @api.depends("version", "filename")
    def _compute_display_name(self):
        for document in self:
            document.display_name = " - ".join(
                filter(None, (document.filename, document.version))
            ) or self.env._("Specification")

    # === CONSTRAINT METHODS === #

    @api.constrains("file")
    def _check_file(self):
        for document in self:
            if not document.with_context(bin_size=True).file:
                raise ValidationError(self.env._("Add the document of the specification."))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        documents.lead_id.filtered("no_specification").no_specification = False
        return documents
