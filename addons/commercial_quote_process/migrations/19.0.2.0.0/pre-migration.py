from odoo.tools.sql import table_exists


def migrate(cr, version):
    """Dependencies of the plan have a lag now: the rows of their table become records."""
    if not table_exists(cr, "quote_estimate_item_dependency"):
        return
    cr.execute("ALTER TABLE quote_estimate_item_dependency RENAME TO quote_estimate_dependency")
    cr.execute(
        "ALTER TABLE quote_estimate_dependency"
        " DROP CONSTRAINT quote_estimate_item_dependency_pkey,"
        " ADD COLUMN id serial PRIMARY KEY"
    )
