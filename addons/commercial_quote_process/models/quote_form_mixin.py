from odoo import api, models

DEFAULT = "default_"


class QuoteFormMixin(models.AbstractModel):
    """A form computes nothing from what its user may not write.

    What a form is filled in with comes from its caller: a link to somebody else's record, in a
    field that only the process writes, would be read with all rights to compute the others.
    """

    _name = "quote.form.mixin"
    _description = "Forms of the process"

    @api.model
    def _may_fill_in(self, name):
        """Return whether the user may fill in a field of this model.

        :param str name: name of the field; unknown ones are Odoo's business
        :rtype: bool
        """
        field = self._fields.get(name)
        return field is None or self._has_field_access(field, "write")

    @api.model
    def default_get(self, fields_list):
        """Fields that the process writes keep their own defaults, whatever the caller says."""
        context = {
            key: value
            for key, value in self.env.context.items()
            if not key.startswith(DEFAULT) or self._may_fill_in(key.removeprefix(DEFAULT))
        }
        model = self.with_context(context)  # pylint: disable=context-overridden
        return super(QuoteFormMixin, model).default_get(fields_list)

    def onchange(self, values, field_names, fields_spec):
        kept = {name: value for name, value in values.items() if self._may_fill_in(name)}
        names = [name for name in field_names if name in kept or name not in values]
        return super().onchange(kept, names, fields_spec)
