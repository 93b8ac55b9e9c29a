from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column


class CrmLead(models.Model):
    """An opportunity. What the process adds lives in the mixins, named after the concern."""

    _name = "crm.lead"
    _inherit = [
        "crm.lead.stage.mixin",
        "crm.lead.tender.mixin",
        "crm.lead.contact.mixin",
        "crm.lead.recall.mixin",
        "crm.lead.reminder.mixin",
        "crm.lead.specification.mixin",
        "crm.lead.quote.mixin",
        "crm.lead.merge.mixin",
        "quote.client.access.mixin",
        "crm.lead",
    ]

    stage_id = fields.Many2one(
        domain="['|', ('team_ids', '=', False), ('team_ids', 'in', team_id),"
        " ('quote_step', '!=' if use_quote_process else '=', False)]"
    )

    quote_step = fields.Selection(
        related="stage_id.quote_step",
        string="Step of the offer process",
        export_string_translation=False,
    )

    def _auto_init(self):
        # Opportunities from before the installation leave these empty: nothing to compute.
        for name, column_type in (
            ("recalled_on", "timestamp"),
            ("tender_reminded_on", "timestamp"),
            ("next_followup_on", "date"),
            ("followup_failures", "int4"),
        ):
            if not column_exists(self.env.cr, self._table, name):
                create_column(self.env.cr, self._table, name, column_type)
        return super()._auto_init()

    @api.model
    def _get_system_fields(self):
        """Return the names of the fields that follow from decisions: no user ever writes them.

        An overrider returns the union of ``super()`` and its own names.

        :rtype: frozenset
        """
        return frozenset(
            {
                "followup_failures",
                "followup_ids",
                "next_followup_on",
                "recalled_on",
                "tender_decided_by_id",
                "tender_decided_on",
                "tender_reminded_on",
            }
        )

    @api.model
    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su and field.name in self._get_system_fields():
            return False
        return super()._has_field_access(field, operation)
