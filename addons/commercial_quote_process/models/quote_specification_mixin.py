from odoo import api, fields, models

from ..const import EDITABLE_STEPS


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

    def _on_step_changed(self, previous_steps, step):
        """What is handed over keeps its answers to the requirements."""
        result = super()._on_step_changed(previous_steps, step)
        open_steps = EDITABLE_STEPS["technical"]
        if step not in open_steps:
            closed_sudo = self.sudo().filtered(lambda o: previous_steps[o.id] in open_steps)
            closed_sudo.estimate_id._freeze_compliance()
        return result

    def _get_client_requirements(self):
        """Return the compliance matrix that goes with the proposal; nothing without requirements.

        :return: see ``quote.estimate._get_labelled_compliance_rows``
        :rtype: list(dict)
        """
        self.ensure_one()
        estimate_sudo = self.sudo().estimate_id
        return estimate_sudo._get_labelled_compliance_rows() if estimate_sudo else []
