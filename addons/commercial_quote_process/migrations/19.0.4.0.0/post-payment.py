"""Companies of an existing database get the service that is invoiced at milestones."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    api.Environment(cr, SUPERUSER_ID, {})["res.company"]._set_default_milestone_product()
