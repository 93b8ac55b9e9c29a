from odoo import api, models


class ProjectSoldMixin(models.AbstractModel):
    """What says where a project, a task or a milestone was sold: nobody writes it.

    Costs, texts and documents of a quote are read through these links with all rights: neither a
    value, a default nor a form that is never saved may name somebody else's.
    """

    _name = "project.sold.mixin"
    _description = "Link to what was sold"
    _inherit = ["quote.client.access.mixin", "quote.form.mixin"]

    # Names of the fields that only the acceptance of a quote fills.
    _sold_fields = frozenset()

    @api.model
    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su and field.name in self._sold_fields:
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def _may_fill_in(self, name):
        """Only what was sold is left out: forms of Odoo's own rely on values that they show."""
        return self.env.su or name not in self._sold_fields
