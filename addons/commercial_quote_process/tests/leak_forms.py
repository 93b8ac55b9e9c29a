"""Forms that are filled in and never saved: what they compute from records of other people."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import mute_logger

REFUSALS = (AccessError, UserError, ValidationError, ValueError, KeyError)


class FormSweep:
    """Ask new records of every model about the records that they would be linked to."""

    def _get_links(self, user, story):
        """Return the fields by which a user may link a new record to one of the story.

        :param dict story: records in superuser mode by model
        :return: triples of the model as the user, the field, and the record that it points to
        """
        links = []
        for name in sorted(self.env.registry):
            model = self.env[name].with_user(user)
            if model._abstract or not model.has_access("create"):
                continue
            for field in model._fields.values():
                targets_sudo = story.get(field.comodel_name)
                if field.type not in ("many2one", "many2many") or not targets_sudo:
                    continue
                targets = targets_sudo.with_user(user).sudo(False)
                if hidden := targets - targets._filtered_access("read"):
                    links.append((model, field, hidden[:1]))
        return links

    def _ask_form(self, model, field, target, context):
        """Return what the server answers to a new form that links a record of somebody else."""
        value = target.id if field.type == "many2one" else [(4, target.id)]
        specification = {
            name: {"fields": {"display_name": {}}} if shown.relational else {}
            for name, shown in model._fields.items()
            if model._has_field_access(shown, "read")
        }
        values, changed = {field.name: value}, [field.name]
        if context:
            model = model.with_context(**{f"default_{field.name}": value})
            values, changed = {}, []
        try:
            with self.env.cr.savepoint():
                return model.onchange(values, changed, specification)
        except REFUSALS:
            return {}

    # Odoo's own forms search for the files of records that are not saved, and say so in the log.
    @mute_logger("odoo.models", "odoo.addons.base.models.ir_rule", "odoo.domains", "odoo.sql_db")
    def test_forms_tell_nothing_of_records_of_others(self):
        story = {
            name: records
            for name, records in self._get_story_records().items()
            if not self.env[name]._transient
        }
        orders_sudo = (self.first | self.second).sudo()
        story["sale.order"] = orders_sudo
        story["sale.order.line"] = orders_sudo.order_line
        story["crm.lead"] = orders_sudo.opportunity_id
        asked = 0
        for user in (self.stranger, self.other_salesperson, self.other_project_manager):
            for model, field, target in self._get_links(user, story):
                for context in (False, True):
                    asked += 1
                    self._assert_tells_nothing(
                        self._ask_form(model, field, target, context),
                        user=user.name,
                        field=str(field),
                        context=context,
                    )
        self.assertGreater(asked, 50)
