"""Reminders of opportunities and follow-ups of quotes get one job and one history."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column, rename_column


def migrate(cr, version):
    """Keep what was made: no client is called back twice, nobody reminded of a deadline again."""
    if column_exists(cr, "crm_lead", "recall_failures"):
        rename_column(cr, "crm_lead", "recall_failures", "followup_failures")
    if not column_exists(cr, "crm_lead", "tender_reminded_on"):
        create_column(cr, "crm_lead", "tender_reminded_on", "timestamp")
        # Each deadline had its activity from the day on which it was written.
        cr.execute(
            "UPDATE crm_lead SET tender_reminded_on = now() AT TIME ZONE 'UTC'"
            " WHERE tender_deadline IS NOT NULL AND opportunity_kind = 'tender'"
        )
    if not column_exists(cr, "quote_followup", "kind"):
        create_column(cr, "quote_followup", "kind", "varchar")
        cr.execute(
            "UPDATE quote_followup"
            " SET kind = CASE WHEN step_id IS NULL THEN 'tender_result' ELSE 'step' END"
        )
    # Each row costs less without them, and the unique indexes find it as well.
    for name in ("quote_followup__company_id_index", "quote_followup__lead_id_index"):
        cr.execute(SQL("DROP INDEX IF EXISTS %s", SQL.identifier(name)))
    if not column_exists(cr, "quote_followup_step", "moment"):
        create_column(cr, "quote_followup_step", "moment", "varchar")
        cr.execute("UPDATE quote_followup_step SET moment = 'after_sending'")
