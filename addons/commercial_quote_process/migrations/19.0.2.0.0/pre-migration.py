from odoo.tools.sql import table_exists


def migrate(cr, version):
    """Bring what the first version left to what this one expects."""
    _make_dependencies_records(cr)
    _limit_new_requirements(cr)


def _make_dependencies_records(cr):
    """Dependencies of the plan have a lag now: the rows of their table become records."""
    if not table_exists(cr, "quote_estimate_item_dependency"):
        return
    cr.execute("ALTER TABLE quote_estimate_item_dependency RENAME TO quote_estimate_dependency")
    cr.execute(
        "ALTER TABLE quote_estimate_dependency"
        " DROP CONSTRAINT quote_estimate_item_dependency_pkey,"
        " ADD COLUMN id serial PRIMARY KEY"
    )


def _limit_new_requirements(cr):
    """Project managers may add requirements now, to their own offers only.

    Rules are not written again by an update, since companies change them.
    """
    cr.execute(
        "UPDATE ir_rule SET perm_create = true WHERE id IN ("
        " SELECT res_id FROM ir_model_data WHERE module = 'commercial_quote_process'"
        " AND name = 'rule_quote_requirement_project_manager')"
    )
