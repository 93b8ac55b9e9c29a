from odoo.tools import SQL
from odoo.tools.sql import column_exists

from odoo.addons.commercial_quote_process.tools.acceptance_chain import new_code

# Links that a merge of contacts could rewrite become plain numbers.
NUMBERS = {"partner_id": "partner_ref", "user_id": "user_ref"}


def migrate(cr, version):
    """Acceptances of before keep their algorithm, and each gets a verification page of its own.

    In SQL: no method writes on evidence, and a default would give all of them the same code.
    """
    if column_exists(cr, "quote_acceptance", "hash_version"):
        return
    cr.execute("ALTER TABLE quote_acceptance ADD COLUMN hash_version integer")
    cr.execute("ALTER TABLE quote_acceptance ADD COLUMN verification_code varchar")
    cr.execute("UPDATE quote_acceptance SET hash_version = 1")
    for link, number in NUMBERS.items():
        cr.execute(
            SQL("ALTER TABLE quote_acceptance ADD COLUMN %s integer", SQL.identifier(number))
        )
        cr.execute(
            SQL(
                "UPDATE quote_acceptance SET %s = %s",
                SQL.identifier(number),
                SQL.identifier(link),
            )
        )
        # A link that is left would still say who it was after the person has been erased.
        cr.execute(SQL("ALTER TABLE quote_acceptance DROP COLUMN %s", SQL.identifier(link)))
    _give_codes(cr)
    if not column_exists(cr, "sale_order", "differs_from_signed"):
        # Of what was accepted before, nothing is known to have changed since.
        cr.execute("ALTER TABLE sale_order ADD COLUMN differs_from_signed boolean")


def _give_codes(cr):
    cr.execute("SELECT id FROM quote_acceptance")
    for (acceptance_id,) in cr.fetchall():
        cr.execute(
            SQL(
                "UPDATE quote_acceptance SET verification_code = %s WHERE id = %s",
                new_code(),
                acceptance_id,
            )
        )
