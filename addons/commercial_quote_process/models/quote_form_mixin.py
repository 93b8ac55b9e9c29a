from odoo import api, models


class QuoteFormMixin(models.AbstractModel):
    """A form computes nothing from what its user may not write.

    What a form is filled in with comes from its caller: a link to somebody else's record, in a
    field that only the process writes, would be read with all rights to compute the others.
    """

    _name = "quote.form.mixin"
    _description = "Forms of the process"

    @api.model
    def _get_writable_values(self, values):
        """Return the values of a form without the fields that its user may not write.

        :param dict values: values by name, as a caller sends them
        :rtype: dict
        """
        return {
            name: value
            for name, value in values.items()
            if name not in self._fields or self._has_field_access(self._fields[name], "write")
        }

    @api.model
    def default_get(self, fields_list):
        return self._get_writable_values(super().default_get(fields_list))

    def onchange(self, values, field_names, fields_spec):
        kept = self._get_writable_values(values)
        names = [name for name in field_names if name in kept or name not in values]
        return super().onchange(kept, names, fields_spec)
