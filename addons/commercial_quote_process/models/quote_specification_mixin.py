from odoo import api, fields, models


class QuoteSpecificationMixin(models.AbstractModel):
    """What a quote shows of the specification, which lives on its opportunity."""

    _name = "quote.specification.mixin"
    _description = "Specification behind a quote"

    # Odoo's own field, named here for the fields that read through it.
    opportunity_id = fields.Many2one("crm.lead")
    specification_ids = fields.One2many(
        related="opportunity_id.specification_ids", string="Specification"
    )
    specification_summary = fields.Html(
        related="opportunity_id.specification_summary", string="Summary of the specification"
    )
    requirement_ids = fields.One2many(
        related="opportunity_id.requirement_ids", string="Requirements", readonly=False
    )
    specification_missing = fields.Boolean(
        related="opportunity_id.specification_missing", export_string_translation=False
    )

    @api.onchange("opportunity_id")
    def _onchange_opportunity_specification(self):
        """Tell whoever starts a quote without a specification; never stop it."""
        if not self.opportunity_id.specification_missing:
            return None
        return {
            "warning": {
                "title": self.env._("No specification"),
                "message": self.env._(
                    "“%(lead)s” has no specification yet. Add the client's document to the"
                    " opportunity, or tick “No specification” there.",
                    lead=self.opportunity_id.name,
                ),
                "type": "notification",
            }
        }
