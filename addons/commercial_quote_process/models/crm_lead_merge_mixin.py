from odoo import api, models

from ..const import GATE_KEY, GATE_PASS


class CrmLeadMergeMixin(models.AbstractModel):
    """What merging opportunities does with the process: all of it follows the survivor."""

    _name = "crm.lead.merge.mixin"
    _description = "Merging of opportunities"

    def _merge_dependences(self, opportunities):
        """Carry specifications and requirements to the survivor."""
        result = super()._merge_dependences(opportunities)
        opportunities.specification_ids.write({"lead_id": self.id})
        # The rows move with the quotes they belong to: no quote changes its content.
        requirements = opportunities.requirement_ids.with_context(**{GATE_KEY: GATE_PASS})
        requirements.write({"lead_id": self.id})
        quotes = opportunities.order_ids.filtered("quote_process")
        quotes.with_context(**{GATE_KEY: GATE_PASS}).write({"opportunity_id": self.id})
        return result

    @api.model
    def _get_merged_process_fields(self):
        """Return the names of our fields that a merge takes from the first opportunity with one.

        :rtype: list
        """
        return [
            "opportunity_kind",
            "tender_reference",
            "tender_deadline",
            "tender_url",
            "tender_decision",
            "tender_decision_reason",
            "tender_result_date",
        ]

    def _merge_get_fields(self):
        return super()._merge_get_fields() + self._get_merged_process_fields()

    def _merge_get_fields_specific(self):
        fields_info = super()._merge_get_fields_specific()
        for fname in ("contact_outcome", "recall_date", "recall_reason"):
            fields_info[fname] = self._merge_get_last_contact
        fields_info["no_specification"] = lambda _fname, leads: (
            not leads.specification_ids and any(leads.mapped("no_specification"))
        )
        fields_info["specification_summary"] = lambda _fname, leads: "<br/>".join(
            summary for summary in leads.mapped("specification_summary") if summary
        )
        return fields_info

    @api.model
    def _merge_get_last_contact(self, fname, leads):
        """Return a value of the first opportunity whose client was contacted: they belong together.

        :param str fname: name of the field
        :param leads: opportunities to merge, the survivor first
        """
        return next((lead[fname] for lead in leads if lead.contact_outcome), False)

    def _merge_data(self, fnames=None):
        data = super()._merge_data(fnames)
        survivor = self[0]
        ours = [*self._get_merged_process_fields(), "contact_outcome", "recall_date"]
        for fname in ours:
            # Writing the same value again would date the decision, or the recall, anew.
            if fname in data and data[fname] == survivor[fname]:
                del data[fname]
        if "team_id" in data:
            data["team_id"] = self._merge_get_team(data["team_id"])
        return data

    def _merge_get_team(self, team_id):
        """Return the team of the survivor: live process quotes bring their team with them.

        :param int team_id: id of the team that Odoo chose
        :rtype: int
        """
        process_team_ids = self.env["crm.team"]._get_process_team_ids()
        process_leads = self.filtered(lambda lead: lead.team_id.id in process_team_ids)
        if team_id in process_team_ids or not process_leads._get_live_quotes_sudo():
            return team_id
        return process_leads[0].team_id.id

    def _merge_opportunity(self, user_id=False, team_id=False, auto_unlink=True, max_length=5):
        decided = self._sort_by_confidence_level(reverse=True).filtered("tender_decision")[:1]
        decision = {
            "tender_decided_by_id": decided.tender_decided_by_id.id,
            "tender_decided_on": decided.tender_decided_on,
        }
        # Merging writes the kind of the survivor, after which Odoo may choose another team for it.
        held = self if self._get_live_quotes_sudo() else self.browse()
        with self.env.protecting([self._fields["team_id"]], held):
            survivor = super()._merge_opportunity(
                user_id=user_id, team_id=team_id, auto_unlink=auto_unlink, max_length=max_length
            )
        survivor_sudo = survivor.sudo()
        if decision["tender_decided_on"]:
            survivor_sudo.write(decision)
        if survivor_sudo.team_id and survivor_sudo._is_stage_misplaced():
            survivor_sudo.stage_id = survivor_sudo._get_stage_of_new_team()
        survivor_sudo._sync_stage_with_quotes(self.env._("Opportunities merged"))
        return survivor
