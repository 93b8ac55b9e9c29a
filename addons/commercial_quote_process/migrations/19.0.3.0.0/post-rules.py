from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Say who may decide on what waits: validations of before the update know only their rule."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["quote.validation"]._refresh_all_deciders()
